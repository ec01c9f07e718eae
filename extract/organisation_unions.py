"""General unions of regions, by full name, short form or level: 杭州市总工会, 市总, 各县区工会."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from extract import organisation_others as others
from extract import regions
from extract.endings import Endings
from extract.model import Level, OrganisationMention
from extract.organisation_context import is_a
from extract.organisation_levels import collective as highest
from extract.organisation_levels import compounds, may_be_several, own, placeless, units
from extract.organisation_names import head, window
from extract.organisation_state import Reader
from extract.regions import Region, RegionMention
from extract.words import table

NATIONAL: Final = "中华全国总工会"
CORPS: Final = "新疆生产建设兵团"
"""A body of provincial rank that is no administrative division."""

_BELOW: Final = re.compile("[乡镇村街]")
_LIST_OF_AREAS: Final = re.compile(
    r"(?:等?(?:\d{1,2}|[两二三四五六七八九十])?个?(?:地|市|县|区|州|旗|自治县|省市|省)|等地的?[市县区]?)$"
)
_AREAS_END: Final = "地市县区州旗省的"
_SEVERAL: Final = 16
"""Characters before 工会 in which levels and words such as 各级 stand."""
_COUNT: Final = re.compile(r"[\d０-９一二两三四五六七八九十百几多各]个?$")
_DIVISION: Final = re.compile(r"(?:新疆生产建设)?(?:兵团)?(?P<division>第?[一二三四五六七八九十]{1,2}师)$")
_LIST_STEP: Final = re.compile(r"[、和及与]")
_LOCAL_LEVELS: Final[dict[str, Level]] = {
    "省": "province",
    "自治区": "province",
    "市": "city",
    "州": "city",
    "盟": "city",
}


@cache
def _scopes() -> tuple[Endings, dict[str, str]]:
    kinds = {row["term"]: row["kind"] for row in table("union_generics")}
    return Endings(kinds), kinds


def read(reader: Reader, at: int, end: int, suffix: str) -> Iterator[OrganisationMention]:
    """The union whose name ends in the suffix at `at`; nothing where the word names none."""
    text, position, kinds = reader.text, at, set[str]()
    collective: str | None = None
    area = ""
    scopes, kind_of = _scopes()
    while position > reader.taken and position not in reader.ends:
        several = None
        if may_be_several().match(text, position - 2):
            part = window(text, position, max(reader.taken, position - _SEVERAL))
            several = units().search(part)
        if several and not collective:
            group = several["first"] or several["one"] or several["rank"] or several["pair"]
            collective = highest(group)
            begin = position - len(part) + several.start()
            # 兰州市、县: the first level may be the end of a name.
            cuts = () if several["all"] or several["one"] else range(begin + len(group), begin, -1)
            first_end = next((cut for cut in cuts if cut in reader.ends), -1)
            position -= len(several[0])
            if first_end in reader.ends and reader.ends[first_end].start >= reader.taken:
                position = first_end
                break
            continue
        scope = scopes.longest(text[max(reader.taken, position - _SEVERAL) : position])
        kind = kind_of.get(scope, "named")
        if kind == "named":
            break
        kinds.add(kind)
        position -= len(scope)
        if kind == "own":
            area = scope[1:]
            break
    place = reader.ends.get(position)
    wide = bool(kinds) or collective is not None
    # 小店联合工会: no region has one.
    joint = place is not None and suffix == "联合工会" and not place.full
    if place and place.start >= reader.taken and place.names_a_union and not joint:
        region, start = reader.settle(place)
        if region and not wide and start == place.start:
            yield from sharing(reader, place)
        if region and regions.is_zone(region) and not wide:
            # 合肥高新区工会: a zone's union goes by the name it is printed with.
            reader.owners.append(text[place.start : place.end])
            yield OrganisationMention(start, end, text[start:end], region.level, region.code, True, "region")
        elif region:
            mention = reader.general_union(region, start, end, "level" if wide else "region")
            division = _DIVISION.search(text, max(reader.taken, start - 16), start)
            if division and not wide:
                # 第八师石河子市总工会: a division of the Corps and its city have one union.
                name = "第" + division["division"].removeprefix("第") + mention.name
                mention = replace(mention, start=division.start(), name=name)
            yield mention
        else:
            name = text[place.start : place.end] + "总工会"
            yield OrganisationMention(
                start, end, name, place.candidates[0].level, None, True, "region unclear"
            )
        return
    if area:
        find = reader.last if text[position] == "该" else reader.level
        region = find(area, position) if area != "国" else None
        if area == "国":
            rule = "national" if suffix == "总工会" else "level"
            yield OrganisationMention(position, end, NATIONAL, "national", None, True, rule)
        elif region:
            yield reader.general_union(region, position, end, "level")
        return
    if "scope" in kinds and _of_a_body(text, position, reader.taken):
        # 集团各级工会 are the union of the group.
        for mention in others.read(reader, position, position, ""):
            yield replace(mention, end=end, name=mention.name + "工会")
        return
    if reader.about.national and ("scope" in kinds or (collective and collective not in placeless())):
        yield OrganisationMention(position, end, NATIONAL, "national", None, True, "level")
        return
    if "scope" in kinds or collective:
        below = bool(_BELOW.search(text, position, at)) and collective in ("县", "区", "旗", "市")
        region = reader.level(collective, position) if below and collective else None
        region = region or general(reader, collective, position)
        if region and collective not in placeless():
            yield reader.general_union(region, position, end, "level")
        return
    yield from (
        listed(reader, at, end) or local(reader, at, end, suffix) or others.read(reader, at, end, suffix)
    )


def _of_a_body(text: str, at: int, low: int) -> bool:
    """Whether a firm, a school or the like ends at an offset."""
    kind = head(window(text, at, max(low, at - 8)))
    return kind is not None and kind.kind in ("firm", "institution", "bank")


def general(reader: Reader, first: str | None, at: int) -> Region | None:
    """Region of 市县两级工会, 各县区总工会, 各级工会."""
    home = reader.about.home
    if not home:
        return reader.level(first, at) if first else None
    if first in ("县", "区", "旗", "县级市") and home.level != "county":
        return home
    # 市县两级工会 in an article about a province are all of the province's.
    fit = (region for region in (home, *regions.ancestors(home)) if first and is_a(region, first))
    return next(fit, home)


def listed(reader: Reader, at: int, end: int) -> list[OrganisationMention]:
    """晋江、石狮、南安三地总工会: one union for each."""
    if at == reader.taken or reader.text[at - 1] not in _AREAS_END:
        return []
    tail = _LIST_OF_AREAS.search(window(reader.text, at, max(reader.taken, at - 8)))
    found = members(reader, reader.ends.get(at - len(tail[0]))) if tail else []
    return found if len(found) > 1 else []


def sharing(reader: Reader, last: RegionMention) -> list[OrganisationMention]:
    """咸阳、渭南 in 咸阳、渭南、汉中市总工会: short names that share the last one's 市总工会."""
    step = last.start - 1
    if not last.full or step < 1 or not _LIST_STEP.match(reader.text, step):
        return []
    before = reader.ends.get(step)
    if not before or before.full:
        return []
    return members(reader, before)


def members(reader: Reader, place: RegionMention | None) -> list[OrganisationMention]:
    """The unions of the regions listed up to a place, in text order."""
    found: list[OrganisationMention] = []
    while place and place.start >= reader.taken and len(found) < 20:
        region, start = reader.settle(place)
        if region:
            found.append(reader.general_union(region, start, place.end, "list"))
        step = start - 1
        place = reader.ends.get(step) if step > 0 and _LIST_STEP.match(reader.text, step) else None
    return found[::-1]


def local(reader: Reader, at: int, end: int, suffix: str) -> list[OrganisationMention]:
    """市总工会, 省总, 区委总工会, 全国总工会."""
    part = window(reader.text, at, reader.taken)
    if suffix == "全总":
        return [OrganisationMention(at, end, NATIONAL, "national", None, True, "national")]
    if part.endswith("委") and suffix == "总工会":
        part, at = part[:-1], at - 1
        if at in reader.ends:
            region, start = reader.settle(reader.ends[at])
            return [reader.general_union(region, start, end, "region")] if region else []
    word = own().longest(part)
    if not word or (compounds().longest(part) and (word != "地区" or suffix != "总工会")):
        return []
    start = at - len(word)
    if _COUNT.search(part, 0, len(part) - len(word)):
        return []
    if word.endswith("全国"):
        if suffix != "总工会":
            return []
        return [OrganisationMention(start, end, NATIONAL, "national", None, True, "national")]
    if word == "兵团":
        start = at - len(CORPS) if part.endswith(CORPS) else start
        return [OrganisationMention(start, end, CORPS + "总工会", "province", None, True, "region")]
    if suffix not in ("总工会", "总") and not reader.boundary(start):
        return []
    home = reader.about.home
    if word == "区" and reader.owners and not (home and home.name.endswith("区")):
        zone = next((name for name in reversed(reader.owners[-30:]) if name.endswith("区")), None)
        if zone:
            name = zone + reader.text[at:end]
            return [OrganisationMention(start, end, name, "other", None, True, "short form")]
    region = reader.level({"自治州": "州", "自治县": "县"}.get(word, word), start)
    if region:
        return [reader.general_union(region, start, end, "level word")]
    level = _LOCAL_LEVELS.get(word, "county")
    return [OrganisationMention(start, end, word + "总工会", level, None, True, "region unclear")]
