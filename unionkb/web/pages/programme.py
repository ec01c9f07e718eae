"""A programme category: who runs it, under which names, with what figures."""

import sqlite3
from collections.abc import Mapping

from unionkb.web.pages.rows import Row, facts, first, page_of, rows


def load(db: sqlite3.Connection, category: str, arguments: Mapping[str, str]) -> Row | None:
    """What is known of a category; None where the knowledge base holds none of it."""
    if first(db, "SELECT 1 FROM programme WHERE category = ? LIMIT 1", [category]) is None:
        return None
    page = page_of(arguments)
    found, more = facts(db, "programme = :category", {"category": category}, page)
    return {
        "programme": category,
        "names": rows(
            db,
            "SELECT name AS programme_name, count(*) AS facts FROM fact JOIN programme USING (programme_id)"
            " WHERE category = ? AND name IS NOT NULL GROUP BY name ORDER BY facts DESC, name LIMIT 50",
            [category],
        ),
        "organisations": rows(
            db,
            "SELECT organisation_id, organisation.name AS organisation, count(*) AS facts"
            " FROM programme JOIN fact USING (programme_id) JOIN organisation USING (organisation_id)"
            " WHERE category = ? GROUP BY organisation_id ORDER BY facts DESC, organisation LIMIT 30",
            [category],
        ),
        "facts": found,
        "page": page,
        "more": more,
    }
