"""Sections of a text: whether their headings look back on what was done or ahead to what is to be."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from extract import tense
from extract.model import Span
from extract.tense import AHEAD, BACK, Marker

_LENGTH: Final = 30
_STOPS: Final = re.compile("[。；;！!？?，,]")
_HEAD_ENDS: Final = re.compile("[。；;！!？?，,：:\n]")
# The widest section first: 第一部分, 一、, （一）, 1.
_NUMERALS: Final = re.compile(
    r"(?P<a>第[一二三四五六七八九十]{1,3}(?:部分|章))|(?P<b>[一二三四五六七八九十]{1,3}[、．.])"
    r"|(?P<c>[(（][一二三四五六七八九十]{1,3}[)）])|(?P<d>\d{1,2}[.．、](?!\d)|[(（]\d{1,2}[)）])"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?<!\d{5})(?=年)")
_UNNUMBERED: Final = 0


class Sections:
    """For each paragraph of a text which way its heading looks."""

    def __init__(self, text: str, paragraphs: Sequence[Span], markers: Sequence[Sequence[Marker]]) -> None:
        """`markers`: those of each paragraph."""
        heads = [_head(text, line) for line in paragraphs]
        years = {year for head in heads if head for year in _years(text, head[1])}
        self._looks = list(
            _carried(text, heads, markers, (min(years), max(years)) if len(years) > 1 else None)
        )

    def looks(self, paragraph: int) -> int:
        """1 ahead, -1 back, 0 where no heading says so or the paragraph is none; 2 and -2 where the heading
        is numbered, and so heads a section and no more than that."""
        return self._looks[paragraph] if paragraph >= 0 else 0


def _head(text: str, line: Span) -> tuple[int, Span] | None:
    """The level of a heading and where it stands, of a paragraph that is one or opens with one."""
    numeral = _NUMERALS.match(text, line.start, line.end)
    if numeral and numeral.lastgroup:
        stop = _HEAD_ENDS.search(text, line.start, line.end)
        end = stop.start() if stop else line.end
        level = "abcd".index(numeral.lastgroup) + 1
    elif _STOPS.search(text, line.start, line.end):
        return None
    else:
        level, end = _UNNUMBERED, line.end
    return (level, Span(line.start, end)) if end - line.start <= _LENGTH else None


def _years(text: str, head: Span) -> list[int]:
    return [int(year) for year in _YEAR.findall(text, head.start, head.end)]


def _looks(text: str, head: Span, markers: Sequence[Marker], span: tuple[int, int] | None) -> int:
    """Which way a heading looks: by its year beside those of other headings, else by its words."""
    years = _years(text, head)
    if span and len(years) == 1 and years[0] in span:
        return -1 if years[0] == span[0] else 1
    ahead = tense.pattern("heading_ahead").search(text, head.start, head.end) is not None
    back = tense.pattern("heading_back").search(text, head.start, head.end) is not None
    if ahead or back:
        return ahead - back
    roles = {marker.role for marker in markers if marker.start < head.end}
    return (not AHEAD.isdisjoint(roles)) - (not BACK.isdisjoint(roles))


def _carried(
    text: str,
    heads: Sequence[tuple[int, Span] | None],
    markers: Sequence[Sequence[Marker]],
    span: tuple[int, int] | None,
) -> Iterator[int]:
    """What each paragraph hears from the headings above it: the nearest that looks anywhere counts."""
    above: list[tuple[int, int]] = []
    for head, within in zip(heads, markers, strict=True):
        if head:
            level, where = head
            look = _looks(text, where, within, span)
            # A plain line without a number ends no numbered section: it may be a row, a name, a caption.
            if level or look or not above or above[-1][0] == _UNNUMBERED:
                above = [outer for outer in above if outer[0] < level]
                above.append((level, 2 * look if level else look))
        yield next((look for _, look in reversed(above) if look), 0)
