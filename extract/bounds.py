"""Words that say how firmly a number is meant: 近千人, 不超过10万元, 20余名, 90名以上."""

import re
from collections.abc import Iterable
from typing import Final

from extract.model import Bound
from extract.words import alternation, table, terms

_BOUNDS: Final[dict[str, Bound]] = {"about": "about", "over": "over", "under": "under", "range": "range"}


def _side(side: str) -> dict[str, tuple[Bound, str]]:
    rows = [row for row in table("bounds") if row["side"] == side]
    return {row["term"]: (_BOUNDS[row["meaning"]], row["not_after"] or "") for row in rows}


_BEFORE, _MAGNITUDE, _FAR = _side("before"), _side("magnitude"), _side("far")
_INSIDE, _AFTER = _side("inside"), _side("after")
INSIDE: Final = frozenset(_INSIDE)
"""Bound words between number and unit."""


def _lengths(words: Iterable[str], place: int) -> dict[str, tuple[int, ...]]:
    """Lengths of the words, the longest first, by the character at a place in them."""
    words = tuple(words)
    return {
        letter: tuple(sorted({len(word) for word in words if word[place] == letter}, reverse=True))
        for letter in {word[place] for word in words}
    }


_BY_LAST: Final = _lengths((*_BEFORE, *_MAGNITUDE), -1)
_BY_FIRST: Final = _lengths(_AFTER, 0)
_BRACKETS: Final = frozenset("（(")
LAST: Final = frozenset(_BY_LAST)
"""Characters of which one ends a bound word `before` a number."""
FIRST: Final = _BRACKETS | {"起"} | frozenset(_BY_FIRST)
"""Characters of which one begins a bound word `after` a unit."""

# 3000元起, but not 3000元起飞; 50名（含）以上.
_FROM: Final = re.compile(r"起(?=[，,。；;、！）)\s]|$)")
# 5万元起步 and 保底3000元 are floors; 5万元起步资金 and 3000元保底工资 are sums of that name.
_OPEN_ENDS: Final = frozenset(word for word in _AFTER if word[0] in "起保打")
_NAMES: Final = re.compile(r"[^的，,。；;：:、！？!?\s）)”\d]")
_PEAK: Final = re.compile(alternation(terms("bounds", side="peak")))
_ALLOWED: Final = re.compile(alternation(terms("bounds", side="allowed")))
_INCLUDED: Final = re.compile(r"[（(]含(?:本数)?[）)](?=[以及或])")

_FAR_WINDOW: Final = 14
# Not 最高的, 最多时, 最高年薪, 最多的一笔: there the word belongs to a noun, not to the number.
_FAR_WORD: Final = re.compile(
    rf"(?P<word>{alternation(terms('bounds', side='far'))})(?![的时年月日法检人])"
    r"(?:(?!一[笔位次个家户名])[^，,。；;、：:\d０-９\s（）()“”《》]){1,7}$"
)


def inside(text: str, at: int) -> tuple[int, Bound | None]:
    """The bound word between number and unit: its end and what it says."""
    entry = _INSIDE.get(text[at : at + 1])
    return (at + 1, entry[0]) if entry else (at, None)


def before(text: str, at: int, magnitude: bool = False) -> tuple[int, Bound | None]:
    """The bound word that ends at `at`: its start and what it says.

    `magnitude`: the numeral is a bare scale (千, 万), before which 上 and 过 are bound words too.
    """
    for length in _BY_LAST.get(text[at - 1 : at], ()):
        if length > at:
            continue
        word = text[at - length : at]
        entry = _BEFORE.get(word) or (_MAGNITUDE.get(word) if magnitude else None)
        if entry and not (at > length and text[at - length - 1] in entry[1]):
            return at - length, entry[0]
    return at, None


def far_before(text: str, at: int) -> tuple[int, Bound | None]:
    """The bound word a few characters before `at` (至少上门4次): its start and what it says."""
    if match := _FAR_WORD.search(text, at - _FAR_WINDOW if at > _FAR_WINDOW else 0, at):
        return match.start(), _FAR[match["word"]][0]
    return at, None


def peak(text: str, start: int, end: int) -> bool:
    """Whether 最高 in `start`..`end`, the words that lead to a number, says what was observed and sets no
    ceiling: 日活跃用户最高4.2万."""
    return (
        text.startswith("最高", start)
        and _PEAK.search(text, max(0, start - 8), end) is not None
        and _ALLOWED.search(text, max(0, start - 8), end) is None
    )


def after(text: str, at: int) -> tuple[int, Bound | None]:
    """The bound word that follows the unit at `at`: its end and what it says."""
    first = text[at : at + 1]
    if first not in FIRST:
        return at, None
    if first in _BRACKETS and (included := _INCLUDED.match(text, at)):
        end, bound = after(text, included.end())
        return (end, bound) if bound else (at, None)
    if first == "起" and _FROM.match(text, at):
        return at + 1, "over"
    for length in _BY_FIRST.get(first, ()):
        word = text[at : at + length]
        entry = _AFTER.get(word)
        if entry and not (word in _OPEN_ENDS and _NAMES.match(text, at + length)):
            return at + len(word), entry[0]
    return at, None
