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


def _by_pair() -> dict[str, tuple[Unit, ...]]:
    """Units by the two characters they begin with, the longest first; those of one character by that one."""
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
        units.setdefault(term[:2], []).append(unit)
    return {pair: tuple(sorted(same, key=lambda u: -len(u.term))) for pair, same in units.items()}


_BY_PAIR = _by_pair()


def match(text: str, at: int) -> Unit | None:
    """The longest unit that begins at `at` and is not the beginning of another word."""
    for key in (text[at : at + 2], text[at : at + 1]):
        for unit in _BY_PAIR.get(key, ()):
            if text.startswith(unit.term, at):
                after = at + len(unit.term)
                if unit.not_before and text[after : after + 1] in unit.not_before and after < len(text):
                    continue
                return unit
    return None
