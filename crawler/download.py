"""Scrapy's downloads, with a limit on what comes before a body.

Scrapy limits bodies. Status line, headers and interim answers it takes for as long as a download may last,
and keeps them all. There is no public place to limit them, so this leans on private names of Scrapy and
Twisted; tests/test_download.py says which.
"""

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, HTTPClientParser, Request
from twisted.web.iweb import IResponse

from crawler.failures import HeadTooLong

MOST_HEAD_BYTES = 256 * 1024
"""Of an answer's head, give or take one read from the socket (64 KB). Browsers take about as much."""


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """A connection that gives an answer up, with HeadTooLong, when its head has no end."""

    _head_bytes = 0

    def request(self, request: Request) -> Deferred[IResponse]:
        self._head_bytes = 0
        answer = super().request(request)
        assert self._parser is not None
        self._parser.lineLengthExceeded = _line_too_long  # type: ignore[method-assign]
        return answer

    def dataReceived(self, data: bytes) -> None:
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self._parser is None or self._parser.state not in (STATUS, HEADER):
            return
        # Counted over interim answers too, after which the parser begins anew.
        self._head_bytes += len(data)
        if self._head_bytes > MOST_HEAD_BYTES:
            error = HeadTooLong(f"its headers are too long: over {MOST_HEAD_BYTES >> 10} KB")
            self._giveUp(Failure(error))  # type: ignore[no-untyped-call]

    def _giveUp(self, reason: Failure) -> None:
        """Hang up without a farewell where something is wrong: over TLS, Twisted would read on until the
        other side has said farewell too, however long."""
        if self.transport is not None and not reason.check(ConnectionDone):  # type: ignore[no-untyped-call]
            self.transport.abortConnection()
        super()._giveUp(reason)  # type: ignore[no-untyped-call]


def _line_too_long(line: bytes) -> None:
    """In place of the parser's own, which would say that the connection was closed cleanly."""
    raise HeadTooLong(f"its headers are too long: a line of over {HTTPClientParser.MAX_LENGTH >> 10} KB")


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes connections for a pool."""

    def buildProtocol(self, addr: IAddress | None) -> BoundedProtocol:
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedDownloads(HTTP11DownloadHandler):
    """Scrapy's handler of http and https, over such connections."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory
