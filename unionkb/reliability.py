"""How far confidence can be believed: of the facts with about the same, how many are right."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

EDGES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Bounds of the bins of confidence."""

Judged = tuple[float, bool]
"""Confidence of a fact, and whether it is right in every field."""


class Bin(NamedTuple):
    """Facts of about the same confidence."""

    low: float
    high: float
    facts: int
    said: float
    """Mean confidence."""
    right: float
    """Share of them that are right."""


def bins(judged: Iterable[Judged]) -> list[Bin]:
    """The bins that hold any fact, lowest first."""
    found = list(judged)
    result = []
    for low, high in pairwise(EDGES):
        here = [(said, right) for said, right in found if low <= said < high or said == high == EDGES[-1]]
        if here:
            said, right = (sum(column) / len(here) for column in zip(*here, strict=True))
            result.append(Bin(low, high, len(here), said, right))
    return result


def error(judged: Sequence[Judged]) -> float:
    """Expected calibration error: how far the share of right facts is from what was said, on the average
    fact. 0 is perfect; nan without facts."""
    if not judged:
        return float("nan")
    return sum(b.facts * abs(b.said - b.right) for b in bins(judged)) / len(judged)


def table(judged: Sequence[Judged]) -> str:
    """The bins as a text table, and the expected calibration error."""
    lines = ["confidence   facts    said   right"]
    lines += [f"{b.low:.1f} - {b.high:.1f}  {b.facts:6}  {b.said:6.3f}  {b.right:6.3f}" for b in bins(judged)]
    return "\n".join([*lines, f"expected calibration error {error(judged):.3f}"])
