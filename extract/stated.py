"""Whether a number with its unit states a fact, kind by kind; the words beside it may change the kind."""

from extract import bounds, economy, kinds, notfacts, passing
from extract.amounts import Amount
from extract.units import Unit


def money(text: str, amount: Amount) -> bool:
    """Whether a sum is paid, given or raised, and not supposed or told of in a person's own story."""
    # 万元 alone is a column head, 超万元 and 万元以上 are sums.
    if amount.magnitude and amount.value.bound == "exact" and not _bounded(text, amount):
        return False
    return not (notfacts.supposed(text, amount.start) or passing.money(text, amount.start, amount.end))


def people(text: str, amount: Amount) -> bool:
    """Whether people are counted rather than named before or part of a programme's name."""
    if text[amount.start - 1 : amount.start] == "前":
        return False
    if amount.value.low <= passing.MOST and passing.people(text, amount.start, amount.end, amount.arabic):
        return False
    return not (amount.magnitude and notfacts.programme(text, amount.end))


def count(text: str, amount: Amount, unit: Unit) -> bool:
    """Whether things are counted, and no list is announced or set phrase said. 个 may count people or
    families, which the amount then says."""
    end = amount.end
    if notfacts.announces(text, unit.term, end, amount.arabic) or notfacts.one_of(text, end):
        return False
    if amount.magnitude and (notfacts.programme(text, end) or not _meant(text, amount, unit)):
        return False
    if not amount.arabic and notfacts.refers_back(text, amount.start):
        return False
    if unit.term == "个":
        if kinds.people_after(text, end):
            amount.kind, amount.unit, amount.rule = "people", "人", "people-noun"
            return people(text, amount)
        if kinds.families_after(text, end):
            amount.kind, amount.unit = "households", "户"
            return True
    if economy.bulk(unit.term, amount.value.low):
        return False
    if unit.term == "条" and text[amount.start - 1 : amount.start] == "章":  # 七章六十四条
        return False
    if unit.sort and passing.toil(text, amount.start):
        return False
    return amount.value.low > passing.MOST or not passing.count(text, amount.start, end, unit, amount.arabic)


def _meant(text: str, amount: Amount, unit: Unit) -> bool:
    """Whether a bare scale is meant as a number: 近万家, 十余场, 百种农产品; not 走进千家, 千次淬火."""
    if amount.value.bound != "exact" or _bounded(text, amount):
        return True
    return unit.sort != "act" and text[amount.end : amount.end + 1].isalpha()


def _bounded(text: str, amount: Amount) -> bool:
    """Whether a bound word stands before a bare scale or after its unit."""
    before = bounds.before(text, amount.start, True)[1]
    return before is not None or bounds.after(text, amount.end)[1] is not None
