"""Filters over the `facts` view."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from unionkb.store import Store


@dataclass(frozen=True, slots=True)
class Filter:
    """What `unionkb facts` is asked for; None asks for nothing. All that is asked must hold."""

    organisation: str | None = None
    """Part of the canonical name, or an alias in full."""
    region: str | None = None
    """Code (a province's or city's takes in what lies below it) or the beginning of a name."""
    programme: str | None = None
    """Category key, or part of a programme's name."""
    kind: str | None = None
    year: int | None = None
    """A year the fact's time touches; an undated fact counts as of its year of publication."""
    status: str | None = None
    reprints: bool = False
    """Also those of reprints."""
    since: str | None = None
    """First and last day (ISO 8601) of a time that the fact's touches; published counts as with `year`."""
    until: str | None = None


def in_region(region: str) -> tuple[str, dict[str, Any]]:
    """Condition on region_code, province, city and county, with its values: the code or the beginning of a
    name; what lies below it counts too."""
    if re.fullmatch(r"[0-9]{2,6}", region):
        # 330000 and 330400 stand for all codes that begin with 33 and 3304.
        prefix = re.sub(r"(?<=^..)0000$|(?<=^....)00$", "", region)
        return "substr(region_code, 1, :length) = :prefix", {"prefix": prefix, "length": len(prefix)}
    places = " OR ".join(f"instr({column}, :region) = 1" for column in ("province", "city", "county"))
    return f"({places})", {"region": region}


def _conditions(wanted: Filter) -> Iterator[tuple[str, dict[str, Any]]]:
    if wanted.organisation is not None:
        yield (
            "(instr(organisation, :organisation) OR organisation_id IN"
            " (SELECT organisation_id FROM organisation_alias WHERE alias = :organisation))",
            {"organisation": wanted.organisation},
        )
    if wanted.region is not None:
        yield in_region(wanted.region)
    if wanted.programme is not None:
        yield (
            "(programme = :programme OR instr(programme_name, :programme))",
            {"programme": wanted.programme},
        )
    for column in ("kind", "status"):
        value = getattr(wanted, column)
        if value is not None:
            yield f"{column} = :{column}", {column: value}
    if wanted.year is not None:
        yield (
            "substr(coalesce(date_start, date_end, published), 1, 4) <= :year"
            " AND substr(coalesce(date_end, date_start, published), 1, 4) >= :year",
            {"year": f"{wanted.year:04}"},
        )
    if wanted.since is not None:
        yield "coalesce(date_end, date_start, published) >= :since", {"since": wanted.since}
    if wanted.until is not None:
        yield "coalesce(date_start, date_end, published) <= :until", {"until": wanted.until}
    if not wanted.reprints:
        yield "NOT is_reprint", {}


def where(wanted: Filter) -> tuple[str, dict[str, Any]]:
    """A condition over the `facts` view, with its parameters."""
    conditions = list(_conditions(wanted))
    condition = " AND ".join(condition for condition, _ in conditions) or "1"
    return condition, {name: value for _, values in conditions for name, value in values.items()}


def count(kb: Store, wanted: Filter) -> int:
    """Number of facts that match."""
    condition, values = where(wanted)
    (row,) = kb.rows(f"SELECT count(*) AS n FROM facts WHERE {condition}", values)
    return int(row["n"])


def statement(wanted: Filter, limit: int | None = None) -> tuple[str, dict[str, Any]]:
    """The query of `facts`, with its parameters."""
    condition, values = where(wanted)
    order = "published IS NULL, published DESC, document, article_id, char_start, fact_id"
    sql = f"SELECT * FROM facts WHERE {condition} ORDER BY {order} LIMIT :limit"
    return sql, values | {"limit": -1 if limit is None else limit}


def facts(kb: Store, wanted: Filter, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """Facts that match, as rows of the view, newest article first, within it as printed; at most `limit`."""
    return kb.rows(*statement(wanted, limit))
