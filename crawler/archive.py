"""Keeps the raw bytes of every page in gzipped WARC files beside the database, addressed by digest.

A record is on disk before the row that points at it is committed. So after a crash the archive may hold more
than the database: whole records nobody points at, which are found again by their digest, and half a record,
which is cut off.
"""

import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

ROTATE_BYTES = 1_000_000_000
"""A file of this size is closed and the next one begun."""

_NAME = re.compile(r"unionkb-(\d+)\.warc\.gz")
_CHUNK = 1 << 16
_HEADER_BYTES = 4096
_COMPRESSION = 6
_REMEMBERED = 1000
"""Records written that are kept in mind, should the transaction that was to point at one come to nothing."""
_NOT_AS_STORED = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""HTTP headers that speak of the bytes on the wire; those stored are unpacked."""


class ArchiveError(Exception):
    """The archive cannot be read or written; the message is one line that names the file."""


class Http(NamedTuple):
    """What a server answered, beside the body."""

    status: str
    """Code and phrase: `200 OK`."""
    headers: Sequence[tuple[str, str]]


class Place(NamedTuple):
    """Where a record lies: name of the file in the archive's folder, offset and length in bytes."""

    file: str
    offset: int
    length: int


def folder(database: Path) -> Path:
    """The archive of a database: `kb.sqlite.warc/` beside `kb.sqlite`. No two databases share one, and by
    whatever link a database is opened, it has one."""
    if database.is_symlink():
        database = database.resolve()
    return database.with_name(f"{database.name}.warc")


def read(where: Path, place: Place) -> bytes:
    """The bytes that were stored. Raises ArchiveError when the record is not there."""
    try:
        with (where / place.file).open("rb") as stream:
            stream.seek(place.offset)
            record = next(iter(ArchiveIterator(BytesIO(stream.read(place.length)), check_digests="raise")))
            content: bytes = record.content_stream().read()
            return content
    except Exception as error:
        # warcio raises many kinds for damaged data; all mean the same to a caller.
        raise ArchiveError(f"{where / place.file}: no readable record at {place.offset}: {error}") from error


class Archive:
    """Appends records to the newest file. Call `find` and `add` only while holding the database's write lock:
    that is what keeps two processes from writing at once.

    `ends` gives for each file the end of the last record the database points at; what lies behind is looked
    through before anything is appended. `notify` is told, in a sentence, of whatever was found amiss.
    """

    def __init__(
        self,
        where: Path,
        ends: Mapping[str, int],
        *,
        rotate_bytes: int = ROTATE_BYTES,
        notify: Callable[[str], None] = lambda message: None,
    ) -> None:
        self.where = where
        self._ends = dict(ends)
        self._rotate_bytes = rotate_bytes
        self._notify = notify
        self._orphans: dict[tuple[str, str], Place] = {}
        self._added: dict[tuple[str, str], Place] = {}
        self._closed: set[str] = set()
        missing = sorted(file for file in self._ends if file and not (where / file).exists())
        if missing:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            notify(f"{where / missing[0]}{more}: missing, and with it pages that the database names")

    def find(self, digest: str, uri: str | None = None) -> Place | None:
        """A record with these bytes (of this address) that the database may not know of, left by a run that
        was cut short."""
        files = self._files()
        for file in files:
            self._look_through(file, is_last=file == files[-1])
        if uri is not None:
            return self._orphans.get((digest, uri)) or self._added.get((digest, uri))
        known = (*self._orphans.items(), *self._added.items())
        return next((place for key, place in known if key[0] == digest), None)

    def add(
        self, content: bytes, *, digest: str, uri: str, media_type: str, http: Http | None = None
    ) -> Place:
        """Write a record, onto the disk and not only into its cache, and say where it lies. `http` makes it
        that of a page fetched; else it is that of a file.

        Raises ArchiveError; the file is then as it was."""
        file, is_new = self._writable_file()
        start = 0 if is_new else self._ends[file]
        info = _warcinfo(file) if is_new else b""
        record = _record(content, digest, uri, media_type, http)
        path = self.where / file
        try:
            self.where.mkdir(exist_ok=True)
            with path.open("ab", buffering=0) as stream:
                try:
                    _write_all(stream.fileno(), info + record)
                    os.fsync(stream.fileno())
                except BaseException:
                    with suppress(OSError):
                        os.ftruncate(stream.fileno(), start)
                    raise
            if is_new:
                _sync_folder(self.where)
        except OSError as error:
            raise ArchiveError(f"{path}: {error.strerror}") from error
        place = Place(file, start + len(info), len(record))
        self._ends[file] = place.offset + place.length
        self._added[digest, uri] = place
        if len(self._added) > _REMEMBERED:
            del self._added[next(iter(self._added))]
        return place

    def _files(self) -> list[str]:
        try:
            names = os.listdir(self.where)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ArchiveError(f"{self.where}: {error.strerror}") from error
        return sorted(name for name in names if _NAME.fullmatch(name))

    def _writable_file(self) -> tuple[str, bool]:
        files = self._files()
        if files:
            last = files[-1]
            self._look_through(last, is_last=True)
            if last not in self._closed and self._ends[last] < self._rotate_bytes:
                return last, self._ends[last] == 0
        # A file the database knows and the folder lacks must not be begun anew: rows would point into it.
        numbers = [int(match[1]) for name in {*files, *self._ends} if (match := _NAME.fullmatch(name))]
        return f"unionkb-{max(numbers, default=0) + 1:05}.warc.gz", True

    def _look_through(self, file: str, *, is_last: bool) -> None:
        """Index the records behind the known end, and cut off a torn one at the end of the newest file."""
        if file in self._closed:
            return
        path = self.where / file
        known = self._ends.setdefault(file, 0)
        try:
            size = path.stat().st_size
            if size == known:
                return
            if size < known:
                self._close(file, f"{path}: shorter than the database says; pages are missing from it")
                return
            end = known
            for member in _members(path, known):
                place = Place(file, member.start, member.end - member.start)
                self._orphans.setdefault((member.digest, member.uri), place)
                end = member.end
            self._ends[file] = end
            if end < size:
                if not is_last or not _is_torn(path, end):
                    self._close(file, f"{path}: damaged at byte {end}; nothing more is written to it")
                    return
                os.truncate(path, end)
                self._notify(f"{path}: cut off half a record of {size - end} bytes that a crash had left")
        except OSError as error:
            raise ArchiveError(f"{path}: {error.strerror}") from error

    def _close(self, file: str, message: str) -> None:
        self._closed.add(file)
        self._notify(message)


@dataclass(frozen=True, slots=True)
class _Member:
    start: int
    end: int
    digest: str
    uri: str


def _members(path: Path, offset: int) -> Iterator[_Member]:
    """Whole gzip members from `offset` on; each holds one record. Ends before the first that is not whole."""
    with path.open("rb") as stream:
        stream.seek(offset)
        start, pending = offset, b""
        while True:
            inflate, head, read_bytes = zlib.decompressobj(wbits=31), b"", 0
            while not inflate.eof:
                data = pending or stream.read(_CHUNK)
                pending = b""
                if not data:
                    return
                try:
                    plain = inflate.decompress(data)
                except zlib.error:
                    return
                if len(head) < _HEADER_BYTES:
                    head += plain[:_HEADER_BYTES]
                read_bytes += len(data)
            pending = inflate.unused_data
            end = start + read_bytes - len(pending)
            yield _Member(start, end, *_digest_and_uri(head))
            start = end


def _is_torn(path: Path, offset: int) -> bool:
    """Whether what follows is what a crash leaves and nothing else: the beginning of one gzip member, or
    zeros where the file system had lengthened the file and never wrote the bytes."""
    with path.open("rb") as stream:
        stream.seek(offset)
        if not any(chunk.strip(b"\0") for chunk in iter(lambda: stream.read(_CHUNK), b"")):
            return True
        stream.seek(offset)
        inflate = zlib.decompressobj(wbits=31)
        try:
            while data := stream.read(_CHUNK):
                inflate.decompress(data)
        except zlib.error:
            return False
        return not inflate.eof


def _digest_and_uri(head: bytes) -> tuple[str, str]:
    fields = {}
    for line in head.split(b"\r\n\r\n", 1)[0].split(b"\r\n"):
        name, _, value = line.partition(b":")
        fields[name.lower()] = value.strip().decode("utf-8", "replace")
    digest = fields.get(b"warc-payload-digest", "").removeprefix("sha256:")
    return digest, fields.get(b"warc-target-uri", "")


def _record(content: bytes, digest: str, uri: str, media_type: str, http: Http | None) -> bytes:
    more = {"WARC-Payload-Digest": f"sha256:{digest}", "WARC-Date": _now()}
    if http is None:
        kind, headers = "resource", None
    else:
        kind, media_type, headers = (
            "response",
            "application/http; msgtype=response",
            _as_stored(http, content),
        )
    return _member(uri, kind, content, media_type, more, headers)


def _as_stored(http: Http, content: bytes) -> StatusAndHeaders:
    """The headers of an answer whose body was unpacked; what was said of the wire is kept under the names
    that other archivers use for it."""
    headers = [
        (f"X-Archive-Orig-{name}" if name.lower() in _NOT_AS_STORED else name, value)
        for name, value in http.headers
    ]
    headers.append(("Content-Length", str(len(content))))
    return StatusAndHeaders(http.status, headers, protocol="HTTP/1.1")


def _member(
    uri: str,
    kind: str,
    content: bytes,
    media_type: str,
    more: Mapping[str, str],
    headers: StatusAndHeaders | None,
) -> bytes:
    """A record as a gzip member of its own. warcio always packs as tightly as it can, which costs more time
    than everything else about a record; so it writes, and zlib packs."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        uri,
        kind,
        payload=BytesIO(content),
        length=len(content),
        warc_content_type=media_type,
        warc_headers_dict=dict(more),
        http_headers=headers,
    )
    writer.write_record(record)
    packer = zlib.compressobj(_COMPRESSION, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return packer.compress(out.getbuffer()) + packer.flush()


def _warcinfo(file: str) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    about = {"software": "unionkb", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(file, about))
    return out.getvalue()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(where: Path) -> None:
    """Make the name of a new file as lasting as its content, where the system knows such a thing."""
    with suppress(OSError):
        descriptor = os.open(where, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
