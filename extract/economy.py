"""Numbers of the economy and of trade, which no union's work made: 地区生产总值3200亿元, 年产量90万吨.

What grew by the work a sentence tells of is an outcome, and counted: 带动销售收入120万元.
"""

import re
from typing import Final

from extract.beginnings import any_of
from extract.sentences import sentence_start
from extract.words import terms

_FIGURE: Final = any_of(terms("not_facts", meaning="indicator"))
_INDICATOR: Final = re.compile(rf"{_FIGURE}[^，,。；;：:\n]{{0,16}}$")
_INDICATOR_AFTER: Final = re.compile(rf"的[^，,。；;：:、\n]{{0,4}}?{_FIGURE}")
_OUTCOME: Final = re.compile(any_of(terms("not_facts", meaning="outcome")))
_BULK: Final = frozenset(("吨", "立方米", "立方"))
_MOST_GIVEN: Final = 10**5
"""More tons than any union gives away or sells."""
_LEAST: Final = 10**4
_WINDOW: Final = 28
_REACH: Final = 80


def bulk(unit: str, value: float) -> bool:
    """Whether so much of a thing is what a plant turns out: 400万吨铁水."""
    return value >= _MOST_GIVEN and unit in _BULK


def may_be(kind: str, value: float) -> bool:
    """Whether such a number may be one of the economy, which counts in money, shares or thousands."""
    return value >= _LEAST or kind in ("money", "percent")


def of_trade(text: str, at: int, end: int) -> bool:
    """Whether the number `at`..`end` is what an indicator before it in its clause, or right after it, stands
    at, and nothing before it in its sentence says that this came of a union's work."""
    if _INDICATOR.search(text, max(0, at - _WINDOW), at) is None and (
        text[end : end + 1] != "的" or _INDICATOR_AFTER.match(text, end, end + 12) is None
    ):
        return False
    return _OUTCOME.search(text, sentence_start(text, at, _REACH), at) is None
