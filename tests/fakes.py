"""Stand-ins for tests of the knowledge base: a reader without the extractor, a listener that remembers."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from extract.model import (
    Article,
    DateMention,
    Draft,
    Fact,
    Metadata,
    OrganisationMention,
    Quantity,
    Reading,
    Span,
)
from unionkb import store
from unionkb.documents import MAX_BYTES
from unionkb.ingest import ingest
from unionkb.reading import Reader
from unionkb.run import Summary

CITY = OrganisationMention(0, 0, "嘉兴市总工会", "city", "330400", True)
COUNTY = OrganisationMention(0, 0, "嘉善县总工会", "county", "330421", True)
NAMELESS = OrganisationMention(0, 0, "县总工会", "county", None, True)
_QUANTITY = re.compile(r"(\d+)(人次|人|户|元|%)")
_KINDS = {"人": "people", "人次": "people", "户": "households", "元": "money", "%": "percent"}


def article(body: str, **meta: object) -> Article:
    """An article whose first line is its headline."""
    title, _, _ = body.partition("\n")
    return Article(body, min(len(title) + 1, len(body)), Metadata(title=title, **meta))  # type: ignore[arg-type]


def fact(
    body: str,
    surface: str,
    *,
    organisation: OrganisationMention | None = CITY,
    programme: str = "hardship_relief",
    name: str | None = None,
    when: DateMention | None = None,
    **changes: object,
) -> Fact:
    """A fact at the first place where `surface` stands; `changes` are fields of the quantity or the fact."""
    start = body.index(surface)
    end = start + len(surface)
    match = _QUANTITY.search(surface)
    assert match
    quantity = {"value": float(match[1]), "value_max": None, "unit": match[2], "kind": _KINDS[match[2]]}
    quantity |= {key: changes.pop(key) for key in list(changes) if key in Quantity.__slots__}
    return Fact(
        start,
        end,
        Quantity(start, end, **{"bound": "exact", **quantity}),  # type: ignore[arg-type]
        organisation,
        programme,
        name,
        changes.pop("status", "actual"),  # type: ignore[arg-type]
        changes.pop("fact_per", None),  # type: ignore[arg-type]
        when,
        str(changes.pop("quote", surface)),
        Span(start, end),
        "test",
        0.5,
    )


def day(text: str, kind: str = "event") -> DateMention:
    """A day as a date mention."""
    return DateMention(0, 0, date.fromisoformat(text), date.fromisoformat(text), "day", "printed", kind)


def read(drafts: Sequence[Draft]) -> list[Reading]:
    """Every stretch between lines of `===` is an article, every number with a unit a fact."""
    readings = []
    for draft in drafts:
        for body in filter(None, (part.strip() for part in draft.text.split("===\n"))):
            facts = [fact(body, match[0]) for match in _QUANTITY.finditer(body)]
            mention = re.search("市总", body)
            named = (
                [OrganisationMention(*mention.span(), CITY.name, "city", "330400", True)] if mention else []
            )
            readings.append(Reading(article(body), facts, organisations=named))
    return readings


class Ear:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str]] = []
        self.notices: list[str] = []
        self.total = self.advanced = 0

    def begin(self, total: int) -> None:
        self.total = total

    def advance(self) -> None:
        self.advanced += 1

    def failed(self, document: str, reason: str) -> None:
        self.failures.append((document, reason))

    def notice(self, message: str) -> None:
        self.notices.append(message)


def run(
    db: Path, *paths: Path, reader: Reader = read, max_bytes: int = MAX_BYTES, skip_lists: bool = False
) -> tuple[Summary, Ear]:
    """Ingest with the reader above."""
    ear = Ear()
    with store.open(db, write=True) as kb:
        return ingest(kb, paths, ear, max_bytes=max_bytes, skip_lists=skip_lists, reader=reader), ear


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    """Rows of a query, and the assurance that the database is sound."""
    with store.open(db) as kb:
        connection = kb.db.conn
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return connection.execute(sql).fetchall()
