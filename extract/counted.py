"""What a number counts: the shortest noun phrase beside it, by light grammar and without a segmenter."""

import re

from extract import units
from extract.numbers import MORE, SCALES
from extract.words import alternation, terms

_REACH = 24
_EDGE = r"，,。；;：:、！？!?\s\d０-９（）()/／"
_NEXT_NUMBER = "[一二两三四五六七八九十百千万]+[余多来]?[名个家人场次件户位项条支元]"
_KEEP, _STOP, _VERB = (alternation(terms("np_stops", meaning=kind)) for kind in ("keep", "stop", "verb"))
_AFTER_STOPS = re.compile(rf"{_KEEP}|(?P<stop>{_STOP}|{_NEXT_NUMBER})")
_BEFORE_STOPS = re.compile(rf"{_KEEP}|(?P<stop>{_STOP})|(?P<verb>{_VERB})")
_SCALE = re.compile(rf"[{SCALES}]*[{MORE}]?")
# A short pair of brackets may stand inside: 市（州）总工会.
_PHRASE = re.compile(rf"(?:[^{_EDGE}]|[（(][^（）()\d\n]{{1,8}}[)）](?![{_EDGE}])){{1,{_REACH}}}")
_PHRASE_BACKWARDS = re.compile(rf"(?:[^{_EDGE}]|[)）][^（）()\d\n]{{1,8}}[（(](?![{_EDGE}])){{1,{_REACH}}}")


def after(text: str, at: int) -> str:
    """Noun phrase that begins at `at`, the end of the quantity; empty when a verb or a mark stands there."""
    match = _PHRASE.match(text, at)
    if match is None:
        return ""
    phrase = match[0]
    for stop in _AFTER_STOPS.finditer(phrase):
        if stop["stop"]:
            phrase = phrase[: stop.start()]
            break
    return _noun(phrase)


def before(text: str, at: int) -> str:
    """Noun phrase that ends at `at`, the start of the quantity: 困难职工 in `慰问困难职工35户`."""
    match = _PHRASE_BACKWARDS.match(text[max(0, at - _REACH) : at][::-1])
    if match is None:
        return ""
    phrase = match[0][::-1]
    start = _unit_of_number_before(text, at - len(phrase), phrase)
    for stop in _BEFORE_STOPS.finditer(phrase):
        if stop.lastgroup and stop.end() < len(phrase):
            start = stop.end()
        elif stop["stop"]:
            phrase = phrase[: stop.start()]
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
