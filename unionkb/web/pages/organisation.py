"""An organisation: where it stands, its figures by year, its facts."""

import sqlite3
from collections.abc import Mapping

from unionkb.web.pages.rows import Row, facts, first, page_of, rows

# The view organisation_chain works out the lines of all before it gives that of one.
_ABOVE = """
    WITH RECURSIVE line (organisation_id, depth) AS (
        SELECT parent_id, 1 FROM organisation WHERE organisation_id = ?
        UNION ALL
        SELECT parent_id, depth + 1 FROM line JOIN organisation USING (organisation_id) WHERE depth < 20
    )
    SELECT organisation_id, name AS organisation FROM line JOIN organisation USING (organisation_id)
    ORDER BY depth DESC
"""


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
        "above": rows(db, _ABOVE, [organisation_id]),
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
