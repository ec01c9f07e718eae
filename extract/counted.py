"""What a number counts: the shortest noun phrase beside it, by light grammar and without a segmenter."""

import re
from collections.abc import Iterator

from extract import units
from extract.numbers import MORE, SCALES
from extract.words import terms

_REACH = 24
_EDGE = r"，,。；;：:、！？!?\s\d０-９（）()/／"
_NEXT_NUMBER = re.compile("[一二两三四五六七八九十百千万]+[余多来]?[名个家人场次件户位项条支元]")
_DIGITS = frozenset("一二两三四五六七八九十百千万")
_SCALE = re.compile(rf"[{SCALES}]*[{MORE}]?")
# A short pair of brackets may stand inside: 市（州）总工会.
_PHRASE = re.compile(
    rf"[^{_EDGE}]{{0,{_REACH}}}(?:[（(][^（）()\d\n]{{1,8}}[)）](?![{_EDGE}])[^{_EDGE}]{{0,{_REACH}}}){{0,2}}"
)
_PHRASE_BACKWARDS = re.compile(
    rf"[^{_EDGE}]{{0,{_REACH}}}(?:[)）][^（）()\d\n]{{1,8}}[（(](?![{_EDGE}])[^{_EDGE}]{{0,{_REACH}}}){{0,2}}"
)


def _by_first(*kinds: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Words with their kind, by first character: those of earlier kinds first, then the longest."""
    words: dict[str, list[tuple[str, str]]] = {}
    for kind in kinds:
        for term in sorted(terms("np_stops", meaning=kind), key=len, reverse=True):
            words.setdefault(term[0], []).append((term, kind))
    return {first: tuple(same) for first, same in words.items()}


_WORDS_AFTER = _by_first("keep", "stop")
_WORDS_BEFORE = _by_first("keep", "stop", "verb")


def _words(phrase: str, words: dict[str, tuple[tuple[str, str], ...]]) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of the listed words in a phrase, from left to right."""
    at, size = 0, len(phrase)
    while at < size:
        for term, kind in words.get(phrase[at], ()):
            if phrase.startswith(term, at):
                yield at, at + len(term), kind
                at += len(term)
                break
        else:
            if words is _WORDS_AFTER and phrase[at] in _DIGITS and _NEXT_NUMBER.match(phrase, at):
                yield at, at + 1, "stop"
            at += 1


def after(text: str, at: int) -> str:
    """Noun phrase that begins at `at`, the end of the quantity; empty when a verb or a mark stands there."""
    match = _PHRASE.match(text, at, at + _REACH)
    if match is None or match.end() == at:
        return ""
    phrase = match[0]
    for start, _, kind in _words(phrase, _WORDS_AFTER):
        if kind == "stop":
            phrase = phrase[:start]
            break
    return _noun(phrase)


def before(text: str, at: int) -> str:
    """Noun phrase that ends at `at`, the start of the quantity: 困难职工 in `慰问困难职工35户`."""
    match = _PHRASE_BACKWARDS.match(text[max(0, at - _REACH) : at][::-1])
    if match is None or not match.end():
        return ""
    phrase = match[0][::-1]
    size = len(phrase)
    start = _unit_of_number_before(text, at - size, phrase)
    for low, high, kind in _words(phrase, _WORDS_BEFORE):
        if kind == "keep":
            continue
        if high < size:
            start = high
        elif kind == "stop":
            phrase = phrase[:low]
    return _noun(phrase[start:])


def _unit_of_number_before(text: str, at: int, phrase: str) -> int:
    """Length of the unit that opens the phrase when a number stands before it: 名 in `30名技师和` 9名."""
    if not text[at - 1 : at].isdecimal():
        return 0
    head = _SCALE.match(phrase)
    start = head.end() if head else 0
    unit = units.match(phrase, start)
    return start + len(unit.term) if unit else start


def noun(text: str, start: int, end: int) -> str:
    """What the quantity at `start`..`end` counts: the phrase after it, else the one before it."""
    return after(text, end) or before(text, start)


def _noun(phrase: str) -> str:
    phrase = phrase.strip("的之和及与")
    return phrase if len(phrase) > 1 else ""
