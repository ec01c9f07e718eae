"""A number with its unit, on the way to becoming a quantity, and what may still go on after the unit."""

import re
from dataclasses import dataclass
from typing import Final

from extract import kinds, number_ranges
from extract.model import Kind
from extract.numbers import SCALES, Value, evaluate
from extract.units import Unit

SCALE_SET: Final = frozenset(SCALES)
_MORE: Final = frozenset("余多")
_JIAO: Final = re.compile(r"(\d|[一二三四五六七八九])角")


@dataclass(slots=True)
class Amount:
    """A number and its unit."""

    start: int
    end: int
    value: Value
    kind: Kind
    unit: str
    rule: str
    factor: float = 1.0
    """What one unit is in base units."""
    arabic: bool = False
    """Printed in arabic digits."""
    magnitude: bool = False
    """Printed as nothing but a scale: 千, 万, 百万."""


def complete(text: str, amount: Amount, unit: Unit) -> bool:
    """Adds what belongs to an amount and goes on after its unit (5元至10元, 3元5角); whether it is one."""
    following = text[amount.end : amount.end + 1]
    if amount.magnitude and following in SCALE_SET:  # 千人千面, 百人百场
        return False
    if unit.form:
        if not _shape(text, amount, unit):
            return False
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
            text, amount.value, unit, amount.start, amount.end
        )
    return True


def _shape(text: str, amount: Amount, unit: Unit) -> bool:
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
            return not amount.magnitude and 2 <= value.low <= 3000
        case "arabic":
            return amount.arabic
    if kinds.piece(text, amount.start, amount.end):
        amount.kind, amount.unit, amount.factor = "count", unit.term, 1.0
        return True
    return value.low >= 10
