"""Whether a number with its unit states a fact, kind by kind; the words beside it may change the kind."""

from extract import bounds, kinds, notfacts, passing
from extract.amounts import Amount, Numeral
from extract.units import Unit


def money(text: str, numeral: Numeral, amount: Amount) -> bool:
    """Whether a sum is paid, given or raised, and not supposed or told of in a person's own story."""
    # 万元 alone is a column head, 超万元 and 万元以上 are sums.
    if numeral.magnitude and amount.value.bound == "exact" and not _bounded(text, numeral, amount.end):
        return False
    return not (notfacts.supposed(text, numeral.start) or passing.money(text, numeral.start))


def people(text: str, numeral: Numeral, amount: Amount) -> bool:
    """Whether people are counted rather than named before or part of a programme's name."""
    if text[numeral.start - 1 : numeral.start] == "前":
        return False
    if amount.value.low <= passing.MOST and passing.people(text, numeral.start, amount.end, numeral.arabic):
        return False
    return not (numeral.magnitude and notfacts.programme(text, amount.end))


def count(text: str, numeral: Numeral, amount: Amount, unit: Unit) -> bool:
    """Whether things are counted, and no list is announced or set phrase said. 个 may count people or
    families, which the amount then says."""
    end = amount.end
    if notfacts.announces(text, unit.term, end, numeral.arabic) or notfacts.one_of(text, end):
        return False
    if numeral.magnitude and (notfacts.programme(text, end) or not _meant(text, numeral, amount)):
        return False
    if not numeral.arabic and notfacts.refers_back(text, numeral.start):
        return False
    if unit.term == "个":
        if kinds.people_after(text, end):
            amount.kind, amount.unit, amount.rule = "people", "人", "people-noun"
            return people(text, numeral, amount)
        if kinds.families_after(text, end):
            amount.kind, amount.unit = "households", "户"
            return True
    return amount.value.low > passing.MOST or not passing.count(
        text, numeral.start, end, unit, numeral.arabic
    )


def _meant(text: str, numeral: Numeral, amount: Amount) -> bool:
    """Whether a bare scale is meant as a number: 近万家, 十余场, 百种农产品; not 走进千家."""
    if amount.value.bound != "exact" or _bounded(text, numeral, amount.end):
        return True
    return text[amount.end : amount.end + 1].isalpha()


def _bounded(text: str, numeral: Numeral, end: int) -> bool:
    """Whether a bound word stands before a bare scale or after its unit."""
    before = bounds.before(text, numeral.start, True)[1]
    return before is not None or bounds.after(text, end)[1] is not None
