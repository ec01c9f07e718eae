"""What goes into a release, in which order: all, or what a filter leaves with all that it refers to."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from unionkb import query, tables
from unionkb.store import Store

_CREATE = (
    "CREATE TEMP TABLE release_fact (fact_id TEXT PRIMARY KEY, article_id TEXT) WITHOUT ROWID",
    # Without an index: with one SQLite would begin elsewhere, and sort all facts in the end.
    "CREATE TEMP TABLE release_article (position INTEGER PRIMARY KEY, article_id TEXT, source_id TEXT)",
    "CREATE TEMP TABLE release_organisation (organisation_id TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TEMP TABLE release_programme (programme_id TEXT PRIMARY KEY) WITHOUT ROWID",
)
_ARTICLES = """
INSERT INTO temp.release_article (article_id, source_id)
SELECT article.article_id, page.source_id
FROM article JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
{where}
ORDER BY page.document, article.sequence, article.article_id
"""
# With their parents: a row that another refers to is in the release too.
_ORGANISATIONS = """
INSERT INTO temp.release_organisation
WITH RECURSIVE named (organisation_id) AS (
    SELECT organisation_id FROM fact
    WHERE organisation_id IS NOT NULL AND fact_id IN (SELECT fact_id FROM temp.release_fact)
    UNION
    SELECT organisation.parent_id FROM organisation JOIN named USING (organisation_id)
    WHERE organisation.parent_id IS NOT NULL
)
SELECT organisation_id FROM named
"""
_PROGRAMMES = """
INSERT INTO temp.release_programme
SELECT DISTINCT programme_id FROM fact WHERE fact_id IN (SELECT fact_id FROM temp.release_fact)
"""
_CHOSEN = {
    "fact_id": "temp.release_fact",
    "article_id": "temp.release_article",
    "organisation_id": "temp.release_organisation",
    "programme_id": "temp.release_programme",
}
ORDER = {
    "facts": "document, (SELECT sequence FROM article WHERE article.article_id = facts.article_id), "
    "char_start, char_end, fact_id",
    "articles": "document, sequence, article_id",
    "organisations": "organisation, organisation_id",
    "programmes": "programme, programme_name, programme_id",
    "coverage": "source_id, month IS NULL, month",
}
"""Of tables the order of their rows: facts and articles as they stand in their documents. The others are in
the order of their keys."""


class Selection:
    """Of each table of a release the part of a statement that names its rows, in their order."""

    def __init__(self, filtered: bool) -> None:
        self.filtered = filtered

    def count(self, connection: sqlite3.Connection) -> int:
        """Number of facts and articles: the tables that take time."""
        facts = "temp.release_fact" if self.filtered else "temp.release_article JOIN fact USING (article_id)"
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in (facts, "temp.release_article")
        ]
        return sum(counts)

    def rows(self, name: str) -> str:
        """`FROM ... ORDER BY ...`. Facts and articles come as they stand in their documents."""
        if name == "facts":
            only = "AND facts.fact_id IN (SELECT fact_id FROM temp.release_fact)" if self.filtered else ""
            return (
                "FROM temp.release_article AS chosen CROSS JOIN facts ON facts.article_id = chosen.article_id"
                f" {only} ORDER BY chosen.position, facts.char_start, facts.char_end, facts.fact_id"
            )
        if name == "articles":
            return (
                "FROM temp.release_article AS chosen"
                " CROSS JOIN articles ON articles.article_id = chosen.article_id ORDER BY chosen.position"
            )
        return f"FROM {name} {self._where(name)} ORDER BY {ORDER.get(name) or self._key(name)}"

    def _where(self, name: str) -> str:
        # Coverage is what facts are divided by: all that was read, whatever was chosen of it.
        if not self.filtered or name == "coverage":
            return ""
        columns = tables.columns(name)
        if name == "sources":
            return "WHERE source_id IN (SELECT source_id FROM temp.release_article)"
        for column, chosen in _CHOSEN.items():
            if column in columns:
                return f"WHERE {column} IN (SELECT {column} FROM {chosen})"
        return ""

    def _key(self, name: str) -> str:
        key = tables.load(name).get("primaryKey", [])
        return ", ".join([key] if isinstance(key, str) else key or tables.columns(name))


@contextmanager
def of(store: Store, wanted: query.Filter | None = None) -> Iterator[Selection]:
    """The selection of one moment, whoever writes meanwhile. Temporary tables hold it; they go with it."""
    connection = store.db.conn
    (read_only,) = connection.execute("PRAGMA query_only").fetchone()
    connection.execute("BEGIN")
    try:
        connection.execute("PRAGMA query_only = OFF")  # It forbids temporary tables too.
        _fill(connection, wanted)
        yield Selection(wanted is not None)
    finally:
        connection.rollback()
        connection.execute(f"PRAGMA query_only = {read_only}")


def _fill(connection: sqlite3.Connection, wanted: query.Filter | None) -> None:
    for statement in _CREATE:
        connection.execute(statement)
    if wanted is None:
        connection.execute(_ARTICLES.format(where=""))
        return
    where, values = query.where(wanted)
    connection.execute(
        f"INSERT INTO temp.release_fact SELECT fact_id, article_id FROM facts WHERE {where}", values
    )
    chosen = "WHERE article.article_id IN (SELECT article_id FROM temp.release_fact)"
    connection.execute(_ARTICLES.format(where=chosen))
    connection.execute(_ORGANISATIONS)
    connection.execute(_PROGRAMMES)
