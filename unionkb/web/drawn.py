"""Charts of the pages: specifications with their data, drawn in the browser by scripts that come with us."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from unionkb import charts
from unionkb.i18n import Language
from unionkb.web.pages.rows import Row, rows

FRONT = ("coverage", "headcount", "money", "map-facts")


def of_all(db: sqlite3.Connection, names: Sequence[str], language: Language) -> dict[str, Any]:
    """Charts of the whole knowledge base, by name."""
    specs = {}
    answers: dict[str, list[Row]] = {}
    for name in names:
        sql, values = charts.counted(name)
        if sql not in answers:  # Several charts show the same rows.
            answers[sql] = rows(db, sql, values)
        specs[name] = charts.spec(name, answers[sql], language)
    return specs


def of_programme(db: sqlite3.Connection, category: str, language: Language, subject: str) -> dict[str, Any]:
    """The chart of a programme category, which goes by the name of `subject`."""
    found = rows(db, *charts.counted("programme", category))
    return {"programme": charts.spec("programme", found, language, subject=subject)}


def of_organisation(
    db: sqlite3.Connection, organisation_id: str, language: Language, subject: str
) -> dict[str, Any]:
    """The chart of an organisation."""
    found = rows(db, *charts.query("organisation", organisation_id=organisation_id))
    return {"organisation": charts.spec("organisation", found, language, subject=subject)}
