"""Writes the facts of one article, with the organisations and programmes they name."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from extract.model import Fact, Reading
from unionkb import ids, resolve
from unionkb.errors import UserError
from unionkb.resolve import Organisation
from unionkb.sql import insert

_LONGEST_ALIAS = 60


class BrokenFact(UserError):
    """A fact whose quote is not what stands at its place. Nothing of its document is stored."""


def put(db: sqlite3.Connection, article_id: str, reading: Reading) -> list[str]:
    """Store the facts of an article in place of those it had, and return their ids. Raises BrokenFact."""
    body = reading.article.body
    rows: dict[str, dict[str, Any]] = {}
    organisations: dict[str, Organisation] = {}
    for fact in reading.facts:
        if body[fact.start : fact.end] != fact.quote:
            raise BrokenFact(
                f"fact at {fact.start}-{fact.end} of an article quotes {fact.quote!r}, "
                f"but there stands {body[fact.start : fact.end]!r}"
            )
        organisation = resolve.resolve(fact.organisation) if fact.organisation else None
        if organisation:
            organisations[organisation.id] = organisation
        row = _fact_row(article_id, fact, organisation)
        rows.setdefault(row["fact_id"], row)
    for organisation in organisations.values():
        put_organisation(db, organisation)
    _put_aliases(db, organisations, reading)
    _put_programmes(db, reading.facts)
    db.execute("DELETE FROM fact WHERE article_id = ?", [article_id])
    insert(db, "fact", rows.values())
    return list(rows)


def _fact_row(article_id: str, fact: Fact, organisation: Organisation | None) -> dict[str, Any]:
    quantity, when = fact.quantity, fact.when
    return {
        "fact_id": ids.fact(article_id, fact.start, fact.end, quantity.kind, quantity.value),
        "article_id": article_id,
        "organisation_id": organisation.id if organisation else None,
        "organisation_text": _other_name(fact, organisation),
        "programme_id": ids.programme(fact.programme, fact.programme_name),
        "kind": quantity.kind,
        "value": quantity.value,
        "value_max": quantity.value_max,
        "unit": quantity.unit,
        "counted": quantity.counted or None,
        "bound": quantity.bound,
        "status": fact.status,
        "per": fact.per,
        "date_start": when.date_start.isoformat() if when and when.date_start else None,
        "date_end": when.date_end.isoformat() if when and when.date_end else None,
        "date_precision": when.precision if when else None,
        "date_basis": when.basis if when else None,
        "date_kind": when.kind if when else None,
        "quote": fact.quote,
        "char_start": fact.start,
        "char_end": fact.end,
        "sentence_start": fact.sentence.start,
        "sentence_end": fact.sentence.end,
        "rule": fact.rule,
        "confidence": fact.confidence,
    }


def _other_name(fact: Fact, organisation: Organisation | None) -> str | None:
    """The organisation's name as read, where it could not be resolved, or is one that it had formerly."""
    if fact.organisation is None:
        return None
    name = fact.organisation.name
    return name if organisation is None or resolve.is_former(name, organisation) else None


def put_organisation(db: sqlite3.Connection, organisation: Organisation) -> None:
    """Parents first. What is known already stays; a region or parent that was unknown is filled in."""
    if organisation.parent:
        put_organisation(db, organisation.parent)
    db.execute(
        """
        INSERT INTO organisation (organisation_id, name, level, is_union, region_code, parent_id)
        VALUES (:id, :name, :level, :is_union, :region_code, :parent_id)
        ON CONFLICT (organisation_id) DO UPDATE SET
            region_code = coalesce(region_code, excluded.region_code),
            parent_id = coalesce(parent_id, excluded.parent_id)
        WHERE (region_code IS NULL AND excluded.region_code IS NOT NULL)
            OR (parent_id IS NULL AND excluded.parent_id IS NOT NULL)
        """,
        {
            "id": organisation.id,
            "name": organisation.name,
            "level": organisation.level,
            "is_union": organisation.is_union,
            "region_code": organisation.region_code,
            "parent_id": organisation.parent.id if organisation.parent else None,
        },
    )
    _put_alias(db, organisation.id, organisation.name)
    db.executemany(
        "INSERT INTO organisation_name VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [[organisation.id, *name] for name in resolve.names(organisation)],
    )


def _put_aliases(db: sqlite3.Connection, stored: dict[str, Organisation], reading: Reading) -> None:
    """How the article writes the names of the organisations that have a fact in it."""
    body = reading.article.body
    for mention in reading.organisations:
        written = body[mention.start : mention.end].strip()
        organisation = resolve.resolve(mention)
        if organisation and organisation.id in stored and 0 < len(written) <= _LONGEST_ALIAS:
            _put_alias(db, organisation.id, " ".join(written.split()))


def _put_alias(db: sqlite3.Connection, organisation_id: str, alias: str) -> None:
    db.execute(
        "INSERT INTO organisation_alias VALUES (?, ?) ON CONFLICT DO NOTHING", [organisation_id, alias]
    )


def _put_programmes(db: sqlite3.Connection, facts: Iterable[Fact]) -> None:
    named = {(fact.programme, fact.programme_name or None) for fact in facts}
    for category, name in sorted(named | {(category, None) for category, _ in named}, key=str):
        db.execute(
            "INSERT INTO programme VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [ids.programme(category, name), category, name],
        )
