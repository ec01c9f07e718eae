"""Records of a web archive and lines of JSON -> documents to read, or why they are none."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from gzip import BadGzipFile
from io import BytesIO
from typing import IO, Any, Literal

from warcio.recordloader import ArcWarcRecordLoader

from extract.model import Metadata
from unionkb.bulk import framing

Form = Literal["warc", "jsonl"]
"""`warc` also holds WET files, whose records are texts."""

_KINDS = frozenset({"response", "resource", "conversion"})
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TEXT = frozenset({"text/plain"})
_LONGEST_LINE_OVERHEAD = 6
"""Bytes of JSON that may stand for one of text: `\\u5de5`."""


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes to be read. `offset` and `length` say where its record lies in the input; `length` is 0 where it
    cannot be read from there alone."""

    name: str
    """URL, or what the line calls it."""
    data: bytes
    media_type: str
    offset: int
    length: int
    charset: str | None = None
    fetched: str | None = None
    """Moment, as `2024-01-31T08:30:00Z`."""
    known: Metadata | None = None
    """Set for an article of a JSON line, whose text `data` is in UTF-8."""
    line: bytes = b""
    """That line."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that is no page: a request, a picture, an answer other than 200."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Bad:
    """What cannot be read, and why."""

    offset: int
    reason: str
    name: str = ""
    length: int = 0


Item = Document | Passed | Bad


def read(
    stream: IO[bytes], form: Form, *, longest: int, start: int = 0, stop: int | None = None
) -> Iterator[Item]:
    """What a seekable input holds from `start` up to `stop`, in order. Documents beyond `longest` bytes are
    Bad. Never raises for what is in the input."""
    if form == "jsonl":
        yield from _lines(stream, longest, start, stop)
        return
    for frame in framing.frames(stream, longest=longest, start=start, stop=stop):
        if isinstance(frame, framing.Broken):
            yield Bad(frame.offset, frame.reason)
            continue
        try:
            yield _document(frame, longest)
        except Exception as error:  # warcio and its decoders raise many kinds; all mean the same.
            yield Bad(frame.offset, f"no readable record: {' '.join(str(error).split())[:200]}")


def _document(frame: framing.Frame, longest: int) -> Item:
    record = ArcWarcRecordLoader().parse_record_stream(BytesIO(frame.data), known_format="warc")
    if record.rec_type not in _KINDS:
        return Passed(frame.offset, frame.length)
    head = record.http_headers if record.rec_type == "response" else None
    if record.rec_type == "response" and (head is None or head.get_statuscode() != "200"):
        return Passed(frame.offset, frame.length)
    said = head.get_header("Content-Type") if head else record.content_type
    media_type, _, parameters = (said or "").partition(";")
    media_type = media_type.strip().lower()
    if media_type in _HTML or not media_type:
        media_type = "text/html"
    elif media_type not in _TEXT:
        return Passed(frame.offset, frame.length)
    name = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    if not name:
        return Bad(frame.offset, "a record without an address")
    data = record.content_stream().read(longest + 1)
    if len(data) > longest:
        return Bad(frame.offset, f"too big: the limit is {longest / 1e6:g} MB", name)
    return Document(
        name, data, media_type, frame.offset, frame.length, _charset(parameters),
        record.rec_headers.get_header("WARC-Date"),
    )  # fmt: skip


def _charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _lines(stream: IO[bytes], longest: int, start: int, stop: int | None) -> Iterator[Item]:
    """A line belongs to the part in which it begins."""
    limit = longest * _LONGEST_LINE_OVERHEAD
    stream.seek(max(start - 1, 0))
    if start:
        _pass_line(stream, limit)
    while True:
        at = stream.tell()
        if stop is not None and at >= stop:
            return
        try:
            line = stream.readline(limit + 1)
        except (EOFError, zlib.error, BadGzipFile) as error:
            yield Bad(at, f"damaged gzip data, and nothing behind it is read: {error}")
            return
        if not line:
            return
        if len(line) > limit:
            _pass_line(stream, limit)
            yield Bad(at, f"too big: the limit is {longest / 1e6:g} MB")
        elif line.strip():
            yield _line(line, at, longest)


def _pass_line(stream: IO[bytes], limit: int) -> None:
    while (piece := stream.readline(limit)) and not piece.endswith(b"\n"):
        pass


_NAMES: Mapping[str, tuple[str, ...]] = {
    "document": ("document", "url", "uri", "id"),
    "text": ("text", "body", "content"),
    "published": ("published", "date", "publish_date", "date_publish"),
    "title": ("title", "headline"),
}
"""What the fields of an article are called, best first; others have the names of `Metadata`."""
_OTHERS = (
    "kicker",
    "deck",
    "newspaper",
    "page_number",
    "section",
    "source",
    "author",
    "correspondent",
    "editor",
)


def _line(line: bytes, offset: int, longest: int) -> Item:
    try:
        entry = json.loads(line)
    except ValueError as error:
        return Bad(offset, f"no JSON: {error}")
    if not isinstance(entry, dict):
        return Bad(offset, "no JSON object")
    name = _clean(_first(entry, "document"))
    text = _clean(_first(entry, "text"))
    if not name or not text:
        missing = "document" if not name else "text"
        return Bad(offset, f"an article without {' or '.join(_NAMES[missing])}", name or "")
    try:
        published = _day(_clean(_first(entry, "published")))
    except ValueError as error:
        return Bad(offset, f"published: {error}", name)
    title = _clean(_first(entry, "title"))
    known = Metadata(
        title=title,
        published=published,
        published_basis="meta" if published else None,
        **{key: _clean(entry.get(key)) for key in _OTHERS},
    )
    if title and not text.lstrip().startswith(title):
        text = f"{title}\n{text}"
    data = text.encode()
    if len(data) > longest:
        return Bad(offset, f"too big: the limit is {longest / 1e6:g} MB", name)
    return Document(name, data, "text/plain", offset, 0, "utf-8", _clean(entry.get("fetched")), known, line)


def _first(entry: Mapping[str, Any], field_: str) -> Any:
    return next((entry[key] for key in _NAMES[field_] if entry.get(key)), None)


def _clean(value: Any) -> str | None:
    """Text as it can be stored: JSON may hold halves of characters."""
    if value is None:
        return None
    return str(value).encode("utf-8", "replace").decode().strip() or None


def _day(value: str | None) -> date | None:
    """Date of `2024-01-31`, also with a time behind it. Raises ValueError."""
    return date.fromisoformat(value[:10]) if value else None
