"""Charts of the pages: specifications with their data, drawn in the browser by scripts that come with us."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from unionkb import charts
from unionkb.i18n import Language
from unionkb.query import Filter
from unionkb.web.pages.rows import Row, rows

FRONT = ("coverage", "headcount", "money", "map-facts")


def of(
    db: sqlite3.Connection,
    names: Sequence[str],
    language: Language,
    wanted: Filter | None = None,
    *,
    organisation_id: str | None = None,
    subject: str = "",
) -> dict[str, Any]:
    """The specifications of charts by name."""
    specs = {}
    answers: dict[str, list[Row]] = {}
    for name in names:
        sql, values = charts.query(name, wanted, organisation_id=organisation_id)
        if sql not in answers:  # Several charts show the same rows.
            answers[sql] = rows(db, sql, values)
        specs[name] = charts.spec(name, answers[sql], language, subject=subject)
    return specs
