"""Brings the raw pages of the databases together in the archive of the result.

Files are linked where the file system can, else copied, under names taken from their first record, which has
an identifier of its own: so a file has one name however often it is merged, and no two clash. A file that has
grown since it was merged is put in the place of its beginning.
"""

import hashlib
import os
import shutil
import zlib
from contextlib import suppress
from pathlib import Path

from unionkb.errors import StoreError
from unionkb.merge.listening import Listener

_CHUNK = 1 << 20


class Files:
    """The files of the archive of the result, as far as they come from elsewhere."""

    def __init__(self, folder: Path, listener: Listener) -> None:
        self._folder = folder
        self._listener = listener
        self._added: list[Path] = []
        self._is_new = False

    def bring(self, source: Path, used: int) -> str:
        """Have a file in the folder, of which the first `used` bytes are needed, and say under which name.
        Raises StoreError."""
        try:
            source = source.resolve()
            name = f"merged-{_head(source)[:16]}"
            target = self._folder / f"{name}.warc.gz"
            if target.exists() and not self._agree(source, target, used):
                # Two files with one beginning: copies that were both added to.
                target = self._folder / f"{name}-{_digest(source, used)[:16]}.warc.gz"
            if not target.exists():
                self._added.append(target)
                self._put(source, target)
            elif target.stat().st_size < used:
                self._put(source, target)
            return target.name
        except OSError as error:
            raise StoreError(f"{error.filename or source}: {error.strerror}") from error

    def remove(self) -> None:
        """Take away what was added; what was there before stays."""
        with suppress(OSError):
            for each in self._added:
                each.unlink(missing_ok=True)
            if self._is_new:
                self._folder.rmdir()

    def _agree(self, source: Path, target: Path, used: int) -> bool:
        """Whether one is the beginning of the other, as far as needed."""
        mine, its = source.stat(), target.stat()
        if os.path.samestat(mine, its) or (mine.st_size, mine.st_mtime_ns) == (its.st_size, its.st_mtime_ns):
            return True
        # All of the shorter one: of a file that takes its place, pages merged before must find theirs.
        left = min(max(used, its.st_size), mine.st_size, its.st_size)
        with source.open("rb") as one, target.open("rb") as other:
            while left:
                size = min(left, _CHUNK)
                if one.read(size) != other.read(size):
                    return False
                left -= size
                self._listener.beat()
        return True

    def _put(self, source: Path, target: Path) -> None:
        """Put a file, whole or not at all, at its name."""
        if not self._folder.is_dir():
            self._folder.mkdir()
            self._is_new = True
        partial = target.with_name(f"{target.name}.partial")
        partial.unlink(missing_ok=True)
        try:
            try:
                os.link(source, partial)
            except OSError:  # Another file system, or one without links.
                with source.open("rb") as one, partial.open("wb") as other:
                    while data := one.read(_CHUNK):
                        other.write(data)
                        self._listener.beat()
                    other.flush()
                    os.fsync(other.fileno())
                shutil.copystat(source, partial)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)


def _head(path: Path) -> str:
    """Of the first record of a file."""
    inflate = zlib.decompressobj(wbits=31)
    content = hashlib.sha256()
    with path.open("rb") as stream:
        with suppress(zlib.error):  # Not packed as we do it: then the beginning of the file is hashed.
            while not inflate.eof and (data := stream.read(_CHUNK)):
                content.update(inflate.decompress(data))
            return content.hexdigest()
        stream.seek(0)
        return hashlib.sha256(stream.read(4096)).hexdigest()


def _digest(path: Path, size: int) -> str:
    content = hashlib.sha256()
    with path.open("rb") as stream:
        while size and (data := stream.read(min(size, _CHUNK))):
            content.update(data)
            size -= len(data)
    return content.hexdigest()
