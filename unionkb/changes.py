"""What a reading of a document changed: facts and articles added, gone, altered, and in which columns."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from unionkb.sql import records

Row = Mapping[str, Any]

_ALIVE = "NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.id = {})"
_FACTS = f"""
SELECT
    fact.fact_id AS id, fact.kind, fact.value, fact.value_max, fact.unit, fact.counted, fact.quote,
    coalesce(fact.organisation_text, organisation.name) AS organisation,
    programme.category AS programme, programme.name AS programme_name,
    fact.bound, fact.status, fact.per, fact.date_start, fact.date_end, fact.date_precision, fact.date_basis,
    substr(article.body, fact.sentence_start + 1, fact.sentence_end - fact.sentence_start) AS sentence,
    fact.rule, fact.confidence
FROM fact
JOIN article ON article.article_id = fact.article_id
JOIN page ON page.page_id = article.page_id
JOIN programme ON programme.programme_id = fact.programme_id
LEFT JOIN organisation ON organisation.organisation_id = fact.organisation_id
WHERE page.place IN ({{places}}) AND {_ALIVE.format("fact.fact_id")}
ORDER BY article.page_id, article.sequence, fact.char_start, fact.char_end
"""
_ARTICLES = f"""
SELECT
    article.article_id AS id, title, kicker, deck, published, published_basis, newspaper, page_number,
    section, source, author, correspondent, editor, body
FROM article
JOIN page ON page.page_id = article.page_id
WHERE page.place IN ({{places}}) AND {_ALIVE.format("article.article_id")}
ORDER BY article.page_id, article.sequence
"""


class Content(NamedTuple):
    """What is shown of a document, in the order it stands there."""

    articles: Sequence[Row]
    facts: Sequence[Row]


@dataclass(slots=True)
class Changes:
    """How much changed. `altered` are facts of the same words and value that say something else now."""

    documents: int = 0
    """Documents read."""
    changed: int = 0
    """Documents in which something changed."""
    empty: int = 0
    """Documents without an article."""
    failed: int = 0
    articles_added: int = 0
    articles_gone: int = 0
    articles_altered: int = 0
    added: int = 0
    gone: int = 0
    altered: int = 0
    columns: Counter[str] = field(default_factory=Counter)
    """Of the altered facts, how many differ in each column."""
    article_columns: Counter[str] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        """Whether anything that is shown is not what it was."""
        return any(
            (
                self.articles_added,
                self.articles_gone,
                self.articles_altered,
                self.added,
                self.gone,
                self.altered,
            )
        )

    def add(self, other: "Changes") -> None:
        """Count those of another document as well."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def lines(self) -> Iterator[str]:
        """What changed in words: a line of facts, and one of articles where those changed."""
        facts = (self.added, self.gone, self.altered, self.columns)
        articles = (self.articles_added, self.articles_gone, self.articles_altered, self.article_columns)
        for name, (added, gone, altered, columns) in (("facts", facts), ("articles", articles)):
            if name == "facts" or added or gone or altered:
                where = ", ".join(f"{column} {count}" for column, count in columns.most_common())
                altered_where = f"{altered} altered ({where})" if altered else "0 altered"
                yield f"{name}: {added} added, {gone} gone, {altered_where}"


def content(db: sqlite3.Connection, places: Iterable[str]) -> Content:
    """What is shown of the document whose pages lie at these places."""
    keys = list(places)
    marks = ", ".join("?" * len(keys))

    def rows(sql: str) -> list[Row]:
        return list(records(db.execute(sql.format(places=marks), keys)))

    return Content(rows(_ARTICLES), rows(_FACTS))


def compare(before: Content, after: Content) -> Changes:
    """What changed in one document.

    A fact is the same where its identifier is. Where the text around it is read otherwise identifiers differ;
    then a fact of the same words and value is taken for the same."""
    facts = _pairs(before.facts, after.facts, lambda row: tuple(row[name] for name in _SAME_FACT))
    articles = _pairs(before.articles, after.articles, lambda row: row["title"])
    changes = Changes(documents=1, empty=not after.articles)
    for old, new in facts:
        if old and new:
            differ = _differences(old, new)
            changes.altered += bool(differ)
            changes.columns.update(differ)
        else:
            changes.added += old is None
            changes.gone += new is None
    for old, new in articles:
        if old and new:
            differ = _differences(old, new)
            changes.articles_altered += bool(differ)
            changes.article_columns.update(differ)
        else:
            changes.articles_added += old is None
            changes.articles_gone += new is None
    changes.changed = bool(changes)
    return changes


_SAME_FACT = ("kind", "value", "quote")


def _differences(old: Row, new: Row) -> list[str]:
    return [name for name in new if name != "id" and old[name] != new[name]]


def _pairs(
    before: Sequence[Row], after: Sequence[Row], alike: Callable[[Row], Any]
) -> Iterator[tuple[Row | None, Row | None]]:
    known = {row["id"]: row for row in before}
    left = known.keys() - {row["id"] for row in after}
    waiting: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in reversed(before):
        if row["id"] in left:
            waiting[alike(row)].append(row)
    for row in after:
        if row["id"] in known:
            yield known[row["id"]], row
        elif waiting[alike(row)]:
            yield waiting[alike(row)].pop(), row
        else:
            yield None, row
    for rest in waiting.values():
        for row in rest:
            yield row, None
