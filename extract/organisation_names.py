"""Where an organisation's name begins, and what kind of body it is. All words come from the lexicon."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.regions import RegionMention
from extract.tokens import segment
from extract.words import alternation, table, terms

LONGEST = 40
"""Characters looked at before a suffix; no name is longer."""

_NAME_BACKWARDS = re.compile(r"[一-鿿〇A-Za-z0-9０-９()（）、·]*")
_LIST_MARK = re.compile(r"[、·]")


@dataclass(frozen=True, slots=True)
class Head:
    """The noun a body's name ends in."""

    term: str
    kind: str
    """firm, institution, zone or industry."""
    acts: bool


@cache
def heads() -> dict[str, Head]:
    return {
        row["term"]: Head(row["term"], row["kind"], row["acts"] == "yes")
        for row in table("organisation_heads")
    }


@cache
def _head_at_end() -> re.Pattern[str]:
    return re.compile(alternation([head[::-1] for head in heads()]))


@cache
def _industry_at_end() -> re.Pattern[str]:
    return re.compile(alternation([trade[::-1] for trade in terms("union_industries")]))


@cache
def _stops() -> frozenset[str]:
    return frozenset(terms("organisation_stops"))


@cache
def _generics() -> frozenset[str]:
    return frozenset(terms("union_generics"))


def window(text: str, end: int, start: int = 0) -> str:
    """The stretch before `end` that may belong to a name: no stops, commas or spaces, not before `start`."""
    behind = text[max(start, end - LONGEST) : end][::-1]
    match = _NAME_BACKWARDS.match(behind)
    return match[0][::-1] if match else ""


def head(name: str) -> Head | None:
    """The noun a name ends in, longest first; a trade counts as one."""
    backwards = name[::-1]
    match = _head_at_end().match(backwards)
    trade = _industry_at_end().match(backwards)
    if trade and (not match or len(trade[0]) >= len(match[0])):
        return Head(trade[0][::-1], "industry", False)
    return heads()[match[0][::-1]] if match else None


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


def begins(text: str, end: int, start: int, places: Sequence[RegionMention]) -> int:
    """Offset at which the name that ends at `end` begins: after the last word that is no part of a name,
    and at a region's name where one stands first. `end` where nothing is left."""
    part = window(text, end, start)
    part = part[max((mark.end() for mark in _LIST_MARK.finditer(part)), default=0) :]
    part = _brackets(part)
    left = end - len(part)
    kept = len(part)
    for token in reversed(segment(part)):
        word = part[token.start : token.end]
        if word in _stops() or word[0].isdigit():
            break
        kept = token.start
    left += kept
    place = bisect_left(places, left, key=lambda mention: mention.start)
    # A region's name that jieba joined to the words before it still opens the name.
    if place and places[place - 1].end > left and places[place - 1].strength == "sure":
        return places[place - 1].start
    while place < len(places) and places[place].end <= end:
        mention = places[place]
        if (
            mention.strength == "sure"
            and mention.start > left
            and not text[left : mention.start].startswith("中")
        ):
            before = head(text[left : mention.start])
            if not before or before.kind == "industry":
                return mention.start
        break
    return left


def is_generic(stem: str) -> bool:
    """Whether what is left of a name without its head names nothing."""
    return stem in _generics() or stem in _stops() or stem == ""
