"""A programme category: who runs it, under which names, with what figures."""

import sqlite3
from collections.abc import Mapping

from unionkb.web.pages.rows import Row, facts, first, page_of, rows

# SQLite keeps to the order of tables around a CROSS JOIN. Of a large category the newest articles hold enough
# for a page; what is left is looked at as a whole.
_NEWEST = """
    (
        SELECT article_id, published FROM article CROSS JOIN page USING (page_id)
        WHERE superseded_by IS NULL ORDER BY published DESC LIMIT 500
    )
    CROSS JOIN fact USING (article_id) CROSS JOIN programme USING (programme_id) WHERE category = :category
"""
_ALL = "facts WHERE programme = :category"


def load(db: sqlite3.Connection, category: str, arguments: Mapping[str, str]) -> Row | None:
    """What is known of a category; None where the knowledge base holds none of it."""
    if first(db, "SELECT 1 FROM programme WHERE category = ? LIMIT 1", [category]) is None:
        return None
    page = page_of(arguments)
    found, more = facts(db, [_NEWEST, _ALL], {"category": category}, page)
    return {
        "programme": category,
        "names": rows(
            db,
            "SELECT name AS programme_name, facts FROM total_programme JOIN programme USING (programme_id)"
            " WHERE category = ? AND name IS NOT NULL ORDER BY facts DESC, name LIMIT 50",
            [category],
        ),
        "organisations": rows(
            db,
            "SELECT organisation_id, name AS organisation, facts"
            " FROM total_organisation JOIN organisation USING (organisation_id)"
            " WHERE programme = ? AND facts > 0 ORDER BY facts DESC, name LIMIT 30",
            [category],
        ),
        "facts": found,
        "page": page,
        "more": more,
    }
