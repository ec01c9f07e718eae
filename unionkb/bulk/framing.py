"""Bytes of a WARC file -> its records, whatever is broken in between.

Files are gzipped record by record, gzipped as a whole, or plain. A record that is torn, too long or of a
wrong length is reported, and reading goes on with the next one that begins as a record does. Memory is
bounded by the longest record that is wanted; what is longer is passed over in pieces.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

GZIP = b"\x1f\x8b\x08"
_CHUNK = 1 << 16
_LONGEST_HEAD = 1 << 16
_VERSION = re.compile(rb"WARC/\d\.\d\s*\Z")
_LENGTH = re.compile(rb"^Content-Length:\s*(\d{1,18})\s*$", re.I | re.M)
_END = re.compile(rb"(?:\r?\n){2,6}(?:WARC/|\Z)|\Z")
_NEXT = re.compile(rb"\r?\n\r?\nWARC/\d\.\d\r?\n")
_OVERLAP = 24
"""Bytes of the longest mark looked for, and more."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole record, head and block. `offset` and `length` say where it lies in the file and are those of
    its gzip member; `length` is 0 where the member holds others before it."""

    offset: int
    length: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """What stands at an offset in place of a record, and why it cannot be read."""

    offset: int
    reason: str


class _Torn(Exception):
    """A gzip member that ends early or does not hold what its checksum says."""


class _Unfit(Exception):
    """What stands here is no record that can be read."""


def frames(
    stream: IO[bytes], *, longest: int, start: int = 0, stop: int | None = None
) -> Iterator[Frame | Broken]:
    """Records of a seekable file that begin at or after `start` and before `stop`, in order.

    Blocks beyond `longest` bytes are Broken as well. Only a file gzipped record by record may be cut: in any
    other, all records belong to the part that begins at 0."""
    stream.seek(0)
    if stream.read(3) == GZIP:
        yield from _members(stream, longest, start, stop)
    elif start == 0:
        yield from _plain(stream, longest)


def first_member(stream: IO[bytes], start: int) -> int | None:
    """Offset of the first gzip member at or after `start` that begins with a record; None behind the last."""
    position = start
    while True:
        stream.seek(position)
        window = stream.read(_CHUNK)
        if len(window) < len(GZIP):
            return None
        at = window.find(GZIP)
        if at < 0:
            position += len(window) - len(GZIP) + 1
            continue
        position += at
        if _begins_record(stream, position):
            return position
        position += 1


def _begins_record(stream: IO[bytes], offset: int) -> bool:
    stream.seek(offset)
    try:
        head = zlib.decompressobj(wbits=31).decompress(stream.read(4096), 8)
    except zlib.error:
        return False
    return head.startswith(b"WARC/")


def _members(stream: IO[bytes], longest: int, start: int, stop: int | None) -> Iterator[Frame | Broken]:
    at = first_member(stream, start) if start else 0
    while at is not None and (stop is None or at < stop):
        member = _Member(stream, at)
        reader = io.BufferedReader(cast(io.RawIOBase, member), _CHUNK)
        is_first = True
        try:
            while _skip_blank(reader):
                data = _record(reader, longest)
                _skip_blank(reader)  # Beyond the end of the member its checksum has been looked at.
                if data is None:
                    yield Broken(at, _too_long(longest))
                else:
                    yield Frame(at, member.end - at if is_first and member.ended else 0, data)
                is_first = False
        except (_Torn, _Unfit) as error:
            yield Broken(at, str(error))
        at = member.end if member.ended else first_member(stream, at + 1)
        if at is not None and not _more(stream, at):
            return


def _more(stream: IO[bytes], offset: int) -> bool:
    stream.seek(offset)
    return bool(stream.read(1))


class _Member(io.RawIOBase):
    """What a gzip member holds. Raises _Torn where it is damaged; `end` is known once it was read."""

    def __init__(self, stream: IO[bytes], offset: int) -> None:
        self.ended = False
        self.end = offset
        self._stream = stream
        self._unpack = zlib.decompressobj(wbits=31)
        self._packed = b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: bytearray) -> int:  # type: ignore[override]
        while not self.ended:
            # Another reader may have moved the file since.
            self._stream.seek(self.end + len(self._packed))
            if not self._packed:
                self._packed = self._stream.read(_CHUNK)
                if not self._packed:
                    raise _Torn("the file ends within a record")
            before = len(self._packed)
            try:
                plain = self._unpack.decompress(self._packed, len(into))
            except zlib.error as error:
                raise _Torn(f"damaged gzip data: {str(error).rpartition(': ')[2]}") from error
            self.ended = self._unpack.eof
            left = self._unpack.unused_data if self.ended else self._unpack.unconsumed_tail
            self.end += before - len(left)
            self._packed = left
            if plain:
                into[: len(plain)] = plain
                return len(plain)
        return 0


def _plain(stream: IO[bytes], longest: int) -> Iterator[Frame | Broken]:
    at: int | None = 0
    while at is not None:
        stream.seek(at)
        while (blank := stream.read(1)) in (b"\r", b"\n"):
            at += 1
        if not blank:
            return
        stream.seek(at)
        try:
            head = _head(stream)
            end = at + len(head) + _size(head)
            # Before the block is read: a wrong length may be any.
            if not _ends_record(stream, end):
                raise _Unfit("its length is not what it says")
            if _size(head) > longest:
                yield Broken(at, _too_long(longest))
            else:
                stream.seek(at + len(head))
                yield Frame(at, end - at, head + stream.read(_size(head)))
            at = end
        except _Unfit as error:
            yield Broken(at, str(error))
            at = _next_record(stream, at + 1)


def _ends_record(stream: IO[bytes], offset: int) -> bool:
    """Whether what stands here may follow the block of a record: the next one, or the end of the file."""
    stream.seek(offset - 1)
    ahead = stream.read(_OVERLAP)
    return bool(ahead) and _END.match(ahead, 1) is not None


def _next_record(stream: IO[bytes], start: int) -> int | None:
    """Where the next record of a plain file begins, by the look of it."""
    position, tail = start, b""
    stream.seek(start)
    while data := stream.read(_CHUNK):
        window = tail + data
        if match := _NEXT.search(window):
            return position - len(tail) + match.start() + match.group().index(b"WARC/")
        position += len(data)
        tail = window[-_OVERLAP:]
    return None


def _skip_blank(reader: "io.BufferedReader[Any]") -> bool:
    """Pass over the empty lines behind a record; whether anything follows."""
    while (ahead := reader.peek(1)) and ahead[:1] in b"\r\n":
        reader.read(len(ahead) - len(ahead.lstrip(b"\r\n")))
    return bool(ahead)


def _record(reader: "io.BufferedReader[Any]", longest: int) -> bytes | None:
    """Head and block of the record that begins here; None where the block is longer than wanted."""
    head = _head(reader)
    left = size = _size(head)
    kept = [head]
    while left and (data := reader.read(min(left, _CHUNK))):
        left -= len(data)
        if size <= longest:
            kept.append(data)
    if left:
        raise _Unfit(f"a record of {size} bytes that ends after {size - left}")
    if reader.peek(1)[:1] not in (b"", b"\r", b"\n"):
        raise _Unfit("its length is not what it says")
    return b"".join(kept) if size <= longest else None


def _head(reader: "IO[bytes] | io.BufferedReader[Any]") -> bytes:
    lines = [reader.readline(_LONGEST_HEAD)]
    if not _VERSION.match(lines[0]):
        raise _Unfit("no record begins here")
    size = len(lines[0])
    while lines[-1] not in (b"\r\n", b"\n"):
        lines.append(reader.readline(_LONGEST_HEAD))
        size += len(lines[-1])
        if not lines[-1] or size > _LONGEST_HEAD:
            raise _Unfit("the head of a record has no end")
    return b"".join(lines)


def _size(head: bytes) -> int:
    length = _LENGTH.search(head)
    if length is None:
        raise _Unfit("a record without a length")
    return int(length[1])


def _too_long(longest: int) -> str:
    return f"too big: the limit is {longest / 1e6:g} MB"
