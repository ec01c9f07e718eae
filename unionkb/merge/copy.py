"""Copies the rows that were chosen (see choose.py), table by table, from one database after the other."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing

_RUN = "(SELECT run_id FROM work.run_map WHERE old_id = row.run_id)"
_FILE = """
    coalesce((SELECT name FROM work.file_map WHERE input = :input AND file = row.warc_file), row.warc_file)
"""
# What takes the place of a page is another version at its place; or, as it was, a page that moved elsewhere.
_SUCCESSOR = """
    coalesce(pick.successor, (
        SELECT other.page_id FROM work.page_pick AS other
        WHERE other.page_id = row.superseded_by AND other.place <> pick.place
    ))
"""
_OF_RUN = "JOIN work.run_pick AS pick ON pick.input = :input AND pick.old_id = row.run_id"
_ARTICLES = """
    input.article AS own
    CROSS JOIN work.article_pick AS pick ON pick.article_id = own.article_id AND pick.input = :input
"""
_EARLIER = """
    ON CONFLICT (id) DO UPDATE
    SET kind = excluded.kind, document = excluded.document, reason = excluded.reason,
        run_id = excluded.run_id, gone_at = excluded.gone_at
    WHERE (excluded.gone_at, excluded.document, excluded.reason) < (gone_at, document, reason)
"""
_FILL_IN = """
    ON CONFLICT (organisation_id) DO UPDATE
    SET region_code = coalesce(region_code, excluded.region_code),
        parent_id = coalesce(parent_id, excluded.parent_id)
"""

# Table; where its rows come from, as `row`; what is not as it was; and what becomes of those that are there.
_ROWS: tuple[tuple[str, str, Mapping[str, str], str], ...] = (
    ("region", "input.region AS row", {}, "ON CONFLICT DO NOTHING"),
    ("region_name", "input.region_name AS row", {}, "ON CONFLICT DO NOTHING"),
    (
        "run",
        f"input.run AS row {_OF_RUN}",
        {"run_id": "pick.run_id", "run_key": "pick.run_key"},
        "",
    ),
    (
        "run_error",
        f"input.run_error AS row {_OF_RUN}",
        {"run_id": "pick.run_id", "run_error_id": "NULL"},
        "",
    ),
    (
        "run_source",
        f"input.run_source AS row {_OF_RUN}",
        {"run_id": "pick.run_id"},
        "",
    ),
    (
        "source",
        "input.source AS row JOIN work.source_pick AS pick USING (source_id) WHERE pick.input = :input",
        {},
        "",
    ),
    (
        "page",
        "input.page AS row CROSS JOIN work.page_pick AS pick "
        "ON pick.page_id = row.page_id AND pick.input = :input",
        {
            "stored_at": "pick.stored_at",
            "run_id": _RUN,
            "warc_file": _FILE,
            "superseded_by": _SUCCESSOR,
        },
        "",
    ),
    (
        "article",
        "input.article AS row CROSS JOIN work.article_pick AS pick "
        "ON pick.article_id = row.article_id AND pick.input = :input",
        {},
        "",
    ),
    ("fact", f"{_ARTICLES} CROSS JOIN input.fact AS row ON row.article_id = own.article_id", {}, ""),
    (
        "fact_original",
        f"{_ARTICLES} CROSS JOIN input.fact ON fact.article_id = own.article_id "
        "CROSS JOIN input.fact_original AS row ON row.fact_id = fact.fact_id",
        {},
        "",
    ),
    ("organisation", "input.organisation AS row", {}, _FILL_IN),
    ("organisation_alias", "input.organisation_alias AS row", {}, "ON CONFLICT DO NOTHING"),
    ("organisation_name", "input.organisation_name AS row", {}, "ON CONFLICT DO NOTHING"),
    ("programme", "input.programme AS row", {}, "ON CONFLICT DO NOTHING"),
    ("review", "input.review AS row", {}, "ON CONFLICT DO NOTHING"),
    ("tombstone", "input.tombstone AS row", {"run_id": _RUN}, _EARLIER),
    (
        "frontier",
        "input.frontier AS row CROSS JOIN work.url_pick AS pick "
        "ON pick.url = row.url AND pick.input = :input",
        {"found_at": "pick.found_at"},
        "",
    ),
)
COPIED = frozenset(name for name, *_ in _ROWS)
"""Tables whose rows are taken over; the others follow from them, and are made anew."""

_NO_TOMBSTONE = "NOT EXISTS (SELECT 1 FROM input.tombstone WHERE tombstone.id = {})"
_LEFT_BEHIND = """
    input.page
    CROSS JOIN work.page_pick AS pick ON pick.page_id = page.page_id
    CROSS JOIN input.article ON article.page_id = page.page_id
    LEFT JOIN work.article_pick AS own ON own.article_id = article.article_id
"""
_IS_LEFT = "(pick.input <> :input OR pick.successor IS NOT NULL OR own.input IS NOT :input)"
_UNREAD = "'no longer read in the document'"
# What this database shows and the result may not: of pages that another one has read better, or of which it
# has a later version.
_GONE = (
    f"""
    INSERT INTO work.gone
    SELECT article.article_id, 'article', page.document, page.place, {_UNREAD} FROM {_LEFT_BEHIND}
    WHERE {_IS_LEFT} AND {_NO_TOMBSTONE.format("article.article_id")} ON CONFLICT DO NOTHING
    """,
    f"""
    INSERT INTO work.gone
    SELECT fact_id, 'fact', page.document, page.place, {_UNREAD}
    FROM {_LEFT_BEHIND} CROSS JOIN input.fact ON fact.article_id = article.article_id
    WHERE {_IS_LEFT} AND {_NO_TOMBSTONE.format("fact_id")} ON CONFLICT DO NOTHING
    """,
    f"""
    INSERT INTO work.gone
    SELECT fact_id, 'fact', page.document, page.place, 'withdrawn in review'
    FROM input.review_match CROSS JOIN input.fact USING (fact_id)
    CROSS JOIN input.article ON article.article_id = fact.article_id CROSS JOIN input.page USING (page_id)
    WHERE rule = 'review' AND {_NO_TOMBSTONE.format("fact_id")} ON CONFLICT DO NOTHING
    """,
)
_PAGES_OF_ADDRESSES = """
    UPDATE frontier SET page_id = latest.page_id, changed_at = latest.changed_at, etag = latest.etag,
        last_modified = latest.last_modified
    FROM work.url_page AS latest WHERE latest.url = frontier.url
"""
_SHOWN = """
    SELECT 1 FROM article CROSS JOIN page USING (page_id)
    WHERE article.article_id = {} AND page.superseded_by IS NULL
"""
_IS_SHOWN = f"""
    EXISTS ({_SHOWN.format("{0}.id")})
    OR EXISTS (
        SELECT 1 FROM fact CROSS JOIN article ON article.article_id = fact.article_id
        CROSS JOIN page USING (page_id)
        WHERE fact.fact_id = {{0}}.id AND page.superseded_by IS NULL
    )
"""
# The reading that no longer has it is that of the version that is shown at its place.
_BURY = f"""
    INSERT INTO tombstone
    SELECT gone.id, gone.kind, gone.document, gone.reason, run.run_id, run.started_at
    FROM work.gone
    JOIN page ON page.place = gone.place AND page.superseded_by IS NULL AND page.extractor_version <> ''
    JOIN run ON run.run_id = page.run_id
    WHERE NOT ({_IS_SHOWN.format("gone")})
    ON CONFLICT DO NOTHING
"""


def rows(db: sqlite3.Connection, number: int) -> None:
    """Copy what was chosen of the database attached as `input`; its runs are mapped."""
    for table, origin, given, conflict in _ROWS:
        with closing(db.execute(f"SELECT * FROM main.{table} LIMIT 0")) as cursor:
            columns = [column[0] for column in cursor.description]
        values = ", ".join(given.get(column, f"row.{column}") for column in columns)
        # SQLite takes ON behind a table for a condition of a join.
        where = "WHERE true" if conflict and "WHERE" not in origin else ""
        into = f"INSERT INTO main.{table} ({', '.join(columns)})"
        _run(db, f"{into} SELECT {values} FROM {origin} {where} {conflict}", number)
    for statement in _GONE:
        _run(db, statement, number)


def mend_addresses(db: sqlite3.Connection) -> None:
    """Have each address point at the latest page that is stored of it. After all rows are copied."""
    db.execute(_PAGES_OF_ADDRESSES)


def bury(db: sqlite3.Connection) -> None:
    """Tombstones for what is not shown any more, and none for what is. After reviews are applied."""
    db.execute(f"DELETE FROM tombstone WHERE {_IS_SHOWN.format('tombstone')}")
    db.execute(_BURY)


def _run(db: sqlite3.Connection, statement: str, number: int) -> None:
    db.execute(statement, {"input": number} if ":input" in statement else {})
