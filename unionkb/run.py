"""The record of a run: a row in `run` that says what was done, and how it ended, whichever way it did."""

import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from typing import Protocol

from unionkb import load, regions
from unionkb.errors import StoreError
from unionkb.extractor import extractor_version
from unionkb.store import Store


class Listener(Protocol):
    """Is told how the work goes."""

    def begin(self, total: int) -> None:
        """Before the first document."""

    def advance(self) -> None:
        """After each document, read or not."""

    def failed(self, document: str, reason: str) -> None:
        """A document could not be read."""

    def notice(self, message: str) -> None:
        """Something the user should know of that is no failure."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did. The fields are those of the table `run`."""

    documents: int = 0
    unchanged: int = 0
    failed: int = 0
    articles: int = 0
    facts: int = 0


_NAMES = [each.name for each in fields(Summary)]
_ADD = f"UPDATE run SET {', '.join(f'{name} = {name} + :{name}' for name in _NAMES)} WHERE run_id = :run_id"


@dataclass(slots=True)
class Run:
    """A run at work. What it did is added to its row with each document, so that a killed run tells how far
    it came, and so that several pieces of work can count in one row."""

    kb: Store
    listener: Listener
    run_id: int
    summary: Summary = field(default_factory=Summary)
    _later: Counter[str] = field(default_factory=Counter)
    """Counted, and not yet in the row."""

    @contextmanager
    def document(self) -> Iterator[Counter[str]]:
        """One transaction. What is counted in the mapping it gives is added to the run when it is kept."""
        done: Counter[str] = Counter()
        with self.kb.transaction() as db:
            yield done
            db.execute(_ADD, {name: done[name] + self._later[name] for name in _NAMES} | self._key())
        self._later.clear()
        self._count(done)

    def unchanged(self) -> None:
        """Count a document that was left as it is; the row learns of it with the next transaction."""
        self._later["unchanged"] += 1
        self._count(Counter(unchanged=1))

    def failed(self, document: str, reason: str) -> None:
        """Put down a document that could not be read, and say so."""
        with self.document() as done:
            self.kb.db.execute(
                "INSERT INTO run_error (run_id, document, reason, happened_at) VALUES (?, ?, ?, ?)",
                [self.run_id, document, reason, load.now()],
            )
            done["failed"] = 1
        self.listener.failed(document, reason)

    def end(self, status: str) -> None:
        """Close the row: `done`, `failed` or `interrupted`."""
        with self.document():
            load.prune(self.kb.db.conn)
            self.kb.db.execute(
                "UPDATE run SET status = ?, finished_at = ? WHERE run_id = ?",
                [status, load.now(), self.run_id],
            )

    def _key(self) -> dict[str, int]:
        return {"run_id": self.run_id}

    def _count(self, done: Counter[str]) -> None:
        now = asdict(self.summary)
        self.summary = Summary(**{name: now[name] + done[name] for name in _NAMES})


@contextmanager
def recorded(kb: Store, command: str, listener: Listener) -> Iterator[Run]:
    """A run of a command, closed when the block is left: `interrupted` by Ctrl-C, `failed` by an error or
    when a document failed, else `done`."""
    with kb.transaction() as db:
        regions.load(db.conn)
        cursor = db.execute(
            "INSERT INTO run (command, extractor_version, started_at, run_key) VALUES (?, ?, ?, ?)",
            [command, extractor_version(), load.now(), secrets.token_hex(8)],
        )
    run = Run(kb, listener, cursor.lastrowid or 0)
    try:
        yield run
    except BaseException as error:
        # The disk may be full: then the row keeps saying `running`, and the error goes on.
        with suppress(StoreError):
            run.end("interrupted" if isinstance(error, KeyboardInterrupt) else "failed")
        raise
    run.end("failed" if run.summary.failed else "done")
