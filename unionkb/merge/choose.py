"""Decides from which database each row is taken, where several have it.

All that is decided is written down in tables of a scratch database, attached as `work`; nothing is read into
memory. Of equal rows the first database's is taken; inputs come in an order of their own.
"""

import re
import sqlite3
from typing import Any

from unionkb.extractor import extractor_version

# A run is the same where its key is; older ones have none, and what does not change in a row stands for it.
RUN_KEY = """
    coalesce(run_key, printf(
        '%s %s %s %s %d %d %d %s',
        command, extractor_version, started_at, finished_at, run_id, documents, facts, (
            SELECT group_concat(source_id) FROM (
                SELECT source_id FROM input.run_source AS visit WHERE visit.run_id = run.run_id
                ORDER BY source_id
            )
        )
    ))
"""

TABLES = """
CREATE TABLE work.run_seen (run_key TEXT, input INTEGER, old_id INTEGER, started_at TEXT, is_finished INTEGER,
    size INTEGER);
CREATE TABLE work.version_seen (version TEXT, started_at TEXT);
CREATE TABLE work.source_seen (source_id TEXT, input INTEGER, crawled_at TEXT);
CREATE TABLE work.run_pick (run_key TEXT PRIMARY KEY, run_id INTEGER, input INTEGER, old_id INTEGER)
    WITHOUT ROWID;
CREATE INDEX work.run_pick_old ON run_pick (input, old_id);
CREATE TABLE work.run_map (old_id INTEGER PRIMARY KEY, run_id INTEGER);
CREATE TABLE work.version (version TEXT PRIMARY KEY, rank INTEGER) WITHOUT ROWID;
CREATE TABLE work.source_pick (source_id TEXT PRIMARY KEY, input INTEGER) WITHOUT ROWID;
CREATE TABLE work.page_seen (page_id TEXT, input INTEGER, place TEXT, rank INTEGER, has_article INTEGER,
    run_started TEXT, run_key TEXT, stored_at TEXT, moment TEXT, is_current INTEGER, known INTEGER);
CREATE TABLE work.page_pick (page_id TEXT PRIMARY KEY, input INTEGER, place TEXT, is_read INTEGER,
    stored_at TEXT, moment TEXT, is_current INTEGER, known INTEGER, successor TEXT) WITHOUT ROWID;
CREATE TABLE work.place_pick (place TEXT PRIMARY KEY, page_id TEXT, moment TEXT, is_current INTEGER,
    known INTEGER) WITHOUT ROWID;
CREATE TABLE work.url_seen (url TEXT, input INTEGER, fetched_at TEXT, tries INTEGER, is_open INTEGER,
    next_try TEXT, found_at TEXT, page_id TEXT, changed_at TEXT, etag TEXT, last_modified TEXT);
CREATE TABLE work.url_pick (url TEXT PRIMARY KEY, input INTEGER, found_at TEXT, page_id TEXT) WITHOUT ROWID;
CREATE TABLE work.url_page (url TEXT PRIMARY KEY, page_id TEXT, changed_at TEXT, etag TEXT,
    last_modified TEXT) WITHOUT ROWID;
CREATE TABLE work.article_seen (article_id TEXT, input INTEGER, page_id TEXT);
CREATE TABLE work.article_pick (article_id TEXT PRIMARY KEY, input INTEGER) WITHOUT ROWID;
CREATE TABLE work.file_map (input INTEGER, file TEXT, name TEXT, PRIMARY KEY (input, file)) WITHOUT ROWID;
CREATE TABLE work.gone (id TEXT PRIMARY KEY, kind TEXT, document TEXT, place TEXT, reason TEXT) WITHOUT ROWID;
"""

_LOOK_AT_RUNS = (
    f"""
    INSERT INTO work.run_seen
    SELECT {RUN_KEY}, :input, run_id, started_at, finished_at IS NOT NULL,
        documents + unchanged + failed + coalesce((
            SELECT sum(fetched + articles + facts) FROM input.run_source AS visit
            WHERE visit.run_id = run.run_id
        ), 0)
    FROM input.run
    """,
    """
    INSERT INTO work.version_seen
    SELECT extractor_version, min(started_at) FROM input.run GROUP BY 1
    UNION ALL SELECT page.extractor_version, min(run.started_at)
    FROM input.page JOIN input.run USING (run_id) GROUP BY 1
    """,
    """
    INSERT INTO work.source_seen
    SELECT source_id, :input, coalesce((
        SELECT max(started_at) FROM input.run_source AS visit WHERE visit.source_id = source.source_id
    ), '')
    FROM input.source
    """,
)
# Of one run the row that says most of it. They are numbered anew as they began.
_CHOOSE_RUNS = (
    """
    INSERT INTO work.run_pick
    SELECT run_key, row_number() OVER (ORDER BY started_at, run_key), input, old_id
    FROM (
        SELECT *, row_number() OVER (
            PARTITION BY run_key ORDER BY is_finished DESC, size DESC, input
        ) AS choice
        FROM work.run_seen
    )
    WHERE choice = 1
    """,
    """
    INSERT INTO work.source_pick
    SELECT source_id, input
    FROM (
        SELECT *, row_number() OVER (PARTITION BY source_id ORDER BY crawled_at DESC, input) AS choice
        FROM work.source_seen
    )
    WHERE choice = 1
    """,
)
# When a page was last known to be what stands at its place: when it was fetched last, or else stored; and
# never before those that the same database has seen it take the place of.
_LOOK_AT_PAGES = (
    """
    INSERT INTO work.page_seen
    SELECT
        page.page_id, :input, place, version.rank,
        EXISTS (SELECT 1 FROM input.article WHERE article.page_id = page.page_id),
        run.started_at, run_pick.run_key, stored_at,
        CASE WHEN superseded_by IS NULL THEN max(
            coalesce(CASE WHEN frontier.state IN ('gone', 'passed') THEN changed_at ELSE fetched_at END, ''),
            max(stored_at) OVER (PARTITION BY place, page.extractor_version = '')
        ) ELSE stored_at END,
        superseded_by IS NULL,
        count(*) OVER (PARTITION BY place)
    FROM input.page
    JOIN input.run ON run.run_id = page.run_id
    JOIN work.run_map ON run_map.old_id = page.run_id
    JOIN work.run_pick_by_id AS run_pick ON run_pick.run_id = run_map.run_id
    JOIN work.version ON version.version = page.extractor_version
    LEFT JOIN input.frontier ON frontier.url = page.document AND frontier.page_id = page.page_id
    """,
    """
    INSERT INTO work.url_seen
    SELECT url, :input, coalesce(fetched_at, ''), tries, state = 'pending', coalesce(next_try, ''), found_at,
        page_id, changed_at, etag, last_modified
    FROM input.frontier
    """,
)
_LATEST = "moment DESC, is_current DESC, known DESC"
_CHOOSE_PAGES = (
    # Of one page the reading of the newest extractor; of several by that one the last.
    f"""
    INSERT INTO work.page_pick
    SELECT page_id, input, place, rank > 0, last_stored, latest_moment, latest_current, latest_known, NULL
    FROM (
        SELECT page_id, input, place, rank,
            row_number() OVER (
                PARTITION BY page_id ORDER BY rank DESC, has_article DESC, run_started DESC, run_key, input
            ) AS choice,
            max(stored_at) OVER (PARTITION BY page_id) AS last_stored,
            first_value(moment) OVER latest AS latest_moment,
            first_value(is_current) OVER latest AS latest_current,
            first_value(known) OVER latest AS latest_known
        FROM work.page_seen
        WINDOW latest AS (PARTITION BY page_id ORDER BY {_LATEST})
    )
    WHERE choice = 1
    """,
    "CREATE INDEX work.page_pick_place ON page_pick (place)",
    # Of the versions that are read the latest is shown ...
    f"""
    INSERT INTO work.place_pick
    SELECT place, page_id, moment, is_current, known
    FROM (
        SELECT *, row_number() OVER (PARTITION BY place ORDER BY {_LATEST}, page_id DESC) AS choice
        FROM work.page_pick
        WHERE is_read AND place IN (SELECT place FROM work.page_pick GROUP BY place HAVING count(*) > 1)
    )
    WHERE choice = 1
    """,
    # ... and takes the place of the others, but for those still to be read that are later.
    """
    UPDATE work.page_pick SET successor = (
        SELECT other.page_id FROM work.place_pick AS other
        WHERE other.place = page_pick.place AND other.page_id <> page_pick.page_id AND (
            page_pick.is_read OR (page_pick.moment, page_pick.is_current, page_pick.known)
                < (other.moment, other.is_current, other.known)
        )
    )
    WHERE place IN (SELECT place FROM work.place_pick)
    """,
    # Of one address what was learnt last, with the latest page stored of it.
    """
    INSERT INTO work.url_pick
    SELECT url, input, first_found, page_id
    FROM (
        SELECT url, input, page_id, min(found_at) OVER (PARTITION BY url) AS first_found, row_number() OVER (
            PARTITION BY url ORDER BY fetched_at DESC, tries DESC, is_open DESC, next_try DESC, input
        ) AS choice
        FROM work.url_seen
    )
    WHERE choice = 1
    """,
    f"""
    INSERT INTO work.url_page
    SELECT url, page_id, changed_at, etag, last_modified
    FROM (
        SELECT seen.*, url_pick.page_id AS picked, row_number() OVER (
            PARTITION BY seen.url ORDER BY {_LATEST}, seen.page_id DESC, fetched_at DESC, seen.input
        ) AS choice
        FROM work.url_seen AS seen
        JOIN work.page_pick ON page_pick.page_id = seen.page_id
        JOIN work.url_pick ON url_pick.url = seen.url
    )
    WHERE choice = 1 AND page_id IS NOT picked
    """,
)
_LOOK_AT_ARTICLES = (
    """
    INSERT INTO work.article_seen
    SELECT article_id, :input, page_id
    FROM input.article CROSS JOIN work.page_pick USING (page_id) WHERE page_pick.input = :input
    """,
)
# An article goes with the latest version that has it.
_CHOOSE_ARTICLES = (
    f"""
    INSERT INTO work.article_pick
    SELECT article_id, input
    FROM (
        SELECT article_id, seen.input, row_number() OVER (
            PARTITION BY article_id ORDER BY successor IS NULL DESC, {_LATEST}, page_id DESC
        ) AS choice
        FROM work.article_seen AS seen JOIN work.page_pick USING (page_id)
    )
    WHERE choice = 1
    """,
)


def look_at_runs(db: sqlite3.Connection, number: int) -> None:
    """Note the runs, extractors and sources of the database attached as `input`."""
    _do(db, _LOOK_AT_RUNS, number)


def choose_runs(db: sqlite3.Connection) -> None:
    """Choose among the runs, number them anew, and put the extractors in order."""
    _do(db, _CHOOSE_RUNS)
    db.execute(
        "CREATE TABLE work.run_pick_by_id (run_id INTEGER PRIMARY KEY, run_key TEXT)",
    )
    db.execute("INSERT INTO work.run_pick_by_id SELECT run_id, run_key FROM work.run_pick")
    seen = dict(db.execute("SELECT version, min(started_at) FROM work.version_seen GROUP BY version"))
    seen.pop("", None)
    ordered = ["", *sorted(seen, key=lambda version: _age(version, seen[version]))]
    db.executemany("INSERT INTO work.version VALUES (?, ?)", zip(ordered, range(len(ordered)), strict=True))


def _age(version: str, first_seen: str) -> tuple[Any, ...]:
    """Sorts extractors from the oldest to the newest. Rules change between releases too: then the one that
    came to be used later is the newer one."""
    number = re.match(r"[0-9.]*", version)
    parts = [int(part) for part in number[0].split(".") if part] if number else []
    return parts, first_seen, version == extractor_version(), version


def map_runs(db: sqlite3.Connection) -> None:
    """Say what the numbers of runs in the database attached as `input` are now."""
    db.execute("DELETE FROM work.run_map")
    db.execute(
        f"""
        INSERT INTO work.run_map
        SELECT mine.run_id, run_pick.run_id
        FROM (SELECT run_id, {RUN_KEY} AS key FROM input.run) AS mine
        JOIN work.run_pick ON run_pick.run_key = key
        """
    )


def look_at_pages(db: sqlite3.Connection, number: int) -> None:
    """Note the pages and addresses of the database attached as `input`."""
    map_runs(db)
    _do(db, _LOOK_AT_PAGES, number)


def choose_pages(db: sqlite3.Connection) -> None:
    """Choose among the pages, their versions, and what is known of addresses."""
    _do(db, _CHOOSE_PAGES)


def look_at_articles(db: sqlite3.Connection, number: int) -> None:
    """Note the articles of the pages that are taken from the database attached as `input`."""
    _do(db, _LOOK_AT_ARTICLES, number)


def choose_articles(db: sqlite3.Connection) -> None:
    """Choose among articles that several versions of a document have."""
    _do(db, _CHOOSE_ARTICLES)


def _do(db: sqlite3.Connection, statements: tuple[str, ...], number: int | None = None) -> None:
    for statement in statements:
        db.execute(statement, {"input": number} if ":input" in statement else {})
