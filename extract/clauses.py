"""Clauses: the stretches between the marks of a sentence."""

import re
from bisect import bisect_left

from extract.model import Span

_END = re.compile(r"[，,。；;：:！!？?\n]")


class Clauses:
    """The clauses of one text, found once for many questions."""

    def __init__(self, text: str) -> None:
        self._ends = [-1, *(match.start() for match in _END.finditer(text)), len(text)]

    def around(self, at: Span, sentence: Span) -> Span:
        """The clause around a stretch of the sentence; a mark inside the stretch does not end it."""
        first = self._ends[bisect_left(self._ends, at.start, 1) - 1] + 1
        last = self._ends[bisect_left(self._ends, at.end, 1, len(self._ends) - 1)]
        return Span(max(sentence.start, first), min(max(sentence.end, at.end), last))
