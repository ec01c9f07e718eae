"""Unions below or beside the general ones: of townships, villages, zones, trades, firms, schools."""

import re
from typing import Final

from extract import regions
from extract.model import Level, OrganisationMention
from extract.organisation_levels import opening as level_opening
from extract.organisation_names import LONGEST, begins, head, heads, is_generic, window
from extract.organisation_owners import longest, owner
from extract.organisation_owners import town as town_before
from extract.organisation_proper import is_proper
from extract.organisation_state import Reader
from extract.regions import Region

_COMMITTEE: Final = re.compile("(?:地区)?(?:工作)?委员会")
_BRANCH: Final = re.compile(r"[一-鿿]{1,6}?分会")
_TOWN: Final = ("街道办事处", "街道", "镇", "乡", "苏木")
_PLAIN: Final = re.compile(r"[^\W\d的了和与及由从被把]+")
_TAIL: Final = 20
_THIS: Final = re.compile("^[该本我](?=街道$|[镇乡]$|苏木$)")
_FEDERATIONS: Final = ("工会联合会", "联合工会", "工联会")
_TOWN_WORDS: Final = ("街道", "镇", "乡")
_VILLAGE: Final = ("社区", "村")
_LEVELS: Final[dict[str, Level]] = {"industry": "industry", "zone": "other"}
_AREA: Final = re.compile("[省市县区旗州盟]")
_LEVEL_WORD: Final = 2
"""Characters of 市 or 全市, with which a short form says at what level its body is."""
_MOST: Final = 40
"""Names of firms without a noun for one that are looked for in the rest of the text."""
_MANY: Final = ("企业", "机关")
"""Words that stand for many bodies unless 该 points at one."""


def read(reader: Reader, at: int, end: int, suffix: str) -> list[OrganisationMention]:
    """Unions of townships, zones, trades, firms: `X街道总工会`, `省金融工会`, `X公司工会`."""
    text = reader.text
    federation = suffix in _FEDERATIONS
    if not federation and not _may_name(reader, at):
        return _unplaced(reader, at, end) if suffix == "工会" else []
    start = _town_start(reader, at) or _one_of(reader, at) or begins(text, at, reader.taken, reader.places)
    holder = reader.holder(start) if start < at else None
    if suffix == "工会联合会":
        branch = _BRANCH.match(text, end)
        end = branch.end() if branch else end
    ending = "工会联合会" if suffix == "工联会" else text[at:end]
    stem = text[start:at]
    if not stem:
        return []
    # 市教育工会: a level word opens the name.
    prefix, region, opened = _opening(reader, start, at)
    rest = text[opened:at]
    if stem.endswith(_TOWN):
        return _township(reader, start, opened, at, end, region)
    if federation and len(rest) >= 2 and not is_generic(rest):
        town = next(reversed(reader.towns), "") if stem.startswith(_TOWN_WORDS) else ""
        name = town + rest.removeprefix("街道") if town else prefix + rest
        return [_named_body(reader, start, end, name + ending, region, "industry", "federation")]
    village = next((word for word in _VILLAGE if stem.endswith(word)), "")
    if village and len(rest) > len(village) and not is_generic(rest):
        name = prefix + rest
        reader.owners.append(name)
        return [_named_body(reader, start, end, name + ending, region, "village", "village")]
    kind, whole = head(rest), head(stem)
    if whole and whole.acts == "name" and len(whole.term) > len(rest):
        # 宁德时代 is a firm and no 时代 of 宁德.
        kind, prefix, region, rest = whole, "", None, stem
    if kind and rest == kind.term and region and opened - start <= _LEVEL_WORD:
        # 市局工会 of 丽水市税务局, 省公司工会 of 国网安徽省电力有限公司.
        ends, place = kind.short_for or (kind.term,), region.name[:2]
        named_before = (name for name in reversed(reader.owners[-30:]) if name.endswith(ends))
        whose = next((name for name in named_before if place in name), None)
        if whose:
            return [_named_body(reader, start, end, whose + ending, region, "enterprise", "short form")]
    if kind and kind.acts == "bare" and prefix:
        # 市直机关工会: the level word belongs to the name as well.
        kind = whole
    if not kind and not village:
        return []
    term = kind.term if kind else rest
    named = kind is not None and (kind.kind == "industry" or kind.acts == "name")
    if rest.removeprefix("该") == term and not named and not prefix and not holder:
        if rest in _MANY:
            return []
        whose = owner(reader, term, at)
        if not whose:
            return []
        if kind and kind.kind == "project" and not whose.endswith(term):
            # The union of the people at a work, which is no body itself: 西十高铁项目部工会.
            whose += term
        return [
            _named_body(reader, start, end, reader.union(whose, ending), None, "enterprise", "short form")
        ]
    if not kind or kind.acts == "bare":
        return []
    if kind.kind == "industry" and term != rest and term in heads():
        # 国网山西电力工会: what is a trade in 省电力工会 ends a firm's name here.
        kind = heads()[term]
    if kind.kind == "industry" and not prefix and not stem.startswith(("中国", "全国")):
        return []
    modifier = rest.removesuffix(term)
    if (is_generic(modifier) or modifier in heads()) and not named and not prefix and not holder:
        # 公交集团工会 of 青岛城运控股公交集团, 油田公司工会 of 青海油田; 公交集团 alone names none.
        fuller = longest(reader, rest)
        whose = fuller if fuller != rest else owner(reader, modifier, at) if modifier in heads() else None
        if whose:
            return [_named_body(reader, start, end, whose + ending, None, "enterprise", "short form")]
        if is_generic(modifier):
            return []
    level = _LEVELS.get(kind.kind, "enterprise")
    if stem.startswith("中国") and kind.kind == "industry":
        region = None
    # 煤矿矿工会 is the union of a 煤矿.
    doubled = len(rest) > 2 and rest[-1] == rest[-2]
    name = prefix + (rest[:-1] if doubled else rest)
    name = holder.name + name if holder else longest(reader, name)
    start = holder.start if holder else start
    if level != "industry":
        reader.owners.append(name)
    if stem.startswith("中国"):
        region, end = _committee(reader, end) or (region, end)
        ending = text[at:end]
    return [_named_body(reader, start, end, reader.union(name, ending), region, level, kind.kind)]


def _unplaced(reader: Reader, at: int, end: int) -> list[OrganisationMention]:
    """一汽解放工会: the union of a firm whose name no noun shows to be one."""
    start = begins(reader.text, at, reader.taken, reader.places)
    if len(reader.proper) > _MOST or not is_proper(reader.text, start, at, reader.proper):
        return []
    name = longest(reader, reader.text[start:at])
    reader.owners.append(name)
    return [_named_body(reader, start, end, name + reader.text[at:end], None, "enterprise", "proper name")]


def _committee(reader: Reader, at: int) -> tuple[Region | None, int] | None:
    """Region and end of a committee named behind a national union: 湖北省委员会 behind 中国金融工会."""
    here = reader.places.within(at, at + 1)
    if not here:
        return None
    place = here[0]
    committee = _COMMITTEE.match(reader.text, place.end)
    return (reader.settle(place)[0], committee.end()) if committee else None


def _may_name(reader: Reader, at: int) -> bool:
    """Whether what stands before a union's suffix can end a name."""
    tail = reader.text[max(0, at - _TAIL) : at]
    kind = head(tail)
    if kind is None or kind.term not in _MANY:
        return kind is not None or tail.endswith((*_TOWN, *_VILLAGE))
    # 市直机关工会, 该企业工会, but not 鼓励企业工会.
    return tail.endswith("该" + kind.term) or bool(_AREA.search(tail)) or reader.has_place(at - LONGEST, at)


def _one_of(reader: Reader, at: int) -> int | None:
    """Start of 坡头区一家纺织厂, a firm that stays unnamed; 0 is never one."""
    part = window(reader.text, at, reader.taken)
    one = part.rfind("一家")
    if one < 1 or not head(part) or not _PLAIN.fullmatch(part, one):
        return None
    first = at - len(part) + one
    place = reader.places.before(first)
    if not place or place.start < reader.taken or place.strength == "word" or first - place.end > 6:
        return None
    if place.end < first and not reader.text[place.end : first].endswith(_TOWN):
        return None
    return reader.settle(place)[1]


def _town_start(reader: Reader, at: int) -> int | None:
    """Start of the regions right before a township (铁西区工人村街道); 0 is never one."""
    if not window(reader.text, at, max(reader.taken, at - 8)).endswith(_TOWN):
        return None
    place = reader.places.before(at)
    if not place or place.start < reader.taken or not 2 <= at - place.end <= 9 or place.strength == "word":
        return None
    if not _PLAIN.fullmatch(reader.text, place.end, at):
        return None
    start = place.start
    while start in reader.ends and reader.ends[start].start >= reader.taken:
        start = reader.ends[start].start
    return start


def _opening(reader: Reader, start: int, at: int) -> tuple[str, Region | None, int]:
    """Official name of the region or level word that opens a name, the region, where the rest begins."""
    text = reader.text
    low = reader.places.first(start)
    region, opened, short = None, start, ""
    for place in reader.places.spans[low : low + 4]:
        if place.start != opened or place.end >= at:
            break
        options = [option for option in place.candidates if region is None or regions.within(option, region)]
        chosen = regions.choose(options, reader.near(), reader.about.published)
        if not chosen:
            break
        region, opened, short = chosen, place.end, text[place.start : place.end]
    if region:
        whole = short == region.name
        return (regions.official(region) if whole else short), region, opened
    local = level_opening().match(text, start, at)
    if local and local.end() < at:
        region = reader.level(local[1], start)
        if region:
            return regions.official(region), region, local.end()
    return "", None, start


def _township(
    reader: Reader, start: int, opened: int, at: int, end: int, region: Region | None
) -> list[OrganisationMention]:
    text = reader.text
    name = _THIS.sub("", text[opened:at].removesuffix("办事处"))
    if name in ("街道", "镇", "乡", "苏木"):
        town = next((town for town in reversed(reader.towns) if town.endswith(name)), None)
        if not town:
            named = town_before(reader, name, at)
            if not named:
                return []
            town, county = named
            town = (regions.official(county) if county else "") + town
            reader.towns.append(town)
        name = reader.union(town, text[at:end])
        return [OrganisationMention(start, end, name, "township", None, True, "short form")]
    if not _PLAIN.fullmatch(name) or is_generic(name) or is_generic(name.removesuffix("街道")):
        return []
    if name.startswith("各") or "个" in name:
        return []
    county = region if region and region.level != "province" else reader.country()
    if county is region and county:
        reader.named.append(county)
    town = (regions.official(county) if county else "") + name
    reader.towns.append(town)
    code = county.code if county else None
    name = reader.union(town, text[at:end])
    return [OrganisationMention(start, end, name, "township", code, True, "township")]


def _named_body(
    reader: Reader, start: int, end: int, name: str, region: Region | None, level: Level, rule: str
) -> OrganisationMention:
    return OrganisationMention(start, end, name, level, region.code if region else None, True, rule)
