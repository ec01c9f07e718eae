"""Stretches of text in order, found by their offsets: their starts are listed once for many questions."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, Generic, TypeVar

from extract.model import Span

S = TypeVar("S", bound=Span)
MOST: Final = 50
"""How many mentions of one stretch of text are weighed for one number: keeps the reading of a text without
stops linear."""


class Row(Generic[S]):
    """Spans in text order."""

    __slots__ = ("spans", "starts")

    def __init__(self, spans: Iterable[S]) -> None:
        self.spans: Sequence[S] = tuple(spans)
        self.starts: Sequence[int] = [span.start for span in self.spans]

    def at(self, offset: int) -> int:
        """Index of the span that holds `offset`, or of the last one before it; -1 before the first."""
        return bisect_right(self.starts, offset) - 1

    def holding(self, offset: int) -> S:
        """The span that holds `offset`, or the last one before it."""
        return self.spans[bisect_right(self.starts, offset) - 1]

    def first(self, offset: int) -> int:
        """Index of the first span that begins at the offset or behind it."""
        return bisect_left(self.starts, offset)

    def before(self, offset: int) -> S | None:
        """The last span that begins before the offset."""
        index = bisect_left(self.starts, offset)
        return self.spans[index - 1] if index else None

    def within(self, start: int, end: int) -> Sequence[S]:
        """The spans that begin in start..end."""
        first = bisect_left(self.starts, start)
        return self.spans[first : bisect_left(self.starts, end, first)]

    def last_within(self, start: int, end: int) -> Sequence[S]:
        """The spans that begin in start..end; of very many only the last."""
        found = self.last_indexes(start, end)
        return self.spans[found.start : found.stop]

    def last_indexes(self, start: int, end: int) -> range:
        """The indexes of `last_within`."""
        first = bisect_left(self.starts, start)
        after = bisect_left(self.starts, end, first)
        return range(first if after - first <= MOST else after - MOST, after)

    def next_to(self, near: int, start: int, end: int) -> Sequence[S]:
        """The spans that begin in start..end; of very many only those next to `near`."""
        starts = self.starts
        first = bisect_left(starts, start)
        after = bisect_left(starts, end, first)
        if after - first > MOST:
            middle = bisect_left(starts, near)
            first, after = max(first, middle - MOST), min(after, middle + MOST)
        return self.spans[first:after]
