"""Takes down what a reviewer says, and applies it at once."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from unionkb import claims, ids
from unionkb.review import anchor, replay, slots
from unionkb.review.errors import ReviewError
from unionkb.sql import records
from unionkb.store import Store

ACTIONS = ("accept", "reject", "correct", "add", "withdraw")
"""What a reviewer can say of a fact. `withdraw` takes back all that was said of it."""

COLUMNS = (
    *("review_id", "made_at", "reviewer", "action", "fields", "reason", "document", "article_id", "text_id"),
    *("quote", "text_before", "text_after", "char_start", "kind", "value", "reading"),
)
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
_LONGEST_REASON = 2000
_LONGEST_NAME = 100

_ARTICLE = """
    SELECT article.article_id, article.text_id, article.body, page.document
    FROM article JOIN page ON page.page_id = article.page_id WHERE article.article_id = ?
"""
_BURY = """
    INSERT INTO tombstone (id, kind, document, reason, run_id, gone_at)
    SELECT ?, 'fact', ?, 'withdrawn in review', run_id, ? FROM run ORDER BY run_id DESC LIMIT 1
    ON CONFLICT (id) DO NOTHING
"""


def add(
    store: Store,
    *,
    fact_id: str | None = None,
    article_id: str | None = None,
    start: int | None = None,
    end: int | None = None,
    action: str,
    fields: Mapping[str, Any] | None = None,
    reason: str | None = None,
    reviewer: str,
) -> str:
    """Take down a review, apply it, and return its id.

    `accept`, `reject`, `correct` and `withdraw` speak of a fact (`fact_id`), `add` of a stretch of an
    article's body (`article_id`, `start`, `end`: characters, half-open). `fields` are the columns that are
    corrected (slots.FIELDS) or, of a fact that is added, all that is not as usual: `kind` and `value` are
    read in the words where they are not given. One transaction. Raises ReviewError for what cannot be taken,
    StoreError."""
    with store.transaction() as database:
        return take(
            database.conn,
            fact_id=fact_id,
            article_id=article_id,
            start=start,
            end=end,
            action=action,
            fields=fields,
            reason=reason,
            reviewer=reviewer,
        )


def take(
    db: sqlite3.Connection,
    *,
    fact_id: str | None = None,
    article_id: str | None = None,
    start: int | None = None,
    end: int | None = None,
    action: str,
    fields: Mapping[str, Any] | None = None,
    reason: str | None = None,
    reviewer: str,
) -> str:
    """As `add`, inside a transaction that the caller has begun."""
    if action not in ACTIONS:
        raise ReviewError(f"action: {action!r} is none of {', '.join(ACTIONS)}")
    who, why = _said(reviewer, reason)
    if action == "add":
        if fact_id is not None:
            raise ReviewError("add: goes with a place in an article, not with a fact")
        review = _of_place(db, article_id, start, end, fields or {})
    else:
        if fact_id is None:
            raise ReviewError(f"{action}: of which fact?")
        if fields and action != "correct":
            raise ReviewError(f"{action}: fields go with `correct` and `add` only")
        review = _of_fact(db, fact_id, action, fields or {})
    return put(db, review | {"action": action, "reviewer": who, "reason": why, "made_at": _moment(db)})


def put(db: sqlite3.Connection, review: Mapping[str, Any]) -> str:
    """Store a review whose columns are all known but its id, apply it, and return the id. One that is stored
    already is left as it is."""
    row = {name: review[name] for name in COLUMNS if name != "review_id"}
    row["review_id"] = review_id = ids.review(row)
    cursor = db.execute(
        f"INSERT INTO review ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)}) "
        "ON CONFLICT (review_id) DO NOTHING",
        row,
    )
    if cursor.rowcount:
        refresh(db, row)
    return review_id


def refresh(db: sqlite3.Connection, review: Mapping[str, Any]) -> None:
    """Apply again whatever was said of the articles that a review speaks of."""
    articles = replay.concerned(db, review)
    before = _added(db, articles)
    documents: dict[str, list[str]] = {}
    for article_id in articles:
        (document,) = db.execute("SELECT page_id FROM article WHERE article_id = ?", [article_id]).fetchone()
        documents.setdefault(document, []).append(article_id)
    with claims.changing(db, articles):
        for each in documents.values():
            replay.apply(db, each)
    after = _added(db, articles)
    for fact_id in before.keys() - after.keys():
        db.execute(_BURY, [fact_id, before[fact_id], now()[:19] + "Z"])
    db.executemany("DELETE FROM tombstone WHERE id = ?", [[fact_id] for fact_id in after])


def now() -> str:
    """The moment, UTC, to the microsecond: reviews are put in order by it."""
    return datetime.now(UTC).strftime(MOMENT)


def _moment(db: sqlite3.Connection) -> str:
    """Now, or just after the newest review where the clock was set back: the last word must be the last."""
    newest, moment = db.execute("SELECT max(made_at) FROM review").fetchone()[0], now()
    if newest is None or newest < moment:
        return moment
    return (datetime.strptime(newest, MOMENT) + timedelta(microseconds=1)).strftime(MOMENT)


def _added(db: sqlite3.Connection, articles: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for article_id in articles:
        found |= dict(
            db.execute(
                "SELECT fact_id, page.document FROM fact JOIN article USING (article_id) "
                "JOIN page USING (page_id) WHERE rule = ? AND article_id = ?",
                [replay.RULE, article_id],
            ).fetchall()
        )
    return found


def _said(reviewer: str, reason: str | None) -> tuple[str, str | None]:
    who = " ".join(reviewer.split()) if isinstance(reviewer, str) else ""
    if not who:
        raise ReviewError("reviewer: who says so?")
    if len(who) > _LONGEST_NAME or not who.isprintable():
        raise ReviewError(f"reviewer: no name of at most {_LONGEST_NAME} characters")
    why = (reason or "").strip() or None
    if why and len(why) > _LONGEST_REASON:
        raise ReviewError(f"reason: longer than {_LONGEST_REASON} characters")
    return who, why


def _of_fact(db: sqlite3.Connection, fact_id: str, action: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    fact = next(records(db.execute(f"{slots.SELECT} WHERE fact.fact_id = ?", [fact_id])), None)
    if fact is None:
        raise ReviewError(f"{fact_id}: no such fact")
    reading = before = slots.of(fact)
    if action == "correct":
        if not fields:
            raise ReviewError(f"{fact_id}: nothing to correct")
        reading = slots.corrected(db, reading, fields)
        if not slots.changes(before, reading) and fact["review_status"] != "rejected":
            raise ReviewError(f"{fact_id}: says that already; accept it")
    elif action == "withdraw" and fact["review_status"] == "unreviewed":
        raise ReviewError(f"{fact_id}: has no review to withdraw")
    kind, value = _first_read(db, fact)
    return {
        **{name: fact[name] for name in ("document", "article_id", "text_id")},
        **anchor.make(fact["body"], fact["char_start"], fact["char_end"]),
        "kind": kind,
        "value": value,
        "fields": slots.dumps(slots.changes(before, reading)),
        "reading": slots.dumps(reading),
    }


def _first_read(db: sqlite3.Connection, fact: Mapping[str, Any]) -> tuple[str, float]:
    """Kind and value of a fact before any review: they are part of what it is known by."""
    sql = "SELECT kind, value FROM fact_original WHERE fact_id = ?"
    if fact["rule"] == replay.RULE:
        sql = (
            "SELECT kind, value FROM review JOIN review_match USING (review_id) "
            "WHERE review_match.fact_id = ? ORDER BY made_at, review_id"
        )
    row = db.execute(sql, [fact["fact_id"]]).fetchone()
    return (row[0], row[1]) if row else (fact["kind"], fact["value"])


def _of_place(
    db: sqlite3.Connection,
    article_id: str | None,
    start: int | None,
    end: int | None,
    fields: Mapping[str, Any],
) -> dict[str, Any]:
    if article_id is None or start is None or end is None:
        raise ReviewError("add: needs an article and where in its body the fact stands")
    row = db.execute(_ARTICLE, [article_id]).fetchone()
    if row is None:
        raise ReviewError(f"{article_id}: no such article")
    _, text_id, body, document = row
    if not 0 <= start < end <= len(body):
        raise ReviewError(f"{start}-{end}: no place in the article, which has {len(body)} characters")
    if body[start:end] != body[start:end].strip() or "\n" in body[start:end]:
        raise ReviewError(f"{start}-{end}: a quote neither begins nor ends with space, and is of one line")
    reading = missed(db, body[start:end], fields)
    there = db.execute(
        "SELECT fact_id FROM fact WHERE article_id = ? AND char_start < ? AND char_end > ? AND value = ?",
        [article_id, end, start, reading["value"]],
    ).fetchone()
    if there:
        raise ReviewError(f"{start}-{end}: that fact is there already, {there[0]}; accept or correct it")
    return {
        "document": document,
        "article_id": article_id,
        "text_id": text_id,
        **anchor.make(body, start, end),
        "kind": reading["kind"],
        "value": reading["value"],
        "fields": slots.dumps({name: reading[name] for name in slots.FIELDS if reading[name] is not None}),
        "reading": slots.dumps(reading),
    }


def missed(db: sqlite3.Connection, quote: str, fields: Mapping[str, Any]) -> slots.Reading:
    """The reading of a quantity that the extractor missed: as its words are read, with what the reviewer says
    besides. Raises ReviewError."""
    from extract import quantities

    found = quantities.find(quote)
    if len(found) == 1:
        (quantity,) = found
        reading = slots.blank(
            quantity.kind,
            float(quantity.value),
            value_max=None if quantity.value_max is None else float(quantity.value_max),
            unit=quantity.unit,
            bound=quantity.bound,
            per=quantity.per,
            counted=quantity.counted or None,
        )
    elif fields.get("kind") is None or fields.get("value") is None:
        many = "more than one quantity" if found else "no quantity"
        raise ReviewError(f"{quote}: {many} can be read there; say kind and value")
    else:
        reading = slots.blank("count", 0.0)
    return slots.corrected(db, reading, fields)
