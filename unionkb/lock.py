"""One crawl a database: a lock beside it, which the system takes back from a process that dies."""

import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from unionkb import load
from unionkb.errors import UserError


class Lock:
    """Held for as long as the block lasts. Raises UserError, at once, where another process holds it; says
    which. The file stays behind: taking it away would let two processes hold a lock each."""

    def __init__(self, database: Path) -> None:
        self._database = database
        # Whatever name a database is called by, it has one lock.
        real = database.resolve()
        self.path = real.with_name(f"{real.name}.lock")

    def __enter__(self) -> Self:
        try:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise UserError(f"{self.path}: {error.strerror}") from error
        try:
            lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise UserError(f"{self._database}: another crawl is at work: {self._holder()}") from error
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": load.now()}
        with suppress(OSError):  # On a full disk nobody learns who holds it; it is held all the same.
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, json.dumps(holder).encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)

    def _holder(self) -> str:
        try:
            holder = json.loads(self.path.read_text())
            return f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "a process that did not say who it is"


def is_held(database: Path) -> bool:
    """Whether a crawl is at work on a database, as far as this machine knows."""
    path = Lock(database).path
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:  # Nobody ever held it, or it is not ours to hold.
        return False
    try:
        lock(descriptor)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def lock(descriptor: int) -> None:
    """Lock an open file for this process. Raises OSError, at once, where another holds it."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        # Far behind the end, so that others can read who holds it.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
