"""Facts as tasks for annotation tools: an article each, out with its facts and back as a person left them."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unionkb import query
from unionkb.query import Filter
from unionkb.review import record, slots
from unionkb.review.errors import ReviewError
from unionkb.sql import records
from unionkb.store import Store

Stated = dict[str, Any]
"""A fact of a task: `fact_id`, `start`, `end`, `quote` and slots.FIELDS."""

KEY = "unionkb"
"""Under this name a task carries what was exported, so that what comes back can be held against it."""


@dataclass(frozen=True, slots=True)
class Task:
    """An article with the facts that are to be reviewed."""

    document: str
    article_id: str
    title: str | None
    published: str | None
    text: str
    facts: Sequence[Stated]

    def origin(self) -> str:
        """What travels with the task, as JSON."""
        return json.dumps(
            {"document": self.document, "article_id": self.article_id, "facts": self.facts},
            ensure_ascii=False,
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A fact as it came back: where, and of what it says the fields that the tool shows."""

    start: int
    end: int
    fields: Mapping[str, Any]
    fact_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A task that came back."""

    name: str
    """What messages call it: its line or number."""
    text: str
    origin: str
    marks: Sequence[Mark]
    reviewer: str | None = None
    reason: str | None = None
    """What was noted on the whole article: why anything in it was changed."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A task that cannot be read."""

    name: str
    reason: str


@dataclass(slots=True)
class Imported:
    """What an import made of a file."""

    tasks: int = 0
    reviews: dict[str, int] = field(default_factory=dict)
    """How many of each action."""
    known: int = 0
    """Said before, and not said again."""
    errors: list[str] = field(default_factory=list)


# ---------------------------------------------------------------- out


def export(kb: Store, wanted: Filter, least_certain: int | None = None) -> Iterator[Task]:
    """The articles that hold facts asked for, each with all of its facts but the rejected; or only those that
    hold the so many least certain of the facts asked for that nobody has reviewed."""
    where, values = query.where(wanted)
    chosen = (
        f"SELECT fact_id, article_id, confidence FROM facts WHERE {where} AND review_status <> 'rejected'"
    )
    if least_certain is not None:
        chosen += " AND review_status = 'unreviewed' ORDER BY confidence, fact_id LIMIT :least"
        values = values | {"least": least_certain}
    articles = kb.rows(
        "SELECT article_id, document, title, published, body FROM articles "
        f"WHERE article_id IN (SELECT article_id FROM ({chosen})) ORDER BY document, sequence, article_id",
        values,
    )
    for article in list(articles):
        facts = kb.rows(
            "SELECT * FROM facts WHERE article_id = ? AND review_status <> 'rejected' "
            "ORDER BY char_start, char_end, fact_id",
            [article["article_id"]],
        )
        yield Task(
            article["document"],
            article["article_id"],
            article["title"],
            article["published"],
            article["body"],
            [stated(fact) for fact in facts],
        )


def stated(fact: Mapping[str, Any]) -> Stated:
    """A row of the view `facts` as part of a task."""
    return {
        "fact_id": fact["fact_id"],
        "start": fact["char_start"],
        "end": fact["char_end"],
        "quote": fact["quote"],
        **{name: _plain(fact[name]) for name in slots.FIELDS},
    }


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# ---------------------------------------------------------------- back


def take_in(
    kb: Store, answers: Iterator[Answer | Broken], *, reviewer: str, accept: bool = False
) -> Imported:
    """Make reviews of what differs from what was exported: a fact that is gone is rejected, one that says
    something else corrected, one that is new added; with `accept` one that is as it was is accepted. A task
    is taken as a whole or, with an error, not at all."""
    done = Imported()
    for answer in answers:
        done.tasks += 1
        if isinstance(answer, Broken):
            done.errors.append(f"{answer.name}: {answer.reason}")
            continue
        try:
            with kb.transaction() as database:
                made, known = _take(database.conn, answer, answer.reviewer or reviewer, accept)
        except ReviewError as error:
            done.errors.append(f"{answer.name}: {error}")
        else:
            done.known += known
            for action in made:
                done.reviews[action] = done.reviews.get(action, 0) + 1
    return done


def _take(db: sqlite3.Connection, answer: Answer, reviewer: str, accept: bool) -> tuple[list[str], int]:
    article_id, facts = _origin(answer)
    row = db.execute("SELECT body FROM article WHERE article_id = ?", [article_id]).fetchone()
    if row is None:
        raise ReviewError(f"{article_id}: no such article any more; export it again")
    if row[0] != answer.text:
        raise ReviewError("its text is not what was exported")
    made: list[str] = []
    known = 0
    for fact, mark in _pairs(facts, answer.marks):
        said = _said(fact, mark, article_id, accept)
        if said is None:
            continue
        if _is_known(db, said):
            known += 1
            continue
        if said["action"] != "accept":
            said["reason"] = said.get("reason") or answer.reason
        record.take(db, reviewer=reviewer, **said)
        made.append(said["action"])
    return made, known


def _origin(answer: Answer) -> tuple[str, list[Stated]]:
    try:
        origin = json.loads(answer.origin)
        article_id, facts = origin["article_id"], origin["facts"]
        if not isinstance(article_id, str) or not all(
            isinstance(fact["fact_id"], str)
            and isinstance(fact["start"], int)
            and set(slots.FIELDS) <= set(fact)
            and answer.text[fact["start"] : fact["end"]] == fact["quote"]
            for fact in facts
        ):
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise ReviewError(f"what was exported does not stand under `{KEY}`, or not with this text") from None
    return article_id, facts


def _pairs(facts: Sequence[Stated], marks: Sequence[Mark]) -> list[tuple[Stated | None, Mark | None]]:
    """What was exported with what came back for it: by id, then by place and kind, by place, by overlap."""
    left = dict(enumerate(marks))
    pairs: dict[int, Mark] = {}

    def same_id(fact: Stated, mark: Mark) -> bool:
        return bool(mark.fact_id == fact["fact_id"])

    def same_place(fact: Stated, mark: Mark) -> bool:
        return (mark.start, mark.end) == (fact["start"], fact["end"])

    def same_fact(fact: Stated, mark: Mark) -> bool:
        return same_place(fact, mark) and mark.fields.get("kind", fact["kind"]) == fact["kind"]

    def overlap(fact: Stated, mark: Mark) -> bool:
        return bool(mark.start < fact["end"] and fact["start"] < mark.end)

    for alike in (same_id, same_fact, same_place, overlap):
        for number, fact in enumerate(facts):
            if number not in pairs:
                key = next((key for key, mark in left.items() if alike(fact, mark)), None)
                if key is not None:
                    pairs[number] = left.pop(key)
    return [
        *((fact, pairs.get(number)) for number, fact in enumerate(facts)),
        *((None, m) for m in left.values()),
    ]


def _said(fact: Stated | None, mark: Mark | None, article_id: str, accept: bool) -> dict[str, Any] | None:
    if fact is None:
        assert mark is not None
        fields = {name: value for name, value in mark.fields.items() if value not in (None, "")}
        place = {"article_id": article_id, "start": mark.start, "end": mark.end}
        return {"action": "add", **place, "fields": fields, "reason": mark.reason}
    said: dict[str, Any] = {"fact_id": fact["fact_id"]}
    if mark is None:
        return said | {"action": "reject"}
    said["reason"] = mark.reason
    differ = {name: value for name, value in mark.fields.items() if not _same(name, value, fact.get(name))}
    if differ:
        return said | {"action": "correct", "fields": differ}
    return said | {"action": "accept"} if accept else None


def _same(name: str, one: Any, other: Any) -> bool:
    if name in ("value", "value_max"):
        try:
            return (None if one in (None, "") else float(one)) == (None if other is None else float(other))
        except (TypeError, ValueError):
            return False
    return (one or None) == (other or None)


def _is_known(db: sqlite3.Connection, said: Mapping[str, Any]) -> bool:
    """Whether the knowledge base says so already, as when a file is imported a second time."""
    if said["action"] == "add":
        sql = (
            "SELECT 1 FROM fact WHERE article_id = ? AND char_start = ? AND char_end = ? AND rule = 'review'"
        )
        return bool(db.execute(sql, [said["article_id"], said["start"], said["end"]]).fetchone())
    fact = next(records(db.execute(f"{slots.SELECT} WHERE fact.fact_id = ?", [said["fact_id"]])), None)
    if fact is None:
        raise ReviewError(f"{said['fact_id']}: no such fact any more; export it again")
    status = fact["review_status"]
    if said["action"] == "correct":
        before = slots.of(fact)
        return status != "rejected" and not slots.changes(before, slots.corrected(db, before, said["fields"]))
    return bool(status == {"accept": "accepted", "reject": "rejected"}[said["action"]]) or (
        said["action"] == "accept" and status == "corrected"
    )
