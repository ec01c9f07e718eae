"""Decides which row an organisation in a text is, and where it stands in the hierarchy of unions."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from extract import regions
from extract.model import Level, OrganisationMention
from unionkb import ids

NATIONAL = "中华全国总工会"
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
    if union and region and _is_federation_today(name, region):
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


def _parent(name: str, level: Level, region: regions.Region | None) -> Organisation | None:
    """The federation of its region, or for that federation the one above. Industry and enterprise unions may
    answer to a body of another region, so they get none."""
    if level == "national":
        return None if name == NATIONAL else _national()
    if region is None or level in {"industry", "enterprise", "other"}:
        return None
    if not _is_federation_of(name, region):
        return federation(region)
    above = regions.parent(region)
    parent = federation(above) if above else _national()
    return parent if parent.name != name else parent.parent


def _is_federation_today(name: str, region: regions.Region) -> bool:
    """Whether it is the region's federation under today's name, perhaps with higher divisions before it."""
    place = name.removesuffix(_FEDERATION)
    return place != name and place.endswith(region.name) and regions.chain(region).endswith(place)


def _is_federation_of(name: str, region: regions.Region) -> bool:
    """Whether it is the region's federation, under today's name or a former one, with its city or without."""
    if not name.endswith(_FEDERATION):
        return False
    place = name.removesuffix(_FEDERATION)
    above = regions.parent(region)
    short = place.removeprefix(above.name) if above else place
    return any(known.code == region.code for known in (*regions.named(place), *regions.named(short)))
