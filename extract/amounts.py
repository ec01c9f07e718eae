"""A number with its unit, on the way to becoming a quantity, and what may still go on after the unit."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from extract import kinds, number_ranges
from extract.numbers import SCALES, Value, evaluate
from extract.units import Unit

SCALE_SET = frozenset(SCALES)
_MORE = frozenset("余多")
_JIAO = re.compile(r"(\d|[一二三四五六七八九])角")


class Numeral(NamedTuple):
    """A numeral where it stands."""

    text: str
    start: int
    arabic: bool
    magnitude: bool
    """Nothing but a scale: 千, 万, 百万."""


@dataclass(slots=True)
class Amount:
    """A number and its unit."""

    start: int
    end: int
    value: Value
    kind: str
    unit: str
    rule: str = "unit"
    factor: float = 1.0
    magnitude: bool = False


def with_unit(text: str, numeral: Numeral, value: Value, unit: Unit, end: int) -> Amount | None:
    """The amount of a number whose unit ends at `end`, with all that belongs to it: 5元至10元, 3元5角."""
    following = text[end : end + 1]
    if numeral.magnitude and following in SCALE_SET:  # 千人千面, 百人百场
        return None
    amount = Amount(numeral.start, end, value, unit.kind, unit.name, "unit", unit.factor, numeral.magnitude)
    if unit.form:
        if not _shape(text, numeral, amount, unit):
            return None
        following = text[amount.end : amount.end + 1]
    if following in _MORE and amount.kind in ("money", "percent"):
        amount.value = Value(amount.value.low, amount.value.high, "over")
        amount.end += 1
        following = text[amount.end : amount.end + 1]
    if unit.term == "元" and (tenths := _JIAO.match(text, amount.end)):
        tenth = evaluate(tenths[1])
        amount.value = Value(amount.value.low + (tenth.low if tenth else 0.0) / 10)
        amount.end = tenths.end()
        following = text[amount.end : amount.end + 1]
    if following in number_ranges.FIRST and amount.kind != "duration":
        amount.value, amount.end = number_ranges.with_two_units(
            text, amount.value, unit, numeral.start, amount.end
        )
    return amount


def _shape(text: str, numeral: Numeral, amount: Amount, unit: Unit) -> bool:
    """Fits the amount to a unit that needs more than a number before it (see lexicon/classifiers.tsv);
    whether it does."""
    value = amount.value
    match unit.form:
        case "share":
            amount.unit, amount.rule = "%", "share"
            if text[amount.end : amount.end + 1] == "半":
                amount.value = Value(value.low + 0.5, None, value.bound)
                amount.end += 1
            return value.low <= 10
        case "discount":
            amount.unit, amount.rule = "%", "discount"
            amount.factor = 10.0 if value.low < 10 else 1.0
            return value.low < 100
        case "bare":
            return not numeral.magnitude and 2 <= value.low <= 3000
        case "arabic":
            return numeral.arabic
    if kinds.piece(text, amount.start, amount.end):
        amount.kind, amount.unit, amount.factor = "count", unit.term, 1.0
        return True
    return value.low >= 10
