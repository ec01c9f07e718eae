"""What stands after a number: classifiers, measures, currencies, and the kind of quantity they make."""

from dataclasses import dataclass
from fractions import Fraction

from extract.words import table


@dataclass(frozen=True, slots=True)
class Unit:
    """One entry of lexicon/classifiers.tsv."""

    term: str
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


def _read() -> dict[str, tuple[Unit, ...]]:
    units: dict[str, list[Unit]] = {}
    for row in table("classifiers"):
        term = row["term"]
        unit = Unit(
            term,
            row["meaning"],
            float(Fraction(row["factor"] or 1)),
            row["unit"] or term,
            row["form"] or "",
            row["not_before"] or "",
            row["sort"] or "",
        )
        units.setdefault(term[0], []).append(unit)
    return {first: tuple(sorted(same, key=lambda u: -len(u.term))) for first, same in units.items()}


_BY_FIRST = _read()


def match(text: str, at: int) -> Unit | None:
    """The longest unit that begins at `at` and is not the beginning of another word."""
    for unit in _BY_FIRST.get(text[at : at + 1], ()):
        if text.startswith(unit.term, at):
            after = at + len(unit.term)
            if unit.not_before and text[after : after + 1] in unit.not_before and after < len(text):
                continue
            return unit
    return None
