"""Decides which row an organisation in a text is, and where it stands in the hierarchy of unions."""

import re
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
    region = regions.by_code(mention.region_code) if mention.region_code else None
    code = region.code if region else None
    if mention.union and code is None and _RELATIVE.fullmatch(mention.name):
        return None
    if mention.union and region and _is_federation_today(mention.name, region):
        return federation(region)
    own = mention.name if code is None or mention.level not in _LOCAL else f"{mention.name} {code}"
    parent = _parent(mention.name, mention.level, region) if mention.union else None
    return Organisation(ids.organisation(own), mention.name, mention.level, mention.union, code, parent)


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
