"""Applies reviews to the facts of articles that were just read: finds the fact each speaks of, and lets the
latest word on it stand.

The same reviews and the same reading always give the same facts, in whatever order the reviews came.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extract.sentences import sentences
from unionkb import ids
from unionkb.review import anchor, names, slots
from unionkb.sql import insert, records

RULE = "review"
"""The rule of a fact that a reviewer added, or that the extractor no longer reads."""

Row = dict[str, Any]

_ARTICLES = """
    SELECT article.article_id, article.text_id, article.body, page.document
    FROM article JOIN page ON page.page_id = article.page_id
    WHERE article.article_id IN ({marks}) ORDER BY article.article_id
"""
_REVIEWS = """
    SELECT * FROM review
    WHERE article_id IN ({articles}) OR document IN ({documents}) OR text_id IN ({texts})
    ORDER BY made_at, review_id
"""
_SLOTS = ", ".join(f"{column} = original.{column}" for column in slots.COLUMNS)
_UNDO = (
    f"UPDATE fact SET {_SLOTS} FROM fact_original AS original "
    "WHERE original.fact_id = fact.fact_id AND fact.article_id = ?",
    "DELETE FROM fact_original WHERE fact_id IN (SELECT fact_id FROM fact WHERE article_id = ?)",
    f"DELETE FROM fact WHERE rule = '{RULE}' AND article_id = ?",
    "UPDATE fact SET review_status = 'unreviewed' WHERE review_status <> 'unreviewed' AND article_id = ?",
    "DELETE FROM review_match WHERE article_id = ?",
)


@dataclass(slots=True)
class _Group:
    """All that was said of one thing read at one place, the last word last; and the fact it is today. What
    was said of this document goes before what was said of another print of the text."""

    place: anchor.Place
    reviews: list[Row]
    fact: Row | None = None
    how: str = "not read"

    @property
    def last(self) -> Row:
        return self.reviews[-1]

    @property
    def weight(self) -> tuple[bool, str, str]:
        return _weight(self.last)


def _weight(review: Row) -> tuple[bool, str, str]:
    return review["own"], review["made_at"], review["review_id"]


def apply(db: sqlite3.Connection, article_ids: Collection[str]) -> list[str]:
    """Apply to the facts of these articles all reviews that speak of them, in place of what reviews did to
    them before. Return the ids of facts that are there because of a review alone. Articles of one document
    belong in one call."""
    if not article_ids or not db.execute("SELECT 1 FROM review LIMIT 1").fetchone():
        return []
    articles = _rows(db, _ARTICLES.format(marks=_marks(article_ids)), list(article_ids))
    for article in articles:
        for statement in _UNDO:
            db.execute(statement, [article["article_id"]])
    added: list[str] = []
    placed = _placed(_reviews(db, articles), articles)
    for article in articles:
        groups = placed.get(article["article_id"])
        if groups:
            added += _apply(db, article, groups)
    return added


def concerned(db: sqlite3.Connection, review: Mapping[str, Any]) -> list[str]:
    """Articles in which a review may find its fact."""
    sql = """
        SELECT article.article_id FROM article JOIN page ON page.page_id = article.page_id
        WHERE article.article_id = :article_id OR page.document = :document
        OR (article.text_id = :text_id AND :text_id <> '')
        ORDER BY 1
    """
    return [row[0] for row in db.execute(sql, dict(review))]


def _reviews(db: sqlite3.Connection, articles: Sequence[Row]) -> list[Row]:
    keys = [
        [article["article_id"] for article in articles],
        sorted({article["document"] for article in articles}),
        sorted({article["text_id"] for article in articles} - {""}),
    ]
    marks = dict(zip(("articles", "documents", "texts"), map(_marks, keys), strict=True))
    return _rows(db, _REVIEWS.format(**marks), [key for each in keys for key in each])


# ---------------------------------------------------------------- which article, and where in it


def _placed(reviews: Sequence[Row], articles: Sequence[Row]) -> dict[str, list[_Group]]:
    """The reviews of each article, grouped by what they speak of."""
    groups: dict[str, dict[tuple[Any, ...], _Group]] = defaultdict(dict)
    for review in reviews:
        for article, place in _places(review, articles):
            key = (place.start, place.end, review["kind"], review["value"])
            group = groups[article["article_id"]].setdefault(key, _Group(place, []))
            group.reviews.append(review | {"own": article["document"] == review["document"]})
    for found in groups.values():
        for group in found.values():
            group.reviews.sort(key=_weight)
    return {article_id: list(found.values()) for article_id, found in groups.items()}


def _places(review: Row, articles: Sequence[Row]) -> Iterator[tuple[Row, anchor.Place]]:
    """Every article of the same text; where its own document has none, the one that fits best there."""
    own = False
    for article in articles:
        if article["article_id"] == review["article_id"] or (
            article["text_id"] == review["text_id"] and review["text_id"]
        ):
            place = anchor.find(review, article["body"], same=True)
            if place:
                own = own or article["document"] == review["document"]
                yield article, place
    if own:
        return
    others = (article for article in articles if article["document"] == review["document"])
    found = [(article, anchor.find(review, article["body"], same=False)) for article in others]
    fitting = [(article, place) for article, place in found if place]
    if fitting:
        yield max(fitting, key=lambda pair: (pair[1].agreed, pair[0]["article_id"]))


# ---------------------------------------------------------------- which fact


def _apply(db: sqlite3.Connection, article: Row, groups: list[_Group]) -> list[str]:
    facts = _rows(db, f"{slots.SELECT} WHERE fact.article_id = ?", [article["article_id"]])
    _match(groups, facts)
    by_fact: dict[str, list[_Group]] = defaultdict(list)
    added: list[str] = []
    for group in groups:
        if group.fact is not None:
            by_fact[group.fact["fact_id"]].append(group)
        else:
            added += _without_a_fact(db, article, group)
    for each in by_fact.values():
        each.sort(key=lambda group: group.weight)
        _say(db, article, each)
    return added


def _match(groups: Sequence[_Group], facts: Sequence[Row]) -> None:
    """Give each group its fact: at its place, else the same number elsewhere, of which no other speaks."""
    for group in groups:
        there = [fact for fact in facts if _fits(group, fact)]
        if there:
            group.fact = min(there, key=lambda fact: _distance(group, fact))
            same = (group.fact["char_start"], group.fact["char_end"]) == group.place[:2]
            same = same and (group.fact["kind"], group.fact["value"]) == _claim(group)
            group.how = "same" if same else "read otherwise"
    taken = {group.fact["fact_id"] for group in groups if group.fact}
    for group in sorted(groups, key=lambda group: group.place):
        if group.fact is None and group.last["action"] in ("accept", "correct"):
            elsewhere = [
                fact
                for fact in facts
                if (fact["kind"], fact["value"]) == _claim(group) and fact["fact_id"] not in taken
            ]
            if elsewhere:
                group.fact = min(elsewhere, key=lambda fact: _distance(group, fact))
                group.how = "moved"
                taken.add(group.fact["fact_id"])


def _claim(group: _Group) -> tuple[str, float]:
    return group.last["kind"], group.last["value"]


def _fits(group: _Group, fact: Row) -> bool:
    """Whether a fact is what the extractor makes today of what was reviewed. To add or reject a number is to
    speak of that number; to accept or correct one, of what the words there mean, however they are read."""
    common = _common(group, fact)
    if common <= 0:
        return False
    numbers = {group.last["value"], json.loads(group.last["reading"])["value"]}
    if fact["value"] in numbers:
        return True
    if group.last["action"] in ("add", "reject") or any(each["action"] == "add" for each in group.reviews):
        return False
    shorter = min(group.place.end - group.place.start, fact["char_end"] - fact["char_start"])
    return bool(common * 2 >= shorter)


def _common(group: _Group, fact: Row) -> int:
    """Characters that both cover."""
    first, last = max(group.place.start, fact["char_start"]), min(group.place.end, fact["char_end"])
    return int(last - first)


def _distance(group: _Group, fact: Row) -> tuple[Any, ...]:
    kind, value = _claim(group)
    return (
        fact["value"] != value,
        fact["kind"] != kind,
        -_common(group, fact),
        abs(fact["char_end"] - fact["char_start"] - (group.place.end - group.place.start)),
        fact["char_start"],
        fact["fact_id"],
    )


# ---------------------------------------------------------------- what is said of it


def _say(db: sqlite3.Connection, article: Row, groups: Sequence[_Group]) -> None:
    """The latest review of a fact that the extractor reads: its row, and a note of all reviews."""
    *_, group = groups
    fact, last = group.fact, group.last
    assert fact is not None
    if last["action"] == "reject":
        _update(db, fact["fact_id"], {"review_status": "rejected"})
    elif last["action"] != "withdraw":
        read, wanted = slots.of(fact), json.loads(last["reading"])
        if _is_one_organisation(read, wanted) and not any(map(_names_organisation, group.reviews)):
            # Today it is read under the name it had then, or the other way round; nobody spoke of that.
            wanted["organisation"] = read["organisation"]
        if not last["own"] and wanted["date_basis"] == "inferred from publication date":
            # Another print was published on another day.
            wanted |= {key: read[key] for key in slots.DATES}
        if slots.changes(read, wanted):
            original = {"fact_id": fact["fact_id"]} | {column: fact[column] for column in slots.COLUMNS}
            insert(db, "fact_original", [original])
            columns = slots.columns(db, _kept(read, wanted))
            _update(db, fact["fact_id"], columns | {"review_status": "corrected"})
        else:
            _update(db, fact["fact_id"], {"review_status": "accepted"})
    for each in groups:
        _note(db, article, each, fact["fact_id"], in_force=each is group)


def _is_one_organisation(read: slots.Reading, wanted: slots.Reading) -> bool:
    return read["organisation_id"] is not None and read["organisation_id"] == wanted["organisation_id"]


def _names_organisation(review: Row) -> bool:
    return "organisation" in json.loads(review["fields"])


def _kept(read: slots.Reading, wanted: slots.Reading) -> slots.Reading:
    """What a review wants, with today's reading of all in which the two agree."""
    new = dict(wanted)
    if read["organisation"] == wanted["organisation"]:
        new |= {key: read[key] for key in names.KEYS}
    if (read["date_start"], read["date_end"]) == (wanted["date_start"], wanted["date_end"]):
        new |= {key: read[key] for key in ("date_precision", "date_basis", "date_kind")}
    return new


def _without_a_fact(db: sqlite3.Connection, article: Row, group: _Group) -> list[str]:
    """What a review says that the extractor does not read: a fact of its own."""
    last = group.last
    if last["action"] == "withdraw":
        _note(db, article, group, None, in_force=True)
        return []
    if last["action"] == "reject" and all(review["action"] != "add" for review in group.reviews):
        return []
    place, body = group.place, article["body"]
    fact_id = ids.fact(article["article_id"], place.start, place.end, *_claim(group))
    start, end = sentence(body, place.start, place.end)
    status = {"reject": "rejected", "correct": "corrected"}.get(last["action"], "accepted")
    row = {
        "fact_id": fact_id,
        "article_id": article["article_id"],
        **slots.columns(db, json.loads(last["reading"])),
        "quote": body[place.start : place.end],
        "char_start": place.start,
        "char_end": place.end,
        "sentence_start": start,
        "sentence_end": end,
        "rule": RULE,
        "confidence": 1.0,
        "review_status": status,
    }
    insert(db, "fact", [row])
    _note(db, article, group, fact_id, in_force=True)
    return [fact_id]


def sentence(body: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that a stretch of the body touches."""
    line = body.rfind("\n", 0, start) + 1
    stop = body.find("\n", end)
    stop = len(body) if stop < 0 else stop
    touched = [
        each for each in sentences(body[line:stop]) if line + each.start < end and start < line + each.end
    ]
    if not touched:
        return start, end
    return min(start, line + touched[0].start), max(end, line + touched[-1].end)


def _note(db: sqlite3.Connection, article: Row, group: _Group, fact_id: str | None, in_force: bool) -> None:
    withdrawn = group.last["action"] == "withdraw"
    insert(
        db,
        "review_match",
        [
            {
                "review_id": review["review_id"],
                "article_id": article["article_id"],
                "fact_id": fact_id,
                "state": "withdrawn"
                if withdrawn and in_force
                else "in force"
                if in_force and review is group.last
                else "overruled",
                "how": group.how,
            }
            for review in group.reviews
        ],
    )


def _update(db: sqlite3.Connection, fact_id: str, columns: Mapping[str, Any]) -> None:
    assignments = ", ".join(f"{column} = :{column}" for column in columns)
    db.execute(f"UPDATE fact SET {assignments} WHERE fact_id = :fact_id", {**columns, "fact_id": fact_id})


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


def _rows(db: sqlite3.Connection, sql: str, arguments: Sequence[Any]) -> list[Row]:
    return list(records(db.execute(sql, arguments)))
