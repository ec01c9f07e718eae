"""Rows as plain SQL, read and written (sqlite-utils looks a table up before each insert)."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any


def records(cursor: sqlite3.Cursor) -> Iterator[dict[str, Any]]:
    """The rows of a query, one by one, as dictionaries by column name."""
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def insert(db: sqlite3.Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows that all have the columns of the first."""
    rows = list(rows)
    if rows:
        columns = ", ".join(rows[0])
        marks = ", ".join(f":{column}" for column in rows[0])
        db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def upsert(
    db: sqlite3.Connection, table: str, key: str, row: Mapping[str, Any], keep: Sequence[str] = ()
) -> None:
    """Add a row, or change the one that has its key, except for the columns in `keep`."""
    upsert_all(db, table, [key], [row], keep)


def upsert_all(
    db: sqlite3.Connection,
    table: str,
    key: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    keep: Sequence[str] = (),
) -> None:
    """Add rows that all have the columns of the first, or change those that have their keys."""
    columns, marks = ", ".join(rows[0]), ", ".join(f":{column}" for column in rows[0])
    changes = [f"{column} = excluded.{column}" for column in rows[0] if column not in {*key, *keep}]
    db.executemany(
        f"INSERT INTO {table} ({columns}) VALUES ({marks}) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(changes)}",
        rows,
    )
