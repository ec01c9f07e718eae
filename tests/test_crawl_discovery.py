"""Each way of discovery finds all there is, asks for nothing twice, and later for what is new only."""

from datetime import date
from pathlib import Path

from crawls import (
    ARTICLES,
    NEW_ARTICLES,
    OLD_EPAPER_ARTICLES,
    Outlet,
    assert_each_page_once,
    assert_sound,
    column,
    crawl,
    listing,
    rows,
    warcio_check,
)
from replica import Site, serve
from replica_news import Epaper, Listing, add_feed, add_sitemap


def test_a_list(tmp_path: Path) -> None:
    site = Site("list", delay=0.002)
    news = Listing(site, 45)
    db = tmp_path / "kb.sqlite"
    with serve(site):
        done = crawl(db, [listing("list", site)])
        assert (done.code, done.err) == (0, "")
        assert max(site.asked().values()) == 1
        assert_each_page_once(db, (site.address + path for path in news.paths))
        assert all(hit.headers["user-agent"].startswith("unionkb/") for hit in site.hits)

        news.publish(3)
        before = len(site.hits)
        done = crawl(db, [listing("list", site)])
        assert (done.code, done.err) == (0, "")
        # The first list, the second on which all is known, and what is new.
        asked = [hit.path for hit in site.hits[before:] if hit.path != "/robots.txt"]
        assert set(asked) == {"/news/", "/news/index_2.html", *news.paths[45:]}
        assert len(asked) == 5
        assert_each_page_once(db, (site.address + path for path in news.paths))

        before = len(site.hits)
        assert crawl(db, [listing("list", site)]).code == 0
        (again,) = [hit for hit in site.hits[before:] if hit.path != "/robots.txt"]
        assert (again.path, again.status) == ("/news/", 304)
    assert site.most_at_once() == 1
    warcio_check(db)


def test_feeds_and_sitemaps(tmp_path: Path) -> None:
    site = Site("feeds", delay=0.002)
    news = Listing(site, 50)
    add_feed(site, news)
    add_feed(site, news, kind="atom", count=30)
    add_sitemap(site, news, per_file=25)
    db = tmp_path / "kb.sqlite"
    starts = [
        {"discovery": "feed", "url": "/rss.xml"},
        {"discovery": "feed", "url": "/atom.xml"},
        {"discovery": "sitemap", "url": "/sitemap.xml"},
    ]
    with serve(site):
        for some, count in ((starts[:1], 20), (starts[:2], 30), (starts, 50)):
            done = crawl(db, [Outlet("feeds", site, some)])
            assert (done.code, done.err) == (0, "")
            assert_each_page_once(db, (site.address + path for path in news.paths[-count:]))
        assert max(site.asked("/content/").values()) == 1
    assert site.most_at_once() == 1
    assert_sound(db)


def test_an_epaper(tmp_path: Path) -> None:
    """A week with the old URL scheme, then the new one, a day without an issue, and half the articles about
    the weather."""
    site = Site("paper", delay=0.002)
    change, none = date(2024, 5, 1), date(2024, 5, 2)
    first, last = date(2024, 4, 28), date(2024, 5, 3)
    paper = Epaper(site, first, last, new_from=change, without=[none], union_share=0.5)
    db = tmp_path / "kb.sqlite"
    outlet = Outlet(
        "paper",
        site,
        [
            {"discovery": "epaper", "url": "/html/%Y-%m/%d/node_2.htm", "valid_to": date(2024, 4, 30)},
            {"discovery": "epaper", "url": "/layout/%Y%m/%d/node_01.html", "valid_from": change},
        ],
        articles=[OLD_EPAPER_ARTICLES, NEW_ARTICLES],
        layouts=[
            {"leaf_url": r"/html/\d{4}-\d\d/\d\d/node_\d+\.htm", "valid_to": date(2024, 4, 30)},
            {"leaf_url": r"/layout/\d{6}/\d\d/node_\d+\.html", "valid_from": change},
        ],
        kind="e-paper",
        more={"union_outlet": False, "newspaper": "湖滨日报"},
    )
    with serve(site):
        done = crawl(db, [outlet], "--since", str(first), "--until", str(last))
        assert (done.code, done.err) == (0, "")
        assert max(site.asked().values()) == 1
        assert set(paper.leaves) <= set(site.asked())
        wanted = set(paper.articles) - paper.others
        assert column(db, "SELECT document FROM page ORDER BY 1") == sorted(
            site.address + path for path in wanted
        )
        passed = column(db, "SELECT url FROM frontier WHERE state = 'passed' ORDER BY 1")
        assert passed == sorted(site.address + path for path in paper.others)
        issue = f"{site.address}/layout/{none:%Y%m/%d}/node_01.html"
        assert rows(db, "SELECT state, reason FROM frontier WHERE url = ?", issue) == [
            ("gone", "no issue on this day")
        ]
        said = rows(
            db, "SELECT document, published, newspaper, page_number FROM article JOIN page USING (page_id)"
        )
        assert {(url.removeprefix(site.address), day) for url, day, _, _ in said} == {
            (path, str(paper.articles[path].published)) for path in wanted
        }
        assert {newspaper for _, _, newspaper, _ in said} == {"湖滨日报"}
        assert {number for _, _, _, number in said} == {"01", "02", "03", "04"}

        before = len(site.hits)
        assert crawl(db, [outlet], "--since", str(first), "--until", str(last)).code == 0
        assert {hit.path for hit in site.hits[before:]} <= {"/robots.txt"}
    assert site.most_at_once() == 1
    warcio_check(db)


def test_sources_of_one_host_take_turns(tmp_path: Path) -> None:
    """Two outlets on one host, crawled by one command, are never asked at the same time."""
    site = Site("shared", delay=0.01)
    news = Listing(site, 20)
    db = tmp_path / "kb.sqlite"
    add_feed(site, news)
    with serve(site):
        outlets = [
            listing("one", site),
            Outlet("other", site, [{"discovery": "feed", "url": "/rss.xml"}], articles=[ARTICLES]),
        ]
        assert crawl(db, outlets).code == 0
        assert site.most_at_once() == 1
        assert max(site.asked("/content/").values()) == 1
        assert_each_page_once(db, (site.address + path for path in news.paths))
