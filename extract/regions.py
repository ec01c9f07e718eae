"""The gazetteer: provinces, cities and counties of China by name, with parents and dated former names.

The rows are those of lexicon/regions.tsv, which scripts/build_regions.py writes.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Final, Literal

from extract.model import Span
from extract.scan import Scanner
from extract.words import table, terms

Rank = Literal["province", "city", "county"]
Strength = Literal["sure", "name", "word"]

_SHORTEST: Final = 2
"""Characters of official names that are words of their own: 郊区, 矿区."""
_RANKS: Final[tuple[Rank, ...]] = ("province", "city", "county")


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """An administrative division. A former one has the code of the division it belongs to today.
    Each row of the gazetteer is one object, and regions are told apart as objects."""

    code: str
    """Six digits of GB/T 2260."""
    name: str
    level: Rank
    parent: str
    """Code of the next higher division in the gazetteer; empty for provinces."""
    short: tuple[str, ...] = ()
    abbreviation: str = ""
    """The single character of a province, as in 粤."""
    valid_from: str = ""
    valid_to: str = ""
    """ISO 8601, perhaps only to the month; empty where the name stands."""

    def valid(self, on: date | None) -> bool:
        """Whether the name was in force on a day; without a day, whether it is in force now."""
        if on is None:
            return not self.valid_to
        day = on.isoformat()
        return self.valid_from <= day and not (self.valid_to and day[: len(self.valid_to)] > self.valid_to)


@dataclass(slots=True, unsafe_hash=True)
class RegionMention(Span):
    """A region's name in a text. Several candidates where divisions share the name."""

    candidates: tuple[Region, ...]
    full: bool
    """True for an official name, False for a short one."""
    strength: Strength = "sure"
    """`name` and `word` are short names that mean other things as well; see lexicon/region_homonyms.tsv."""

    @property
    def names_a_union(self) -> bool:
        """Whether 总工会 right behind it makes a union's name: not so of words such as 资源 or 郊区."""
        return self.strength != "word" or (self.full and self.end - self.start > _SHORTEST)


@cache
def _current() -> dict[str, Region]:
    return {region.code: region for region in _all() if not region.valid_to}


@cache
def _all() -> tuple[Region, ...]:
    found = []
    for row in table("regions"):
        level = next(rank for rank in _RANKS if rank == row["level"])
        short = tuple(row["short"].split())
        parts = (row["code"], row["term"], level, row["parent"], short)
        found.append(Region(*parts, row["abbreviation"], row["valid_from"], row["valid_to"]))
    return tuple(found)


@cache
def _index() -> dict[str, tuple[Region, ...]]:
    """Regions by official and short name, larger ones and today's first."""
    index: dict[str, list[Region]] = {}
    for region in _all():
        for name in (region.name, *region.short):
            index.setdefault(name, []).append(region)
    order = {rank: at for at, rank in enumerate(_RANKS)}
    return {
        name: tuple(sorted(found, key=lambda region: (order[region.level], region.valid_to != "")))
        for name, found in index.items()
    }


@cache
def _scanner() -> Scanner:
    return Scanner(_index(), inside=True)


@cache
def _official() -> dict[str, tuple[str, ...]]:
    """Official names longer than two characters, by the first two."""
    names: dict[str, list[str]] = {}
    for name, (first, *_) in _index().items():
        if len(name) > _SHORTEST and first.name == name:
            names.setdefault(name[:2], []).append(name)
    return {pair: tuple(same) for pair, same in names.items()}


@cache
def _uses() -> dict[str, Strength]:
    return {row["term"]: "word" if row["use"] == "word" else "name" for row in table("region_homonyms")}


@cache
def _follower_starts() -> frozenset[str]:
    return frozenset(term[0] for term in terms("region_followers"))


@cache
def _followers() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, terms("region_followers"))))


def by_code(code: str) -> Region | None:
    """Today's region of a code."""
    return _current().get(code)


def named(name: str, on: date | None = None) -> tuple[Region, ...]:
    """Regions of an official or short name: those in force on the day first, then larger ones."""
    return tuple(sorted(_index().get(name, ()), key=lambda region: not region.valid(on)))


def abbreviated(letter: str) -> Region | None:
    """The province of a single-character abbreviation: 粤 -> 广东省."""
    return next((region for region in _all() if region.abbreviation == letter), None)


def parent(region: Region) -> Region | None:
    """The next higher division, None for a province."""
    return _current().get(region.parent) if region.parent else None


@cache
def ancestors(region: Region) -> tuple[Region, ...]:
    """Higher divisions, nearest first."""
    above = parent(region)
    return (above, *ancestors(above)) if above else ()


def within(region: Region, other: Region) -> bool:
    """Whether a region is another one or lies in it."""
    return region.code == other.code or other.code in _above(region.code, region.parent)


@cache
def _above(code: str, parent_code: str) -> frozenset[str]:
    """Codes of the divisions that hold the division of a code."""
    above = _current().get(parent_code)
    return _above(above.code, above.parent) | {above.code} if above else frozenset()


def chain(region: Region) -> str:
    """All divisions from the province down: 浙江省湖州市吴兴区."""
    return "".join(above.name for above in reversed([region, *ancestors(region)]))


@cache
def official(region: Region) -> str:
    """The name its organisations carry: districts with their city (杭州市余杭区), all others alone."""
    above = parent(region)
    district = region.level == "county" and region.name.endswith("区")
    # 苏州工业园区 says its city already, 淮安市淮安区 does not.
    said = above and any(
        region.name.startswith(name) and len(region.name) > len(name) + 1
        for name in (above.name, *above.short)
    )
    if district and above and not said:
        return above.name + region.name
    return region.name


def is_zone(region: Region) -> bool:
    """Whether it is a zone with an administration of its own, which is no division: 合肥高新区."""
    return region.level == "county" and region.code[4] == "7"


def choose(candidates: Sequence[Region], near: Iterable[Region], on: date | None = None) -> Region | None:
    """The candidate meant in the company of other regions (nearest first): one that lies in, holds or
    neighbours them. Without company the largest in force; None where nothing decides between equals."""
    if len(candidates) == 1:
        return candidates[0]
    ranked = sorted(candidates, key=lambda region: not region.valid(on))
    if len({region.code for region in ranked}) <= 1:
        return ranked[0] if ranked else None
    for other in near:
        related = [region for region in ranked if within(region, other) or within(other, region)]
        if related:
            return related[0]
        siblings = [region for region in ranked if region.parent and region.parent == other.parent]
        if siblings:
            return siblings[0]
    first, second = ranked[0], ranked[1]
    # Districts of one name in several cities: the reader cannot tell either.
    if first.level == second.level and first.valid(on) == second.valid(on):
        return None
    return first


@lru_cache(maxsize=4)
def mentions(text: str) -> tuple[RegionMention, ...]:
    """Region names in the text, left to right, the longest at each place, no overlaps. Time is linear."""
    found: list[RegionMention] = []
    free = 0
    for at, end in _scanner().spans(text):
        name = text[at:end]
        if at < free or (len(name) == _SHORTEST and _joined(text, at, name)):
            continue
        mention = _mention(text, at, name, found[-1] if found else None)
        if mention:
            found.append(mention)
            free = end
    return tuple(found)


def _joined(text: str, at: int, name: str) -> bool:
    """Whether a short name takes the first character of an official one: 从江 in 从江西省."""
    longer = _official().get(text[at + 1 : at + 3])
    if longer is None or not text.startswith(longer, at + 1):
        return False
    return all(region.name != name for region in _index()[name])


def _mention(text: str, at: int, name: str, before: RegionMention | None) -> RegionMention | None:
    end = at + len(name)
    candidates, full, strength = _alone(name)
    if not full and text[end : end + 1] in _follower_starts() and _followers().match(text, end):
        return None
    if before and before.end == at:
        inside = tuple(
            region for region in candidates if any(within(region, higher) for higher in before.candidates)
        )
        if inside:
            return RegionMention(at, end, inside, full)
    return RegionMention(at, end, candidates, full, strength)


@cache
def _alone(name: str) -> tuple[tuple[Region, ...], bool, Strength]:
    """What a name means without company: its regions, whether it is their official name, its strength."""
    candidates = _index()[name]
    official = tuple(region for region in candidates if region.name == name)
    strength = _uses().get(name, "sure")
    if official:
        return official, True, "word" if name.endswith("区") and len(name) == _SHORTEST else strength
    if strength == "sure" and candidates[0].level == "county" and candidates[0].name.endswith("区"):
        strength = "name"
    return candidates, False, strength


def everywhere() -> tuple[Region, ...]:
    """All regions, former ones too, by code."""
    return _all()
