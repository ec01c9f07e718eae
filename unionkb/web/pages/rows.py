"""Rows of queries as dictionaries, and the queries that several pages share."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
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


_NEWEST_FIRST = "published DESC, article_id, char_start, fact_id"


def facts(
    db: sqlite3.Connection, among: Sequence[str], values: Mapping[str, Any], page: int
) -> tuple[list[Row], bool]:
    """One page of facts, the newest first, and whether more follow.

    `among` are tables with conditions, as they stand after FROM, that have fact_id, published, article_id and
    char_start; the first one that has enough facts for the page gives them, or else the last."""
    values = {**values, "limit": PAGE + 1, "offset": (page - 1) * PAGE}
    found: list[Row] = []
    for each in among:
        # Sentences are cut out only of the texts of those that are shown.
        chosen = f"SELECT fact_id FROM {each} ORDER BY {_NEWEST_FIRST} LIMIT :limit OFFSET :offset"
        found = rows(db, f"SELECT * FROM facts WHERE fact_id IN ({chosen}) ORDER BY {_NEWEST_FIRST}", values)
        if len(found) > PAGE:
            break
    return found[:PAGE], len(found) > PAGE
