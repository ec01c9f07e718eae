"""Merges databases into a new one, which takes the name of the result when it is complete."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler import archive
from unionkb import regions, store
from unionkb.errors import StoreError
from unionkb.lock import Lock
from unionkb.merge import choose, copy, finish, inputs
from unionkb.merge.archives import Files
from unionkb.merge.inputs import Input
from unionkb.merge.listening import Listener, stoppable, watched
from unionkb.store import Store


@dataclass(frozen=True, slots=True)
class Summary:
    """What is in the result."""

    databases: int
    """How many were merged."""
    pages: int
    articles: int
    facts: int


def merge(paths: Sequence[Path], out: Path, listener: Listener) -> Summary:
    """Join databases, and what is in `out` already, into `out`; the raw pages into its archive.

    The databases are left as they are. `out` changes in one step, at the end: until then, or when this is
    stopped or fails, it is as it was before. Raises StoreError, one line that names the file."""
    if not out.parent.is_dir():
        raise StoreError(f"{out}: no folder {out.parent}")
    if out.is_dir():
        raise StoreError(f"{out}: a folder, not a database")
    for path in paths:  # Before a lock is made.
        if not path.exists():
            raise StoreError(f"{path}: no such database")
    target = out.resolve()
    with Lock(target), _folder(target) as work, stoppable():
        new = work / "merged.sqlite"
        with ExitStack() as stack:
            given = stack.enter_context(inputs.opened(paths, target, work, listener))
            files = Files(archive.folder(target), listener)
            try:
                done = _make(new, work / "work.sqlite", given, files, listener)
                with store.explained(out):
                    _put(new, target)
            except BaseException:
                files.remove()
                raise
    return done


@contextmanager
def _folder(target: Path) -> Iterator[Path]:
    """A folder beside the result for what is not finished. Nobody else merges into it now: what is there was
    left by one that was killed."""
    folder = target.with_name(f"{target.name}.merge")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(new: Path, target: Path) -> None:
    """Give a complete database its name, on the disk and not only in its cache."""
    try:
        descriptor = os.open(new, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(target)
    except OSError as error:
        raise StoreError(f"{target}: {error.strerror}") from error


def _make(new: Path, work: Path, given: Sequence[Input], files: Files, listener: Listener) -> Summary:
    with store.open(new, write=True) as kb, store.explained(new):
        db = kb.db.conn
        db.isolation_level = None
        # Whatever breaks, the file is thrown away: there is nothing to roll back to.
        for pragma in ("foreign_keys = OFF", "journal_mode = OFF", "synchronous = OFF"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("ATTACH ? AS work", [str(work)])
        for pragma in ("journal_mode = OFF", "synchronous = OFF"):
            db.execute(f"PRAGMA work.{pragma}")
        watched(db, listener)
        db.executescript(choose.TABLES)
        _choose(db, given, listener)
        _bring(db, given, files, listener)
        aside = _set_aside(db)
        regions.load(db)
        listener.stage("copying", len(given))
        for each in given:
            with _attached(db, each):
                choose.map_runs(db)
                copy.rows(db, each.number)
            listener.advance()
        listener.stage("indexing", len(aside))
        for statement in aside:
            db.execute(statement)
            listener.advance()
        finish.finish(kb, listener)
        return _summary(kb, len(given))


def _choose(db: sqlite3.Connection, given: Sequence[Input], listener: Listener) -> None:
    steps = (
        (choose.look_at_runs, choose.choose_runs),
        (choose.look_at_pages, choose.choose_pages),
        (choose.look_at_articles, choose.choose_articles),
    )
    listener.stage("looking through", len(given) * len(steps))
    for look, decide in steps:
        for each in given:
            with _attached(db, each):
                look(db, each.number)
            listener.advance()
        decide(db)


def _bring(db: sqlite3.Connection, given: Sequence[Input], files: Files, listener: Listener) -> None:
    """Bring the raw pages that are needed, and note under which names."""
    listener.stage("archives", len(given))
    for each in given:
        if not each.is_target:
            with closing(sqlite3.connect(each.file)) as connection:
                ends = connection.execute(inputs.FILES).fetchall()
            with _attached(db, each):
                for file, _, end in ends:
                    if not inputs.is_external(file) and db.execute(_IS_USED, [file, each.number]).fetchone():
                        name = files.bring(each.archive / file, end)
                        db.execute("INSERT INTO work.file_map VALUES (?, ?, ?)", [each.number, file, name])
        listener.advance()


_IS_USED = """
    SELECT 1 FROM input.page CROSS JOIN work.page_pick AS pick ON pick.page_id = page.page_id
    WHERE page.warc_file = ? AND pick.input = ? LIMIT 1
"""


@contextmanager
def _attached(db: sqlite3.Connection, each: Input) -> Iterator[None]:
    db.execute("ATTACH ? AS input", [f"{each.file.absolute().as_uri()}?mode=ro"])
    db.execute("BEGIN")
    yield
    db.execute("COMMIT")
    db.execute("DETACH input")


def _set_aside(db: sqlite3.Connection) -> list[str]:
    """Take away indexes and triggers while rows are copied, and return what makes them: an index is made many
    times faster of all rows together, and what the triggers put down is made anew."""
    found = db.execute(
        "SELECT type, name, sql FROM main.sqlite_master "
        "WHERE type = 'index' AND sql IS NOT NULL OR type = 'trigger' AND name LIKE 'search%'"
    ).fetchall()
    for kind, name, _ in found:
        db.execute(f"DROP {kind} main.{name}")
    return [statement for _, _, statement in found]


def _summary(kb: Store, databases: int) -> Summary:
    sql = "SELECT (SELECT count(*) FROM page), (SELECT count(*) FROM article), (SELECT count(*) FROM fact)"
    return Summary(databases, *kb.db.conn.execute(sql).fetchone())
