"""Exact full-text search, in Chinese and at any word length.

    search.find(connection, "送温暖 农民工", search.Filter(year=2023))    -> hits, best first
    search.count(connection, "送温暖 农民工")                             -> number of articles
    search.register(connection)                                           -> SQL functions, see there

All words must be in the title or the body; what stands in quotation marks is one word. `search_text` says
what a word is, `search_index` keeps the index.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from unionkb import query
from unionkb.errors import UserError
from unionkb.search_index import first_key
from unionkb.search_text import Span, marks, phrase, search_query, search_snippet, snippet, words

BLOCK = 1000
"""Hits up to which all are ranked. Of more the newest come first, so many at a time, and among these the ones
with the words in their titles."""
TITLE_WEIGHT = 8.0
"""Weight of the title beside that of the body."""
MOST_WORDS = 50


class SearchError(UserError):
    """Words that cannot be searched for; the message says why, in one line."""


def register(connection: sqlite3.Connection) -> None:
    """Give a connection two functions: `search_query(words)`, the FTS5 expression of a search, and
    `search_snippet(text, words)`, a piece of the text with [marks]. The articles found, newest first:

        SELECT articles.title, articles.published, search_snippet(articles.body, :q)
        FROM article_search JOIN search_key ON key = article_search.rowid JOIN articles USING (article_id)
        WHERE article_search MATCH search_query(:q) ORDER BY article_search.rowid DESC LIMIT 20
    """
    for name, arity, function in (("search_query", 1, search_query), ("search_snippet", 2, search_snippet)):
        connection.create_function(name, arity, _text_only(function), deterministic=True)


def _text_only(function: Callable[..., str]) -> Callable[..., str]:
    return lambda *arguments: function(*("" if each is None else str(each) for each in arguments))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles are searched; None asks for nothing. One fact must be of the organisation, the region
    and the programme, as in `query.Filter`."""

    organisation: str | None = None
    region: str | None = None
    programme: str | None = None
    year: int | None = None
    """Year of publication."""
    source: str | None = None
    """Id of a source, or part of the name of a source or newspaper."""
    reprints: bool = False
    """Also reprints."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    article_id: str
    document: str
    """URL, or file name."""
    title: str | None
    published: str | None
    outlet: str
    """The newspaper, else the name of the source."""
    facts: int
    is_reprint: bool
    snippet: str
    snippet_marks: list[Span]
    """Where in the snippet the words stand."""
    title_marks: list[Span]


def find(
    connection: sqlite3.Connection,
    searched: str,
    wanted: Filter | None = None,
    limit: int = 20,
    offset: int = 0,
) -> list[Hit]:
    """Articles with all the words in title or body, best first; a negative limit means all.

    Up to BLOCK hits are ranked by bm25, the title weighing more, equals by date, newest first. Of more hits
    bm25 would say little and cost much: see BLOCK. Raises SearchError."""
    sought = _sought(searched)
    search = _Search(connection, " AND ".join(map(phrase, sought)), wanted or Filter())
    return [_hit(connection, key, sought) for key in search.keys(limit, offset)]


def page(
    connection: sqlite3.Connection, searched: str, wanted: Filter | None, limit: int, offset: int, most: int
) -> tuple[list[Hit], int]:
    """What `find` gives and what `count` gives, with one counting; `most` is more than BLOCK."""
    sought = _sought(searched)
    search = _Search(connection, " AND ".join(map(phrase, sought)), wanted or Filter())
    total = search.count(most)
    return [_hit(connection, key, sought) for key in search.keys(limit, offset, total)], total


def count(
    connection: sqlite3.Connection, searched: str, wanted: Filter | None = None, most: int | None = None
) -> int:
    """Number of articles found; counting stops at `most`. Raises SearchError."""
    expression = " AND ".join(map(phrase, _sought(searched)))
    return _Search(connection, expression, wanted or Filter()).count(most)


def _sought(searched: str) -> list[str]:
    sought = words(searched)
    if not sought:
        raise SearchError("nothing to search for: give a word")
    if len(sought) > MOST_WORDS:
        raise SearchError(f"too many words: {len(sought)}, and {MOST_WORDS} are the most")
    return sought


class _Search:
    def __init__(self, connection: sqlite3.Connection, expression: str, wanted: Filter) -> None:
        self._connection = connection
        self._expression = expression
        conditions = ["article_search MATCH :expression"]
        self._values: dict[str, Any] = {"expression": expression}
        for condition, values in _conditions(wanted):
            conditions.append(condition)
            self._values |= values
        joined = "" if wanted.reprints else "CROSS JOIN search_key ON search_key.key = article_search.rowid"
        self._found = f"FROM article_search {joined} WHERE {' AND '.join(conditions)}"

    def count(self, most: int | None) -> int:
        limit = -1 if most is None else most
        sql = f"SELECT count(*) FROM (SELECT article_search.rowid {self._found} LIMIT {limit})"
        number: int = self._connection.execute(sql, self._values).fetchone()[0]
        return number

    def keys(self, limit: int, offset: int, total: int | None = None) -> list[int]:
        if limit < 0:
            limit = self.count(None)
        if (self.count(BLOCK + 1) if total is None else total) <= BLOCK:
            rank = f"bm25(article_search, {TITLE_WEIGHT}, 1.0), article_search.rowid DESC"
            return self._keys(rank, limit, offset)
        found: list[int] = []
        while len(found) < limit:
            block, inside = divmod(offset + len(found), BLOCK)
            keys = self._block(block)[inside : inside + limit - len(found)]
            if not keys:
                break
            found += keys
        return found

    def _block(self, number: int) -> list[int]:
        """The newest thousand, the second newest ..., those with the words in their titles first."""
        keys = self._keys("article_search.rowid DESC", BLOCK, BLOCK * number)
        if not keys:
            return []
        sql = "SELECT rowid FROM article_search WHERE article_search MATCH ? AND rowid BETWEEN ? AND ?"
        titled = {
            key
            for (key,) in self._connection.execute(sql, [f"title : ({self._expression})", keys[-1], keys[0]])
        }
        return sorted(keys, key=lambda key: key not in titled)

    def _keys(self, order: str, limit: int, offset: int) -> list[int]:
        sql = f"SELECT article_search.rowid {self._found} ORDER BY {order} LIMIT {limit} OFFSET {offset}"
        return [key for (key,) in self._connection.execute(sql, self._values)]


_HAS_FACT = """
    article_search.rowid IN (
        SELECT search_key.key FROM search_key WHERE search_key.article_id IN (
            SELECT article_id FROM fact WHERE {}
        )
    )
"""
# A fact's organisation is text where it could not be resolved.
_OF_ORGANISATION = """
    fact_id IN (
        SELECT fact_id FROM fact WHERE organisation_id IN (
            SELECT organisation_id FROM organisation WHERE instr(name, :organisation)
            UNION SELECT organisation_id FROM organisation_alias WHERE alias = :organisation
        )
        UNION ALL SELECT fact_id FROM fact
        WHERE organisation_id IS NULL AND instr(organisation_text, :organisation)
    )
"""
_OF_REGION = """
    organisation_id IN (
        SELECT organisation_id FROM organisation JOIN region USING (region_code) WHERE {}
    )
"""
_OF_PROGRAMME = """
    programme_id IN (
        SELECT programme_id FROM programme WHERE category = :programme OR instr(name, :programme)
    )
"""
_OF_SOURCE = """
    article_search.rowid IN (
        SELECT search_key.key FROM search_key WHERE search_key.article_id IN (
            SELECT article_id FROM article WHERE newspaper IN (
                SELECT DISTINCT newspaper FROM article WHERE instr(newspaper, :source)
            )
            UNION SELECT article_id FROM article JOIN page USING (page_id) WHERE page.source_id IN (
                SELECT source_id FROM source WHERE source_id = :source OR instr(name, :source)
            )
        )
    )
"""


def _conditions(wanted: Filter) -> Iterator[tuple[str, dict[str, Any]]]:
    of_fact: list[str] = []
    values: dict[str, Any] = {}
    if wanted.organisation is not None:
        of_fact.append(_OF_ORGANISATION)
        values["organisation"] = wanted.organisation
    if wanted.region is not None:
        condition, more = query.in_region(wanted.region)
        of_fact.append(_OF_REGION.format(condition))
        values |= more
    if wanted.programme is not None:
        of_fact.append(_OF_PROGRAMME)
        values["programme"] = wanted.programme
    if of_fact:
        # The plus keeps SQLite from asking the index once for each article of the list.
        yield "+" + _HAS_FACT.format(" AND ".join(of_fact)).strip(), values
    if wanted.source is not None:
        yield "+" + _OF_SOURCE.strip(), {"source": wanted.source}
    if wanted.year is not None:
        first, last = (first_key(f"{year:04}-01-01") for year in (wanted.year, wanted.year + 1))
        yield (
            "article_search.rowid >= :first AND article_search.rowid < :last",
            {"first": first, "last": last},
        )
    if not wanted.reprints:
        yield "NOT search_key.is_reprint", {}


_HIT = """
    SELECT article.article_id, page.document, article.title, article.published,
        coalesce(article.newspaper, source.name),
        (SELECT count(*) FROM fact WHERE fact.article_id = article.article_id),
        article.is_reprint, article.body, article.lead
    FROM search_key
    CROSS JOIN article USING (article_id) CROSS JOIN page USING (page_id) CROSS JOIN source USING (source_id)
    WHERE search_key.key = ?
"""


def _hit(connection: sqlite3.Connection, key: int, sought: Sequence[str]) -> Hit:
    article_id, document, title, published, outlet, facts, is_reprint, body, lead = connection.execute(
        _HIT, [key]
    ).fetchone()
    # The headline is shown anyway.
    piece, spans = snippet(body[lead:], sought)
    if not spans:
        piece, spans = snippet(body, sought)
    return Hit(
        *(article_id, document, title, published, outlet, facts, bool(is_reprint)),
        *(piece, spans),
        marks(title or "", sought),
    )
