"""How far confidence can be believed: of the facts with about the same, how many are right."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from extract.model import Draft, Fact
from extract.pipeline import read_page
from unionkb import evaluate

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


def read(folder: Path) -> Iterator[tuple[str, Fact, bool]]:
    """Page, fact, and whether it is right in every field, for what is read in a gold folder, which holds
    `pages/*.txt` and `gold/*.jsonl` (docs/gold-format.md). Facts on which careful readers differ are left
    out. Raises EvaluationError."""
    facts: list[Fact] = []
    claims: list[evaluate.Claim] = []
    for page in sorted((folder / "pages").glob("*.txt")):
        readings = read_page([Draft(page.read_text(encoding="utf-8"))])
        claims += evaluate.claims_from_readings(page.name, readings)
        found = [fact for reading in readings for fact in reading.facts]
        facts += [fact for fact in found if fact.quantity.kind in evaluate.SCORED]
    gold = evaluate.load_gold(folder / "gold")
    right = evaluate.judged(evaluate.Evaluation(gold, claims, evaluate.pair_up(claims, gold.facts), {}))
    for claim, fact, well in zip(claims, facts, right, strict=True):
        if well is not None:
            yield claim.document, fact, well


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
