"""Writes the facts of articles, with the organisations and programmes they name."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from extract.model import Fact, Reading
from unionkb import ids, resolve
from unionkb.errors import UserError
from unionkb.resolve import Organisation

_LONGEST_ALIAS = 60


class BrokenFact(UserError):
    """A fact whose quote is not what stands at its place. Nothing of its document is stored."""


def check(reading: Reading) -> None:
    """Raises BrokenFact unless every fact of an article quotes what stands at its place."""
    body = reading.article.body
    for fact in reading.facts:
        if body[fact.start : fact.end] != fact.quote:
            raise BrokenFact(
                f"fact at {fact.start}-{fact.end} of an article quotes {fact.quote!r}, "
                f"but there stands {body[fact.start : fact.end]!r}"
            )


class Facts:
    """Collects the facts of articles and writes them together."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows: list[tuple[Any, ...]] = []
        self._organisations: dict[Organisation, None] = {}
        self._aliases: set[tuple[str, str]] = set()
        self._programmes: set[tuple[str, str | None]] = set()
        self._known: set[Organisation] = set()
        self._known_aliases: set[tuple[str, str]] = set()
        self._known_programmes: set[tuple[str, str | None]] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, article_id: str, reading: Reading) -> list[str]:
        """Take in the facts of an article, which were checked, and return their ids."""
        rows: dict[str, tuple[Any, ...]] = {}
        organisations: dict[str, Organisation] = {}
        for fact in reading.facts:
            organisation = resolve.resolve(fact.organisation) if fact.organisation else None
            if organisation:
                organisations[organisation.id] = organisation
            row = _row(article_id, fact, organisation)
            rows.setdefault(row[0], row)
        self._rows += rows.values()
        for organisation in organisations.values():
            self._organisations[organisation] = None
        self._aliases.update(_aliases(organisations, reading))
        self._programmes.update((fact.programme, fact.programme_name or None) for fact in reading.facts)
        return list(rows)

    def write(self) -> None:
        """Write what was taken in. The articles must be there, and have no facts."""
        db = self._db
        for organisation in self._organisations:
            put_organisation(db, organisation, self._known)
        db.executemany(_PUT_ALIAS, sorted(self._aliases - self._known_aliases))
        programmes = self._programmes | {(category, None) for category, _ in self._programmes}
        db.executemany(
            "INSERT INTO programme VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(ids.programme(*each), *each) for each in sorted(programmes - self._known_programmes, key=str)],
        )
        db.executemany(_PUT_FACT, self._rows)
        self._known_aliases |= self._aliases
        self._known_programmes |= programmes
        self._rows, self._organisations, self._aliases, self._programmes = [], {}, set(), set()


_COLUMNS = (
    *("fact_id", "article_id", "organisation_id", "organisation_text", "programme_id", "kind", "value"),
    *("value_max", "unit", "counted", "bound", "status", "per", "date_start", "date_end", "date_precision"),
    *("date_basis", "date_kind", "quote", "char_start", "char_end", "sentence_start", "sentence_end"),
    *("rule", "confidence"),
)
_PUT_FACT = f"INSERT INTO fact ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_PUT_ALIAS = "INSERT INTO organisation_alias VALUES (?, ?) ON CONFLICT DO NOTHING"


def _row(article_id: str, fact: Fact, organisation: Organisation | None) -> tuple[Any, ...]:
    """A row of `fact`, in the order of _COLUMNS."""
    quantity, when = fact.quantity, fact.when
    start, end = (when.date_start, when.date_end) if when else (None, None)
    return (
        ids.fact(article_id, fact.start, fact.end, quantity.kind, quantity.value),
        article_id,
        organisation.id if organisation else None,
        _other_name(fact, organisation),
        ids.programme(fact.programme, fact.programme_name),
        quantity.kind,
        quantity.value,
        quantity.value_max,
        quantity.unit,
        quantity.counted or None,
        quantity.bound,
        fact.status,
        fact.per,
        start.isoformat() if start else None,
        end.isoformat() if end else None,
        when.precision if when else None,
        when.basis if when else None,
        when.kind if when else None,
        fact.quote,
        fact.start,
        fact.end,
        fact.sentence.start,
        fact.sentence.end,
        fact.rule,
        fact.confidence,
    )


def _other_name(fact: Fact, organisation: Organisation | None) -> str | None:
    """The organisation's name as read, where it could not be resolved, or is one that it had formerly."""
    if fact.organisation is None:
        return None
    name = fact.organisation.name
    if organisation and organisation.name == name:
        return None
    return name if organisation is None or resolve.is_former(name, organisation) else None


def put_organisation(
    db: sqlite3.Connection, organisation: Organisation, known: set[Organisation] | None = None
) -> None:
    """Parents first. What is stored already stays; a region or parent that was unknown is filled in. `known`
    need not be looked at, and is added to."""
    if known is not None:
        if organisation in known:
            return
        known.add(organisation)
    if organisation.parent:
        put_organisation(db, organisation.parent, known)
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
    db.execute(_PUT_ALIAS, [organisation.id, organisation.name])
    db.executemany(
        "INSERT INTO organisation_name VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [[organisation.id, *name] for name in resolve.names(organisation)],
    )


def _aliases(stored: dict[str, Organisation], reading: Reading) -> Iterator[tuple[str, str]]:
    """How the article writes the names of the organisations that have a fact in it."""
    body = reading.article.body
    for mention in reading.organisations:
        written = body[mention.start : mention.end].strip()
        organisation = resolve.resolve(mention)
        if organisation and organisation.id in stored and 0 < len(written) <= _LONGEST_ALIAS:
            yield organisation.id, " ".join(written.split())
