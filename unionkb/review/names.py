"""Which organisation a reviewer means by a name."""

import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from extract import organisations
from extract.model import Article, OrganisationMention
from unionkb import load_facts, resolve
from unionkb.review.errors import ReviewError
from unionkb.sql import records

KEYS = ("organisation_id", "organisation_level", "organisation_region", "organisation_is_union")
"""What is kept of an organisation beside its name, enough to make its row again in another database."""

_SELECT = """
    SELECT
        organisation_id, name AS organisation, level AS organisation_level,
        region_code AS organisation_region, is_union AS organisation_is_union
    FROM organisation WHERE
"""


def organisation(db: sqlite3.Connection, name: str | None) -> dict[str, Any]:
    """The organisation of a name (or id, or alias that no other has): stored, or one that the program can
    place itself; else only the name. A former name is kept. Raises ReviewError for a name that several
    have."""
    nothing: dict[str, Any] = dict.fromkeys(KEYS)
    if name is None:
        return nothing | {"organisation": None}
    known = (
        (re.fullmatch(r"[0-9a-f]{16}", name) and _stored(db, "organisation_id = ?", name))
        or _stored(db, "name = ?", name)
        or _placed(name)
    )
    if known:
        return known
    alias = _stored(
        db,
        "organisation_id IN (SELECT organisation_id FROM organisation_alias WHERE alias = ?)",
        name,
        several=False,
    )
    return alias or nothing | {"organisation": name}


def _stored(db: sqlite3.Connection, which: str, name: str, several: bool = True) -> dict[str, Any] | None:
    found = list(records(db.execute(f"{_SELECT} {which} ORDER BY organisation_id LIMIT 2", [name])))
    if len(found) > 1 and several:
        ids = ", ".join(row["organisation_id"] for row in found)
        raise ReviewError(f"organisation: several are called {name}; give the id of one: {ids} ...")
    return found[0] if len(found) == 1 else None


def _placed(name: str) -> dict[str, Any] | None:
    """A name that the extractor reads as one organisation from end to end."""
    about = organisations.context(Article(name))
    mentions = [each for each in organisations.find(name, about) if (each.start, each.end) == (0, len(name))]
    known = resolve.resolve(mentions[0]) if len(mentions) == 1 else None
    if known is None:
        return None
    return {
        "organisation": name if resolve.is_former(name, known) else known.name,
        "organisation_id": known.id,
        "organisation_level": known.level,
        "organisation_region": known.region_code,
        "organisation_is_union": int(known.is_union),
    }


def stored(db: sqlite3.Connection, reading: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The id of a reading's organisation, whose row is made where it is missing, and the name where the row
    has another: a former one, or that of an organisation that has no row."""
    name: str | None = reading["organisation"]
    organisation_id: str | None = reading["organisation_id"]
    if organisation_id is None or name is None:
        return None, name
    row = db.execute("SELECT name FROM organisation WHERE organisation_id = ?", [organisation_id]).fetchone()
    if row:
        return organisation_id, None if name == row[0] else name
    mention = OrganisationMention(
        0,
        0,
        name,
        reading["organisation_level"],
        reading["organisation_region"],
        bool(reading["organisation_is_union"]),
    )
    known = resolve.resolve(mention)
    if known is None:
        return None, name
    load_facts.put_organisation(db, known)
    return known.id, None if name == known.name else name
