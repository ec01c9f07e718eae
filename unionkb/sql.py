"""Writes rows as plain SQL: sqlite-utils looks the table up before each insert, which is most of the time."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


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
