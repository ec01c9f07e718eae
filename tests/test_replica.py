"""The replica does to a client what the tests of the crawler take for granted."""

import gzip
import http.client
import socket
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from urllib.parse import urlsplit

import pytest
import replica_faults as faults
from replica import Site, serve
from replica_news import PAGE_BYTES, Epaper, Listing, add_feed, add_sitemap


@contextmanager
def _client(site: Site) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection("127.0.0.1", urlsplit(site.address).port, timeout=5)) as client:
        yield client


def _get(site: Site, path: str, **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
    with _client(site) as client:
        client.request("GET", path, headers=headers)
        response = client.getresponse()
        return response.status, response.read(), response.headers


def test_a_listing_site() -> None:
    site = Site("a")
    news = Listing(site, 45)
    with serve(site):
        status, first, _ = _get(site, "/news/")
        assert (status, first.count(b"<li>"), b"index_2.html" in first) == (200, 20, True)
        assert first.decode().index(news.path(44)) < first.decode().index(news.path(43))
        assert _get(site, "/news/index.html")[1] == first
        _, last, _ = _get(site, "/news/index_3.html")
        assert (last.count(b"<li>"), "下一页" in last.decode()) == (5, False)
        assert _get(site, "/news/index_4.html")[0] == 404
        for path in news.paths:
            status, body, _ = _get(site, path)
            assert status == 200
            assert abs(len(body) - PAGE_BYTES) <= 10
    assert site.most_at_once() == 1
    assert set(site.asked("/content/").values()) == {1}
    assert sum(site.asked("/content/").values()) == 45


def test_content_hangs_on_the_seed_alone() -> None:
    html = [Listing(Site(seed), 10).html(7) for seed in ("a", "a", "b")]
    assert html[0] == html[1] != html[2]


def test_what_the_client_has_is_not_sent_again() -> None:
    site = Site()
    news = Listing(site, 3)
    with serve(site):
        path = news.path(1)
        _, body, headers = _get(site, path)
        etag, moment = headers["ETag"], headers["Last-Modified"]
        assert _get(site, path, **{"If-None-Match": etag})[:2] == (304, b"")
        assert _get(site, path, **{"If-Modified-Since": moment})[:2] == (304, b"")
        news.change(1)
        status, changed, _ = _get(site, path, **{"If-None-Match": etag})
        assert (status, changed == body) == (200, False)
        news.publish()
        assert news.path(3).encode() in _get(site, "/news/")[1]


def test_an_epaper_with_two_schemes_and_a_day_without_an_issue() -> None:
    site = Site()
    change = date(2024, 5, 3)
    paper = Epaper(
        site, date(2024, 5, 1), date(2024, 5, 4), new_from=change, without=[date(2024, 5, 2)], pages=2
    )
    with serve(site):
        assert b"node_3.htm" in _get(site, "/html/2024-05/01/node_2.htm")[1]
        assert _get(site, "/html/2024-05/02/node_2.htm")[0] == 404
        assert b"/content/202405/03/" in _get(site, "/layout/202405/03/node_01.html")[1]
        assert [_get(site, path)[0] for path in (*paper.leaves, *paper.articles)] == [200] * (6 + 18)


def test_feeds_and_sitemaps() -> None:
    site = Site()
    news = Listing(site, 30)
    add_sitemap(site, news, per_file=20)
    add_feed(site, news)
    add_feed(site, news, kind="atom")
    with serve(site):
        for path in ("/rss.xml", "/atom.xml"):
            _, body, _ = _get(site, path)
            ElementTree.fromstring(body)
            assert body.decode().count(site.address + "/content/") >= 20
        assert b"sitemap_2.xml.gz" in _get(site, "/sitemap.xml")[1]
        assert _get(site, "/sitemap_1.xml")[1].count(b"<loc>") == 20
        assert gzip.decompress(_get(site, "/sitemap_2.xml.gz")[1]).count(b"<loc>") == 10


def test_statuses_and_redirects() -> None:
    site = Site()
    site.add("/500", faults.status(500))
    site.add("/busy", faults.busy(7))
    site.add("/twice", faults.first(2, faults.status(503), "<p>好</p>"))
    site.add("/away", faults.redirect("http://169.254.169.254/"))
    with serve(site):
        assert _get(site, "/500")[0] == 500
        status, _, headers = _get(site, "/busy")
        assert (status, headers["Retry-After"]) == (429, "7")
        assert [_get(site, "/twice")[0] for _ in range(3)] == [503, 503, 200]
        assert _get(site, "/away")[2]["Location"] == "http://169.254.169.254/"


def test_bodies_without_measure() -> None:
    site = Site()
    site.add("/bomb", faults.gzip_bomb(30 << 20))
    site.add("/huge", faults.huge(5_000_000))
    site.add("/huge-unannounced", faults.huge(5_000_000, announced=False))
    with serve(site):
        _, body, _ = _get(site, "/bomb")
        assert len(body) < 100_000
        assert gzip.decompress(body) == bytes(30 << 20)
        assert len(_get(site, "/huge")[1]) == len(_get(site, "/huge-unannounced")[1]) == 5_000_000


def test_answers_that_never_end() -> None:
    site = Site(delay=0.02)
    site.add("/hang", faults.hang)
    site.add("/drip", faults.drip("x" * 1000, 20))
    site.add("/endless", faults.endless)
    with serve(site):
        for path in ("/hang", "/drip", "/endless"):
            with closing(socket.create_connection(("127.0.0.1", urlsplit(site.address).port))) as raw:
                raw.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                time.sleep(0.3)
        until = time.monotonic() + 5
        while any(hit.ended is None for hit in site.hits) and time.monotonic() < until:
            time.sleep(0.01)
        hang, drip, endless = site.hits
        assert hang.sent_bytes == 0
        assert 1 < drip.sent_bytes - len(faults.head(200, {"Content-Type": "text/html; charset=utf-8"})) < 40
        assert endless.sent_bytes > 10_000
    assert site.most_at_once() == 1


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        (faults.cut_short("x" * 100), http.client.IncompleteRead),
        (faults.hang_up, http.client.RemoteDisconnected),
        (faults.noise, http.client.BadStatusLine),
    ],
)
def test_broken_answers(handler: object, error: type[Exception]) -> None:
    site = Site()
    site.routes["/x"] = handler  # type: ignore[assignment]
    with serve(site), pytest.raises(error):
        _get(site, "/x")


def test_requests_at_the_same_time_are_seen() -> None:
    site = Site(delay=0.1)
    site.add("/x", "<p>x</p>")
    with serve(site), _client(site) as one, _client(site) as other:
        for client in (one, other):
            client.request("GET", "/x")
        assert [client.getresponse().status for client in (one, other)] == [200, 200]
    assert site.most_at_once() == 2


def test_encodings() -> None:
    site = Site()
    html = '<meta charset="utf-8"><p>工会</p>'
    site.add("/x", faults.encoded(html, really="gb18030", header="utf-8", meta="iso-8859-1"))
    with serve(site):
        _, body, headers = _get(site, "/x")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert body == '<meta charset="iso-8859-1"><p>工会</p>'.encode("gb18030")
