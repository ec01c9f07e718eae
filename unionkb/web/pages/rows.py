"""Rows of queries as dictionaries, and the queries that several pages share."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from unionkb.sql import records

Row = dict[str, Any]
PAGE = 50
"""Facts or hits on one page."""


def rows(db: sqlite3.Connection, sql: str, values: Mapping[str, Any] | Iterable[Any] = ()) -> list[Row]:
    """All rows of a query."""
    return list(records(db.execute(sql, values if isinstance(values, Mapping) else list(values))))


def first(db: sqlite3.Connection, sql: str, values: Mapping[str, Any] | Iterable[Any] = ()) -> Row | None:
    """The first row of a query."""
    found = rows(db, sql, values)
    return found[0] if found else None


def page_of(arguments: Mapping[str, str]) -> int:
    """The page asked for, from 1."""
    asked = arguments.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1


def facts(db: sqlite3.Connection, where: str, values: Mapping[str, Any], page: int) -> tuple[list[Row], bool]:
    """One page of the facts that match, the newest first, and whether more follow."""
    found = rows(
        db,
        f"SELECT * FROM facts WHERE {where}"
        " ORDER BY published IS NULL, published DESC, article_id, char_start LIMIT :limit OFFSET :offset",
        {**values, "limit": PAGE + 1, "offset": (page - 1) * PAGE},
    )
    return found[:PAGE], len(found) > PAGE
