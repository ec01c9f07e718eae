"""Opens the knowledge base: a SQLite file, checked, migrated, foreign keys on, errors in plain words."""

import logging
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from unionkb import migrations, search_index
from unionkb.errors import StoreError
from unionkb.sqlite_tools import Database
from unionkb.totals import Totals

BUSY_SECONDS = 5.0
"""How long to wait for another process that is writing."""

CACHE_KIB = 128 * 1024
"""Memory for pages of the file, at most, while it is written."""
_INDEXED_AT_ONCE = 5000
_SHOW_FROM = 5000
"""Articles from which on indexing them takes long enough to say so."""
_LOG_SECONDS = 10.0

_log = logging.getLogger("unionkb")

_REASONS = {
    sqlite3.SQLITE_BUSY: "locked: another process is writing to it; try again when that is done",
    sqlite3.SQLITE_LOCKED: "locked: another process is writing to it; try again when that is done",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "cannot be read or written; is the disk full or gone?",
    sqlite3.SQLITE_READONLY: "read-only: no permission to write to it or to its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; no permission?",
    sqlite3.SQLITE_PERM: "no permission",
    sqlite3.SQLITE_NOTADB: "not a database",
    sqlite3.SQLITE_CORRUPT: "damaged; restore a copy, or build it again from the archive",
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what SQLite raises inside the block into a StoreError of one line."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        # The low byte is the primary code; the rest says more than a user can act on.
        reason = _REASONS.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
        if reason is None:  # Ours, not the user's: a broken constraint, a wrong statement.
            raise
        raise StoreError(f"{path}: {reason}") from error


class Store:
    """An open knowledge base. `db` is its sqlite-utils Database. Use it as a context manager."""

    def __init__(self, path: Path, db: Database, *, writable: bool) -> None:
        self.path = path
        self.db = db
        self.writable = writable
        self.counts = True
        """Whether totals are counted when it is closed; else whoever writes next does it."""
        self._totals = Totals(db.conn)

    def rows(self, sql: str, params: Mapping[str, Any] | Iterable[Any] = ()) -> Iterator[dict[str, Any]]:
        """Rows of a query, one by one. Raises StoreError."""
        with explained(self.path):
            yield from self.db.query(sql, params)  # type: ignore[arg-type]

    @contextmanager
    def transaction(self, *, settle: bool = True) -> Iterator[Database]:
        """All that is written inside the block is kept, or, when it raises, nothing. Other writers wait
        outside. The search index follows, unless `settle` is off: then call `index` soon.
        Raises StoreError."""
        connection = self.db.conn
        with explained(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                if settle:
                    search_index.settle(connection)
                self._totals.written()
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    def index(self) -> None:
        """Bring the search index up to date, where an older version or another program left work. It can be
        stopped, and goes on where it was."""
        total = search_index.pending(self.db.conn)
        if total > _SHOW_FROM:
            _log.warning("%s: making the search index, once: %d articles", self.path, total)
        done, next_line = 0, time.monotonic() + _LOG_SECONDS
        while done < total:
            with self.transaction(settle=False):
                step = search_index.settle(self.db.conn, _INDEXED_AT_ONCE)
            if not step:  # Another process did it.
                return
            done += step
            if time.monotonic() >= next_line:
                _log.warning("%s: %d of %d articles", self.path, done, total)
                next_line = time.monotonic() + _LOG_SECONDS

    def close(self) -> None:
        """Close. What was written is counted (see totals.py), and the last writer to leave folds the
        write-ahead log back into the one file."""
        if self.writable:
            if self.counts:
                with suppress(sqlite3.Error):
                    self._totals.settle()
            with suppress(sqlite3.Error):
                self.db.conn.execute("PRAGMA busy_timeout = 0")
                self.db.conn.execute("PRAGMA journal_mode = DELETE")
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open(path: Path | str, *, write: bool = False) -> Store:
    """Open a knowledge base for reading, or for writing: then it is made when missing.

    A database of an older version is migrated. Raises StoreError: no such file or folder, no database, not
    one of unionkb's, of a newer version, locked, read-only, disk full.
    """
    path = Path(path)
    if path.is_dir():
        raise StoreError(f"{path}: a folder, not a database")
    if not path.parent.is_dir():
        raise StoreError(f"{path}: no folder {path.parent}")
    is_new = not path.exists()
    if is_new and not write:
        raise StoreError(f"{path}: no such database; make one with: unionkb ingest PATH... --db {path}")
    try:
        with explained(path):
            return _open(path, write=write)
    except BaseException:
        if is_new:
            _remove_empty(path)
        raise


def _open(path: Path, *, write: bool) -> Store:
    may_write = write or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    connection = connect(path, "rwc" if write else "rw" if may_write else "ro")
    try:
        db = Database(connection)
        kb = Store(path, db, writable=write)
        check(path, db)
        if not migrations.is_current(db):
            if not may_write:
                raise StoreError(
                    f"{path}: made by an older version, and read-only; copy it to where it can be written"
                )
            migrations.apply(db)
            kb.index()
        if write:
            # With a write-ahead log readers (facts, export) and the writer (ingest, crawl) do not shut each
            # other out, and a commit is one append. At rest the file is in rollback mode again (see
            # Store.close): one file that can be copied, and read from a read-only folder. Where a reader is
            # in the way of the change of mode, rollback mode does as well, only slower.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode = WAL")
            # A large transaction stays in memory until it is committed; what is not needed is not taken.
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            kb.index()
        else:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return kb


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open a database that is there, in a mode of SQLite's (`ro`, `rw`, `rwc`), as it is."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        # In a read-only folder a file left in write-ahead mode opens only as one that never changes.
        is_locked = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
        if mode != "ro" or is_locked or Path(f"{path}-wal").exists():
            raise
        connection = sqlite3.connect(f"{address}&immutable=1", uri=True)
    except BaseException:
        connection.close()
        raise
    return connection


def check(path: Path, db: Database) -> None:
    """Raises StoreError for a database of another program, or of a newer version."""
    (version,) = db.conn.execute("PRAGMA user_version").fetchone()
    (owner,) = db.conn.execute("PRAGMA application_id").fetchone()
    (tables,) = db.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and owner != migrations.APPLICATION_ID:
        raise StoreError(f"{path}: a SQLite database, but not one of unionkb's")
    known = migrations.latest()
    if version > known:
        raise StoreError(
            f"{path}: made by a newer version of unionkb (schema {version}, known here: {known}); upgrade it"
        )


def _remove_empty(path: Path) -> None:
    """A file that was made and never filled is not left behind."""
    with suppress(OSError, sqlite3.Error):
        with closing(sqlite3.connect(path)) as connection:
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables:
            for suffix in ("", "-wal", "-shm", "-journal"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
