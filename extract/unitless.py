"""Numbers whose unit is understood: 84万, 近百万, 18万职工, 400职工, 人数达1268."""

from typing import Final

from extract import bounds, kinds, notfacts
from extract.amounts import Amount
from extract.model import Kind, Quantity

_SERIES: Final = 100
"""Characters within which a number may leave unsaid what the one before it counts."""
_CLOSING: Final = frozenset("，,。；;、！\n）)")


def settle(text: str, amount: Amount, numeral: str, large: str | None, last: Quantity | None) -> bool:
    """Says what an amount without a unit counts; whether a noun near it tells.

    `numeral`: the amount as printed. `large`: the kind of the last quantity of ten thousand or more, which
    such a number may leave unsaid. `last`: the quantity before, which a series goes on from.
    """
    low, start, end = amount.value.low, amount.start, amount.end
    if low < 2:
        return False
    if last is not None and (start - last.end > _SERIES or last.kind in ("percent", "duration")):
        last = None
    if last is not None and _ends(text, amount) and kinds.taken_up(text, start):
        return _take(amount, last.kind, last.unit, "understood")
    if low < 10**4 or not ("万" in numeral or "亿" in numeral):
        return _small(text, amount) or (last is not None and _goes_on(text, amount, last))
    if numeral == "万" and bounds.before(text, start, True)[1] is None:
        return False
    if amount.magnitude and (notfacts.programme(text, end) or _grand(text, amount)):
        return False
    if kinds.people_near(text, end):
        return _take(amount, "people", "人", "people-noun")
    clue = kinds.understood(text, start, end)
    if clue is None and last is not None and _ends(text, amount) and kinds.changed(text, start, True):
        return _take(amount, last.kind, last.unit, "understood")
    match clue or large:
        case "people":
            return _take(amount, "people", "人", "understood")
        case "money":
            return _take(amount, "money", "元", "understood")
        case "visits":
            return _take(amount, "count", "次", "understood")
    return False


def _grand(text: str, amount: Amount) -> bool:
    """百万职工, 千万会员: a grand word for all of them, unless a bound or 惠及 and the like leads to it."""
    start = amount.start
    return (
        amount.value.low >= 10**6
        and bounds.before(text, start, True)[1] is None
        and not kinds.headcount_before(text, start)
    )


def _small(text: str, amount: Amount) -> bool:
    """400职工, 人数达1268: people, where a noun right beside the number says so."""
    low, start, end = amount.value.low, amount.start, amount.end
    if not (amount.arabic or amount.magnitude):
        return False
    if (
        not 1900 <= low <= 2100  # a year
        and low < 10**5
        and text[start - 1 : start] != "“"
        and kinds.people_after(text, end)
    ):
        return _take(amount, "people", "人", "people-noun")
    if amount.arabic and low >= 10 and _ends(text, amount) and kinds.headcount_before(text, start):
        return _take(amount, "people", "人", "understood")
    return False


def _goes_on(text: str, amount: Amount, last: Quantity) -> bool:
    """由60个增至90: what the quantity before counts, of which there are more or fewer now."""
    if not (amount.arabic and amount.value.low >= 10 and not 1900 <= amount.value.low <= 2100):
        return False
    if not (_ends(text, amount) and kinds.changed(text, amount.start, False)):
        return False
    return _take(amount, last.kind, last.unit, "understood")


def _ends(text: str, amount: Amount) -> bool:
    """Whether the clause ends with the number."""
    return _CLOSING.issuperset(text[amount.end : amount.end + 1])


def _take(amount: Amount, kind: Kind, unit: str, rule: str) -> bool:
    amount.kind, amount.unit, amount.rule = kind, unit, rule
    return True
