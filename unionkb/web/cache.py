"""What takes long to count is counted once for each state of the database."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

Stamp = tuple[tuple[int, int], ...]


def stamp(path: Path) -> Stamp:
    """Changes whenever the database does: size and time of its file and of its write-ahead log."""
    found = []
    for file in (path, path.with_name(path.name + "-wal")):
        try:
            state = os.stat(file)
            found.append((state.st_mtime_ns, state.st_size))
        except FileNotFoundError:
            found.append((0, 0))
    return tuple(found)


class Cache:
    """Answers by key, each kept until the database changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: Stamp | None = None
        self._answers: dict[Any, Any] = {}
        self._lock = Lock()

    def get(self, key: Any, make: Callable[[], Any]) -> Any:
        """The answer to `key`, made by `make` if there is none of today."""
        # One at a time: whoever comes while the front page is being counted would only count it again.
        with self._lock:
            now = stamp(self._path)
            if now != self._stamp:
                self._stamp, self._answers = now, {}
            if key not in self._answers:
                self._answers[key] = make()
            return self._answers[key]
