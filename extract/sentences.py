"""Paragraphs and sentences of an article body, as spans."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TypeVar

from extract.model import Span

S = TypeVar("S", bound=Span)
MOST = 50
"""How many mentions of one stretch of text are weighed for one number: keeps the reading of a text without
stops linear."""

_CLOSERS = "”’」』）)】》"
_SENTENCE = re.compile(rf"[^。！？!?；;\n]*(?:[。！？!?；;]+[{_CLOSERS}]*|\n|$)")


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    found = []
    for match in pattern.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            found.append(Span(start, end))
    return found


def sentences(text: str) -> list[Span]:
    """Sentences in order, without surrounding space; a newline always ends one. A semicolon ends one too:
    in this prose it separates statements that each have their own subject."""
    return _spans(_SENTENCE, text)


def paragraphs(text: str) -> list[Span]:
    """Lines of the body that hold something."""
    return _spans(re.compile(r"[^\n]+"), text)


def at(spans: Sequence[Span], offset: int) -> int:
    """Index of the span that holds `offset`, or of the last one before it; -1 before the first."""
    return bisect_right(spans, offset, key=lambda span: span.start) - 1


def starting(mentions: Sequence[S], start: int, end: int) -> Sequence[S]:
    """The mentions, in text order, that begin in start..end; of very many only the last."""
    first = bisect_left(mentions, start, key=lambda mention: mention.start)
    after = bisect_left(mentions, end, key=lambda mention: mention.start)
    return mentions[max(first, after - MOST) : after]
