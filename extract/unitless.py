"""Numbers whose unit is understood: 84万, 近百万, 18万职工, 400职工, 人数达1268."""

from extract import bounds, kinds, notfacts
from extract.amounts import Amount, Numeral
from extract.numbers import Value

_CLOSING = frozenset("，,。；;、！\n）)")


def read(text: str, numeral: Numeral, value: Value, end: int, large: str | None) -> Amount | None:
    """The amount of a numeral that no unit follows at `end`, where a noun near it says what is counted.

    `large`: the kind of the last quantity of ten thousand or more, which such a number may leave unsaid.
    """
    if value.low < 2:
        return None
    if value.low < 10**4 or not ("万" in numeral.text or "亿" in numeral.text):
        return _small(text, numeral, value, end)
    start = numeral.start
    if numeral.text == "万" and bounds.before(text, start, True)[1] is None:
        return None
    if numeral.magnitude and notfacts.programme(text, end):
        return None
    if kinds.people_near(text, end):
        return _people(numeral, value, end, "people-noun")
    match kinds.understood(text, start, end) or large:
        case "people":
            return _people(numeral, value, end, "understood")
        case "money":
            return Amount(start, end, value, "money", "元", "understood", 1.0, numeral.magnitude)
        case "visits":
            return Amount(start, end, value, "count", "次", "understood", 1.0, numeral.magnitude)
    return None


def _small(text: str, numeral: Numeral, value: Value, end: int) -> Amount | None:
    """400职工, 人数达1268: people, where a noun right beside the number says so."""
    if not (numeral.arabic or numeral.magnitude):
        return None
    if (
        not 1900 <= value.low <= 2100  # a year
        and value.low < 10**5
        and text[numeral.start - 1 : numeral.start] != "“"
        and kinds.people_after(text, end)
    ):
        return _people(numeral, value, end, "people-noun")
    if (
        numeral.arabic
        and value.low >= 10
        and _CLOSING.issuperset(text[end : end + 1])
        and kinds.headcount_before(text, numeral.start)
    ):
        return _people(numeral, value, end, "understood")
    return None


def _people(numeral: Numeral, value: Value, end: int, rule: str) -> Amount:
    return Amount(numeral.start, end, value, "people", "人", rule, 1.0, numeral.magnitude)
