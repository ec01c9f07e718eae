"""How merging shows itself, and how it is stopped while SQLite is at work in one long statement."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

_STEPS = 1_000_000
"""Instructions of SQLite's machine after which it lets others have a word: some ten milliseconds."""


class Listener(Protocol):
    """Is told how the work goes."""

    def stage(self, what: str, total: int) -> None:
        """A piece of the work begins, of so many steps."""

    def advance(self, count: int = 1) -> None:
        """After each step."""

    def beat(self) -> None:
        """Now and then while a step lasts."""

    def notice(self, message: str) -> None:
        """Something the user should know of that is no failure."""


def watched(connection: sqlite3.Connection, listener: Listener) -> None:
    """Have the listener told while a statement runs. A signal (Ctrl-C) then ends the statement."""

    def beat() -> int:
        listener.beat()
        return 0

    connection.set_progress_handler(beat, _STEPS)


@contextmanager
def stoppable() -> Iterator[None]:
    """A statement that was ended by a signal raises what the signal means."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise
