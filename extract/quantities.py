"""Quantities in an article body: a number, its unit, and the words that qualify it.

One pass over the numerals of the text. Each is read together with the unit that follows (`amounts`) and the
bound words around it (`bounds`); where the unit leaves it open, nouns nearby say what is counted (`kinds`,
`unitless`); what names, orders or announces is left out (`notfacts`, `stated`).
"""

import re
from dataclasses import replace
from typing import Final

from extract import (
    amounts,
    anchors,
    bounds,
    counted,
    economy,
    errata,
    kinds,
    notfacts,
    number_ranges,
    stated,
    tables,
    unitless,
    units,
)
from extract.amounts import SCALE_SET, Amount
from extract.mend import mend
from extract.model import Bound, Kind, Per, Quantity
from extract.numbers import Value, evaluate, tidy
from extract.units import Unit

_DATE_MARKS: Final = frozenset("年月日")
_AFTER_ONE: Final = number_ranges.FIRST | frozenset("成折余餘多来几幾")
_PARTED: Final = bounds.INSIDE | frozenset(" \u00a0\u3000")
"""What may part a number from its unit."""
_BLANKS: Final = re.compile("[ \u00a0\u3000]{1,2}")
_NO_FACT: Final = frozenset({"calendar", "measure", "ratio", "score", "rank", "list"})
_ONE: Final = frozenset("一壹")
# In this prose these are durations only after a word that says so; elsewhere they are dates.
_DATE_LIKE: Final = frozenset(("年", "月", "日", "年度", "夜", "晚", "载", "周", "星期"))
_WORD: Final = r"[^，,。；;：:、\d\s]"
_EACH: Final = rf"每(?!年{_WORD}*$){_WORD}{{1,9}}|[人户家站班店桌日月天场期]均{_WORD}{{0,4}}"
_PER_BEFORE: Final = re.compile(rf"(?P<each>{_EACH})$|(?P<year>每年|年均{_WORD}{{0,4}})$")
_PER_AFTER: Final = re.compile(
    r"[/／](?P<unit>[人户家个名年月天日次份场期站])|每[人户家个名次份场期](?![约近0-9０-９])"
)
_OPENS_PER: Final = frozenset("/／每")
_PER_SIGN: Final = re.compile("[每均]")
_LABEL_OPENS: Final = frozenset("【[\n")
_LABEL_CLOSES: Final = frozenset("】]\n")
_LABEL_REACH: Final = 120
_CONFIDENCE: Final = {"unit": 0.98, "share": 0.95, "people-noun": 0.9, "discount": 0.9, "understood": 0.8}


def find(text: str) -> list[Quantity]:
    """Quantities of a text in order, spans in characters of it. Never raises; linear in the text's length.

    Every mention is given, also repeated ones. `per` is set only where the quantity's own words say it.
    """
    mended, original = mend(text)
    found = _without_labels(mended, _Pass(mended).find())
    if cells := tables.find(mended, found):
        found = sorted([*found, *cells], key=lambda quantity: quantity.start)
    if original is None:
        return found
    return [replace(q, start=original(q.start), end=original(q.end - 1) + 1) for q in found]


def _without_labels(text: str, found: list[Quantity]) -> list[Quantity]:
    """Leaves out a number that stands alone in brackets or on its line where the text below says it again."""

    def labels(index: int, quantity: Quantity) -> bool:
        start, end = quantity.start, quantity.end
        if text[end : end + 1] not in _LABEL_CLOSES or (start and text[start - 1] not in _LABEL_OPENS):
            return False
        return any(
            later.value == quantity.value and later.start - end < _LABEL_REACH
            for later in found[index + 1 : index + 6]
        )

    return [quantity for index, quantity in enumerate(found) if not labels(index, quantity)]


class _Pass:
    """One reading of one text. Remembers what later quantities may leave unsaid."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        """Where reading goes on: after the last numeral, quantity or set phrase."""
        self.firms = False
        """Whether the last 户 counted firms."""
        self.last: Quantity | None = None
        self.large: str | None = None
        """Kind of the last quantity of ten thousand or more."""

    def find(self) -> list[Quantity]:
        text = self.text
        found: list[Quantity] = []
        names = iter(errata.names(text, notfacts.names(text)))
        name = next(names, None)
        said: set[tuple[str, float]] = set()
        while match := anchors.search(text, self.at):
            start, self.at = match.span()
            while name is not None and name.end <= start:
                name = next(names, None)
            if name is not None and name.start < start:
                continue
            if match.lastgroup == "number":
                amount = self._number(match[0], start, self.at)
            else:
                amount = _share(match)
            if amount is None:
                continue
            quantity = _quantity(text, amount)
            self.at = quantity.end
            value = quantity.value
            thing = (quantity.kind, value)
            if thing in said:
                # 这80人, 今年的12万元
                if notfacts.refers_back(text, start, "的" if quantity.kind == "money" else ""):
                    continue
            else:
                said.add(thing)
            found.append(quantity)
            self.last = quantity
            if value >= 10**4:
                self.large = quantity.kind
        return found

    def _number(self, printed: str, start: int, end: int) -> Amount | None:
        """A numeral with the unit that follows, with a second numeral, or with nothing."""
        text = self.text
        following = text[end : end + 1]
        if following in _DATE_MARKS and notfacts.is_date(text, start, end):
            return None
        if following in notfacts.BODIES and notfacts.numbered(text, start):
            return None
        led = text[start - 1 : start] in notfacts.LEADS
        if led and notfacts.joined(text, start):
            return None
        one = printed in _ONE
        if one and following not in _AFTER_ONE:  # 一批, 一名: an article
            self.at = notfacts.phrase_end(text, start) or end
            return None
        at = gap = end
        inner: Bound | None = None
        if following in _PARTED:
            at, inner = bounds.inside(text, end)
            blanks = _BLANKS.match(text, at)
            gap = blanks.end() if blanks else at
        unit = units.match(text, gap)
        if unit is None and inner is not None and (unit := units.match(text, end)):
            gap, inner = end, None
        if unit is not None:
            if unit.kind in _NO_FACT or (gap > at and unit.form == "bare"):
                return None
            if one and unit.form != "share":
                return None
        arabic = printed[0].isdecimal()
        if not arabic and (past := notfacts.phrase_end(text, start)):
            self.at = max(past, end)
            return None
        if led and notfacts.ordinal(text, start):
            return None
        if printed in notfacts.PHONES and (unit is None or len(printed) == 5):
            return None
        value = evaluate(printed)
        if value is None or value.spelled or value.low == 0:
            return None
        if inner is not None:
            value = Value(value.low, value.high, inner)
        magnitude = not arabic and SCALE_SET.issuperset(printed)
        if unit is not None:
            amount = _amount(start, gap + unit.size, value, unit, arabic, magnitude)
            return amount if self._states(amount, unit) else None
        amount = Amount(start, at, value, "people", "人", "people-noun", 1.0, arabic, magnitude)
        if more := self._more_numbers(amount, end):
            return more
        return amount if unitless.settle(text, amount, printed, self.large, self.last) else None

    def _more_numbers(self, amount: Amount, end: int) -> Amount | None:
        """5-10场, 占1/3: the amount of a numeral that no unit follows at `end` but a second numeral."""
        text = self.text
        if span := number_ranges.with_one_unit(text, amount.value, end):
            value, unit, stop = span
            if unit.kind not in _NO_FACT and unit.term not in _DATE_LIKE:
                both = _amount(amount.start, stop, value, unit, amount.arabic, amount.magnitude)
                return both if self._states(both, unit) else None
        if share := anchors.slash(text, amount.value, amount.start, end):
            return Amount(amount.start, share[1], share[0], "percent", "%", "fraction")
        return None

    def _states(self, amount: Amount, unit: Unit) -> bool:
        """Whether a number with its unit states a fact. What belongs to the amount is added to it."""
        text = self.text
        if not amounts.complete(text, amount, unit):
            return False
        if economy.may_be(amount.kind, amount.value.low) and economy.of_trade(text, amount.start, amount.end):
            return False
        match amount.kind:
            case "count":
                return stated.count(text, amount, unit)
            case "money":
                return stated.money(text, amount)
            case "people":
                return stated.people(text, amount)
            case "households":
                firms = kinds.firms(text, amount.start, amount.end)
                self.firms = self.firms if firms is None else firms
                amount.kind = "count" if self.firms else "households"
            case "duration":
                return unit.term not in _DATE_LIKE or notfacts.lasting(text, amount.start)
        return True


def _amount(start: int, end: int, value: Value, unit: Unit, arabic: bool, magnitude: bool) -> Amount:
    """A number with its unit, which is known to be of a quantity kind."""
    kind: Kind = unit.kind  # type: ignore[assignment]
    return Amount(start, end, value, kind, unit.name, "unit", unit.factor, arabic, magnitude)


def _share(match: re.Match[str]) -> Amount | None:
    """The amount that a share in words states."""
    share = anchors.share(match)
    return share and Amount(match.start(), match.end(), share[0], "percent", "%", share[1])


def _quantity(text: str, amount: Amount) -> Quantity:
    """Assemble a quantity: the bound words around it widen the span."""
    start, end, factor = amount.start, amount.end, amount.factor
    low, high, bound, _ = amount.value
    low *= factor
    first, said_before, last, said_after = start, None, end, None
    if text[start - 1 : start] in bounds.LAST:
        first, said_before = bounds.before(text, start, amount.magnitude)
    if said_before is None:
        first, said_before = bounds.far_before(text, start)
    if said_before == "under" and amount.kind in ("people", "count") and bounds.peak(text, first, start):
        first, said_before = start, None
    if text[end : end + 1] in bounds.FIRST:
        last, said_after = bounds.after(text, end)
    if bound != "range":
        if bound == "over" and said_before == "about":  # 约1200多万元
            said_before = None
        bound = said_after if said_after not in (None, "range") else said_before or bound
    return Quantity(
        first,
        last,
        amount.kind,
        low if low.is_integer() else tidy(low),
        None if high is None else tidy(high * factor),
        amount.unit,
        bound,
        counted.noun(text, first, last),
        _per(text, first, last),
        amount.rule,
        _CONFIDENCE.get(amount.rule, 1.0),
    )


def _per(text: str, start: int, end: int) -> Per | None:
    """`each` or `year` where the words right beside say it: 每户500元, 人均300元, 800元/人."""
    if text[end : end + 1] in _OPENS_PER and (after := _PER_AFTER.match(text, end)):
        return "year" if after["unit"] == "年" else "each"
    low = start - 12 if start > 12 else 0
    if _PER_SIGN.search(text, low, start) and (before := _PER_BEFORE.search(text, low, start)):
        return "each" if before["each"] else "year"
    return None
