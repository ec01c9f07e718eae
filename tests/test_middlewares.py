"""Where requests may go: private addresses in all spellings, other sites, redirects; and that nothing else
goes to the network."""

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from scrapers import crawler_of
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred

from crawler import addresses, settings
from crawler.addresses import PrivateAddress, PublicResolver, is_loopback, is_private
from crawler.extensions import LONGEST_DELAY, CrawlDelay
from crawler.failures import Refused, explain
from crawler.middlewares import Guard, Redirects
from crawler.settings import NoContact
from crawler.sources import Layout, Politeness, Source, Start
from crawler.spiders.base import ListingSpider, SourceSpider

PRIVATE = [
    *("127.0.0.1", "127.1", "127.0.0.1.", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
    *("169.254.169.254", "2852039166", "0xa9fea9fe", "0xA9.0xFE.0xA9.0xFE", "0251.0376.0251.0376"),
    *("10.0.0.8", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "0.0.0.0", "0"),
    *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
    *("::1", "[::1]", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "fec0::1", "ff02::1"),
    *("::ffff:127.0.0.1", "[::ffff:10.0.0.1]", "::ffff:a9fe:a9fe", "2002:7f00:1::", "64:ff9b::a9fe:a9fe"),
    *("localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local", "db.internal", "nas.lan", ""),
]
PUBLIC = [
    *("8.8.8.8", "1.1.1.1", "223.5.5.5", "134744072", "2606:4700::1111", "[2001:4860:4860::8888]"),
    *("www.workercn.cn", "example.cn", "localhost.example.cn", "127.0.0.1.example.cn", "12306.cn"),
    *("::ffff:8.8.8.8", "64:ff9b::808:808", "999.999.999.999"),
]


@pytest.mark.parametrize("host", PRIVATE)
def test_private(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", PUBLIC)
def test_public(host: str) -> None:
    assert not is_private(host)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000/", True),
        ("http://localhost/", True),
        ("http://[::1]:80/", True),
        ("http://127.8.9.1/", True),
        ("http://192.168.1.1/", False),
        ("http://www.workercn.cn/", False),
        ("http://localhost.example.cn/", False),
    ],
)
def test_loopback(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def source(home: str = "https://www.gh.example.cn/", **more: Any) -> Source:
    return Source(
        *("gh", "工会网", "某市总工会", "federation", "city", home),
        (Start("listing", f"{home}news/{{page}}.html"),),
        (Layout(r"https?://.*/\d+\.html", "generic"),),
        **more,
    )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://www.gh.example.cn/a", None),
        ("http://www.gh.example.cn/a", None),
        ("https://epaper.example.cn/a", None),
        ("https://www.gh.example.cn:8443/a", "another site"),
        ("https://gh.example.cn/a", "another site"),
        ("https://evil.example.com/www.gh.example.cn/", "another site"),
        ("https://www.gh.example.cn@evil.example.com/", "another site"),
        ("http://169.254.169.254/latest/meta-data/", "private address"),
        ("http://2852039166/", "private address"),
        ("http://[::ffff:169.254.169.254]/", "private address"),
        ("http://localhost:6379/", "private address"),
        ("http://127.0.0.1:9000/", "private address"),
        ("ftp://www.gh.example.cn/a", "ftp:"),
    ],
)
def test_where_requests_may_go(url: str, why: str | None) -> None:
    guard = Guard.from_crawler(crawler_of(source(hosts=("epaper.example.cn",))))
    for _ in range(2):  # The second time from memory.
        if why is None:
            assert guard.process_request(Request(url)) is None
        else:
            with pytest.raises(Refused, match=why):
                guard.process_request(Request(url))


def test_of_this_machine_just_the_port_of_the_source() -> None:
    guard = Guard.from_crawler(crawler_of(source("http://127.0.0.1:8000/")))
    assert guard.process_request(Request("http://127.0.0.1:8000/a")) is None
    for url in ("http://127.0.0.1:8001/a", "http://127.0.0.1/a", "http://localhost:8000/a"):
        with pytest.raises(Refused, match="private address"):
            guard.process_request(Request(url))


def test_a_refusal_after_a_redirect_says_so() -> None:
    guard = Guard.from_crawler(crawler_of(source()))
    with pytest.raises(Refused, match=r"^leads to a private address: 10\.0\.0\.1$"):
        guard.process_request(Request("http://10.0.0.1/", meta={"redirect_times": 1}))


def test_redirects_end() -> None:
    middleware = Redirects.from_crawler(crawler_of(source()))
    request = Request("https://www.gh.example.cn/0", headers={"Referer": "https://www.gh.example.cn/"})
    for number in range(1, settings.REDIRECT_MAX_TIMES + 1):
        answer = Response(request.url, status=302, headers={"Location": f"/{number}"})
        following = middleware.process_response(request, answer)
        assert isinstance(following, Request)
        request = following
        assert "Referer" not in request.headers
    with pytest.raises(IgnoreRequest) as raised:
        middleware.process_response(
            request, Response(request.url, status=302, headers={"Location": "/again"})
        )
    assert explain(raised.value, request.url) == ("redirects without end", True)


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "30", 30),
        (503, "30", 30),
        (429, None, 60),
        (503, None, 0),
        (500, "30", 0),
        (200, "30", 0),
        (429, "soon", 60),
        (503, "99999999999", 0),
        (503, "Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ],
)
def test_a_busy_server_is_left_alone(status: int, header: str | None, seconds: float) -> None:
    made = crawler_of(source())
    made.spider.patience = 120.0
    headers = {"Retry-After": header} if header else {}
    answer = Response("https://www.gh.example.cn/", status=status, headers=headers)
    assert Guard.from_crawler(made).process_response(Request(answer.url), answer) is answer
    assert made.spider.quiet_seconds() == pytest.approx(seconds, abs=1)
    assert made.spider.outcome == "finished"


def test_a_server_that_wants_hours_ends_the_run() -> None:
    made = crawler_of(source())
    made.spider.patience = 120.0
    answer = Response("https://www.gh.example.cn/", status=503, headers={"Retry-After": "7200"})
    Guard.from_crawler(made).process_response(Request(answer.url), answer)
    assert made.spider.outcome == "the server asks to be left alone for 7200 s"


class _Reactor:
    """Resolves names without the network."""


@pytest.mark.parametrize(
    ("name", "address", "refused"),
    [
        ("www.gh.example.cn", "203.0.114.9", False),
        ("www.gh.example.cn", "127.0.0.1", True),
        ("www.gh.example.cn", "10.1.2.3", True),
        ("www.gh.example.cn", "169.254.169.254", True),
        ("localhost", "127.0.0.1", False),
        ("127.0.0.1", "127.0.0.1", False),
    ],
)
def test_names_that_lead_to_private_addresses(
    monkeypatch: pytest.MonkeyPatch, name: str, address: str, refused: bool
) -> None:
    """Such as a poisoned entry in the DNS."""
    answered: Deferred[str] = Deferred()
    answered.callback(address)
    monkeypatch.setattr(addresses.CachingThreadedResolver, "getHostByName", lambda *_: answered)
    resolver = PublicResolver(_Reactor(), 0, 1.0)  # type: ignore[arg-type]
    outcome: list[Any] = []
    resolver.getHostByName(name).addBoth(outcome.append)
    if refused:
        assert outcome[0].check(PrivateAddress)
        refusal = CannotResolveHostError("DNS lookup failed: no results for hostname lookup")
        reason = f"its host leads to a private address: {address}"
        assert explain(refusal, f"https://{name}/a") == (reason, True)
    else:
        assert outcome == [address]


@pytest.mark.parametrize(
    ("delay", "asked", "expected"),
    [(2.0, 10.0, 10.0), (2.0, 1.0, None), (0.0, 3.0, 3.0), (2.0, 1e6, LONGEST_DELAY)],
)
def test_crawl_delay_of_robots_txt(delay: float, asked: float, expected: float | None) -> None:
    made = crawler_of(source(politeness=Politeness(delay=delay)))
    slot = SimpleNamespace(delay=delay, jitter=0.2)
    downloader = SimpleNamespace(per_slot_settings={}, slots={"www.gh.example.cn": slot})
    throttle = SimpleNamespace(mindelay=delay, maxdelay=60.0)
    made._engine = SimpleNamespace(downloader=downloader)
    made.get_extension = lambda kind: throttle
    parser = SimpleNamespace(crawl_delay=lambda agent: asked)
    CrawlDelay.from_crawler(made).robots_parsed(parser, Request("https://www.gh.example.cn/a"))  # type: ignore[arg-type]
    if expected is None:
        assert (slot.delay, downloader.per_slot_settings) == (delay, {})
    else:
        assert slot.delay == throttle.mindelay == expected
        assert throttle.maxdelay >= expected
        assert downloader.per_slot_settings == {"www.gh.example.cn": {"delay": expected, "jitter": 0.0}}


def test_settings_of_a_source() -> None:
    options = crawler_of(source(politeness=Politeness(delay=7.0, max_body_bytes=123))).settings
    assert options.getfloat("DOWNLOAD_DELAY") == 7.0
    assert options.getint("DOWNLOAD_MAXSIZE") == 123
    assert options.getbool("AUTOTHROTTLE_ENABLED")
    assert options.getbool("ROBOTSTXT_OBEY")
    assert "crawl@example.org" in options["USER_AGENT"]
    assert options["USER_AGENT"].isascii()


def test_the_command_line_has_the_last_word() -> None:
    options = crawler_of(source(), DOWNLOAD_DELAY=0.5, AUTOTHROTTLE_ENABLED=False).settings
    assert options.getfloat("DOWNLOAD_DELAY") == 0.5
    assert not options.getbool("AUTOTHROTTLE_ENABLED")


@pytest.mark.parametrize("contact", ["", "  "])
def test_nobody_crawls_without_saying_who(contact: str) -> None:
    with pytest.raises(NoContact, match="--contact"):
        crawler_of(source(), UNIONKB_CONTACT=contact)
    assert crawler_of(source("http://127.0.0.1:8000/"), UNIONKB_CONTACT=contact).spider


@pytest.mark.parametrize("contact", ["邮箱@example.org", "a@example.org\r\nX-Evil: 1"])
def test_a_contact_that_fits_no_header(contact: str) -> None:
    with pytest.raises(NoContact, match="ASCII"):
        crawler_of(source(), UNIONKB_CONTACT=contact)


ALONE = """
import socket

def refuse(*args, **kwargs):
    raise AssertionError(f"to the network: {args}")

socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.downloadermiddlewares import cookies
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

crawler = get_crawler(None, {})
crawler.settings = Settings({"COOKIES_ENABLED": True})
crawler.settings.setmodule("crawler.settings", priority="project")
manager = DownloaderMiddlewareManager.from_crawler(crawler)
names = [type(each).__name__ for each in manager.middlewares]
assert "Guard" in names, names
assert "RobotsTxtMiddleware" in names, names
assert "CookiesMiddleware" not in names, names
assert not cookies._split_domain.suffix_list_urls
assert cookies._is_public_domain("com.cn")
assert not cookies._is_public_domain("workercn.cn")
"""


def test_tldextract_stays_off_the_network() -> None:
    """Scrapy uses it for cookies, which are off; should they be on, the list it came with will do."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TLDEXTRACT_CACHE": os.devnull},
    )
    assert done.returncode == 0, done.stderr


def test_spiders_are_found_by_name() -> None:
    assert ListingSpider.name == "listing"
    with pytest.raises(ValueError, match="no source 'nowhere'"):
        SourceSpider.from_crawler(get_crawler(SourceSpider, {}), source="nowhere")
    with pytest.raises(ValueError, match="-a source=ID"):
        SourceSpider.from_crawler(get_crawler(SourceSpider, {}))
