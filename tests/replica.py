"""Web sites on 127.0.0.1 for tests and benchmarks of the crawler.

A `Site` is a table of paths; `replica_news` fills it with union news, `replica_faults` with trouble. `serve`
runs sites in a thread, each on a port of its own, and each keeps a list of the requests it got.
"""

import asyncio
import hashlib
import ssl
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Request:
    """`path` includes the query; names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]

    @property
    def base(self) -> str:
        return f"http://{self.headers.get('host', '127.0.0.1')}"


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})


Raw = AsyncIterator[bytes]
"""An answer as it goes over the wire, head and all, for what no decent server does."""

Handler = Callable[[Request], Answer | Raw]


@dataclass(slots=True)
class Hit:
    """A request and what became of it. Times are seconds of the monotonic clock; `at_once` counts the
    requests that were open at this site, this one included."""

    path: str
    headers: Mapping[str, str]
    began: float
    at_once: int = 1
    status: int = 0
    sent_bytes: int = 0
    ended: float | None = None


class Site:
    """Paths with what is behind them. `delay` seconds pass before each answer; without any, `Hit.at_once`
    says little, for one request is answered before the next is looked at."""

    def __init__(self, seed: str = "", *, delay: float = 0.0, keep_hits: bool = True) -> None:
        self.seed = seed
        self.delay = delay
        self.address = ""
        self.hits: list[Hit] = []
        self.routes: dict[str, Handler] = {}
        self.fallback: list[Callable[[Request], Answer | Raw | None]] = []
        self._keep_hits = keep_hits
        self._open = 0
        self.robots("User-agent: *\nDisallow: /private/\n")

    def add(self, path: str, handler: Handler | bytes | str) -> None:
        """Put a handler, or a page, at a path."""
        if not callable(handler):
            content = handler.encode() if isinstance(handler, str) else handler
            self.routes[path] = lambda request: page(request, content)
        else:
            self.routes[path] = handler

    def robots(self, text: str) -> None:
        self.add("/robots.txt", lambda request: Answer(text.encode(), headers={"Content-Type": "text/plain"}))

    def answer(self, request: Request) -> Answer | Raw:
        if handler := self.routes.get(request.path):
            return handler(request)
        for look in self.fallback:
            if (found := look(request)) is not None:
                return found
        return Answer("<h1>404 页面不存在</h1>".encode(), 404)

    def asked(self, prefix: str = "") -> Counter[str]:
        """How often each path that begins so was asked for."""
        return Counter(hit.path for hit in self.hits if hit.path.startswith(prefix))

    def most_at_once(self) -> int:
        """The largest number of requests that were open at the same time."""
        return max((hit.at_once for hit in self.hits), default=0)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # The client is gone.
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        method, path, _ = first.split(" ", 2)
        fields = (line.partition(":") for line in lines)
        request = Request(method, path, {name.lower(): value.strip() for name, _, value in fields})
        self._open += 1
        hit = Hit(path, request.headers, time.monotonic())
        if self._keep_hits:
            self.hits.append(hit)
        try:
            await asyncio.sleep(self.delay)
            hit.at_once = self._open
            answer = self.answer(request)
            if isinstance(answer, Answer):
                data = _wire(answer, with_body=method != "HEAD")
                hit.status, hit.sent_bytes = answer.status, len(data)
                writer.write(data)
                await writer.drain()
                return request.headers.get("connection", "").lower() != "close"
            await _until_gone(reader, self._send(answer, writer, hit))
            return False
        finally:
            self._open -= 1
            hit.ended = time.monotonic()

    async def _send(self, answer: Raw, writer: asyncio.StreamWriter, hit: Hit) -> None:
        async for data in answer:
            hit.sent_bytes += len(data)
            writer.write(data)
            await writer.drain()
            # Over TLS a broken connection is told of by the loop, and drain alone need not give it a turn.
            await asyncio.sleep(0)


async def _until_gone(reader: asyncio.StreamReader, sending: Coroutine[None, None, None]) -> None:
    """Send until all is sent or the client has hung up."""
    tasks = [asyncio.ensure_future(sending), asyncio.ensure_future(reader.read(1))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _wire(answer: Answer, *, with_body: bool = True) -> bytes:
    headers = {**answer.headers, "Content-Length": str(len(answer.body))}
    if answer.status == 304:
        del headers["Content-Length"]
    return head(answer.status, headers) + (answer.body if with_body else b"")


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Status line and headers as they go over the wire."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{n}: {v}" for n, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@contextmanager
def serve(*sites: Site, tls: ssl.SSLContext | None = None) -> Iterator[None]:
    """Run the sites on free ports of 127.0.0.1 while the block lasts, over TLS if given a context; each then
    knows its `address`."""
    ready, failure = threading.Event(), []
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def run() -> None:
        servers = [await asyncio.start_server(site.converse, "127.0.0.1", 0, ssl=tls) for site in sites]
        for site, server in zip(sites, servers, strict=True):
            site.address = f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await over.wait()
        for server in servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await loop.shutdown_asyncgens()
        await asyncio.sleep(0)  # For the connections to close.

    def work() -> None:
        try:
            loop.run_until_complete(run())
        except BaseException as error:
            failure.append(error)
        finally:
            ready.set()
            loop.close()

    thread = threading.Thread(target=work, name="replica", daemon=True)
    thread.start()
    ready.wait()
    try:
        if failure:
            raise failure[0]
        yield
    finally:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(over.set)
        thread.join(timeout=10)


def page(
    request: Request,
    content: bytes,
    *,
    media_type: str = "text/html; charset=utf-8",
    changed: date = date(2024, 7, 1),
) -> Answer:
    """A page with ETag and Last-Modified, or 304 where the client has it."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    moment = format_datetime(datetime(changed.year, changed.month, changed.day, 8, tzinfo=UTC), usegmt=True)
    headers = {"Content-Type": media_type, "ETag": etag, "Last-Modified": moment}
    known = request.headers.get("if-none-match")
    if known == etag or (known is None and request.headers.get("if-modified-since") == moment):
        return Answer(b"", 304, headers)
    return Answer(content, 200, headers)
