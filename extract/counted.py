"""What a number counts: the shortest noun phrase beside it, by light grammar and without a segmenter."""

import re
from typing import Final

from extract import units
from extract.beginnings import by_pair
from extract.numbers import MORE, SCALES
from extract.words import terms

_REACH: Final = 24
_EDGE: Final = r"，,。；;：:、！？!?\s\d０-９（）()/／"
_DIGITS: Final = "一二两三四五六七八九十百千万"
_NEXT_NUMBER: Final = re.compile(f"[{_DIGITS}]+[余多来]?[名个家人场次件户位项条支元]")
_CLOSED: Final = frozenset("，,。；;：:、！？!? \n\u3000/／")
"""Marks at which no phrase begins or ends."""
_OPENS_SCALE: Final = frozenset(SCALES + MORE)
_SCALE: Final = re.compile(rf"[{SCALES}]*[{MORE}]?")
# A short pair of brackets may stand inside: 市（州）总工会.
_PHRASE: Final = re.compile(
    rf"[^{_EDGE}]{{0,{_REACH}}}(?:[（(][^（）()\d\n]{{1,8}}[)）](?![{_EDGE}])[^{_EDGE}]{{0,{_REACH}}}){{0,2}}"
)
_PHRASE_BACKWARDS: Final = re.compile(
    rf"[^{_EDGE}]{{0,{_REACH}}}(?:[)）][^（）()\d\n]{{1,8}}[（(](?![{_EDGE}])[^{_EDGE}]{{0,{_REACH}}}){{0,2}}"
)
_LAST_EDGE: Final = re.compile(rf"(?s:.*)[{_EDGE}]")
_BRACKETS_END: Final = frozenset(")）")


class _Words:
    """Listed words of some kinds: where two begin at one place the earlier kind counts, then the longer.

    With `numbers`, a number with its unit is a stop too."""

    def __init__(self, *kinds: str, numbers: bool = False) -> None:
        words = [
            (term, (term, len(term), kind))
            for kind in kinds
            for term in sorted(terms("np_stops", meaning=kind), key=len, reverse=True)
        ]
        self._by_pair = by_pair(words)
        self._digits = frozenset(_DIGITS if numbers else "")
        self._firsts = self._digits | {term[0] for term, _ in words}

    def find(self, phrase: str) -> list[tuple[int, int, str]]:
        """Start, end and kind of the words in a phrase that are not kept, from left to right."""
        found: list[tuple[int, int, str]] = []
        done, firsts, find = 0, self._firsts, self._by_pair.get
        for at, letter in enumerate(phrase):
            if letter not in firsts or at < done:
                continue
            for term, size, kind in find(phrase[at : at + 2]) or find(letter, ()):
                if size <= 2 or phrase.startswith(term, at):
                    done = at + size
                    if kind != "keep":
                        found.append((at, done, kind))
                    break
            else:
                if letter in self._digits and _NEXT_NUMBER.match(phrase, at):
                    found.append((at, at + 1, "stop"))
        return found


_WORDS_AFTER: Final = _Words("keep", "stop", numbers=True)
_WORDS_BEFORE: Final = _Words("keep", "stop", "verb")


def after(text: str, at: int) -> str:
    """Noun phrase that begins at `at`, the end of the quantity; empty when a verb or a mark stands there."""
    match = _PHRASE.match(text, at, at + _REACH)
    if match is None or match.end() == at:
        return ""
    phrase = match[0]
    stops = _WORDS_AFTER.find(phrase)
    return _noun(phrase[: stops[0][0]] if stops else phrase)


def before(text: str, at: int) -> str:
    """Noun phrase that ends at `at`, the start of the quantity: 困难职工 in `慰问困难职工35户`."""
    if text[at - 1 : at] in _CLOSED:
        return ""
    low = at - _REACH if at > _REACH else 0
    edge = _LAST_EDGE.match(text, low, at)
    start = edge.end() if edge else low
    if text[start - 1 : start] in _BRACKETS_END:
        match = _PHRASE_BACKWARDS.match(text[low:at][::-1])
        start = at - match.end() if match else at
    phrase = text[start:at]
    if len(phrase) < 2:
        return ""
    size = len(phrase)
    start = _unit_of_number_before(phrase) if text[start - 1 : start].isdecimal() else 0
    for low, high, kind in _WORDS_BEFORE.find(phrase):
        if high < size:
            start = high
        elif kind == "stop":
            phrase = phrase[:low]
    return _noun(phrase[start:])


def _unit_of_number_before(phrase: str) -> int:
    """Length of the unit that opens a phrase before which a number stands: 名 in `30名技师和` 9名."""
    head = _SCALE.match(phrase) if phrase[0] in _OPENS_SCALE else None
    start = head.end() if head else 0
    unit = units.match(phrase, start)
    return start + unit.size if unit else start


def noun(text: str, start: int, end: int) -> str:
    """What the quantity at `start`..`end` counts: the phrase after it, else the one before it."""
    phrase = "" if text[end : end + 1] in _CLOSED else after(text, end)
    return phrase or before(text, start)


def _noun(phrase: str) -> str:
    phrase = phrase.strip("的之和及与")
    return phrase if len(phrase) > 1 else ""
