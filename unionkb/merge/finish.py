"""What follows from the rows: reviews applied, tombstones, clusters of reprints, claims, the search index."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby

from unionkb import claims, load, reprints, search_index
from unionkb.errors import StoreError
from unionkb.merge import copy
from unionkb.merge.listening import Listener
from unionkb.review import replay
from unionkb.store import Store

# Articles that any review may speak of, or has spoken of; page by page, as they were read.
_REVIEWED = """
    SELECT page_id, article_id FROM article WHERE page_id IN (
        SELECT page_id FROM article WHERE article_id IN (SELECT article_id FROM review)
        UNION SELECT page_id FROM page WHERE document IN (SELECT document FROM review)
        UNION SELECT page_id FROM article WHERE text_id IN (SELECT text_id FROM review WHERE text_id <> '')
        UNION SELECT page_id FROM fact_original JOIN fact USING (fact_id) JOIN article USING (article_id)
    )
    ORDER BY page_id, article_id
"""


def finish(kb: Store, listener: Listener) -> None:
    """Bring a database up to date with the rows that were copied into it."""
    db = kb.db.conn
    with kb.transaction(settle=False):
        copy.mend_addresses(db)
        _check(db)
        _review(db, listener)
        copy.bury(db)
        load.prune(db)
    listener.stage("joining reprints", _count(db, "SELECT count(DISTINCT text_id) FROM article"))
    with kb.transaction(settle=False):
        reprints.rebuild(db, listener.advance)
    listener.stage("joining claims", _count(db, "SELECT count(DISTINCT cluster_id) FROM article"))
    with kb.transaction(settle=False):
        claims.rebuild(db, listener.advance)
    listener.stage("making the search index", 1)
    with kb.transaction(settle=False):
        search_index.rebuild(db)
    kb.index()
    listener.advance()


def _count(db: sqlite3.Connection, sql: str) -> int:
    number: int = db.execute(sql).fetchone()[0]
    return number


def _check(db: sqlite3.Connection) -> None:
    """Every row that another one names is there. Raises StoreError."""
    row = db.execute("PRAGMA foreign_key_check").fetchone()
    if row:
        raise StoreError(
            f"one of the databases is damaged: a row of `{row[0]}` names one of `{row[2]}` that is missing"
        )


def _review(db: sqlite3.Connection, listener: Listener) -> None:
    if not db.execute("SELECT 1 FROM review LIMIT 1").fetchone():
        return
    listener.stage("applying reviews", _count(db, f"SELECT count(*) FROM ({_REVIEWED})"))
    for articles in _reviewed(db):
        replay.apply(db, articles)
        listener.advance(len(articles))


def _reviewed(db: sqlite3.Connection) -> Iterator[list[str]]:
    """Articles, page by page. Kept in a table, since they are changed on the way."""
    db.execute(f"CREATE TABLE work.reviewed AS {_REVIEWED}")
    rows = db.execute("SELECT page_id, article_id FROM work.reviewed ORDER BY page_id, article_id")
    for _, group in groupby(rows, lambda row: row[0]):
        yield [article_id for _, article_id in group]
