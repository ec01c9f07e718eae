"""A fact: what it says, the sentence that says so, and what else says it."""

import sqlite3

from unionkb import review
from unionkb.web.pages.article import address
from unionkb.web.pages.rows import Row, first, rows

_OWN_GROUP = "(SELECT group_id FROM claim WHERE fact_id = :id)"
_CLAIMS = f"""
    SELECT * FROM claims WHERE group_id = {_OWN_GROUP} AND fact_id <> :id
    ORDER BY published, fact_id LIMIT 100
"""
_STOOD_IN = "SELECT article_id, title FROM fact JOIN article USING (article_id) WHERE fact_id = ?"
_STANDING = f"""
    SELECT picked_fact_id, picked_because, claims FROM claim_group WHERE group_id = {_OWN_GROUP}
"""
# Both sides of a conflict share their period, which narrows the search to a few.
_CONFLICTS = """
    SELECT * FROM conflicts
    WHERE fact_id IN (
        SELECT fact_id FROM claim WHERE period_key = (SELECT period_key FROM claim WHERE fact_id = :id)
    ) AND :id IN (fact_id, other_fact_id)
    LIMIT 100
"""


def load(db: sqlite3.Connection, fact_id: str) -> Row | None:
    """A fact with its evidence; None for an unknown id. One that is gone comes with its `tombstone` and, if
    that is kept, the `article` it stood in."""
    fact = first(db, "SELECT * FROM facts WHERE fact_id = ?", [fact_id])
    if fact is None:
        gone = first(db, "SELECT * FROM tombstone WHERE id = ? AND kind = 'fact'", [fact_id])
        return gone and {"fact": None, "tombstone": gone, "article": first(db, _STOOD_IN, [fact_id])}
    stood = first(db, "SELECT sentence_start, sentence_end FROM fact WHERE fact_id = ?", [fact_id])
    assert stood is not None
    start = fact["char_start"] - stood["sentence_start"]
    end = fact["char_end"] - stood["sentence_start"]
    sentence = fact["sentence"]
    return {
        "fact": fact,
        "address": address(fact["document"]),
        "before": sentence[:start],
        "quote": sentence[start:end],
        "after": sentence[end:],
        "claims": rows(db, _CLAIMS, {"id": fact_id}),
        "standing": first(db, _STANDING, {"id": fact_id}),
        "conflicts": rows(db, _CONFLICTS, {"id": fact_id}),
        "history": review.history(db, fact_id),
        "tombstone": None,
    }
