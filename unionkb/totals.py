"""Keeps the totals that the first pages show: tables total, total_month, total_programme, total_year and
total_organisation.

They are counted anew as a whole, in one go: where a load ends, and now and then while it runs (`Totals`).
That takes about two seconds for a million facts; to keep them in step row by row would cost each load more.
Pages that a later version supersedes are left out of every one of them.
"""

import sqlite3
import time
from datetime import UTC, datetime

WHILE_WRITING = 600.0
"""Seconds after which whoever goes on writing counts again."""

# SQLite keeps to the order of tables around a CROSS JOIN: article by article, whose facts lie together.
_FACTS = """
    CREATE TEMP TABLE counted_fact AS
    SELECT programme_id, organisation_id, count(*) AS facts, sum(NOT article.is_reprint) AS first_prints
    FROM article
    CROSS JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
    CROSS JOIN fact ON fact.article_id = article.article_id
    GROUP BY programme_id, organisation_id
"""
_SUMS = """
    sum(amount) FILTER (WHERE measure = 'headcount'), sum(amount) FILTER (WHERE measure = 'money')
    FROM claim_group INDEXED BY claim_group_counted
    WHERE is_counted AND NOT is_cumulative AND programme IS NOT NULL AND year IS NOT NULL
"""
_STEPS = (
    "DELETE FROM total_month",
    """
    INSERT INTO total_month
    SELECT source_id, coalesce(substr(published, 1, 7), '') AS month, count(*), sum(is_reprint),
        min(published), max(published)
    FROM article CROSS JOIN page USING (page_id) WHERE superseded_by IS NULL GROUP BY source_id, month
    """,
    "DROP TABLE IF EXISTS temp.counted_fact",
    _FACTS,
    "DELETE FROM total_programme",
    "INSERT INTO total_programme SELECT programme_id, sum(facts) FROM counted_fact GROUP BY programme_id",
    "DELETE FROM total_organisation",
    """
    INSERT INTO total_organisation
    SELECT organisation_id, category, sum(facts), sum(first_prints), NULL, NULL
    FROM counted_fact JOIN programme USING (programme_id)
    WHERE organisation_id IS NOT NULL GROUP BY organisation_id, category
    """,
    f"""
    INSERT INTO total_organisation
    SELECT organisation_id, programme, 0, 0, {_SUMS} AND organisation_id IS NOT NULL
    GROUP BY organisation_id, programme
    ON CONFLICT DO UPDATE SET headcount = excluded.headcount, money = excluded.money
    """,
    "DELETE FROM total_year",
    f"INSERT INTO total_year SELECT programme, year, {_SUMS} GROUP BY programme, year",
    """
    UPDATE total SET
        documents = (SELECT count(*) FROM page WHERE superseded_by IS NULL AND part_of IS NULL),
        articles = (SELECT coalesce(sum(articles), 0) FROM total_month),
        facts = (SELECT coalesce(sum(facts), 0) FROM total_programme),
        organisations = (SELECT count(*) FROM organisation),
        first_published = (SELECT min(first_published) FROM total_month),
        last_published = (SELECT max(last_published) FROM total_month),
        counted_at = :now, is_stale = 0
    """,
    "DROP TABLE temp.counted_fact",
)


def is_kept(db: sqlite3.Connection) -> bool:
    """Whether the database has totals, which came with a migration."""
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'total'").fetchone())


def count(db: sqlite3.Connection) -> None:
    """Count all totals anew. Call within a transaction."""
    for step in _STEPS:
        db.execute(step, {"now": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} if ":now" in step else {})


class Totals:
    """The totals of one connection that writes."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._due = time.monotonic() + WHILE_WRITING

    def written(self) -> None:
        """Call at the end of each transaction: totals are no longer those of what is stored. Where that has
        gone on for long they are counted."""
        if not is_kept(self._db):
            return
        if time.monotonic() >= self._due:
            count(self._db)
            self._due = time.monotonic() + WHILE_WRITING
        else:
            self._db.execute("UPDATE total SET is_stale = 1 WHERE NOT is_stale")

    def settle(self) -> None:
        """Count what was written since the totals were counted, if anything; in a transaction of its own."""
        if not is_kept(self._db) or not self._db.execute("SELECT is_stale FROM total").fetchone()[0]:
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            count(self._db)
            self._db.execute("COMMIT")
        except BaseException:
            self._db.rollback()
            raise
