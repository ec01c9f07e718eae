"""What stands after a number: classifiers, measures, currencies, and the kind of quantity they make."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from extract.beginnings import by_pair
from extract.words import table


@dataclass(slots=True, unsafe_hash=True)
class Unit:
    """One entry of lexicon/classifiers.tsv."""

    term: str
    size: int
    """Characters of the term."""
    kind: str
    """A quantity kind, or what makes it none: `calendar`, `measure`, `ratio`, `score`, `rank`, `list`."""
    factor: float
    """What one unit is in base units."""
    name: str
    """The unit to record: 人 for 名."""
    form: str
    not_before: str
    sort: str
    """What a small number of them is likely to be: `abstract`, `act`, `object`, or empty."""


def _units() -> list[Unit]:
    """All units, the longest first."""
    units = []
    for row in table("classifiers"):
        term = row["term"]
        unit = Unit(
            term,
            len(term),
            row["meaning"],
            float(Fraction(row["factor"] or 1)),
            row["unit"] or term,
            row["form"] or "",
            row["not_before"] or "",
            row["sort"] or "",
        )
        units.append(unit)
    return sorted(units, key=lambda unit: -len(unit.term))


_BY_PAIR: Final = by_pair((unit.term, unit) for unit in _units())


def match(text: str, at: int) -> Unit | None:
    """The longest unit that begins at `at` and is not the beginning of another word."""
    pair = text[at : at + 2]
    for unit in _BY_PAIR.get(pair) or _BY_PAIR.get(pair[:1], ()):
        if unit.size <= 2 or text.startswith(unit.term, at):
            if unit.not_before:
                after = at + unit.size
                if text[after : after + 1] in unit.not_before and after < len(text):
                    continue
            return unit
    return None
