"""Sites that answer badly, slowly, endlessly or with malice, beside one that is well: each costs a bounded
time and memory, is named in the end, and harms no other."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import replica_faults as faults
from crawls import Done, Outlet, assert_sound, column, crawl, listing, rows, warcio_check
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from replica import Handler, Site, serve
from replica_news import Listing, article_html, list_html, story

pytestmark = pytest.mark.faults

WELL_PAGES = 30
BAD = "/content/2024-01/01/content_900001.htm"
"""An address of an article, where the trouble is."""
# What takes an hour between crawls of real sites takes seconds here.
QUICK = (
    *("-s", "DOWNLOAD_TIMEOUT=2"),
    *("-s", "UNIONKB_PATIENCE=4"),
    *("-s", "UNIONKB_RETRY_SECONDS=1"),
)


class Pair:
    """A site with trouble and one that is well, crawled together."""

    def __init__(self, folder: Path) -> None:
        self.db = folder / "kb.sqlite"
        self.bad_site = Site("bad", delay=0.005)
        self.well_site = Site("well", delay=0.005)
        self.well = Listing(self.well_site, WELL_PAGES)

    def listed(self, *links: str) -> None:
        """The listing page of the bad site."""
        self.bad_site.add("/news/", list_html([(link, f"新闻{n}") for n, link in enumerate(links)]))

    def crawl(self, *args: str, bad: Outlet | None = None, seconds: float = 60, most_mb: float = 260) -> Done:
        """Crawl both. What the one that is well has must all be there, and soon."""
        outlets = [bad or listing("bad", self.bad_site), listing("well", self.well_site)]
        done = crawl(self.db, outlets, *QUICK, *args, seconds=seconds)
        assert "Traceback" not in done.err
        assert done.peak_mb < most_mb
        stored = column(self.db, "SELECT document FROM page WHERE source_id = 'well' ORDER BY 1")
        assert stored == sorted(self.well_site.address + path for path in self.well.paths)
        assert not [line for line in done.err.splitlines() if self.well_site.address in line]
        assert self.well_site.most_at_once() == 1
        assert self.bad_site.most_at_once() <= 1
        assert_sound(self.db)
        warcio_check(self.db)
        return done

    def state(self, path: str) -> tuple[str, str | None]:
        """State and reason of an address of the bad site."""
        sql = "SELECT state, reason FROM frontier WHERE url = ?"
        ((state, reason),) = rows(self.db, sql, self.bad_site.address + path)
        return state, reason

    def assert_named(self, done: Done, path: str, *words: str) -> None:
        """The failure is in the frontier, in the run's errors and in what was printed, in these words."""
        state, reason = self.state(path)
        url = self.bad_site.address + path
        (said,) = column(self.db, "SELECT reason FROM run_error WHERE document = ?", url)
        (line,) = [line for line in done.err.splitlines() if url in line]
        assert state == "failed"
        for word in words:
            assert word in (reason or "")
            assert word in said
            assert word in line
        assert done.code == 1


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    with serve(made.bad_site, made.well_site):
        yield made


GOOD = "/content/2024-01/02/content_900002.htm"


# Name -> (what the address of an article does, what is said of it, how often it may be asked for).
TROUBLES: dict[str, tuple[Callable[[], Handler], str, int]] = {
    "500": (lambda: faults.status(500), "HTTP 500", 4),
    "403": (lambda: faults.status(403), "HTTP 403", 1),
    "hangs": (lambda: faults.hang, "within 2", 4),
    "drips": (lambda: faults.drip(article_html(story("bad", 1))), "within 2", 4),
    "redirects-to-itself": (lambda: faults.redirect(BAD), "redirects without end", 30),
    "redirects-to-metadata": (
        lambda: faults.redirect("http://169.254.169.254/latest/"),
        "private address",
        1,
    ),
    "metadata-as-a-number": (lambda: faults.redirect("http://2852039166/"), "private address", 1),
    "redirects-to-ipv6": (lambda: faults.redirect("http://[::1]:8080/"), "private address", 1),
    "redirects-away": (lambda: faults.redirect("http://news.example/a.htm"), "another site", 1),
    "redirects-to-a-file": (lambda: faults.redirect("file:///etc/passwd"), "file:", 1),
    "gzip-bomb": (lambda: faults.gzip_bomb(1 << 30), "too big", 1),
    "200-mb": (lambda: faults.huge(200_000_000), "too big", 1),
    "200-mb-unannounced": (lambda: faults.huge(200_000_000, announced=False), "too big", 1),
    "endless": (lambda: faults.endless, "too big", 1),
    "cut-short": (lambda: faults.cut_short(article_html(story("bad", 1))), "broke off", 4),
    # Each try is two: a kept connection may just have been closed.
    "hangs-up": (lambda: faults.hang_up, "no proper answer: Connection", 8),
    "no-http": (lambda: faults.noise, "no proper answer: not HTTP", 4),
    "login": (lambda: faults.content(faults.LOGIN), "login", 1),
    "empty": (lambda: faults.content(""), "empty", 4),
    "no-text": (lambda: faults.content(b"%PDF-1.4\n\x00\x01\x02\xff" * 50), "not a page", 1),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_article_that_fails(pair: Pair, trouble: str) -> None:
    make, words, most_hits = TROUBLES[trouble]
    pair.listed(BAD, GOOD)
    pair.bad_site.add(BAD, make())
    pair.bad_site.add(GOOD, article_html(story("bad", 2)))
    done = pair.crawl()
    pair.assert_named(done, BAD, words)
    assert pair.bad_site.asked()[BAD] <= most_hits
    assert pair.state(GOOD) == ("fetched", None)
    assert column(pair.db, "SELECT document FROM page WHERE source_id = 'bad'") == [
        pair.bad_site.address + GOOD
    ]


OK = b"HTTP/1.1 200 OK\r\n"
TOO_MUCH = "its headers are too long: over 256 KB"
LONG_LINE = "its headers are too long: a line of over 16 KB"
# Name -> (the handler, what is said of it).
HEADS: dict[str, tuple[Handler, str]] = {
    "headers": (faults.endless_head(b"X-Filler: " + b"x" * 1_000 + b"\r\n"), TOO_MUCH),
    "names": (faults.endless_head(b"".join(b"X-%d: y\r\n" % n for n in range(100_000))), TOO_MUCH),
    "small-lines": (faults.endless_head(b"a:\n"), TOO_MUCH),
    "lines-without-colons": (faults.endless_head(b"x\n"), TOO_MUCH),
    "a-folded-line": (faults.endless_head(b" x\r\n", start=OK + b"X-Folded: 1\r\n"), TOO_MUCH),
    "interim-answers": (faults.endless_head(b"HTTP/1.1 103 Early Hints\r\n\r\n", start=b""), TOO_MUCH),
    "a-line": (faults.endless_head(b"x", start=OK + b"X-Line: "), LONG_LINE),
    "a-status-line": (faults.endless_head(b"x", start=b"HTTP/1.1 200 "), LONG_LINE),
}
PATIENT = ("-s", "DOWNLOAD_TIMEOUT=50")
"""Far more than any of these may take: it is not the time limit that ends them."""


def heads_without_end(pair: Pair) -> None:
    """All of them at one site, and what must come of it."""
    paths = {name: f"/content/2024-01/01/content_91000{n}.htm" for n, name in enumerate(HEADS)}
    pair.listed(*paths.values(), GOOD)
    pair.bad_site.add(GOOD, article_html(story("bad", 2)))
    for name, path in paths.items():
        pair.bad_site.add(path, HEADS[name][0])
    # As many failures as give a source up, were they such as may pass.
    done = pair.crawl(*PATIENT, seconds=40, most_mb=200)
    for name, path in paths.items():
        pair.assert_named(done, path, HEADS[name][1])
    assert pair.state(GOOD) == ("fetched", None)
    hits = {hit.path: hit for hit in pair.bad_site.hits}
    for path in paths.values():
        assert pair.bad_site.asked()[path] == 1
        # The limit, and what fits into the buffers of sockets.
        assert hits[path].sent_bytes < 16 << 20
        ended = hits[path].ended
        assert ended is not None
        assert ended - hits[path].began < 5


def test_heads_without_end(pair: Pair) -> None:
    heads_without_end(pair)


def test_heads_without_end_over_tls(tmp_path: Path) -> None:
    made = Pair(tmp_path)
    with serve(made.bad_site, made.well_site, tls=self_signed(tmp_path)):
        assert made.bad_site.address.startswith("https:")
        heads_without_end(made)


def self_signed(folder: Path) -> ssl.SSLContext:
    """What a server needs for TLS with a certificate nobody has vouched for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.mark.parametrize("path", ["/robots.txt", "/news/"])
def test_a_head_without_end_at_the_door(pair: Pair, path: str) -> None:
    pair.bad_site.add(path, HEADS["headers"][0])
    done = pair.crawl(*PATIENT, seconds=40, most_mb=200)
    assert pair.bad_site.asked()[path] == 1
    if path == "/news/":
        pair.assert_named(done, path, TOO_MUCH)


@pytest.mark.parametrize(
    "fault",
    [faults.status(500), faults.status(503, {"Retry-After": "2"}), faults.busy(2), faults.hang_up],
    ids=["500", "503-with-retry-after", "429-with-retry-after", "hangs-up"],
)
def test_a_failure_that_passes(pair: Pair, fault: Handler) -> None:
    """It is tried again, not before the server wants it, and is no failure in the end."""
    pair.listed(BAD, GOOD)
    pair.bad_site.add(BAD, faults.first(1, fault, article_html(story("bad", 1))))
    pair.bad_site.add(GOOD, article_html(story("bad", 2)))
    done = pair.crawl()
    assert (done.code, done.err) == (0, "")
    assert [pair.state(path) for path in (BAD, GOOD)] == [("fetched", None)] * 2
    tries = [hit for hit in pair.bad_site.hits if hit.path == BAD]
    assert len(tries) == 2
    if tries[0].status in (429, 503):
        others = [hit for hit in pair.bad_site.hits if tries[0].began < hit.began]
        assert min(hit.began for hit in others) - tries[0].began >= 2
    assert column(pair.db, "SELECT count(*) FROM run_error") == [0]


def test_patience_outlives_the_run(pair: Pair) -> None:
    """Who asks to be left alone for an hour is left alone by the next run too."""
    pair.listed(BAD, GOOD)
    pair.bad_site.add(BAD, faults.busy(3_600))
    pair.bad_site.add(GOOD, article_html(story("bad", 2)))
    pair.crawl()
    before = len(pair.bad_site.hits)
    pair.crawl()
    assert len(pair.bad_site.hits) == before


def test_another_port_of_this_machine(pair: Pair) -> None:
    other = Site("other")
    other.add("/secret", "<p>secret</p>")
    pair.bad_site.add(GOOD, article_html(story("bad", 2)))
    with serve(other):
        inside = f"{other.address}/secret"
        pair.listed(BAD, GOOD, inside, f"{other.address}{GOOD}")
        pair.bad_site.add(BAD, faults.redirect(inside))
        done = pair.crawl()
    pair.assert_named(done, BAD, "private address")
    assert other.hits == []
    assert column(pair.db, "SELECT count(*) FROM frontier WHERE url LIKE ?", f"{other.address}%") == [0]


def test_robots_txt_on_another_port(pair: Pair) -> None:
    other = Site("other")
    with serve(other):
        pair.bad_site.add("/robots.txt", faults.redirect(f"{other.address}/robots.txt"))
        pair.listed(GOOD)
        pair.bad_site.add(GOOD, article_html(story("bad", 2)))
        pair.crawl()
    assert other.hits == []


@pytest.mark.parametrize(
    ("really", "header", "meta"),
    [
        ("gb18030", "utf-8", "utf-8"),
        ("gb18030", "iso-8859-1", None),
        ("utf-8", "gb2312", "gb2312"),
        ("gb18030", None, "big5"),
        ("utf-8", "no-such-charset", "no-such-charset"),
    ],
)
def test_a_wrong_charset(pair: Pair, really: str, header: str | None, meta: str | None) -> None:
    of = story("bad", 1)
    pair.listed(BAD)
    pair.bad_site.add(BAD, faults.encoded(article_html(of), really=really, header=header, meta=meta))
    done = pair.crawl()
    assert (done.code, done.err) == (0, "")
    assert column(pair.db, "SELECT title FROM article JOIN page USING (page_id) WHERE source_id = 'bad'") == [
        of.title
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (list_html([]), "no link to an article"),
        (list_html([("/about.html", "关于我们")]), "no link to an article"),
        (faults.LOGIN, "no link to an article"),
        ("", "empty"),
    ],
    ids=["empty", "other-links", "login", "no-body"],
)
def test_a_list_without_articles(pair: Pair, content: str, words: str) -> None:
    pair.bad_site.add("/news/", content)
    done = pair.crawl()
    pair.assert_named(done, "/news/", words)


def test_a_site_behind_a_login(pair: Pair) -> None:
    pair.bad_site.fallback.append(lambda request: faults.redirect("/login")(request))
    pair.bad_site.add("/robots.txt", faults.status(404))
    pair.bad_site.add("/login", faults.LOGIN)
    done = pair.crawl()
    assert done.code == 1
    assert pair.state("/news/")[0] == "failed"
    assert len(pair.bad_site.hits) <= 4


def test_links_in_a_cycle(pair: Pair) -> None:
    """Lists that link to one another, and an article whose next part is itself or an earlier one."""
    third = "/content/2024-01/02/content_900002_3.htm"
    second = "/content/2024-01/02/content_900002_2.htm"
    articles = r"/content/(?P<year>\d{4})-(?P<month>\d\d)/(?P<day>\d\d)/content_\d+\.htm"
    ring = ["/news/", "/news/index_2.html", "/news/index_3.html"]
    for number, path in enumerate(ring):
        following = ring[(number + 1) % len(ring)]
        pair.bad_site.add(path, list_html([(BAD, "一"), (GOOD, "二")], following=following))
    of = story("bad", 1)
    pair.bad_site.add(BAD, article_html(of, more=f'<a href="{BAD}">下一页</a>'))
    for path, following in ((GOOD, second), (second, third), (third, GOOD)):
        pair.bad_site.add(
            path, article_html(of, more=f'<div class="pages"><a href="{following}">下一页</a></div>')
        )
    pair.crawl(bad=listing("bad", pair.bad_site, articles=[articles]))
    assert max(pair.bad_site.asked().values()) <= 2
    assert len(pair.bad_site.hits) <= 12


def test_a_list_without_end(pair: Pair) -> None:
    """A calendar that makes up new articles for ever ends with the limits of its source."""

    def more(request: Any) -> Any:
        if request.path.startswith("/news/index_"):
            number = int(request.path[12:-5])
            links = [(f"/content/2024-01/01/content_{number}{n}.htm", f"第{n}条") for n in range(3)]
            return faults.page(request, list_html(links).encode())
        if request.path.startswith("/content/"):
            return faults.page(request, article_html(story("bad", hash(request.path) % 9_999)).encode())
        return None

    pair.bad_site.fallback.append(more)
    pair.listed(BAD)
    bad = listing("bad", pair.bad_site, max_pages=100_000, politeness={"max_pages_per_run": 150})
    done = pair.crawl(bad=bad)
    assert "bad: stopped after 150 pages" in done.err
    assert len(pair.bad_site.hits) <= 152
    assert column(pair.db, "SELECT outcome FROM run_source WHERE source_id = 'bad'") == [
        "stopped after 150 pages"
    ]


def test_a_time_limit(pair: Pair) -> None:
    pair.bad_site.delay = 0.2
    Listing(pair.bad_site, 500)
    done = pair.crawl("--max-minutes", "0.1")
    assert "time limit" in done.err
    assert 5 < done.seconds < 25


def test_a_site_that_is_down(pair: Pair) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    pair.bad_site = Site("down")  # Nobody listens at that port any more.
    pair.bad_site.address = f"http://127.0.0.1:{port}"
    done = pair.crawl()
    pair.assert_named(done, "/news/", "connection refused")


def test_a_site_that_breaks_down(pair: Pair) -> None:
    """When everything fails it is not asked for everything."""
    pair.listed(*(f"/content/2024-01/01/content_{n}.htm" for n in range(200)))
    pair.bad_site.fallback.append(faults.status(500))
    done = pair.crawl()
    assert done.code == 1
    assert "gave up after" in done.err
    assert len(pair.bad_site.hits) <= 40
    states = dict(rows(pair.db, "SELECT state, count(*) FROM frontier WHERE source_id = 'bad' GROUP BY 1"))
    assert states["pending"] >= 150


def test_what_robots_txt_forbids(pair: Pair) -> None:
    pair.bad_site.robots("User-agent: *\nDisallow: /content/2024-01/01/\n")
    pair.bad_site.add(BAD, article_html(story("bad", 1)))
    pair.bad_site.add(GOOD, article_html(story("bad", 2)))
    pair.listed(BAD, GOOD)
    done = pair.crawl()
    assert pair.bad_site.asked()[BAD] == 0
    assert pair.state(GOOD) == ("fetched", None)
    assert pair.state(BAD) == ("failed", "forbidden by robots.txt")
    assert done.code == 1


def test_robots_txt_that_fails_or_lasts(pair: Pair) -> None:
    for handler in (faults.hang, faults.status(500), faults.huge(50_000_000), faults.gzip_bomb(1 << 28)):
        pair.bad_site.add("/robots.txt", handler)
        pair.crawl()


def test_a_feed_and_an_epaper_of_nonsense(pair: Pair) -> None:
    for path, content in {
        "/rss.xml": '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 10))
        + "]><rss><channel><item><title>&a9;</title></item></channel></rss>",
        "/sitemap.xml": "<urlset>" * 50_000,
    }.items():
        pair.bad_site.add(path, content)
    starts = [
        {"discovery": "feed", "url": "/rss.xml"},
        {"discovery": "sitemap", "url": "/sitemap.xml"},
        {"discovery": "epaper", "url": "/html/%Y-%m/%d/node_2.htm"},
    ]
    done = pair.crawl(
        "--since", "2024-01-01", "--until", "2024-01-05", bad=Outlet("bad", pair.bad_site, starts)
    )
    pair.assert_named(done, "/rss.xml", "feed")
    pair.assert_named(done, "/sitemap.xml", "sitemap")
    # Days without an issue are nothing wrong.
    assert pair.state("/html/2024-01/03/node_2.htm")[0] == "gone"
    assert column(pair.db, "SELECT count(*) FROM run_error") == [2]
