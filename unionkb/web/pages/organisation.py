"""An organisation: where it stands, its figures by year, its facts."""

import sqlite3
from collections.abc import Mapping

from unionkb.web.pages.rows import Row, facts, first, page_of, rows


def load(db: sqlite3.Connection, organisation_id: str, arguments: Mapping[str, str]) -> Row | None:
    """What is known of an organisation; None for an unknown id."""
    one = first(
        db,
        "SELECT organisation.*, province, city, county FROM organisation LEFT JOIN region USING (region_code)"
        " WHERE organisation_id = ?",
        [organisation_id],
    )
    if one is None:
        return None
    page = page_of(arguments)
    found, more = facts(db, ["facts WHERE organisation_id = :id"], {"id": organisation_id}, page)
    return {
        "organisation": one,
        "above": _above(db, one["parent_id"]),
        "below": rows(
            db,
            "SELECT organisation_id, name AS organisation, (SELECT count(*) FROM fact"
            " WHERE fact.organisation_id = organisation.organisation_id) AS facts"
            " FROM organisation WHERE parent_id = ? ORDER BY facts DESC, name LIMIT 200",
            [organisation_id],
        ),
        "aliases": rows(
            db,
            "SELECT alias FROM organisation_alias WHERE organisation_id = ? ORDER BY alias",
            [organisation_id],
        ),
        "years": rows(
            db, "SELECT * FROM organisation_year WHERE organisation_id = ? ORDER BY year", [organisation_id]
        ),
        "facts": found,
        "page": page,
        "more": more,
    }


def _above(db: sqlite3.Connection, parent_id: str | None) -> list[Row]:
    """The organisations above, the nearest last."""
    chain: list[Row] = []
    seen = set()
    while parent_id and parent_id not in seen:
        seen.add(parent_id)
        parent = first(
            db,
            "SELECT organisation_id, name AS organisation, parent_id FROM organisation"
            " WHERE organisation_id = ?",
            [parent_id],
        )
        if parent is None:
            break
        chain.insert(0, parent)
        parent_id = parent["parent_id"]
    return chain
