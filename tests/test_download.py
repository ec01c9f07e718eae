"""The head of an answer is limited; and the private names of Scrapy and Twisted that this takes are there."""

import importlib
import time
import tracemalloc
from typing import Any

import pytest
from scrapers import crawler_of
from scrapy.exceptions import DownloadFailedError
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.misc import load_object
from twisted.internet.defer import Deferred
from twisted.internet.testing import StringTransport
from twisted.web.http_headers import Headers

from crawler import settings
from crawler.failures import HeadTooLong, explain

URL = "http://news.example/a.htm"
CHUNK = 16_384
KB = 1_024

NAMES = [
    ("scrapy.core.downloader.handlers.http11", "HTTP11DownloadHandler.__init__"),
    ("scrapy.core.downloader.handlers.http11", "_LenientHTTP11ClientFactory.buildProtocol"),
    ("scrapy.core.downloader.handlers.http11", "_LenientHTTP11ClientProtocol.request"),
    ("twisted.web.client", "HTTPConnectionPool._factory"),
    ("twisted.web._newclient", "STATUS"),
    ("twisted.web._newclient", "HEADER"),
    ("twisted.web._newclient", "HTTP11ClientProtocol._giveUp"),
    ("twisted.web._newclient", "HTTP11ClientProtocol._parser"),
    ("twisted.web._newclient", "HTTPClientParser.MAX_LENGTH"),
    ("twisted.web._newclient", "HTTPClientParser.lineLengthExceeded"),
]


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_private_names(module: str, name: str) -> None:
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        assert hasattr(found, part), f"{module} has no {name} any more: crawler/download.py leans on it"
        found = getattr(found, part)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_is_what_downloads(scheme: str) -> None:
    """The connections that Scrapy would open are ours."""
    from crawler.download import BoundedDownloads, BoundedProtocol
    from crawler.sources import Layout, Source, Start

    source = Source(
        *("gh", "工会网", "某市总工会", "federation", "city", "http://127.0.0.1/"),
        (Start("listing", "http://127.0.0.1/{page}.html"),),
        (Layout(r"http://127\.0\.0\.1/\d+\.html", "generic"),),
    )
    crawler = crawler_of(source)
    handler = load_object(crawler.settings.getdict("DOWNLOAD_HANDLERS")[scheme]).from_crawler(crawler)
    assert isinstance(handler, BoundedDownloads)
    protocol = handler._pool._factory(lambda connection: None, "").buildProtocol(None)
    assert isinstance(protocol, BoundedProtocol)
    assert settings.DOWNLOAD_HANDLERS.keys() == {"http", "https"}


class Transport(StringTransport):
    """Counts how it was closed, without telling the protocol: as over TLS, where the farewell takes two."""

    aborted = 0
    lost = 0

    def abortConnection(self) -> None:
        self.aborted += 1

    def loseConnection(self) -> None:
        self.lost += 1
        self.disconnecting = True


class Exchange:
    """A connection with a request sent, and what has become of it."""

    def __init__(self) -> None:
        from crawler.download import BoundedFactory

        self.quiescent: list[Any] = []
        self.protocol = BoundedFactory(self.quiescent.append, "").buildProtocol(None)
        self.transport = Transport()
        self.protocol.makeConnection(self.transport)
        self.ask()

    def ask(self) -> None:
        from twisted.web._newclient import Request

        self.response: Any = None
        self.error: Any = None
        request = Request(b"GET", b"/a.htm", Headers({b"Host": [b"news.example"]}), None, persistent=True)
        answer: Deferred[Any] = self.protocol.request(request)
        answer.addCallbacks(
            lambda response: setattr(self, "response", response),
            lambda failure: setattr(self, "error", failure.value),
        )

    def receive(self, data: bytes, chunk: int = CHUNK) -> int:
        """Bytes taken before the request failed, if it did."""
        for start in range(0, len(data), chunk):
            if self.error is not None:
                return start
            self.protocol.dataReceived(data[start : start + chunk])
        return len(data)

    def reason(self) -> tuple[str, bool]:
        """What the frontier would say of the error."""
        with pytest.raises(DownloadFailedError) as raised, wrap_twisted_exceptions():
            raise self.error
        return explain(raised.value, URL)


OK = b"HTTP/1.1 200 OK\r\n"
TOO_MUCH = "its headers are too long: over 256 KB"
LONG_LINE = "its headers are too long: a line of over 16 KB"
HEADS = {
    "headers": (OK, b"X-Filler: " + b"x" * 1_000 + b"\r\n", TOO_MUCH),
    "names": (OK, b"".join(b"X-%d: y\r\n" % n for n in range(100_000)), TOO_MUCH),
    "small lines": (OK, b"a:\n", TOO_MUCH),
    "bad lines": (OK, b"x\n", TOO_MUCH),
    "folded": (OK + b"X-Folded: 1\r\n", b" x\r\n", TOO_MUCH),
    "interim": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", TOO_MUCH),
    "one line": (OK + b"X-Line: ", b"x", LONG_LINE),
    "status line": (b"HTTP/1.1 200 ", b"x", LONG_LINE),
    "bytes": (b"", b"\0", LONG_LINE),
}


@pytest.mark.parametrize("kind", HEADS)
def test_a_head_without_end(kind: str) -> None:
    start, block, reason = HEADS[kind]
    data = start + block * (1 + 600 * KB // len(block))
    exchange = Exchange()
    tracemalloc.start()
    began = time.perf_counter()
    taken = exchange.receive(data)
    seconds = time.perf_counter() - began
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert exchange.reason() == (reason, True)
    assert any(isinstance(failure.value, HeadTooLong) for failure in exchange.error.reasons)
    assert taken <= 256 * KB + CHUNK
    assert most < 64 * KB * KB
    assert seconds < 10
    # It does not wait for the other side, and takes no more from it.
    assert exchange.transport.aborted == 1
    assert exchange.quiescent == []


def test_what_comes_after_is_dropped() -> None:
    exchange = Exchange()
    exchange.receive(OK + b"a: b\r\n" * 100_000)
    error = exchange.error
    exchange.protocol.dataReceived(b"a: b\r\n" * 1_000)
    assert exchange.error is error
    assert exchange.response is None


def test_a_long_head_that_ends() -> None:
    fields = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 8_000) for n in range(25))
    exchange = Exchange()
    exchange.receive(OK + fields + b"Content-Length: 2\r\n\r\nok")
    assert exchange.response.code == 200
    assert len(list(exchange.response.headers.getAllRawHeaders())) == 25
    assert (exchange.transport.aborted, exchange.transport.lost) == (0, 0)


def test_each_answer_of_a_connection_has_its_own_limit() -> None:
    fields = b"X-A: " + b"y" * 8_000 + b"\r\n"
    exchange = Exchange()
    for number in range(1, 6):
        exchange.receive(OK + fields * 20 + b"Content-Length: 0\r\n\r\n")
        assert exchange.response.code == 200
        assert len(exchange.quiescent) == number
        exchange.ask()


@pytest.mark.parametrize("length", [b"Content-Length: 2000000\r\n", b""], ids=["announced", "unannounced"])
def test_bodies_do_not_count(length: bytes) -> None:
    exchange = Exchange()
    exchange.receive(OK + length + b"\r\n" + b"x" * 2_000_000)
    assert exchange.error is None
    assert exchange.response.code == 200


def test_the_usual_end_is_polite() -> None:
    """An answer after which the server wants to close is not cut off."""
    exchange = Exchange()
    exchange.receive(OK + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
    assert exchange.response.code == 200
    assert (exchange.transport.aborted, exchange.transport.lost) == (0, 1)


def test_what_is_no_http_is_cut_off() -> None:
    exchange = Exchange()
    exchange.receive(b"220 mail.example ESMTP\r\n" * 3)
    assert exchange.reason() == ("no proper answer: not HTTP", False)
    assert exchange.transport.aborted == 1
