"""What a number counts: the shortest noun phrase beside it, by light grammar and without a segmenter."""

import re

from extract.words import alternation, terms

_EDGE = r"，,。；;：:、！？!?\s\d０-９（）()"
_STOP = alternation(terms("np_stops"))
_NEXT_NUMBER = "[一二两三四五六七八九十百千万]+[余多来]?[名个家人场次件户位项条支元]"
_STOPS = re.compile(rf"{_STOP}|{_NEXT_NUMBER}")
_RIGHT = re.compile(rf"的?(?P<phrase>[^{_EDGE}]{{1,24}})")
_LEFT = re.compile(rf"(?P<phrase>[^{_EDGE}]{{1,24}})$")


def after(text: str, at: int) -> str:
    """Noun phrase that begins at `at`, the end of the unit; empty when a verb or a mark stands there."""
    if not (match := _RIGHT.match(text, at)):
        return ""
    phrase = match["phrase"]
    if stop := _STOPS.search(phrase):
        phrase = phrase[: stop.start()]
    return phrase.strip("的之") if len(phrase) > 1 else ""


def before(text: str, at: int) -> str:
    """Noun phrase that ends at `at`, the start of the number: 困难职工 in `慰问困难职工35户`."""
    start = max(0, at - 24)
    if not (match := _LEFT.search(text[start:at])):
        return ""
    phrase = match["phrase"]
    last = 0
    for stop in _STOPS.finditer(phrase):
        if stop.end() < len(phrase):
            last = stop.end()
        else:
            phrase = phrase[: stop.start()]
            break
    phrase = phrase[last:]
    return phrase.strip("的之") if len(phrase) > 1 else ""


def noun(text: str, start: int, end: int) -> str:
    """What the quantity at `start`..`end` counts: the phrase after it, else the one before it."""
    return after(text, end) or before(text, start)
