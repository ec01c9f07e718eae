"""Organisations named in an article: unions and acting bodies, with their full official names."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from extract import regions
from extract.model import Article, Level, OrganisationMention
from extract.organisation_context import Context, at_head, context, is_a
from extract.organisation_names import begins, head, heads, is_generic, stands, total, window
from extract.regions import Region, RegionMention
from extract.words import alternation, table, terms

__all__ = ["Context", "context", "find", "home"]

NATIONAL = "中华全国总工会"
CORPS = "新疆生产建设兵团"
"""A body of provincial rank that is no administrative division."""

_UNION = r"总工会|工会联合会|工会工作委员会|工会委员会|工会工委|联合工会|工会(?!法|章程|会员证)"
_BRANCH = re.compile(r"[一-鿿]{1,6}?分会")
_TOWN = re.compile(r"(?:街道办事处|街道|镇|乡|苏木)$")
_PLAIN = re.compile(r"[^\W\d的了和与及由从被把]+")
_TOWN_WORDS = ("街道", "镇", "乡")
_VILLAGE = re.compile(r"(?:社区|村)$")
_UNIT = r"(?:自治区|自治县|县级市|省|市|县|区|旗|盟|州|镇|乡|街道|村|社区|地|厂|矿|校|企业)"
_GROUP = rf"(?:省市|[市州]县|[市县]区|县市|区县|旗县|盟市|州市|市州|乡镇|镇乡|镇街|街镇|{_UNIT})"
_UNITS = re.compile(
    rf"(?P<all>各)?(?P<first>{_GROUP})(?:级|以上)*"
    rf"(?:[、和及与]各?{_GROUP}(?:级|直属|以上)*|[（(](?:{_UNIT}|、)+[）)]{_UNIT}?)+$"
    rf"|各(?P<one>{_GROUP})级?$|(?P<rank>[省市县区])级$|(?P<pair>[市县州]县|[市县]区|县市|区县|旗县|盟市|州市|市州)$"
)
_BELOW = re.compile("[乡镇村街]")
_LOCAL = re.compile(r"(?:中华全国|全国|自治区|自治州|自治县|地区|兵团|省|市|县|区|旗|盟|州)$")
_LIST_OF_AREAS = re.compile(
    r"(?:等?(?:\d{1,2}|[两二三四五六七八九十])?个?(?:地|市|县|区|州|旗|自治县|省市|省)|等地的?[市县区]?)$"
)
_COUNT = re.compile(r"[\d０-９一二两三四五六七八九十百几多各]个?$")
_LIST_STEP = re.compile(r"[、和及与]")
_LOCAL_LEVELS: dict[str, Level] = {
    "省": "province",
    "自治区": "province",
    "市": "city",
    "州": "city",
    "盟": "city",
}
_LEVELS: dict[str, Level] = {"industry": "industry", "zone": "other"}
_WORDS = ("自治区", "自治县", "县级市", "街道", "社区", "企业")
_MANY = ("企业", "机关")
"""Words that stand for many bodies unless 该 points at one."""
_TRIED = 40
"""How many places are looked at to learn whose 局工会 is meant."""
_NEAR = 12
"""How many region names before a level word are looked at."""
_OWN = re.compile("[该我全本]?(自治区|省|市|县|区|旗|州|盟)")
_SMALLER = re.compile(
    r"[^\W\d]{1,8}?(?:社区|街道|[镇乡村厂矿]|公司|集团|银行|医院|学校|大学|学院|园区|开发区|局)"
)
_BARE_REJECT = re.compile(r"(?:该|本|这家|那家|某|所在|各|其|此|一家|我们|全)$")


@cache
def _anchors() -> re.Pattern[str]:
    acting = alternation(term for term, entry in heads().items() if entry.acts == "yes")
    bodies = alternation(terms("organisation_bodies"))
    return re.compile(
        rf"(?P<union>{_UNION})|(?P<total>{total()})|(?P<body>{bodies})|(?P<firm>{acting})(?![法制化人业])"
    )


@cache
def _scopes() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {row["term"]: row["kind"] for row in table("union_generics")}
    return re.compile(alternation(kinds) + "$"), kinds


@cache
def _compounds() -> re.Pattern[str]:
    return re.compile(alternation(terms("level_compounds")) + "$")


@cache
def _bodies() -> dict[str, dict[str, str]]:
    return {row["term"]: row for row in table("organisation_bodies")}


@dataclass(slots=True)
class _Reader:
    """One pass over a text. What was named before decides what short forms mean later."""

    text: str
    about: Context
    places: Sequence[RegionMention]
    ends: dict[int, RegionMention] = field(default_factory=dict)
    named: list[Region] = field(default_factory=list)
    """Regions whose unions were named so far, latest last."""
    towns: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    """Bodies other than governments named so far, latest last."""
    stood: dict[int, bool] = field(default_factory=dict)
    counted: dict[str, str | None] = field(default_factory=dict)
    taken: int = 0

    def __post_init__(self) -> None:
        self.ends = {place.end: place for place in self.places}

    # Regions

    def near(self) -> list[Region]:
        home = [self.about.home] if self.about.home else []
        return [*home, *reversed(self.named[-4:]), *self.about.ranked[:12]]

    def settle(self, place: RegionMention) -> tuple[Region | None, int]:
        """The region a mention means and where its chain of parents (韶关市曲江区) begins."""
        start, company = place.start, []
        above = self.ends.get(start)
        while above and above.start >= self.taken:
            company.append(above)
            start = above.start
            above = self.ends.get(start)
        holders = [option for mention in company for option in mention.candidates]
        options = [
            option
            for option in place.candidates
            if not holders or any(regions.within(option, holder) for holder in holders)
        ]
        if not options:
            options, start = list(place.candidates), place.start
        return regions.choose(options, self.near(), self.about.published), start

    def level(self, word: str, at: int) -> Region | None:
        """The region that 省, 市, 县 ... means here: the article's own, else the last named before."""
        home = self.about.home
        own = [region for region in (home, *regions.ancestors(home)) if is_a(region, word)] if home else []
        if own and (self.about.clear or own[0] is not home):
            return own[0]
        for place in self.topics(at):
            if place.strength == "sure" and self.stands(place):
                nearest = regions.choose(place.candidates, self.near(), self.about.published)
                for region in (nearest, *regions.ancestors(nearest)) if nearest else ():
                    if is_a(region, word) and (region is nearest or word in ("省", "自治区")):
                        return region
        if own:
            return own[0]
        return self.about.likely(word)

    def topics(self, at: int) -> list[RegionMention]:
        """Regions named before an offset: those of its paragraph from the first on, as a paragraph opens with
        what it is about, then those of earlier paragraphs, nearest first."""
        index = bisect_left(self.places, at, key=lambda place: place.start)
        paragraph = self.text.rfind("\n", 0, at) + 1
        opening = bisect_left(self.places, paragraph, key=lambda place: place.start)
        here = self.places[opening : min(index, opening + _NEAR)]
        return [*here, *reversed(self.places[max(0, opening - _NEAR) : opening])]

    def stands(self, place: RegionMention) -> bool:
        if place.start not in self.stood:
            self.stood[place.start] = stands(self.text, place)
        return self.stood[place.start]

    def country(self) -> Region | None:
        """County, district or else city the text is about, for its townships."""
        home = self.about.home
        if home and home.level == "county":
            return home
        for region in reversed(self.named):
            if region.level == "county":
                return region
        return home if home and home.level == "city" and not _has_counties(home) else None

    # Unions

    def union(self, at: int, end: int, suffix: str) -> Iterator[OrganisationMention]:
        """The union whose name ends in the suffix at `at`; nothing where the word names none."""
        text, position, kinds = self.text, at, set[str]()
        collective: str | None = None
        own = ""
        pattern, kind_of = _scopes()
        while position > self.taken and position not in self.ends:
            part = window(text, position, max(self.taken, position - 16))
            units = _UNITS.search(part)
            if units and not collective:
                group = units["first"] or units["one"] or units["rank"] or units["pair"]
                collective = group if group in _WORDS else group[0]
                begin = position - len(part) + units.start()
                # 兰州市、县: the first level may be the end of a name.
                cuts = () if units["all"] or units["one"] else range(begin + len(group), begin, -1)
                first_end = next((cut for cut in cuts if cut in self.ends), -1)
                position -= len(units[0])
                if first_end in self.ends and self.ends[first_end].start >= self.taken:
                    position = first_end
                    break
                continue
            scope = pattern.search(part)
            if not scope:
                break
            kinds.add(kind_of[scope[0]])
            position -= len(scope[0])
            if kind_of[scope[0]] == "own":
                own = scope[0][1:]
                break
        place = self.ends.get(position)
        wide = bool(kinds) or collective is not None
        if place and place.start >= self.taken and place.strength != "word":
            region, start = self.settle(place)
            if region and not wide and start == place.start:
                yield from self.sharing(place)
            if region:
                yield self.of(region, start, end, "level" if wide else "region")
            else:
                name = text[place.start : place.end] + "总工会"
                yield OrganisationMention(
                    start, end, name, place.candidates[0].level, None, True, "region unclear"
                )
            return
        if own:
            region = self.level(own, position) if own != "国" else None
            if own == "国":
                rule = "national" if suffix == "总工会" else "level"
                yield OrganisationMention(position, end, NATIONAL, "national", None, True, rule)
            elif region:
                yield self.of(region, position, end, "level")
            return
        if "scope" in kinds or collective:
            local = bool(_BELOW.search(text, position, at)) and collective in ("县", "区", "旗", "市")
            region = self.level(collective, position) if local and collective else None
            region = region or self.general(collective, position)
            if region and collective not in (
                "村",
                "社区",
                "乡",
                "镇",
                "街道",
                "厂",
                "矿",
                "校",
                "企业",
                "地",
            ):
                yield self.of(region, position, end, "level")
            return
        yield from self.listed(at, end) or self.local(at, end, suffix) or self.other(at, end, suffix)

    def general(self, first: str | None, at: int) -> Region | None:
        """Region of 市县两级工会, 各县区总工会, 各级工会."""
        home = self.about.home
        if not home:
            return self.level(first, at) if first else None
        if first in ("县", "区", "旗", "县级市") and home.level != "county":
            return home
        # 市县两级工会 in an article about a province are all of the province's.
        own = (region for region in (home, *regions.ancestors(home)) if first and is_a(region, first))
        return next(own, home)

    def of(self, region: Region, start: int, end: int, rule: str) -> OrganisationMention:
        self.named.append(region)
        return OrganisationMention(
            start, end, regions.official(region) + "总工会", region.level, region.code, True, rule
        )

    def listed(self, at: int, end: int) -> list[OrganisationMention]:
        """晋江、石狮、南安三地总工会: one union for each."""
        tail = _LIST_OF_AREAS.search(window(self.text, at, max(self.taken, at - 8)))
        found = self.members(self.ends.get(at - len(tail[0]))) if tail else []
        return found if len(found) > 1 else []

    def sharing(self, last: RegionMention) -> list[OrganisationMention]:
        """咸阳、渭南 in 咸阳、渭南、汉中市总工会: short names that share the last one's 市总工会."""
        step = last.start - 1
        if not last.full or step < 1 or not _LIST_STEP.match(self.text, step):
            return []
        before = self.ends.get(step)
        if not before or before.full:
            return []
        return self.members(before)

    def members(self, place: RegionMention | None) -> list[OrganisationMention]:
        """The unions of the regions listed up to a place, in text order."""
        found: list[OrganisationMention] = []
        while place and place.start >= self.taken and len(found) < 20:
            region, start = self.settle(place)
            if region:
                found.append(self.of(region, start, place.end, "list"))
            step = start - 1
            place = self.ends.get(step) if step > 0 and _LIST_STEP.match(self.text, step) else None
        return found[::-1]

    def local(self, at: int, end: int, suffix: str) -> list[OrganisationMention]:
        """市总工会, 省总, 区委总工会, 全国总工会."""
        part = window(self.text, at, self.taken)
        if suffix == "全总":
            return [OrganisationMention(at, end, NATIONAL, "national", None, True, "national")]
        if part.endswith("委") and suffix == "总工会":
            part, at = part[:-1], at - 1
            if at in self.ends:
                region, start = self.settle(self.ends[at])
                return [self.of(region, start, end, "region")] if region else []
        match = _LOCAL.search(part)
        if not match or _compounds().search(part):
            return []
        word = match[0]
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
        if suffix not in ("总工会", "总") and not self.boundary(start):
            return []
        home = self.about.home
        if word == "区" and self.owners and not (home and home.name.endswith("区")):
            zone = next((name for name in reversed(self.owners[-30:]) if name.endswith("区")), None)
            if zone:
                name = zone + self.text[at:end]
                return [OrganisationMention(start, end, name, "other", None, True, "short form")]
        region = self.level({"自治州": "州", "自治县": "县"}.get(word, word), start)
        if region:
            return [self.of(region, start, end, "level word")]
        level = _LOCAL_LEVELS.get(word, "county")
        return [OrganisationMention(start, end, word + "总工会", level, None, True, "region unclear")]

    def boundary(self, at: int) -> bool:
        """Whether a name can begin here: the words before it do not run on into it."""
        return begins(self.text, at, self.taken, ()) == at

    def other(self, at: int, end: int, suffix: str) -> list[OrganisationMention]:
        """Unions of townships, zones, trades, firms: `X街道总工会`, `省金融工会`, `X公司工会`."""
        text = self.text
        start = self.town_start(at) or self.one_of(at) or begins(text, at, self.taken, self.places)
        if suffix == "工会联合会":
            branch = _BRANCH.match(text, end)
            end = branch.end() if branch else end
        stem = text[start:at]
        if not stem:
            return []
        # 市教育工会: a level word opens the name.
        prefix, region, opened = self.opening(start, at)
        rest = text[opened:at]
        if _TOWN.search(stem):
            return self.township(start, opened, at, end, region)
        federation = suffix in ("工会联合会", "联合工会")
        if federation and len(rest) >= 2 and not is_generic(rest):
            town = next(reversed(self.towns), "") if stem.startswith(_TOWN_WORDS) else ""
            name = town + rest.removeprefix("街道") if town else prefix + rest
            return [self.named_body(start, end, name + text[at:end], region, "industry", "federation")]
        village = _VILLAGE.search(stem)
        if village and len(rest) > len(village[0]) and not is_generic(rest):
            name = prefix + rest
            self.owners.append(name)
            return [self.named_body(start, end, name + text[at:end], region, "village", "village")]
        kind = head(rest)
        if not kind and not village:
            return []
        term = kind.term if kind else rest
        if rest.removeprefix("该") == term and (not kind or kind.kind != "industry") and not prefix:
            if rest in _MANY:
                return []
            owner = self.owner(term, at)
            if not owner:
                return []
            return [self.named_body(start, end, owner + text[at:end], None, "enterprise", "short form")]
        if not kind or kind.acts == "bare":
            return []
        if kind.kind == "industry" and not prefix and not stem.startswith(("中国", "全国")):
            return []
        if is_generic(rest.removesuffix(term)) and kind.kind != "industry" and not prefix:
            return []
        level = _LEVELS.get(kind.kind, "enterprise")
        if stem.startswith("中国") and kind.kind == "industry":
            region = None
        # 煤矿矿工会 is the union of a 煤矿.
        doubled = len(rest) > 2 and rest[-1] == rest[-2]
        name = self.longest(prefix + (rest[:-1] if doubled else rest))
        if level != "industry":
            self.owners.append(name)
        return [self.named_body(start, end, name + text[at:end], region, level, kind.kind)]

    def one_of(self, at: int) -> int | None:
        """Start of 坡头区一家纺织厂, a firm that stays unnamed; 0 is never one."""
        part = window(self.text, at, self.taken)
        one = part.rfind("一家")
        if one < 1 or not head(part) or not _PLAIN.fullmatch(part, one):
            return None
        first = at - len(part) + one
        index = bisect_left(self.places, first, key=lambda place: place.start)
        place = self.places[index - 1] if index else None
        if not place or place.start < self.taken or place.strength == "word" or first - place.end > 6:
            return None
        if place.end < first and not _TOWN.search(self.text[place.end : first]):
            return None
        return self.settle(place)[1]

    def town_start(self, at: int) -> int | None:
        """Start of the regions right before a township (铁西区工人村街道); 0 is never one."""
        if not _TOWN.search(window(self.text, at, max(self.taken, at - 8))):
            return None
        index = bisect_left(self.places, at, key=lambda place: place.start)
        place = self.places[index - 1] if index else None
        if not place or place.start < self.taken or not 2 <= at - place.end <= 9 or place.strength == "word":
            return None
        if not _PLAIN.fullmatch(self.text, place.end, at):
            return None
        start = place.start
        while start in self.ends and self.ends[start].start >= self.taken:
            start = self.ends[start].start
        return start

    def opening(self, start: int, at: int) -> tuple[str, Region | None, int]:
        """Official name of the region or level word that opens a name, the region, where the rest begins."""
        text = self.text
        low = bisect_right(self.places, start - 1, key=lambda place: place.start)
        region, opened, short = None, start, ""
        for place in self.places[low : low + 4]:
            if place.start != opened or place.end >= at:
                break
            options = [
                option for option in place.candidates if region is None or regions.within(option, region)
            ]
            chosen = regions.choose(options, self.near(), self.about.published)
            if not chosen:
                break
            region, opened, short = chosen, place.end, text[place.start : place.end]
        if region:
            whole = short == region.name
            return (regions.official(region) if whole else short), region, opened
        local = _OWN.match(text, start, at)
        if local and local.end() < at:
            region = self.level(local[1], start)
            if region:
                return regions.official(region), region, local.end()
        return "", None, start

    def township(
        self, start: int, opened: int, at: int, end: int, region: Region | None
    ) -> list[OrganisationMention]:
        text = self.text
        name = text[opened:at].removesuffix("办事处")
        if name in ("街道", "镇", "乡", "苏木"):
            town = next((town for town in reversed(self.towns) if town.endswith(name)), None)
            if not town:
                return []
            return [
                OrganisationMention(start, end, town + text[at:end], "township", None, True, "short form")
            ]
        if not _PLAIN.fullmatch(name) or is_generic(name) or is_generic(name.removesuffix("街道")):
            return []
        if name.startswith("各") or "个" in name:
            return []
        county = region if region and region.level == "county" else self.country()
        town = (regions.official(county) if county else "") + name
        self.towns.append(town)
        code = county.code if county else None
        return [OrganisationMention(start, end, town + text[at:end], "township", code, True, "township")]

    def named_body(
        self, start: int, end: int, name: str, region: Region | None, level: Level, rule: str
    ) -> OrganisationMention:
        return OrganisationMention(start, end, name, level, region.code if region else None, True, rule)

    def longest(self, name: str) -> str:
        """The fullest form of a body's name used so far: 金隅集团 after 北京金隅集团."""
        fuller = [owner for owner in self.owners[-30:] if owner.endswith(name)]
        return max(fuller, key=len, default=name)

    def owner(self, term: str, at: int) -> str | None:
        """The body that 集团工会 or 局工会 belongs to: the last one named whose name ends so, else the
        one the text names most often."""
        for name in reversed(self.owners[-30:] if term not in ("村", "社区") else []):
            if name.endswith(term) or (term == "公司" and name.endswith("集团")):
                return name
        if term in ("村", "社区"):
            return self.village(term, at)
        if term in ("行", "企业"):
            ends = ("银行", "支行", "分行") if term == "行" else ("公司", "集团", "厂")
            return next((name for name in reversed(self.owners[-30:]) if name.endswith(ends)), None)
        if term not in self.counted:
            self.counted[term] = self.frequent(term)
        return self.counted[term]

    def village(self, term: str, at: int) -> str | None:
        """The last village named before with its township or county."""
        end = self.text.rfind(term, 0, at - len(term))
        for _ in range(_TRIED // 4):
            if end < 0:
                break
            start = begins(self.text, end + len(term), 0, self.places)
            name = self.text[start : end + len(term)]
            if re.search("[镇乡县区市旗]|街道", name[1:-2]):
                return name
            end = self.text.rfind(term, 0, end)
        return None

    def frequent(self, term: str) -> str | None:
        """The name ending in a term that the text uses most; the longest of those used as often."""
        counts: dict[str, int] = {}
        for at in list(_occurrences(self.text, term))[:_TRIED]:
            end = at + len(term)
            start = begins(self.text, end, 0, self.places)
            name = self.text[start:end]
            if len(name) >= len(term) + 2 and not is_generic(name.removesuffix(term)):
                counts[name] = counts.get(name, 0) + 1
        return max(counts, key=lambda name: (counts[name], len(name)), default=None)

    # Other bodies

    def body(self, at: int, end: int, term: str) -> list[OrganisationMention]:
        """市人社局, 杭州市工人文化宫, 中国职工保险互助会: public bodies under a region's name."""
        row, text = _bodies()[term], self.text
        place = self.ends.get(at)
        region, start, prefix = None, at, ""
        if place and place.start >= self.taken:
            region, start = self.settle(place)
            prefix = regions.official(region) if region else text[place.start : place.end]
        else:
            part = window(text, at, max(self.taken, at - 4))
            local = _LOCAL.search(part)
            if part.endswith("中国"):
                start, prefix = at - 2, "中国"
            elif local and not _compounds().search(part) and "国" not in local[0]:
                region = self.level(local[0], at)
                start = at - len(local[0])
                prefix = regions.official(region) if region else ""
        if not prefix:
            return []
        union = row["union"] == "yes"
        code = region.code if region else None
        office = re.compile(r"[一-鿿]{2,4}办事处").match(text, end)
        name = prefix + row["meaning"] + (office[0] if office else "")
        end = office.end() if office else end
        level: Level = region.level if region and row["kind"] == "area" else "other"
        return [OrganisationMention(start, end, name, level, code, union, "body")]

    def firm(self, at: int, end: int) -> list[OrganisationMention]:
        """Firms, banks, groups: a name long enough to be one, before a head that acts."""
        text = self.text
        start = begins(text, at, self.taken, self.places)
        stem = text[start:at]
        if len(stem) < 2 or is_generic(stem) or _BARE_REJECT.search(stem):
            return []
        name = self.longest(text[start:end])
        self.owners.append(name)
        if re.compile("(?:总)?工会").match(text, end):
            return []
        return [OrganisationMention(start, end, name, "enterprise", None, False, "firm")]


def _occurrences(text: str, term: str) -> Iterator[int]:
    at = text.find(term)
    while at >= 0:
        yield at
        at = text.find(term, at + 1)


@cache
def _parents() -> frozenset[str]:
    return frozenset(region.parent for region in regions.everywhere())


def _has_counties(region: Region) -> bool:
    return region.code in _parents()


def _headline(text: str, reader: _Reader, found: Sequence[OrganisationMention]) -> list[OrganisationMention]:
    """Regions that open a headline which names no union: 白银建设职工之家 is the doing of 白银市总工会."""
    added = []
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text[: reader.about.lead])]
    for start, end in lines:
        if any(start <= mention.start < end for mention in found):
            continue
        inside = [place for place in reader.places if start <= place.start < end]
        if not inside or not at_head(text, inside[0]):
            continue
        last = inside[0]
        for place in inside[1:]:
            if place.start != last.end:
                break
            last = place
        # 宁波横河社区: the community acts, not the city.
        smaller = _SMALLER.match(text, last.end, end)
        if smaller and begins(text, smaller.end(), start, reader.places) <= last.start:
            continue
        region, left = reader.settle(last)
        if region and region.code in reader.about.weights:
            name = regions.official(region) + "总工会"
            added.append(
                OrganisationMention(left, last.end, name, region.level, region.code, True, "headline")
            )
    return added


def find(text: str, context: Context) -> list[OrganisationMention]:
    """Unions and acting bodies in the text, in order, without overlaps. `text` is the body of the article the
    context was made from, or a stretch of it. Time is linear in its length; nothing is raised."""
    reader = _Reader(text, context, regions.mentions(text))
    found: list[OrganisationMention] = []
    for anchor in _anchors().finditer(text):
        at, end = anchor.span()
        if at < reader.taken:
            continue
        mentions: list[OrganisationMention] = []
        if anchor.lastgroup == "body":
            mentions = reader.body(at, end, anchor[0])
        elif anchor.lastgroup == "firm":
            mentions = reader.firm(at, end)
        else:
            mentions = list(reader.union(at, end, anchor[0]))
        for mention in mentions:
            found.append(mention)
            reader.taken = max(reader.taken, mention.end)
    if context.lead:
        found = sorted([*found, *_headline(text, reader, found)], key=lambda mention: mention.start)
    return found


def home(
    article: Article, about: Context | None = None, mentions: Sequence[OrganisationMention] | None = None
) -> OrganisationMention | None:
    """The organisation an article is about: where a sentence names none, its facts are this one's. Unions
    before other bodies, the headline before the lead, often named before seldom named. `about` and
    `mentions`, where known already, spare the work of finding them again."""
    about = context(article) if about is None else about
    mentions = find(article.body, about) if mentions is None else mentions
    weights: dict[str, float] = {}
    first: dict[str, OrganisationMention] = {}
    headline: list[str] = []
    lead_end = article.body.find("\n", article.lead)
    lead_end = lead_end if lead_end >= 0 else len(article.body)
    for mention in mentions:
        weight = 1.0 if mention.union and mention.level != "national" else 0.2
        if about.home and mention.union and mention.region_code == about.home.code:
            weight *= 2.0
        if mention.start < article.lead:
            weight *= 4
        elif mention.start < lead_end:
            weight *= 2
        if mention.name not in first:
            weight += (1.5 if mention.union else 0.0) / (1 + len(first))
        weights[mention.name] = weights.get(mention.name, 0.0) + weight
        first.setdefault(mention.name, mention)
        if not mention.union and mention.start < article.lead:
            headline.append(mention.name)
    for name in first:
        if about.home and first[name].union and first[name].region_code == about.home.code:
            weights[name] += min(3.0, about.weights.get(about.home.code, 0.0) / 3)
        # A firm in the headline speaks for its union.
        if first[name].union and any(firm in name for firm in headline):
            weights[name] += 4.0
    if not first:
        return None
    return first[max(weights, key=lambda name: (weights[name], -first[name].start))]
