"""The databases that are merged: opened for reading only, checked, and held as they are while it lasts."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler import archive
from unionkb import lock, migrations, store
from unionkb.errors import StoreError
from unionkb.merge.listening import Listener, watched
from unionkb.sqlite_tools import Database

_PAGES_AT_ONCE = 10_000

# What tells two databases apart, so that they are gone through in one order however they are named.
_ORDER = """
    SELECT
        coalesce(min(started_at), ''), coalesce(min(run_key), ''), coalesce(max(started_at), ''), count(*),
        (SELECT count(*) FROM page), (SELECT count(*) FROM review),
        (SELECT coalesce(max(made_at), '') FROM review)
    FROM run
"""
FILES = "SELECT warc_file, count(*), max(warc_offset + warc_length) FROM page GROUP BY warc_file"
"""For each file of the archive how many pages lie in it, and where the last one ends."""


@dataclass(frozen=True, slots=True)
class Input:
    """A database to be merged."""

    number: int
    path: Path
    """As it was named."""
    file: Path
    """What is read: the database itself, or a copy of it in today's schema."""
    is_target: bool
    """Whether it is what was merged before under the name of the result."""

    @property
    def archive(self) -> Path:
        """The folder of its raw pages."""
        return archive.folder(self.path)


@contextmanager
def opened(paths: Sequence[Path], target: Path, work: Path, listener: Listener) -> Iterator[list[Input]]:
    """The databases, and the target where it exists, each once, in an order that depends on what is in them.
    Copies go into the folder `work`. Nobody changes what is read as long as the block lasts.

    Raises StoreError, one line that names the file."""
    with ExitStack() as stack:
        if target.exists():
            stack.enter_context(_held_target(target))
        found: dict[Path, Path] = {}
        for path in [*paths, *([target] if target.exists() else [])]:
            found.setdefault(path.resolve(), path)
        listener.stage("checking", len(found))
        ordered: list[tuple[Any, Input]] = []
        for number, (real, path) in enumerate(found.items()):
            with store.explained(path):
                file = _prepare(path, work / f"{number}.sqlite", stack, listener)
                each = Input(number, path, file, is_target=real == target)
                with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                    watched(connection, listener)
                    _check_archive(connection, each)
                    ordered.append((connection.execute(_ORDER).fetchone(), each))
            listener.advance()
        ordered.sort(key=lambda pair: pair[0])
        yield [replace(each, number=number) for number, (_, each) in enumerate(ordered)]


@contextmanager
def _held_target(target: Path) -> Iterator[None]:
    """Nobody else writes to what is going to be replaced: it would be lost."""
    with store.explained(target), closing(store.connect(target, "rw")) as connection:
        store.check(target, Database(connection))
        # What is still in a write-ahead log must not be left beside a file that it does not belong to.
        connection.execute("PRAGMA journal_mode = DELETE")
        if Path(f"{target}-wal").exists():
            raise StoreError(f"{target}: in use by another program; try again when that is done")
        connection.execute("BEGIN IMMEDIATE")
        yield


def _prepare(path: Path, copy: Path, stack: ExitStack, listener: Listener) -> Path:
    """Check a database and see to it that what is read does not change: it is kept from being written, or,
    where somebody is at work in it or its schema is an older one, copied."""
    if path.is_dir():
        raise StoreError(f"{path}: a folder, not a database")
    if not path.exists():
        raise StoreError(f"{path}: no such database")
    connection = stack.enter_context(closing(store.connect(path, "ro")))
    watched(connection, listener)
    db = Database(connection)
    store.check(path, db)
    connection.execute("BEGIN")
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StoreError(f"{path}: empty, and no knowledge base")
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise StoreError(f"{path}: damaged; restore a copy, or build it again from the archive")
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    is_old = bool(migrations.migrations().pending(db))
    if mode != "wal" and not is_old and not lock.is_held(path):
        return path
    with closing(sqlite3.connect(copy)) as target, store.explained(copy):
        connection.backup(target, pages=_PAGES_AT_ONCE, progress=lambda *_: listener.beat())
        target.execute("PRAGMA journal_mode = DELETE")
    connection.rollback()
    if is_old:
        store.open(copy, write=True).close()
    return copy


def is_external(file: str) -> bool:
    """Whether the name of an archive file says where it lies by itself: an absolute path, or a URL."""
    return not file or "/" in file or "\\" in file


def _check_archive(connection: sqlite3.Connection, each: Input) -> None:
    """Every page's bytes are where its row says, as far as sizes tell."""
    for file, pages, end in connection.execute(FILES):
        if is_external(file):
            continue
        place = each.archive / file
        try:
            size = place.stat().st_size
        except OSError as error:
            raise StoreError(f"{each.path}: {place}: {error.strerror}; {pages} pages lie in it") from error
        if size < end:
            raise StoreError(
                f"{each.path}: {place}: shorter than the database says; pages are missing from it"
            )
