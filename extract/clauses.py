"""Clauses: the stretches between the marks of a sentence."""

import re
from bisect import bisect_left
from typing import Final

from extract.model import Span

_END: Final = re.compile(r"[，,。；;：:！!？?\n]")


class Clauses:
    """The clauses of one text, found once for many questions."""

    def __init__(self, text: str) -> None:
        self._ends = [-1, *[match.start() for match in _END.finditer(text)], len(text)]

    def around(self, at: Span, sentence: Span) -> Span:
        """The clause around a stretch of the sentence; a mark inside the stretch does not end it."""
        ends = self._ends
        before = bisect_left(ends, at.start, 1) - 1
        first = ends[before] + 1
        last = ends[bisect_left(ends, at.end, before + 1, len(ends) - 1)]
        start, end = sentence.start, max(sentence.end, at.end)
        return Span(first if first > start else start, last if last < end else end)
