"""Brings a database to today's schema: the numbered files of schema/migrations, then schema/views.sql."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from unionkb import claims, paths, reprints, totals
from unionkb.sqlite_tools import Database, Migrations

APPLICATION_ID = 0x554B4231
"""Marks the file as ours (`UKB1`) in the header of the database."""


def statements(script: str) -> Iterator[str]:
    """The statements of a script, each without the comments before it.

    Statements are run one by one because `executescript` would commit the transaction around it."""
    pending = ""
    for line in script.splitlines(keepends=True):
        if not pending and (not line.strip() or line.lstrip().startswith("--")):
            continue
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip().removesuffix(";")
            pending = ""
    if pending.strip():
        raise ValueError(f"unfinished SQL statement: {pending[:60]!r}")


def _migration(script: str, version: int) -> Callable[[Database], None]:
    def run(db: Database) -> None:
        for statement in statements(script):
            db.conn.execute(statement)
        # One that was added between others comes last to a database that has the others already.
        (reached,) = db.conn.execute("PRAGMA user_version").fetchone()
        db.conn.execute(f"PRAGMA user_version = {max(version, reached)}")

    return run


@cache
def migrations() -> Migrations:
    """All migrations, in order. The highest number applied is the database's `user_version`."""
    found = Migrations("unionkb")
    for number, file in _files():
        found(name=file.stem)(_migration(file.read_text(encoding="utf-8"), number))
    return found


def latest() -> int:
    """Number of the newest migration this version knows."""
    return _files()[-1][0]


def _files() -> list[tuple[int, Path]]:
    files = sorted((paths.schema() / "migrations").glob("*.sql"))
    numbered = [(int(file.name.split("_")[0]), file) for file in files]
    if len({number for number, _ in numbered}) < len(numbered):
        raise ValueError("two migrations have the same number")
    return numbered


@cache
def views() -> dict[str, str]:
    """Name and statement of every view."""
    found = {}
    for statement in statements((paths.schema() / "views.sql").read_text(encoding="utf-8")):
        match = re.match(r"CREATE VIEW (\w+) AS\b", statement)
        if not match:
            raise ValueError(f"views.sql holds something that is no view: {statement[:60]!r}")
        found[match[1]] = statement
    return found


def is_current(db: Database) -> bool:
    """Whether nothing is left to be done."""
    have = dict(db.conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall())
    return not migrations().pending(db) and have == views()


def apply(db: Database) -> None:
    """Apply what is pending and make the views anew, all or nothing."""
    with db.atomic():
        # Dropped first: a migration could not alter a table that an old view still reads.
        for (name,) in db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
            db.conn.execute(f'DROP VIEW "{name}"')
        db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations().apply(db)
        for statement in views().values():
            db.conn.execute(statement)
        if reprints.is_due(db.conn):
            reprints.rebuild(db.conn)
            claims.rebuild(db.conn)
        elif claims.is_due(db.conn):
            reprints.measure(db.conn)
            claims.rebuild(db.conn)
        if totals.is_kept(db.conn):
            totals.count(db.conn)
