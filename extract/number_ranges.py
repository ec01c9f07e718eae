"""Two numbers with one meaning: 5-10场, 三至五名, 5至10万元, 50元至2000元."""

import re
from typing import Final

from extract import bounds, units
from extract.numbers import NUMERAL, RANGE_MARK, SCALES, Value, evaluate
from extract.units import Unit

FIRST: Final = frozenset(" （(-－—–~～〜至到")
"""Characters a range mark begins with."""
_NUMBER: Final = re.compile(NUMERAL)
_TO: Final = re.compile(rf"(?:[（(]含[)）])? ?{RANGE_MARK} ?")


def _second(text: str, at: int) -> re.Match[str] | None:
    """The numeral after a range mark at `at`."""
    to = _TO.match(text, at) if text[at : at + 1] in FIRST else None
    return _NUMBER.match(text, to.end()) if to else None


def with_one_unit(text: str, first: Value, end: int) -> tuple[Value, Unit, int] | None:
    """The range that goes on at `end`, the end of its first numeral, with its unit and the end of that."""
    second = _second(text, end)
    if second is None:
        return None
    at, _ = bounds.inside(text, second.end())
    unit = units.match(text, at)
    if unit is None:
        return None
    last = evaluate(second[0])
    if last is None or last.spelled:
        return None
    low, scale = first.low, second[0][-1]
    if low < 1000 and last.low >= 10**4 and scale in SCALES:  # 5至10万元: the scale is printed once
        times = evaluate(scale)
        if times is not None and low * times.low < last.low:
            low *= times.low
    if not 0 < low < last.low:
        return None
    return Value(low, last.low, "range"), unit, at + unit.size


def with_two_units(text: str, value: Value, unit: Unit, start: int, end: int) -> tuple[Value, int]:
    """50元至2000元, 8%~10%: the value and end of a range whose first number stands at `start`..`end`; as
    given where there is none. Not 由5个到10个, which are two facts."""
    second = _second(text, end) if value.high is None else None
    high = evaluate(second[0]) if second else None
    if second is None or high is None or high.low <= value.low:
        return value, end
    at, _ = bounds.inside(text, second.end())
    other = units.match(text, at)
    if other is None or other.kind != unit.kind or other.factor != unit.factor:
        return value, end
    stop = at + other.size
    if text[start - 1 : start] in ("从", "由") and text[stop : stop + 2] != "不等":
        return value, end
    return Value(value.low, high.low, "range"), stop
