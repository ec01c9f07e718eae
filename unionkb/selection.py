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
# What a row refers to is in the release too: of a reprint the first print, of an organisation its parents.
_CUT_DOWN = """
WHERE article.article_id IN (SELECT article_id FROM temp.release_fact) OR NOT article.is_reprint
    AND article.cluster_id IN (
        SELECT reprint.cluster_id FROM article AS reprint
        WHERE reprint.is_reprint AND reprint.article_id IN (SELECT article_id FROM temp.release_fact)
    )
"""
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
    "claims": "group_id, fact_id",
    "reprints": "cluster_id, is_reprint, published IS NULL, published, article_id",
    "reviews": "made_at, review_id",
}
"""Of tables the order of their rows: facts and articles as they stand in their documents, claims by quantity.
Those not named are in the order of their keys."""

LONG = ("facts", "articles", "claims", "quantities")
"""The tables that take time."""
_IN_ORDER = {"quantities": ("claim_group", "group_id"), "claims": ("claim", "fact_id")}
"""The table, and its key, that has the rows of a view in order, so that a million need not be sorted."""


class Selection:
    """Of each table of a release the part of a statement that names its rows, in their order."""

    def __init__(self, filtered: bool) -> None:
        self.filtered = filtered

    def count(self, connection: sqlite3.Connection) -> int:
        """Number of rows of the tables that take time (LONG)."""
        facts = "temp.release_fact" if self.filtered else "temp.release_article JOIN fact USING (article_id)"
        of_facts = "temp.release_fact JOIN" if self.filtered else ""
        counted = (
            facts,
            "temp.release_article",
            f"{of_facts} claim {'USING (fact_id)' if self.filtered else ''}",
            f"{of_facts} claim_group {'ON picked_fact_id = fact_id' if self.filtered else ''}",
        )
        return sum(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in counted)

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
        order = ORDER.get(name) or self._key(name)
        if name in _IN_ORDER:
            table, key = _IN_ORDER[name]
            ordered = ", ".join(f"chosen.{column}" for column in order.split(", "))
            return (
                f"FROM {table} AS chosen CROSS JOIN {name} ON {name}.{key} = chosen.{key}"
                f" {self._where(name)} ORDER BY {ordered}"
            )
        return f"FROM {name} {self._where(name)} ORDER BY {order}"

    def _where(self, name: str) -> str:
        # Coverage is what facts are divided by: all that was read, whatever was chosen of it.
        if not self.filtered or name == "coverage":
            return ""
        columns = tables.columns(name)
        if name == "sources":
            return "WHERE source_id IN (SELECT source_id FROM temp.release_article)"
        if name == "conflicts":
            chosen = "(SELECT fact_id FROM temp.release_fact)"
            return f"WHERE fact_id IN {chosen} AND other_fact_id IN {chosen}"
        for column, chosen in _CHOSEN.items():
            if column in columns:
                return f"WHERE {name}.{column} IN (SELECT {column} FROM {chosen})"
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
    connection.execute(_ARTICLES.format(where=_CUT_DOWN))
    connection.execute(_ORGANISATIONS)
    connection.execute(_PROGRAMMES)
