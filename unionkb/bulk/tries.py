"""Which documents killed who read them: a note beside a result that is being made, which outlives its reader.

The number of the document at hand is put down before it is read. Who finds a number there knows that the one
before died of that document, or was killed while at it.
"""

import os
import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from unionkb.lock import lock

_SLOT = 20
_NONE = b"-".ljust(_SLOT)


class Tries:
    """The note of one shard, held by one reader at a time: others wait at the beginning of the block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.deaths: Counter[int] = Counter()
        """By number of the document."""

    def __enter__(self) -> Self:
        self._descriptor = _held(self._path)
        try:
            self._begin()
        except BaseException:
            os.close(self._descriptor)
            raise
        return self

    def _begin(self) -> None:
        noted = os.pread(self._descriptor, 1 << 20, 0)
        self.deaths.update(map(int, noted[_SLOT:].split()))
        at = noted[:_SLOT].strip()
        if at and at != _NONE.strip():
            self.deaths[int(at)] += 1
            os.pwrite(self._descriptor, at + b"\n", max(len(noted), _SLOT))
        self.idle()

    def begin(self, number: int) -> None:
        """Before a document is read."""
        os.pwrite(self._descriptor, b"%-20d" % number, 0)

    def idle(self) -> None:
        """After it."""
        os.pwrite(self._descriptor, _NONE, 0)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nobody died; what has killed before is kept in mind until the shard is done."""
        try:
            if error is None or not self.deaths:
                self._path.unlink(missing_ok=True)
            else:
                self.idle()
        finally:
            os.close(self._descriptor)


def _held(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            lock(descriptor)
        except OSError:
            os.close(descriptor)
            time.sleep(0.2)
            continue
        # Whoever held it may have finished and taken the note away.
        if _is_at(path, descriptor):
            return descriptor
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except OSError:
        return False
