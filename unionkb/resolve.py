"""Decides which row an organisation in a text is, and where it stands in the hierarchy of unions.

A federation is that of its region, which may have been renamed: 襄樊市总工会 is 襄阳市总工会 under the name
it had until 2010, and both names are kept with their dates (`names`). A region that was merged into another
had a federation of its own, which stays an organisation of its own."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from extract import regions, words
from extract.model import Level, OrganisationMention
from unionkb import ids

NATIONAL = "中华全国总工会"
_WHOLE_COUNTRY = ("中国", "中华全国", "全国")
_FEDERATION = "总工会"
_LOCAL = frozenset({"township", "village"})
"""Levels whose names (解放街道总工会) many regions have; their region is part of who they are."""

_RELATIVE = re.compile(
    r"[全本该各上]?(?:自治区|自治州|省|市|县|区|州|盟|旗|镇|乡|街道|社区|村|企业|单位|公司|基层|各|级)*(?:总工会|工会|总)"
)
"""A union named only by its rank: which one is meant the text did not tell."""


class Organisation(NamedTuple):
    """A row of `organisation`, with its parents as rows of their own."""

    id: str
    name: str
    level: Level
    is_union: bool
    region_code: str | None
    parent: "Organisation | None"


def resolve(mention: OrganisationMention) -> Organisation | None:
    """The organisation meant; None for a name that says no more than a rank (县总工会, no county known)."""
    return _resolve(mention.name, mention.level, mention.union, mention.region_code)


@lru_cache(maxsize=10_000)  # An article names the same few again and again.
def _resolve(name: str, level: Level, union: bool, region_code: str | None) -> Organisation | None:
    region = regions.by_code(region_code) if region_code else None
    code = region.code if region else None
    if union and code is None and _RELATIVE.fullmatch(name):
        return None
    if (
        union
        and region
        and name.endswith(_FEDERATION)
        and _names_place(name.removesuffix(_FEDERATION), region)
    ):
        return federation(region)
    own = name if code is None or level not in _LOCAL else f"{name} {code}"
    parent = _parent(name, level, region) if union else None
    return Organisation(ids.organisation(own), name, level, union, code, parent)


@cache
def federation(region: regions.Region) -> Organisation:
    """The federation of trade unions of a region: 嘉兴市 -> 嘉兴市总工会."""
    name = regions.official(region) + _FEDERATION
    above = regions.parent(region)
    parent = federation(above) if above else _national()
    if parent.name == name:  # A city without counties is listed as its own county too.
        return parent
    return Organisation(ids.organisation(name), name, region.level, True, region.code, parent)


def _national() -> Organisation:
    return Organisation(ids.organisation(NATIONAL), NATIONAL, "national", True, None, None)


class Name(NamedTuple):
    """A name of an organisation, with the first and last day on which it was in force where they are known:
    ISO 8601, perhaps to the month or year only."""

    name: str
    valid_from: str | None
    valid_to: str | None


def is_former(name: str, organisation: Organisation) -> bool:
    """Whether an organisation was called by a name that its region, or one above, no longer has:
    襄樊市总工会, 襄樊市襄城区总工会."""
    region = regions.by_code(organisation.region_code) if organisation.region_code else None
    if name == organisation.name or region is None:
        return False
    return not (regions.chain(region) + _FEDERATION).endswith(name)


@lru_cache(maxsize=10_000)
def names(organisation: Organisation) -> tuple[Name, ...]:
    """The names it has and had, today's first. Only federations have former ones, after their region."""
    region = regions.by_code(organisation.region_code) if organisation.region_code else None
    if region is None or federation(region).id != organisation.id:
        return (Name(organisation.name, None, None),)
    former = {regions.official(each) + _FEDERATION: each for each in _former(region.code)}
    former.pop(organisation.name, None)
    return (
        Name(organisation.name, region.valid_from or None if former else None, None),
        *(Name(name, each.valid_from or None, each.valid_to) for name, each in former.items()),
    )


@cache
def federations() -> dict[str, str]:
    """Of each federation of a region of today the one above it, by identifier; "" above the national one."""
    above = {ids.organisation(NATIONAL): ""}
    for code in sorted({row["code"] for row in words.table("regions")}):
        region = regions.by_code(code)
        own = federation(region) if region else None
        if own and own.parent:
            above[own.id] = own.parent.id
    return above


@cache
def _renamed() -> frozenset[tuple[str, str]]:
    """Former names of divisions that only changed their name or rank, with the last day."""
    return frozenset(
        (row["term"], row["valid_to"]) for row in words.table("region_changes") if row["change"] == "renamed"
    )


@cache
def _former_terms() -> dict[str, set[str]]:
    """Names that are no longer in force, by code."""
    found: dict[str, set[str]] = {}
    for row in words.table("regions"):
        if row["valid_to"]:
            found.setdefault(row["code"], set()).add(row["term"])
    return found


@cache
def _former(code: str) -> tuple[regions.Region, ...]:
    """A division of today as it was before it was renamed, the latest first."""
    terms = _former_terms().get(code, ())
    found = [
        region
        for term in terms
        for region in regions.named(term)
        if region.code == code and region.name == term and (term, region.valid_to) in _renamed()
    ]
    return tuple(sorted(found, key=lambda region: (region.valid_to, region.name), reverse=True))


def _names_place(place: str, region: regions.Region) -> bool:
    """Whether a name is that of the region, today's or a former one, perhaps with higher divisions before it,
    each under one of its names too."""
    own = {region.name, *(each.name for each in _former(region.code))}
    above = regions.parent(region)
    for name in own:
        rest = place.removesuffix(name)
        if rest != place and (not rest or (above and _names_higher(rest, above))):
            return True
    return False


def _names_higher(place: str, region: regions.Region) -> bool:
    """Whether a name is that of the region or of one above it."""
    above = regions.parent(region)
    return _names_place(place, region) or bool(above and _names_higher(place, above))


@cache
def _industries() -> re.Pattern[str]:
    return re.compile(words.alternation(words.terms("union_industries")))


def _parent(name: str, level: Level, region: regions.Region | None) -> Organisation | None:
    """The federation of its region, or for that federation the one above. Industry and enterprise unions may
    answer to a body of another region, so they get one only where their name begins with it: 浙江省教育工会,
    中国海员建设工会, 海宁市某某公司工会."""
    if level == "national":
        return None if name == NATIONAL else _national()
    if level in {"industry", "enterprise"}:
        return _named_parent(name, level, region)
    if region is None or level == "other":
        return None
    if not _is_federation_of(name, region):
        return federation(region)
    above = regions.parent(region)
    parent = federation(above) if above else _national()
    return parent if parent.name != name else parent.parent


def _named_parent(name: str, level: Level, region: regions.Region | None) -> Organisation | None:
    """The federation that the name of an industry or enterprise union begins with."""
    if level == "industry" and name.startswith(_WHOLE_COUNTRY):
        # A firm may be called 中国 too; a trade behind it tells the union of the trade.
        country = next(each for each in _WHOLE_COUNTRY if name.startswith(each))
        return _national() if _industries().match(name, len(country)) else None
    while region:
        for place in (regions.chain(region), regions.official(region), region.name):
            if name.startswith(place):
                return federation(region)
        region = regions.parent(region)
    return None


def _is_federation_of(name: str, region: regions.Region) -> bool:
    """Whether it is the region's federation, under today's name or a former one, with its city or without."""
    if not name.endswith(_FEDERATION):
        return False
    place = name.removesuffix(_FEDERATION)
    above = regions.parent(region)
    short = place.removeprefix(above.name) if above else place
    return any(known.code == region.code for known in (*regions.named(place), *regions.named(short)))
