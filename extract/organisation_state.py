"""What a reader of a text for organisations has seen so far, and the regions that short forms mean there."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from extract import regions
from extract.model import OrganisationMention
from extract.offsets import Row
from extract.organisation_context import Context, is_a
from extract.organisation_names import begins, general_union, stands
from extract.regions import Region, RegionMention

_LONGEST: Final = 30
"""Characters of a firm's name that what follows may still lengthen."""
_UNION: Final = "工会"
_OPENS: Final = re.compile(r"(?:^|[\n。；;！？!?])[ 　【▲●■◆★▪·]*在?$")
_PERSON: Final = re.compile("籍|人(?!社)|[小老姑来]|的(?!做法|经验|办法|工会|探索)")
"""What makes a place at the head of a sentence the origin of somebody."""
_NO_PLACES: Final[Row[RegionMention]] = Row(())
_NEAR: Final = 12
"""How many region names before a level word are looked at."""


@dataclass(slots=True)
class Reader:
    """One pass over a text. What was named before decides what short forms mean later."""

    text: str
    about: Context
    places: Row[RegionMention]
    ends: dict[int, RegionMention] = field(default_factory=dict)
    named: list[Region] = field(default_factory=list)
    """Regions whose unions were named so far, latest last."""
    towns: list[str] = field(default_factory=list)
    general: set[str] = field(default_factory=set)
    """Townships, zones and the like whose union was called 总工会 so far."""
    owners: list[str] = field(default_factory=list)
    """Bodies other than governments named so far, latest last."""
    stood: dict[int, bool] = field(default_factory=dict)
    villages: dict[int, str] = field(default_factory=dict)
    """Names that end in 村 or 社区 by the offset of that word, as far as they were looked at."""
    counted: dict[str, str | None] = field(default_factory=dict)
    proper: dict[str, bool] = field(default_factory=dict)
    """Stretches before 工会 that end in no noun for a body, and whether they are names of firms."""
    office: OrganisationMention | None = None
    """The last office of a body found: 中国职工保险互助会贵阳办事处."""
    firm: OrganisationMention | None = None
    """The last firm found that is no union."""
    taken: int = 0

    def __post_init__(self) -> None:
        self.ends = {place.end: place for place in self.places.spans}
        if self.about.owner:
            self.owners.append(self.about.owner)
        body, union, _ = self.about.outlet.name.rpartition(_UNION) if self.about.outlet else ("", "", "")
        if union:
            # 校工会 in what 兰州大学工会 publishes.
            self.owners.append(body)

    # Regions

    def near(self) -> list[Region]:
        home = [self.about.home] if self.about.home else []
        return [*home, *reversed(self.named[-4:]), *self.about.ranked[:12]]

    def settle(self, place: RegionMention) -> tuple[Region | None, int]:
        """The region a mention means and where its chain of parents (韶关市曲江区) begins."""
        start, company = place.start, []
        above = self.ends.get(start)
        if above is None and len(place.candidates) == 1:
            return place.candidates[0], start
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
        if told := self.told_of(word, at):
            return told
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

    def told_of(self, word: str, at: int) -> Region | None:
        """The region of a level, elsewhere than the article's own, that the last sentence of the paragraph to
        open with a place is about: 山东的做法不同：省海员工会 ... in an article about 广东."""
        home, last = self.about.home, self.places.first(at)
        near = self.places.spans[max(0, last - _NEAR) : last]
        paragraph = self.text.rfind("\n", near[0].start, at) if near else -1
        for place in reversed(near):
            if place.start < paragraph:
                break
            before = self.text[max(0, place.start - 4) : place.start]
            if place.strength == "word" or not _OPENS.search(before) or _PERSON.match(self.text, place.end):
                continue
            region = regions.choose(place.candidates, self.near(), self.about.published)
            if not region or not self.stands(place):
                continue
            if home and (regions.within(region, home) or regions.within(home, region)):
                # 在祁阳，市总工会 ... in an article about 永州市.
                close = before.endswith("在") and self.text[place.end : place.end + 1] in ("，", ",")
                return region if close and is_a(region, word) else None
            found = (above for above in (region, *regions.ancestors(region)) if is_a(above, word))
            return next(found, None)
        return None

    def last(self, word: str, at: int) -> Region | None:
        """The region that 该市, 该县 ... points back to."""
        named = (region for region in reversed(self.named) if is_a(region, word))
        return next(named, None) or self.level(word, at)

    def topics(self, at: int) -> list[RegionMention]:
        """Regions named before an offset: those of its paragraph from the first on, as a paragraph opens with
        what it is about, then those of earlier paragraphs, nearest first."""
        index = self.places.first(at)
        paragraph = self.text.rfind("\n", 0, at) + 1
        opening = self.places.first(paragraph)
        here = self.places.spans[opening : min(index, opening + _NEAR)]
        return [*here, *reversed(self.places.spans[max(0, opening - _NEAR) : opening])]

    def stands(self, place: RegionMention) -> bool:
        if place.start not in self.stood:
            self.stood[place.start] = stands(self.text, place)
        return self.stood[place.start]

    def has_place(self, start: int, end: int) -> bool:
        """Whether a region is named in a stretch."""
        return bool(self.places.within(start, end))

    def country(self) -> Region | None:
        """County, district or else city the text is about, for its townships."""
        home = self.about.home
        if home and home.level == "county":
            return home
        for region in reversed(self.named):
            if region.level == "county" or (region.level == "city" and not _has_counties(region)):
                return region
        return home if home and home.level == "city" and not _has_counties(home) else None

    def general_union(self, region: Region, start: int, end: int, rule: str) -> OrganisationMention:
        """A mention of a region's general union, which becomes the last one named."""
        self.named.append(region)
        return general_union(region, start, end, rule)

    def union(self, body: str, suffix: str) -> str:
        """The name of a body's union; 镇工会 is the 总工会 of the township where it was called so."""
        if suffix == "总工会":
            self.general.add(body)
        return body + ("总工会" if suffix == _UNION and body in self.general else suffix)

    def holder(self, at: int) -> OrganisationMention | None:
        """The firm right before an offset, of whose name what follows is a part: 陕煤集团韩城矿业."""
        firm = self.firm
        return firm if firm and firm.end == at and len(firm.name) < _LONGEST else None

    def boundary(self, at: int) -> bool:
        """Whether a name can begin here: the words before it do not run on into it."""
        return begins(self.text, at, self.taken, _NO_PLACES) == at


@cache
def _parents() -> frozenset[str]:
    return frozenset(region.parent for region in regions.everywhere())


def _has_counties(region: Region) -> bool:
    return region.code in _parents()
