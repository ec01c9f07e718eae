"""From rows of a query to what a chart can show: few enough columns and colours, no holes in time, classes of
numbers, names in lines. Plain values in, plain values out."""

import csv
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import cycle
from typing import Any
from unicodedata import east_asian_width

Row = dict[str, Any]

MOST_MONTHS = 60
"""From more than so many months years are made."""
MOST_CLASSES = 6


@cache
def tiles() -> tuple[Mapping[str, str], ...]:
    """The tile map: `code`, `zh`, `en`, `row`, `column` of each province-level division."""
    text = (files("unionkb.charts") / "tiles.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(csv.DictReader(lines, delimiter="\t"))


def months(first: str, last: str) -> list[str]:
    """Every month from the first to the last, as `2023-05`."""
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{index // 12:04}-{index % 12 + 1:02}" for index in range(start, end + 1)]


def periods(months_with_data: Iterable[str], most: int = MOST_MONTHS) -> tuple[list[str], int]:
    """Periods without a hole, and how many characters of a month name one: months (7) where they are at most
    `most`, else years (4); years with a hole of more than a hundred are left as they are."""
    found = sorted(set(months_with_data))
    if not found:
        return [], 7
    every = months(found[0], found[-1])
    if len(every) <= most:
        return every, 7
    years = sorted({month[:4] for month in every})
    return (years if len(years) <= 100 else sorted({month[:4] for month in found})), 4


def classes(values: Iterable[float]) -> list[float]:
    """Lower ends of at most six classes that hold the values (zero and less aside), each a round number; for
    counts that run from 1 to 70: 1, 2, 5, 10, 20, 50."""
    positive = [value for value in values if value > 0]
    if not positive:
        return []
    low, high = min(positive), max(positive)
    for steps in ((1, 2, 5), (1, 5), (1, 3), (1,), (1, 0), (1, 0, 0)):
        ends = _series(steps, low, high)
        if len(ends) <= MOST_CLASSES:
            return ends
    return ends[-MOST_CLASSES:]


def _series(steps: Sequence[int], low: float, high: float) -> list[float]:
    """1, 2, 5, 10, 20, 50 ... for the steps 1, 2, 5, kept to those needed; a step of zero leaves out a power
    of ten."""
    ends: list[float] = []
    powers = cycle([[step for step in steps if step]] + [[] for step in steps if not step])
    for power, factors in zip(range(-6, 19), powers, strict=False):
        for factor in factors:
            end = factor * 10.0**power
            if end > high:
                return ends
            # The class of the smallest value begins at or below it.
            ends = [end] if end <= low else [*ends, end]
    return ends


def even_classes(values: Iterable[float], stray: float = 0.1) -> list[float]:
    """Lower ends of six classes, each as many times the one before, for where no legend names them. The
    smallest values, `stray` of all, may lie below the first class, which holds them too: a few must not take
    the shades away from the others."""
    positive = sorted(value for value in values if value > 0)
    if not positive:
        return []
    low, high = positive[int(stray * len(positive))], positive[-1]
    if low == high:
        return [low]
    return [low * (high / low) ** (index / MOST_CLASSES) for index in range(MOST_CLASSES)]


def class_of(value: float, ends: Sequence[float]) -> int:
    """Index of the class of a value; -1 for zero and less."""
    return max(0, bisect_right(ends, value) - 1) if value > 0 else -1


def largest(rows: Iterable[Row], name: str, value: str, most: int) -> list[Any]:
    """The names with the largest sums, largest first."""
    sums: Counter[Any] = Counter()
    for row in rows:
        sums[row[name]] += row[value] or 0
    order = sorted(sums, key=lambda key: (-sums[key], str(key)))
    return order[:most]


def cells(text: str) -> int:
    """Width of a text, in half the width of a Chinese character."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells: broken at spaces, and anywhere between Chinese characters. A
    longer word stays whole."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line.strip() and cells((line + piece).rstrip()) > width:
            lines.append(line.strip())
            line = ""
        line += piece
    return [*lines, line.strip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterable[str]:
    piece = ""
    for character in text:
        if east_asian_width(character) in "WF":
            if piece:
                yield piece
            piece = ""
            yield character
        else:
            piece += character
            if character == " ":
                yield piece
                piece = ""
    if piece:
        yield piece


def summed(rows: Iterable[Row], keys: Sequence[str], values: Sequence[str]) -> list[Row]:
    """Rows with equal keys added up, in the order in which they first come; None where all are None."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        into = found.setdefault(key, dict(zip(keys, key, strict=True)) | dict.fromkeys(values))
        for value in values:
            if row[value] is not None:
                into[value] = (into[value] or 0) + row[value]
    return list(found.values())


def folded(rows: Iterable[Row], name: str, rename: Callable[[Any], Any]) -> list[Row]:
    """The rows with one column renamed."""
    return [row | {name: rename(row[name])} for row in rows]
