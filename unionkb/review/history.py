"""What was said of facts, for whoever asks."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from unionkb.sql import records
from unionkb.store import Store

Row = dict[str, Any]

_HISTORY = """
    SELECT
        review.review_id, review.made_at, review.reviewer, review.action, review.fields, review.reason,
        review.reading, review_match.state, review_match.how
    FROM review_match JOIN review USING (review_id)
    WHERE review_match.fact_id = ?
    ORDER BY review.made_at, review.review_id
"""


def history(connection: sqlite3.Connection, fact_id: str) -> list[Row]:
    """The reviews of a fact, oldest first: review_id, made_at, reviewer, action, fields (what was changed,
    JSON), reason, reading (the whole fact as the reviewer left it, JSON), state, how."""
    return list(records(connection.execute(_HISTORY, [fact_id])))


def listed(kb: Store, state: str | None = None, fact_id: str | None = None) -> Iterator[Row]:
    """Reviews as rows of the view `reviews`, oldest first: all, those in a state, those of a fact."""
    return kb.rows(
        "SELECT * FROM reviews WHERE (:state IS NULL OR state = :state) "
        "AND (:fact IS NULL OR fact_id = :fact) ORDER BY made_at, review_id",
        {"state": state, "fact": fact_id},
    )
