"""Where an organisation's name begins, and what kind of body it is. All words come from the lexicon."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from extract import regions
from extract.endings import Endings
from extract.model import OrganisationMention
from extract.offsets import Row
from extract.regions import Region, RegionMention
from extract.tokens import may_hold, segment, segmenter
from extract.words import alternation, table, terms

LONGEST: Final = 40
"""Characters looked at before a suffix; no name is longer."""

_UNION: Final = "工会"
_PARTICLES: Final = "了的着"
_AROUND: Final = 5
"""Characters on each side of a name that decide where words end."""
_SHORT: Final = 16
"""Longest stretch after a region's name that is read without looking for words of one character."""

_RUN, _RUN_END = re.compile(r"\w*"), re.compile(r"\w*$")
_NAME_BACKWARDS: Final = re.compile(r"[㐀-鿿〇\U00020000-\U0003134fA-Za-z0-9０-９()（）、·]*")
_LIST_MARK: Final = re.compile(r"[、·]")


@dataclass(slots=True, unsafe_hash=True)
class Head:
    """The noun a body's name ends in."""

    term: str
    kind: str
    """firm, institution, zone or industry."""
    acts: str
    """yes, no, name (鞍钢: a name of its own), or bare: has a union only as a short form (局工会)."""
    short_for: tuple[str, ...] = ()
    """Endings of the names a short form stands for: 大学, 学院 ... of 校."""


@cache
def heads() -> dict[str, Head]:
    return {
        row["term"]: Head(row["term"], row["kind"], row["acts"], tuple(row["short_for"].split()))
        for row in table("organisation_heads")
    }


@cache
def _heads() -> Endings:
    return Endings(heads())


@cache
def _industries() -> Endings:
    return Endings(terms("union_industries"))


@cache
def _stops() -> frozenset[str]:
    return frozenset(terms("organisation_stops"))


@cache
def _may_stop() -> re.Pattern[str]:
    """Where a stretch may hold a word that is no part of a name; most hold none and need not be segmented."""
    single = "".join(sorted({*_inside(), *_PARTICLES, *(word for word in _stops() if len(word) == 1)}))
    longer = [word for word in _stops() if len(word) > 1]
    first, second = ("".join(sorted({word[at] for word in longer})) for at in (0, 1))
    return re.compile(rf"(?=[{first}][{second}]){alternation(longer)}|\d+|[{single}]")


@cache
def _prefixes() -> re.Pattern[str]:
    return re.compile(alternation([prefix[::-1] for prefix in terms("organisation_prefixes")]))


@cache
def _inside() -> dict[str, frozenset[str]]:
    """Characters that end a name also inside a segmenter's word, and the words in which they do not."""
    return {
        row["term"]: frozenset(row["unless"].split())
        for row in table("organisation_stops")
        if row["inside"] == "yes"
    }


@cache
def _generics() -> frozenset[str]:
    return frozenset((*terms("union_generics"), *terms("organisation_generics")))


def window(text: str, end: int, start: int = 0) -> str:
    """The stretch before `end` that may belong to a name: no stops, commas or spaces, not before `start`."""
    behind = text[max(start, end - LONGEST) : end][::-1]
    match = _NAME_BACKWARDS.match(behind)
    return match[0][::-1] if match else ""


def head(name: str) -> Head | None:
    """The noun a name ends in, longest first; a trade counts as one."""
    noun, trade = _heads().longest(name), _industries().longest(name)
    if trade and len(trade) >= len(noun):
        return Head(trade, "industry", "no")
    return heads()[noun] if noun else None


def _brackets(part: str) -> str:
    """Cuts what stands before a bracket that is no part of the name: `(记者)甘肃`, but not `(集团)公司`."""
    closing = max(part.rfind(")"), part.rfind("）"))
    if closing < 0:
        opening = max(part.rfind("("), part.rfind("（"))
        return part[opening + 1 :]
    opening = max(part.rfind("(", 0, closing), part.rfind("（", 0, closing))
    inner = part[opening + 1 : closing]
    if opening < 2 or len(inner) > 6 or "、" in inner or part[closing + 1 :] == "":
        return part[closing + 1 :]
    return part


def begins(text: str, end: int, start: int, places: Row[RegionMention]) -> int:
    """Offset at which the name that ends at `end` begins: after the last word that is no part of a name,
    and at a region's name where one stands first. `end` where nothing is left."""
    part = window(text, end, start)
    part = part[max((mark.end() for mark in _LIST_MARK.finditer(part)), default=0) :]
    part = _brackets(part)
    # No name before a union's suffix holds another one.
    part = part[part.rfind(_UNION) + len(_UNION) :] if _UNION in part else part
    left = end - len(part)
    place = places.first(left)
    inside = [
        mention
        for mention in places.spans[place : place + 6]
        if mention.end <= end and mention.strength == "sure" and not _bracketed(text, mention)
    ]
    opening = _opening(text, end, inside)
    if opening is not None:
        return _prefixed(text, opening, left)
    left += _kept(part)
    for mention in inside:
        # A region's name that the segmenter joined to the words before it still opens the name.
        if mention.start < left < mention.end:
            return mention.start
        if mention.start > left:
            before = head(text[left : mention.start])
            if (not before or before.kind == "industry") and not text.startswith("中", left):
                return _prefixed(text, mention.start, left)
        if mention.start >= left:
            break
    return left


def _bracketed(text: str, place: RegionMention) -> bool:
    """Whether a region stands in brackets inside a name: 博世汽车部件（苏州）有限公司."""
    return text[place.start - 1 : place.start] in ("(", "（") and text[place.end : place.end + 1] in (
        ")",
        "）",
    )


def _prefixed(text: str, start: int, low: int) -> int:
    """Start of 国网, 中铁 ... right before the region's name at `start`."""
    match = _prefixes().match(text[low:start][::-1])
    return start - match.end() if match else start


def _opening(text: str, end: int, inside: Sequence[RegionMention]) -> int | None:
    """Start of the chain of regions that opens a name when only a few characters follow it: names made of
    everyday words (左向, 中德自控) are then read whole."""
    if not inside:
        return None
    last = inside[-1]
    gap = text[last.end : end]
    if not gap or len(gap) > _SHORT or any(char.isdigit() or char in _inside() for char in gap):
        return None
    tail = head(gap)
    modifier = gap[: -len(tail.term)] if tail else gap
    if _may_stop().search(modifier) and any(len(word) > 1 and word in _stops() for word in _words(modifier)):
        return None
    start = last.start
    for mention in reversed(inside[:-1]):
        if mention.end != start:
            break
        start = mention.start
    return start


def _words(part: str) -> list[str]:
    return [part[token.start : token.end] for token in segment(part)]


def _kept(part: str) -> int:
    """How much of a stretch to leave off at its left: up to the last word that is no part of a name. The noun
    the stretch ends in is not looked at, as 建设 in 海员建设工会."""
    tail = head(part)
    free = len(part) - len(tail.term) if tail else len(part)
    last = None
    for stop in _may_stop().finditer(part):
        if stop.start() >= free:
            break
        last = stop
    if not last:
        return 0
    # A single character may be one of a name that no dictionary has: 管 in 钟管镇.
    plain = len(last[0]) > 1 or (last.start() == 0 and (last[0] in _inside() or last.end() == free))
    if plain and not (may_hold(part, last.start()) or may_hold(part, last.end())):
        return last.end()
    kept = len(part)
    for token in reversed(segment(part)):
        word = part[token.start : token.end]
        if token.start < free:
            if word in _stops() or word[0].isdigit() or (len(word) > 1 and word[-1] in _PARTICLES):
                break
            if len(word) > 1 and word[0] in _inside() and word not in _inside()[word[0]]:
                return token.start + 1
        kept = token.start
    return kept


def is_generic(stem: str) -> bool:
    """Whether what is left of a name without its head names nothing."""
    return stem in _generics() or stem in _stops() or stem == ""


def stands(text: str, mention: RegionMention) -> bool:
    """Whether the short name of a county or city is a word here, not parts of two (平台安全 holds 台安)."""
    if mention.full or mention.candidates[0].level == "province":
        return True
    name = text[mention.start : mention.end]
    part = text[max(0, mention.start - _AROUND) : mention.end + _AROUND]
    start = min(mention.start, _AROUND)
    if not (may_hold(part, start) or may_hold(part, start + len(name))):
        return True
    # No word holds a comma or a space.
    left = _RUN_END.search(text[max(0, mention.start - _AROUND) : mention.start])
    right = _RUN.match(text[mention.end : mention.end + _AROUND])
    before, after = left[0] if left else "", right[0] if right else ""
    if not before and not after:
        return True
    return _whole(before + name + after, len(before), len(before) + len(name), segmenter())


@lru_cache(maxsize=1024)
def _whole(part: str, start: int, end: int, by: str) -> bool:
    """Whether words end at both offsets; `by` is the segmenter that tells."""
    return not any(
        token.start < start < token.end or token.start < end < token.end for token in segment(part)
    )


@cache
def total() -> str:
    """Regex for `总` that stands for 总工会: after a level, and not the beginning of a word such as 总量."""
    return rf"(?<=[省市区县旗盟州])总{total_after()}|(?<![安健周齐保完])全总(?![部计量数])"


@cache
def total_after() -> str:
    """What `总` behind a level must have around it, as seen from behind it."""
    words = []
    for row in table("total_words"):
        later = f"(?![{row['unless_before']}])" if row["unless_before"] else ""
        words.append(re.escape(row["term"][1:]) + later)
    return rf"(?<![全我][省市区县旗盟州]总)(?!工会|{'|'.join(words)})"


def general_union(region: Region, start: int, end: int, rule: str) -> OrganisationMention:
    """A mention of a region's general union (总工会)."""
    name = regions.official(region) + "总工会"
    return OrganisationMention(start, end, name, region.level, region.code, True, rule)
