"""What kept a request from being answered, in words a user can act on."""

import re
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from crawler.addresses import REFUSED

_SECONDS = re.compile(r"longer than ([\d.]+?)(?:\.0)? seconds")


class Refused(IgnoreRequest):
    """A request that must not be sent; the message says why."""


class HeadTooLong(Exception):
    """An answer was given up before its body began; the message says why."""


def explain(error: BaseException, url: str) -> tuple[str, bool]:
    """Why a request failed, in one line without its URL, and whether that will hardly pass."""
    message = " ".join(str(error).split())
    if isinstance(error, Refused):
        return message, True
    if isinstance(error, IgnoreRequest):
        return _ignored(message), True
    if isinstance(error, DownloadTimeoutError):
        seconds = _SECONDS.search(message)
        return f"no whole answer within {seconds[1]} s" if seconds else "no answer in time", False
    if isinstance(error, DownloadCancelledError):
        return "too big, or cut off: the limit is on bodies of this source", True
    if isinstance(error, CannotResolveHostError):
        address = REFUSED.get(urlsplit(url).hostname or "")
        return f"its host leads to a private address: {address}" if address else "no such host", bool(address)
    if isinstance(error, DownloadConnectionRefusedError):
        return "connection refused", False
    if isinstance(error, ResponseDataLossError):
        return "the connection broke off within the page", False
    if isinstance(error, DownloadFailedError):
        return _broken(error)
    if isinstance(error, UnsupportedURLSchemeError):
        return "not http or https", True
    return f"{type(error).__name__}: {message[:200]}".rstrip(": "), False


def _ignored(message: str) -> str:
    if "max redirections" in message:
        return "redirects without end"
    if "during decompression" in message:
        return "too big when unpacked"
    if "robots.txt" in message:
        return "forbidden by robots.txt"
    return message or "ignored"


def _broken(error: DownloadFailedError) -> tuple[str, bool]:
    """What went wrong with a connection, without the list of failures that Twisted wraps it in."""
    reasons = [reason.value for reason in getattr(error.__cause__, "reasons", ())] or [error]
    for reason in reasons:
        if isinstance(reason, HeadTooLong):
            return str(reason), True
    if any(type(reason).__name__ == "ParseError" for reason in reasons):
        return "no proper answer: not HTTP", False
    said = dict.fromkeys(" ".join(str(reason).split()).rstrip(".") for reason in reasons)
    return f"no proper answer: {'; '.join(said)[:120]}", False
