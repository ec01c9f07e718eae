"""What goes wrong on the web, as handlers for a replica."""

import asyncio
import struct
import zlib
from collections.abc import Mapping
from http import HTTPStatus

from replica import Answer, Handler, Raw, Request, head, page


def status(code: int, headers: Mapping[str, str] | None = None) -> Handler:
    """Always this status."""
    phrase = HTTPStatus(code).phrase
    return lambda request: Answer(
        f"<h1>{code} {phrase}</h1>".encode(), code, {"Content-Type": "text/html", **(headers or {})}
    )


def content(text: str | bytes) -> Handler:
    """A page."""
    data = text.encode() if isinstance(text, str) else text
    return lambda request: page(request, data)


def busy(seconds: int) -> Handler:
    """429 with Retry-After."""
    return status(429, {"Retry-After": str(seconds)})


def first(times: int, fault: Handler, then: Handler | str) -> Handler:
    """The fault so many times, afterwards what is meant to be there."""
    left = [times]

    def answer(request: Request) -> Answer | Raw:
        if left[0] > 0:
            left[0] -= 1
            return fault(request)
        return page(request, then.encode()) if isinstance(then, str) else then(request)

    return answer


def redirect(target: str, code: int = 302) -> Handler:
    return lambda request: Answer(b"", code, {"Location": target, "Content-Type": "text/html"})


def hang(request: Request) -> Raw:
    """Takes the request and never answers."""

    async def send() -> Raw:
        await asyncio.sleep(3_600)
        yield b""

    return send()


def drip(content: str, bytes_per_second: float = 1.0) -> Handler:
    """A good page, a byte at a time."""

    async def send() -> Raw:
        data = content.encode()
        yield head(200, {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(data))})
        for value in data:
            await asyncio.sleep(1 / bytes_per_second)
            yield bytes([value])

    return lambda request: send()


def cut_short(content: str) -> Handler:
    """Announces a page, sends half of it and hangs up."""

    async def send() -> Raw:
        data = content.encode()
        yield head(200, {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(data))})
        yield data[: len(data) // 2]

    return lambda request: send()


def hang_up(request: Request) -> Raw:
    """Closes the connection without a word."""

    async def send() -> Raw:
        for data in ():
            yield data

    return send()


def noise(request: Request) -> Raw:
    """An answer that is no HTTP."""

    async def send() -> Raw:
        yield b"\x16\x03\x01 not http at all\r\n\r\n" * 20

    return send()


def huge(size: int, *, announced: bool = True) -> Handler:
    """A body of that many bytes, its length announced or not."""

    async def send() -> Raw:
        headers = {"Content-Type": "text/html; charset=utf-8", "Connection": "close"}
        yield head(200, {**headers, "Content-Length": str(size)} if announced else headers)
        block = "<p>工会</p>\n".encode() * 4_096
        left = size
        while left > 0:
            yield block[:left]
            left -= len(block)

    return lambda request: send()


def endless(request: Request) -> Raw:
    """Chunks without end."""

    async def send() -> Raw:
        yield head(200, {"Content-Type": "text/html", "Transfer-Encoding": "chunked"})
        block = b"<p>x</p>" * 1_024
        while True:
            yield b"%x\r\n%s\r\n" % (len(block), block)

    return send()


def endless_head(block: bytes, *, start: bytes = b"HTTP/1.1 200 OK\r\n") -> Handler:
    """A head that never gets to its body: the block over and over after the start."""

    async def send() -> Raw:
        yield start
        blocks = block * (1 + 65_536 // len(block))
        while True:
            yield blocks

    return lambda request: send()


def gzip_bomb(size: int) -> Handler:
    """A small answer that inflates to `size` bytes."""
    data = _zeros(size)
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"}
    return lambda request: Answer(data, 200, headers)


def _zeros(size: int) -> bytes:
    """Gzip of that many zero bytes, rounded up to megabytes. Deflate blocks after a full flush stand on their
    own, so one is made and repeated."""
    block = bytes(1 << 20)
    blocks = -(-size // len(block))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    one = deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(blocks):
        checksum = zlib.crc32(block, checksum)
    last = b"\x03\x00"  # An empty block with the mark of the last one.
    tail = struct.pack("<II", checksum, blocks * len(block) & 0xFFFFFFFF)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + one * blocks + last + tail


def encoded(text: str, *, really: str, header: str | None, meta: str | None) -> Handler:
    """A page whose bytes are in one encoding and whose header and meta tag say others."""
    if meta:
        text = text.replace('charset="utf-8"', f'charset="{meta}"')
    media_type = f"text/html; charset={header}" if header else "text/html"
    content = text.encode(really)
    return lambda request: page(request, content, media_type=media_type)


LOGIN = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>用户登录</title></head><body>
<form action="/login" method="post"><label>用户名 <input name="user"></label>
<label>密码 <input type="password" name="password"></label><button>登录</button></form>
<p>您尚未登录或登录已超时，请重新登录后访问。</p></body></html>
"""
