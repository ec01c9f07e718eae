"""A fact as a reviewer sees it: what can be corrected, what is allowed, and the columns it makes."""

import json
import math
import re
import sqlite3
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, get_args

from extract import programmes
from extract.model import KINDS, Bound, Per, Status
from unionkb import ids
from unionkb.review import names
from unionkb.review.errors import ReviewError

Reading = dict[str, Any]
"""A fact in words: FIELDS, the organisation's row and what the dates rest on. It is stored with a review, and
says all that is needed to make the fact again."""

FIELDS = (
    *("organisation", "programme", "programme_name", "kind", "value", "value_max", "unit", "counted"),
    *("bound", "status", "per", "date_start", "date_end"),
)
"""What a reviewer can correct, under the names of the columns of facts.csv."""

COLUMNS = (
    *("organisation_id", "organisation_text", "programme_id", "kind", "value", "value_max", "unit"),
    *("counted", "bound", "status", "per", "date_start", "date_end", "date_precision", "date_basis"),
    "date_kind",
)
"""The columns of `fact` that a review can change, and those of `fact_original`."""

DATES = ("date_start", "date_end")
OF_DATES = ("date_precision", "date_basis", "date_kind")
_UNITS = {"people": "人", "households": "户", "money": "元", "percent": "%", "duration": "天", "count": "个"}
_LONGEST = 200
"""Characters of a name or phrase."""

SELECT = """
    SELECT
        fact.*, article.body, article.text_id, article.published, page.document,
        coalesce(fact.organisation_text, organisation.name) AS organisation,
        organisation.level AS organisation_level, organisation.region_code AS organisation_region,
        organisation.is_union AS organisation_is_union,
        programme.category AS programme, programme.name AS programme_name
    FROM fact
    JOIN article ON article.article_id = fact.article_id
    JOIN page ON page.page_id = article.page_id
    JOIN programme ON programme.programme_id = fact.programme_id
    LEFT JOIN organisation ON organisation.organisation_id = fact.organisation_id
"""
"""Facts with all that a reading says."""


def of(row: Mapping[str, Any]) -> Reading:
    """The reading of a row of SELECT."""
    return {name: row[name] for name in (*FIELDS, *names.KEYS, *OF_DATES)}


def blank(kind: str, value: float, **known: Any) -> Reading:
    """A reading that says no more than a quantity and what is `known` besides."""
    nothing = dict.fromkeys((*FIELDS, *names.KEYS, *OF_DATES))
    usual = {"programme": "general", "unit": _UNITS.get(kind, ""), "bound": "exact", "status": "actual"}
    return nothing | usual | {"kind": kind, "value": value} | known


def changes(before: Reading, after: Reading) -> dict[str, Any]:
    """The fields in which a reading differs from another."""
    return {name: after[name] for name in FIELDS if before[name] != after[name]}


def dumps(value: Mapping[str, Any]) -> str:
    """JSON, always the same for the same content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


# ---------------------------------------------------------------- what a reviewer may say


def corrected(db: sqlite3.Connection, reading: Reading, fields: Mapping[str, Any]) -> Reading:
    """A reading with fields changed. Empty text and None say that there is none. Raises ReviewError."""
    if unknown := [name for name in fields if name not in FIELDS]:
        raise ReviewError(f"{unknown[0]}: no field that can be corrected; they are {', '.join(FIELDS)}")
    new = reading | checked(fields)
    if "organisation" in fields and new["organisation"] != reading["organisation"]:
        new |= names.organisation(db, new["organisation"])
    if new["kind"] != reading["kind"] and "unit" not in fields:
        new["unit"] = _UNITS[new["kind"]]
    _check_range(new, fields)
    if any(new[name] != reading[name] for name in DATES):
        _check_dates(new)
    return new


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields, each as it is stored; others than FIELDS are left out. Raises ReviewError."""
    return {name: _CHECKS[name](name, fields[name]) for name in FIELDS if name in fields}


def _check_range(new: Reading, fields: Mapping[str, Any]) -> None:
    if new["value_max"] is not None and new["bound"] != "range":
        if "bound" in fields and "value_max" in fields:
            raise ReviewError("value_max: goes with the bound `range` only")
        if "bound" in fields:
            new["value_max"] = None
        else:
            new["bound"] = "range"
    if new["bound"] == "range":
        if new["value_max"] is None and "value_max" in fields and "bound" not in fields:
            new["bound"] = "exact"
        elif new["value_max"] is None:
            raise ReviewError("bound: a `range` needs value_max")
        elif new["value_max"] < new["value"]:
            raise ReviewError(f"value_max: {new['value_max']:g} is less than value, {new['value']:g}")


def _check_dates(new: Reading) -> None:
    start, end = new["date_start"], new["date_end"]
    if start and end and start > end:
        raise ReviewError(f"date_end: {end} is before date_start, {start}")
    new["date_precision"] = precision(start, end)
    if start or end:
        if new["date_basis"] != "printed":
            new["date_basis"] = "inferred from article"
        new["date_kind"] = new["date_kind"] or "event"
    else:
        new["date_basis"] = new["date_kind"] = None


def precision(start: str | None, end: str | None) -> str | None:
    """How fine a period is, as its ends show: `day`, `month`, `year`, `span`, `open`."""
    if not start and not end:
        return None
    if not start or not end:
        return "open"
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if first == last:
        return "day"
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        if (first.year, first.month) == (last.year, last.month):
            return "month"
        if (first.month, last.month) == (1, 12):
            return "year" if first.year == last.year else "years"
    return "span"


def _text(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ReviewError(f"{name}: must be text, not {value!r}")
    text = " ".join(value.split())
    if len(text) > _LONGEST:
        raise ReviewError(f"{name}: longer than {_LONGEST} characters")
    if not text.isprintable():
        raise ReviewError(f"{name}: holds characters that cannot be printed")
    return text or None


def _required(name: str, value: Any) -> str:
    text = _text(name, value)
    if text is None:
        raise ReviewError(f"{name}: must not be empty")
    return text


def _one_of(allowed: Callable[[], tuple[str, ...]], empty: bool = False) -> Callable[[str, Any], str | None]:
    def check(name: str, value: Any) -> str | None:
        if empty and value in (None, ""):
            return None
        if value not in allowed():
            raise ReviewError(f"{name}: {value!r} is none of {', '.join(allowed())}")
        return str(value)

    return check


def number(name: str, value: Any) -> float:
    """A number that a fact can state. Raises ReviewError."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise ReviewError(f"{name}: {value!r} is no number; write 54000, not 5.4万") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ReviewError(f"{name}: {value!r} is no number")
    if not math.isfinite(value) or not 0 <= value < 1e18:
        raise ReviewError(f"{name}: {value!r} is no number that a fact can state")
    return float(value)


def _number_or_none(name: str, value: Any) -> float | None:
    return None if value in (None, "") else number(name, value)


_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(name: str, value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
            raise ValueError
        date.fromisoformat(value)
    except ValueError:
        raise ReviewError(f"{name}: {value!r} is no day; write it as 2024-05-01") from None
    return value


_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "organisation": _text,
    "programme": _one_of(programmes.categories),
    "programme_name": _text,
    "kind": _one_of(lambda: KINDS),
    "value": number,
    "value_max": _number_or_none,
    "unit": _required,
    "counted": _text,
    "bound": _one_of(lambda: get_args(Bound)),
    "status": _one_of(lambda: get_args(Status)),
    "per": _one_of(lambda: get_args(Per), empty=True),
    "date_start": _day,
    "date_end": _day,
}


# ---------------------------------------------------------------- columns


def columns(db: sqlite3.Connection, reading: Reading) -> dict[str, Any]:
    """The columns of `fact` that a reading makes; its organisation and programme are stored where they are
    not yet."""
    organisation_id, other_name = names.stored(db, reading)
    return {
        "organisation_id": organisation_id,
        "organisation_text": other_name,
        "programme_id": _programme(db, reading["programme"], reading["programme_name"]),
        **{name: reading[name] for name in COLUMNS if name in reading and name != "organisation_id"},
    }


def _programme(db: sqlite3.Connection, category: str, name: str | None) -> str:
    for each in {None, name}:
        db.execute(
            "INSERT INTO programme (programme_id, category, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [ids.programme(category, each), category, each],
        )
    return ids.programme(category, name)
