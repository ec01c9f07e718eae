"""Spans in text order, found by their offsets."""

from hypothesis import given
from hypothesis import strategies as st

from extract.model import Span
from extract.offsets import MOST, Row

_STARTS = st.lists(st.integers(0, 200), max_size=3 * MOST).map(sorted)
_OFFSET = st.integers(0, 220)


def row(starts: list[int]) -> Row[Span]:
    return Row(Span(start, start + 1) for start in starts)


def starts(spans: object) -> list[int]:
    return [span.start for span in spans]


def test_a_place_belongs_to_the_last_span_that_begins_before_it() -> None:
    found = row([0, 5, 9])
    assert [found.at(offset) for offset in (0, 4, 5, 20)] == [0, 0, 1, 2]
    assert found.holding(7) == Span(5, 6)
    assert row([3]).at(2) == row([]).at(2) == -1


@given(_STARTS, _OFFSET, _OFFSET)
def test_the_spans_of_a_stretch_begin_in_it(known: list[int], start: int, end: int) -> None:
    found = row(known)
    inside = [each for each in known if start <= each < end]
    assert starts(found.within(start, end)) == inside
    assert starts(found.last_within(start, end)) == inside[-MOST:]
    assert found.first(start) == sum(each < start for each in known)


@given(_STARTS, _OFFSET, _OFFSET, _OFFSET)
def test_of_very_many_spans_the_next_ones_are_taken(known: list[int], near: int, one: int, two: int) -> None:
    start, end = min(one, two), max(one, two)
    inside = [each for each in known if start <= each < end]
    found = starts(row(known).next_to(near, start, end))
    if len(inside) <= MOST:
        assert found == inside
    elif start <= near <= end:
        before = [each for each in inside if each < near]
        assert found == before[-MOST:] + inside[len(before) :][:MOST]
