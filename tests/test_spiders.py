"""What the spiders make of answers: pure functions, on pages made here."""

import gzip
from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from scrapers import crawler_of
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.answers import Answer
from crawler.frontier import Entry, Found, Kind
from crawler.interest import of_union_interest
from crawler.sources import Layout, Source, Start
from crawler.spiders import article, epaper, feed, listing, sitemap
from crawler.spiders.base import EpaperSpider, ListingSpider, SourceSpider
from crawler.spiders.page import Page
from unionkb.crawl import by_host

TODAY = date(2024, 5, 20)
HOME = "http://127.0.0.1:8000/"
ARTICLE = HOME + "c/2024-05-18/1001.html"
ARTICLES = r"http://127\.0\.0\.1:8000/c/(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)/\d+(?:_\d)?\.html"
PAPER_ARTICLES = (
    r"http://127\.0\.0\.1:8000/html/(?P<year>\d{4})-(?P<month>\d\d)/(?P<day>\d\d)/content_\d+\.htm"
)
PAPER_LEAVES = r"http://127\.0\.0\.1:8000/html/\d{4}-\d\d/\d\d/node_\d+\.htm"
LIST = Start("listing", HOME + "news/index_{page}.html", first_url=HOME + "news/", max_pages=3)
OLD_PAPER = Start("epaper", HOME + "html/%Y-%m/%d/node_2.htm", valid_to=date(2024, 5, 17))
NEW_PAPER = Start("epaper", HOME + "layout/%Y%m/%d/node_01.html", valid_from=date(2024, 5, 18))
ROOT_PAPER = Start("epaper", HOME + "paper/")


def source(*starts: Start, **more: Any) -> Source:
    layouts = (Layout(ARTICLES, "generic"), Layout(PAPER_ARTICLES, "founder", PAPER_LEAVES))
    return Source("test", "测试网", "某市总工会", "portal", "city", HOME, starts or (LIST,), layouts, **more)


def page(
    text: str | bytes,
    kind: Kind = "list",
    url: str = HOME + "news/",
    hints: Mapping[str, Any] | None = None,
    of: Source | None = None,
) -> Page:
    of = of or source()
    body = text if isinstance(text, bytes) else text.encode()
    decoded = "" if isinstance(text, bytes) else text
    return Page(url, kind, body, decoded, of, hints or {}, of.canonical, TODAY)


def links(*hrefs: str, more: str = "") -> str:
    items = "".join(
        f'<li><a href="{href}">第{n}条消息：市总工会送清凉</a></li>' for n, href in enumerate(hrefs)
    )
    return f"<html><head><title>要闻</title></head><body><ul>{items}</ul>{more}</body></html>"


def urls(found: Any) -> list[str]:
    return [each.url for each in found]


def test_a_list_gives_articles_and_the_next_page() -> None:
    out = listing.read(
        page(
            links(
                ARTICLE + "#top",
                "/c/2024-05-17/1000.html?spm=1",
                "/about.html",
                "http://other.example/c/1.html",
            ),
            hints={"start": 0, "page": 1},
        )
    )
    assert urls(out.found) == [ARTICLE, HOME + "c/2024-05-17/1000.html"]
    assert out.found[0].kind == "article"
    assert out.found[0].hints["published"] == "2024-05-18"
    assert out.found[0].hints["title"] == "第0条消息：市总工会送清凉"
    assert out.following == Found(HOME + "news/index_2.html", "list", {"start": 0, "page": 2}, again=True)
    assert out.problem is None


def test_a_list_ends_with_its_limit() -> None:
    text = links(ARTICLE)
    assert listing.read(page(text, hints={"start": 0, "page": 2})).following
    assert listing.read(page(text, hints={"start": 0, "page": 3})).following is None


def test_a_list_without_numbers_is_followed_by_its_links() -> None:
    of = source(Start("listing", HOME + "news/"))
    following = '<a href="/news/list-2.html">下一页</a>'
    out = listing.read(page(links(ARTICLE, more=following), hints={"start": 0, "page": 1}, of=of))
    assert out.following
    assert out.following.url == HOME + "news/list-2.html"
    for elsewhere in ("http://other.example/2.html", "http://169.254.169.254/", "/news/"):
        text = links(ARTICLE, more=f'<a href="{elsewhere}">下一页</a>')
        assert listing.read(page(text, hints={"start": 0, "page": 1}, of=of)).following is None


def test_a_selector_narrows_a_list_down() -> None:
    of = source(Start("listing", HOME + "news/", links="ul.main a"))
    text = f'<a href="/c/2024-05-01/9.html">热点</a><ul class="main"><a href="{ARTICLE}">要闻</a></ul>'
    assert urls(listing.read(page(text, of=of)).found) == [ARTICLE]


@pytest.mark.parametrize("text", [links(), links("/about.html"), "<p>系统维护中</p>", "\n"])
def test_a_list_without_articles(text: str) -> None:
    assert listing.read(page(text, hints={"page": 1})).problem == "no link to an article on this list"
    beyond = listing.read(page(text, hints={"page": 4}))
    assert (beyond.problem, bool(beyond.absent)) == (None, True)


def test_a_list_that_sends_its_reader_on() -> None:
    text = '<html><head><meta http-equiv="refresh" content="0; url=/news/new.html"></head></html>'
    hints = {"start": 0, "page": 1}
    (moved,) = listing.read(page(text, hints=hints)).found
    assert (moved.url, moved.kind, moved.hints["moved"]) == (HOME + "news/new.html", "list", True)
    assert listing.read(page(text, hints=moved.hints)).problem, "once, not round and round"
    away = text.replace("/news/new.html", "http://169.254.169.254/")
    assert listing.read(page(away, hints=hints)).problem


def test_issues_of_a_range_in_old_and_new_addresses() -> None:
    of = source(OLD_PAPER, NEW_PAPER)
    found = epaper.starts(of, date(2024, 5, 16), date(2024, 5, 20), TODAY)
    assert {each.url.removeprefix(HOME) for each in found} == {
        *("html/2024-05/16/node_2.htm", "html/2024-05/17/node_2.htm"),
        *("layout/202405/18/node_01.html", "layout/202405/19/node_01.html", "layout/202405/20/node_01.html"),
    }
    assert {each.hints["published"] for each in found if each.again} == {
        *("2024-05-18", "2024-05-19", "2024-05-20"),
    }
    assert all(each.kind == "issue" for each in found)


def test_days_to_come_have_no_issue() -> None:
    found = epaper.starts(source(NEW_PAPER), date(2024, 5, 20), date(2024, 5, 22), TODAY)
    assert [each.hints["published"] for each in found] == ["2024-05-20"]


def test_a_root_is_asked_for_whatever_the_days() -> None:
    (root,) = epaper.starts(source(ROOT_PAPER), date(2020, 1, 1), date(2020, 1, 2), TODAY)
    assert (root.url, root.kind, root.again) == (HOME + "paper/", "issue", True)


ISSUE = """<html><body><ul>
<li><a id=pageLink href="node_2.htm">第01版：要闻</a></li>
<li><a id=pageLink href="node_3.htm">第02版：工会</a></li>
<li><a href="node_3.pdf">PDF</a></li></ul>
<ul><li><a href="content_501.htm?div=-1">市总工会部署送清凉</a></li>
<li><a href="content_502.htm">劳模风采</a></li></ul>
</body></html>"""
ISSUE_URL = HOME + "html/2024-05/16/node_2.htm"


def test_an_issue_gives_its_pages_and_the_articles_of_the_first() -> None:
    hints = {"start": 0, "published": "2024-05-16"}
    out = epaper.read(page(ISSUE, "issue", ISSUE_URL, hints, source(OLD_PAPER, newspaper="湖滨工人报")))
    found = {each.url.rpartition("/")[2]: each for each in out.found}
    assert set(found) == {"content_501.htm", "content_502.htm", "node_3.htm"}
    assert found["node_3.htm"].kind == "leaf"
    assert found["node_3.htm"].hints == {
        "start": 0,
        "published": "2024-05-16",
        "page_number": "02",
        "section": "工会",
    }
    assert found["content_501.htm"].hints == {
        "newspaper": "湖滨工人报",
        "published": "2024-05-16",
        "page_number": "01",
        "section": "要闻",
        "title": "市总工会部署送清凉",
    }


def test_a_page_of_an_issue_gives_articles_only() -> None:
    hints = {"start": 0, "published": "2024-05-16", "page_number": "02", "section": "工会"}
    url = HOME + "html/2024-05/16/node_3.htm"
    out = epaper.read(page(ISSUE, "leaf", url, hints, source(OLD_PAPER)))
    assert {each.kind for each in out.found} == {"article"}
    assert {each.hints["page_number"] for each in out.found} == {"02"}
    assert epaper.read(page("<p>整版广告</p>", "leaf", url, hints, source(OLD_PAPER))).problem is None


def test_a_day_without_an_issue_is_nothing_wrong() -> None:
    hints = {"start": 0, "published": "2024-05-16"}
    out = epaper.read(page("<p>当日无报</p>", "issue", ISSUE_URL, hints, source(OLD_PAPER)))
    assert (out.problem, bool(out.absent)) == (None, True)
    assert epaper.read(page("<p></p>", "issue", HOME + "paper/", {"start": 0}, source(ROOT_PAPER))).problem


def test_the_root_of_an_epaper_leads_to_the_newest_issue() -> None:
    text = '<meta http-equiv="Refresh" content="0;URL=../html/2024-05/20/node_2.htm">'
    (moved,) = epaper.read(page(text, "issue", HOME + "paper/", {"start": 0}, source(ROOT_PAPER))).found
    assert (moved.url, moved.kind, moved.again) == (HOME + "html/2024-05/20/node_2.htm", "issue", True)


def test_a_feed() -> None:
    text = f"""<rss><channel><item><title>送清凉</title><link>{ARTICLE}</link>
    <pubDate>Sat, 18 May 2024 23:00:00 +0800</pubDate></item>
    <item><title>别家</title><link>http://other.example/c/2024-05-18/1.html</link></item></channel></rss>"""
    out = feed.read(page(text.encode(), "feed", HOME + "rss.xml"))
    assert [(each.url, each.kind) for each in out.found] == [(ARTICLE, "article")]
    assert out.found[0].hints == {"title": "送清凉", "listed": "2024-05-18"}


@pytest.mark.parametrize("data", [b"<html>404</html>", b"\x00\xff", b"<rss><channel/></rss>"])
def test_no_feed(data: bytes) -> None:
    assert feed.read(page(data, "feed")).problem == "no entries in this feed"
    assert sitemap.read(page(data, "sitemap")).problem


def _sitemap(*locations: str, day: str = "2024-05-19", name: str = "url") -> bytes:
    items = "".join(f"<{name}><loc>{loc}</loc><lastmod>{day}</lastmod></{name}>" for loc in locations)
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{items}</urlset>".encode()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_sitemap(pack: Any) -> None:
    data = pack(_sitemap(ARTICLE, HOME + "about.html", "http://other.example/c/2024-05-18/1.html"))
    assert urls(sitemap.read(page(data, "sitemap")).found) == [ARTICLE]


def test_an_index_of_sitemaps() -> None:
    def found(day: str, depth: int = 1) -> list[Found]:
        data = _sitemap(HOME + "map-1.xml", "http://other.example/map.xml", day=day, name="sitemap")
        return list(sitemap.read(page(data, "sitemap", hints={"depth": depth})).found)

    (fresh,), (old,) = found("2024-05-19"), found("2020-01-01")
    assert (fresh.url, fresh.kind, fresh.again, fresh.hints["depth"]) == (
        HOME + "map-1.xml",
        "sitemap",
        True,
        2,
    )
    assert not old.again
    assert found("2024-05-19", sitemap.DEEPEST) == []


def test_a_sitemap_that_unpacks_to_no_end() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert "unpacked" in (sitemap.read(page(bomb, "sitemap")).problem or "")


BODY = "5月18日，市总工会走访慰问一线职工120名，发放防暑物资价值6万元。" * 4
STORY = """<html><head><title>{title}</title></head>
<body><h1>{title}</h1><div class="content">{body}{more}</div></body></html>"""
LOGIN = (
    "<html><body><h1>登录</h1><form><input name='u'><input  type = 'password' name=p></form></body></html>"
)


def story(title: str = "市总工会送清凉", body: str = BODY, more: str = "") -> str:
    return STORY.format(title=title, body=f"<p>{body}</p>", more=more)


def test_an_article_is_kept() -> None:
    kept = article.read(page(story(), "article", ARTICLE))
    assert kept == article.Kept()


def test_a_login_page_is_no_article() -> None:
    assert "login" in (article.read(page(LOGIN, "article", ARTICLE)).problem or "")
    with_login = story(more="<form><input type='password'></form>")
    assert article.read(page(with_login, "article", ARTICLE)).problem is None


def test_the_next_part_of_an_article() -> None:
    more = '<p><a href="1001_2.html">下一页</a></p>'
    following = article.read(page(story(more=more), "article", ARTICLE)).following
    assert following == Found(HOME + "c/2024-05-18/1001_2.html", "part", {"part": 2}, again=True)
    last = page(story(more=more), "part", ARTICLE, {"part": article.MOST_PARTS})
    assert article.read(last).following is None


OTHER_NEWS = "市气象台发布高温预警，预计未来三天最高气温将达38度，请市民注意防暑降温，减少外出。" * 4


@pytest.mark.parametrize(
    ("title", "body", "passed"),
    [("市总工会送清凉到一线", BODY, False), ("高温预警发布", OTHER_NEWS, True)],
)
def test_of_general_papers_union_news_only(title: str, body: str, passed: bool) -> None:
    general = source(union_outlet=False)
    assert article.read(page(story(title, body), "article", ARTICLE, of=general)).is_passed is passed
    assert not article.read(page(story(title, body), "article", ARTICLE)).is_passed
    assert not article.read(page(story(title, body), "part", ARTICLE, of=general)).is_passed


def test_what_is_of_interest_can_be_chosen() -> None:
    general = source(union_outlet=False)
    weather = page(story("高温预警发布", OTHER_NEWS), "article", ARTICLE, of=general)
    assert not article.read(weather, lambda title, text: "气象台" in text).is_passed
    assert not of_union_interest("高温预警发布", OTHER_NEWS)


def spider(of: Source | None = None, cls: type[SourceSpider] = SourceSpider) -> SourceSpider:
    made = crawler_of(of or source(), cls).spider
    assert isinstance(made, SourceSpider)
    made.today = TODAY
    made.is_of_interest = of_union_interest
    made.most_failures = 3
    made.patience = 60.0
    return made


def entry(kind: Kind = "article", url: str = ARTICLE, **more: Any) -> Entry:
    return Entry(url, kind, **more)


def answer(
    status: int,
    text: str = "",
    of: Entry | None = None,
    url: str | None = None,
    by: Source | None = None,
    **headers: str,
) -> Answer:
    of = of or entry()
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    response = Response(url or of.url, status=status, body=text.encode(), headers=given)
    response.request = SimpleNamespace(meta={"entry": of})  # type: ignore[assignment]
    (made,) = spider(by).parse(response)
    return made


@pytest.mark.parametrize(
    ("status", "kind", "outcome", "reason", "lasting"),
    [
        (304, "article", "unchanged", None, False),
        (404, "article", "gone", "HTTP 404 Not Found", False),
        (410, "article", "gone", "HTTP 410 Gone", False),
        (404, "issue", "gone", "no issue on this day", False),
        (404, "list", "failed", "the list is gone: HTTP 404 Not Found", True),
        (404, "feed", "failed", "the feed is gone: HTTP 404 Not Found", True),
        (403, "article", "failed", "HTTP 403 Forbidden", True),
        (401, "article", "failed", "HTTP 401 Unauthorized", True),
        (412, "article", "failed", "HTTP 412 Precondition Failed", True),
        (408, "article", "failed", "HTTP 408 Request Timeout", False),
        (500, "article", "failed", "HTTP 500 Internal Server Error", False),
        (503, "article", "failed", "HTTP 503 Service Unavailable", False),
        (521, "article", "failed", "HTTP 521", False),
        (200, "article", "failed", "an empty answer", False),
    ],
)
def test_statuses(status: int, kind: Kind, outcome: str, reason: str | None, lasting: bool) -> None:
    hints = {"published": "2024-05-18"} if kind == "issue" else {}
    made = answer(status, of=entry(kind, hints=hints))
    assert (made.outcome, made.reason, made.lasting) == (outcome, reason, lasting)


def test_a_further_page_of_a_list_may_be_missing() -> None:
    assert answer(404, of=entry("list", hints={"page": 4})).outcome == "gone"


def test_retry_after_is_noted() -> None:
    made = answer(503, Retry_After="120")
    assert (made.asked, made.lasting) == (120, False)
    assert made.reason == "HTTP 503 Service Unavailable, asked to be left alone for 120 s"


def test_a_page_to_be_stored() -> None:
    made = answer(200, story(), Content_Type="text/html; charset=gbk")
    assert (made.outcome, made.url, made.media_type, made.encoding) == (
        "stored",
        ARTICLE,
        "text/html",
        "utf-8",
    )
    assert made.published is None
    made = answer(200, story(), of=entry(hints={"published": "2024-05-18"}))
    assert made.published == date(2024, 5, 18)


def test_the_parts_of_an_article_belong_to_its_first_page() -> None:
    second, third = (HOME + f"c/2024-05-18/1001_{number}.html" for number in (2, 3))
    made = answer(200, story(more='<a href="1001_2.html">下一页</a>'))
    assert [(each.url, each.part_of) for each in made.found] == [(second, ARTICLE)]
    part = entry("part", second, part_of=ARTICLE, hints={"part": 2})
    made = answer(200, story(more='<a href="1001_3.html">下一页</a>'), of=part)
    assert [(each.url, each.part_of) for each in made.found] == [(third, ARTICLE)]


@pytest.mark.parametrize(
    ("url", "outcome"),
    [(ARTICLE.replace("1001", "1002"), "stored"), (HOME, "failed"), (HOME + "login", "failed")],
)
def test_where_redirects_led(url: str, outcome: str) -> None:
    made = answer(200, story(), url=url)
    assert made.outcome == outcome
    if outcome == "failed":
        assert made.reason == f"leads to {url}, which is no article"
    else:
        assert made.url == url


def test_binary_data_is_no_page() -> None:
    made = answer(200, "%PDF-1.4 ...")
    assert (made.outcome, made.reason, made.lasting) == ("failed", "not a page: a PDF document", True)


def test_a_mistake_of_ours_costs_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no\nsuch thing")

    monkeypatch.setattr(article, "read", broken)
    made = answer(200, story())
    assert made.reason == "unionkb failed on it, please report this: RuntimeError: no such thing"


@pytest.mark.parametrize(
    ("error", "reason", "lasting"),
    [
        (
            DownloadTimeoutError("Getting http://a took longer than 60.0 seconds."),
            "no whole answer within 60 s",
            False,
        ),
        (DownloadConnectionRefusedError("x"), "connection refused", False),
        (CannotResolveHostError("x"), "no such host", False),
        (DownloadCancelledError("x"), "too big", True),
        (IgnoreRequest("Forbidden by robots.txt"), "forbidden by robots.txt", True),
        (IgnoreRequest("Ignored response because ... during decompression."), "too big when unpacked", True),
        (ValueError("odd"), "ValueError: odd", False),
    ],
)
def test_errors_in_words(error: Exception, reason: str, lasting: bool) -> None:
    failure = Failure(error)
    failure.request = SimpleNamespace(meta={"entry": entry()}, url=ARTICLE)  # type: ignore[attr-defined]
    (made,) = spider().on_error(failure)
    assert made.outcome == "failed"
    assert (made.reason or "").startswith(reason)
    assert made.lasting is lasting


def test_a_source_that_fails_all_the_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    crawled = spider()
    crawled.keeper = SimpleNamespace(fault=None)  # type: ignore[assignment]
    crawled.most_pages, crawled.deadline = 100, float("inf")
    for number in range(3):
        assert crawled.may_go_on(), number
        response = Response(ARTICLE, status=502)
        response.request = SimpleNamespace(meta={"entry": entry()})  # type: ignore[assignment]
        crawled.parse(response)
    assert not crawled.may_go_on()
    assert crawled.is_faulty
    assert crawled.outcome == "gave up after 3 failures in a row: HTTP 502 Bad Gateway"


def test_requests_are_conditional() -> None:
    crawled = spider()
    request = crawled.request(entry(etag='"v1"', last_modified="Mon, 20 May 2024 08:00:00 GMT"))
    assert request.headers.get("If-None-Match") == b'"v1"'
    assert request.headers.get("If-Modified-Since") == b"Mon, 20 May 2024 08:00:00 GMT"
    assert not {b"If-None-Match", b"If-Modified-Since"} & set(crawled.request(entry()).headers)


@pytest.mark.parametrize(
    ("cls", "kinds"),
    [
        (SourceSpider, {"list", "issue", "feed", "sitemap"}),
        (ListingSpider, {"list"}),
        (EpaperSpider, {"issue"}),
    ],
)
def test_where_spiders_start(cls: type[SourceSpider], kinds: set[str]) -> None:
    of = source(LIST, NEW_PAPER, Start("feed", HOME + "rss.xml"), Start("sitemap", HOME + "sitemap.xml"))
    crawled = spider(of, cls)
    crawled.last_run = None
    assert {each.kind for each in crawled.starts()} == kinds


def test_sources_of_one_host_are_crawled_one_after_the_other() -> None:
    def at(name: str, home: str, *hosts: str) -> Source:
        return Source(name, name, "x", "portal", "city", home, (LIST,), (), hosts=hosts)

    sources = [
        at("a", "https://www.workercn.cn/"),
        at("b", "https://epaper.zjgrrb.com/"),
        at("c", "https://acftu.workercn.cn/", "*.workercn.cn"),
        at("d", "http://127.0.0.1:8001/"),
        at("e", "http://127.0.0.1:8002/"),
        at("f", "https://www.hz.gov.cn/"),
        at("g", "https://www.nb.gov.cn/"),
        at("h", "https://www.one.example/", "b.two.example"),
        at("i", "https://a.two.example/", "www.three.example"),
        at("j", "https://three.example/"),
    ]
    groups = [[each.id for each in group] for group in by_host(sources)]
    assert groups == [["a", "c"], ["b"], ["d"], ["e"], ["f"], ["g"], ["h", "i", "j"]]


def test_a_page_of_too_many_tags_is_no_page() -> None:
    made = answer(200, story() + "<p>下一页" * 150_000)
    reason = "not a page: more than 100,000 tags"
    assert (made.outcome, made.reason, made.lasting) == ("failed", reason, True)
