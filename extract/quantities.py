"""Quantities in an article body: a number, its unit, and the words that qualify it.

One pass over the numerals of the text. Each is read together with the unit that follows and the bound words
around it (`units`, `bounds`); where the unit leaves it open, nouns nearby say what is counted (`kinds`); what
names, orders or announces is left out (`notfacts`).
"""

import re
from dataclasses import replace
from typing import NamedTuple, cast

from extract import anchors, bounds, counted, kinds, notfacts, number_ranges, passing, tables, units
from extract.mend import mend
from extract.model import Kind, Per, Quantity
from extract.numbers import SCALES, Value, evaluate, tidy
from extract.units import Unit

_DATE_MARKS = frozenset("年月日")
_AFTER_ONE = number_ranges.FIRST | frozenset("成折余餘多来几幾")
_BLANKS = re.compile("[ \u00a0\u3000]{1,2}")
_NO_FACT = frozenset({"calendar", "measure", "ratio", "score", "rank", "list"})
_ONE = frozenset("一壹")
_SCALE_SET = frozenset(SCALES)
# In this prose these are durations only after a word that says so; elsewhere they are dates.
_DATE_LIKE = frozenset(("年", "月", "日", "年度", "夜", "晚", "载", "周", "星期"))
_WORD = r"[^，,。；;：:、\d\s]"
_EACH = rf"每(?!年{_WORD}*$){_WORD}{{1,9}}|[人户家站班店桌日月天场期]均{_WORD}{{0,4}}"
_PER_BEFORE = re.compile(rf"(?P<each>{_EACH})$|(?P<year>每年|年均{_WORD}{{0,4}})$")
_PER_AFTER = re.compile(r"[/／](?P<unit>[人户家个名年月天日次份场期站])|每[人户家个名次份场期]")
_JIAO = re.compile(r"(\d|[一二三四五六七八九])角")
_CLOSING = frozenset("，,。；;、！\n）)")
_CONFIDENCE = {"unit": 0.98, "share": 0.95, "people-noun": 0.9, "discount": 0.9, "understood": 0.8}


class _Numeral(NamedTuple):
    """A numeral where it stands."""

    text: str
    start: int
    arabic: bool
    magnitude: bool
    """Nothing but a scale: 千, 万, 百万."""


class _Reading(NamedTuple):
    """A number and its unit, on the way to becoming a quantity."""

    start: int
    end: int
    value: Value
    kind: str
    unit: str
    rule: str = "unit"
    factor: float = 1.0
    magnitude: bool = False


def find(text: str) -> list[Quantity]:
    """Quantities of a text in order, spans in characters of it. Never raises; linear in the text's length.

    Every mention is given, also repeated ones. `per` is set only where the quantity's own words say it.
    """
    mended, original = mend(text)
    found = _Pass(mended).find()
    if cells := tables.find(mended, found):
        found = sorted([*found, *cells], key=lambda quantity: quantity.start)
    if original is None:
        return found
    return [replace(q, start=original(q.start), end=original(q.end - 1) + 1) for q in found]


class _Pass:
    """One reading of one text. Remembers what later quantities may leave unsaid."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.done = 0
        """Where the last quantity or set phrase ended."""
        self.firms = False
        """Whether the last 户 counted firms."""
        self.large: str | None = None
        """Kind of the last quantity of ten thousand or more."""
        self.said: set[tuple[str, float]] = set()

    def find(self) -> list[Quantity]:
        found: list[Quantity] = []
        names = notfacts.names(self.text)
        name = 0
        at = 0
        while match := anchors.search(self.text, max(at, self.done)):
            start, at = match.span()
            while name < len(names) and names[name].end <= start:
                name += 1
            if name < len(names) and names[name].start < start:
                continue
            if match.lastgroup == "number":
                reading = self._number(match)
            else:
                share = anchors.share(match)
                reading = share and _Reading(start, at, share[0], "percent", "%", share[1])
            if reading is not None:
                quantity = self._quantity(reading)
                self.done = quantity.end
                said = (quantity.kind, quantity.value)
                definite = "的" if quantity.kind == "money" else ""
                if said in self.said and notfacts.refers_back(self.text, start, definite):
                    # 这80人, 今年的12万元
                    continue
                self.said.add(said)
                found.append(quantity)
                if quantity.value >= 10**4:
                    self.large = quantity.kind
        return found

    def _number(self, match: re.Match[str]) -> _Reading | None:
        """A numeral with the unit that follows, with a second numeral, or with nothing."""
        text, (start, end) = self.text, match.span()
        following = text[end : end + 1]
        if (following in _DATE_MARKS and notfacts.is_date(text, start, end)) or notfacts.joined(text, start):
            return None
        printed = match[0]
        if printed in _ONE and following not in _AFTER_ONE:  # 一批, 一名: an article
            self.done = notfacts.phrase_end(text, start) or self.done
            return None
        at, inner = bounds.inside(text, end)
        gap = at
        if text[at : at + 1] in (" ", "\u00a0", "\u3000") and (blanks := _BLANKS.match(text, at)):
            gap = blanks.end()
        unit = units.match(text, gap)
        if unit is None and inner is not None and (unit := units.match(text, end)):
            gap, inner = end, None
        if unit is not None:
            if unit.kind in _NO_FACT or (gap > at and unit.form == "bare"):
                return None
            if printed in _ONE and unit.form != "share":
                return None
        numeral = _Numeral(printed, start, printed[0].isdecimal(), _SCALE_SET.issuperset(printed))
        if not numeral.arabic and (past := notfacts.phrase_end(text, start)):
            self.done = past
            return None
        if notfacts.ordinal(text, start) or notfacts.phone(printed, unit is None):
            return None
        if unit is None and (other := self._more_numbers(numeral, end)):
            return other
        value = evaluate(printed)
        if value is None or value.spelled or value.low == 0:
            return None
        if inner is not None:
            value = Value(value.low, value.high, inner)
        if unit is None:
            return self._no_unit(numeral, value, at)
        return self._with_unit(numeral, value, unit, gap + len(unit.term))

    def _more_numbers(self, numeral: _Numeral, end: int) -> _Reading | None:
        """5-10场, 占1/3: a numeral that no unit follows but a second numeral."""
        text = self.text
        if span := number_ranges.with_one_unit(text, numeral.text, end):
            value, unit, stop = span
            if unit.kind not in _NO_FACT and unit.term not in _DATE_LIKE:
                return self._with_unit(numeral, value, unit, stop)
        if share := anchors.slash(text, numeral.text, numeral.start, end):
            return _Reading(numeral.start, share[1], share[0], "percent", "%", "fraction")
        return None

    def _with_unit(self, numeral: _Numeral, value: Value, unit: Unit, end: int) -> _Reading | None:
        if numeral.magnitude and self.text[end : end + 1] in _SCALE_SET:  # 千人千面, 百人百场
            return None
        reading = _Reading(
            numeral.start, end, value, unit.kind, unit.name, "unit", unit.factor, numeral.magnitude
        )
        if unit.form:
            shaped = self._by_form(numeral, reading, unit)
            if shaped is None:
                return None
            reading = shaped
        value, end = reading.value, reading.end
        if reading.kind in ("money", "percent") and self.text[end : end + 1] in ("余", "多"):
            value, end = Value(value.low, value.high, "over"), end + 1
        if unit.term == "元" and (tenths := _JIAO.match(self.text, end)):
            tenth = evaluate(tenths[1])
            value, end = Value(value.low + (tenth.low if tenth else 0.0) / 10), tenths.end()
        if reading.kind != "duration":
            value, end = number_ranges.with_two_units(self.text, value, unit, numeral.start, end)
        if end != reading.end:
            reading = reading._replace(value=value, end=end)
        match reading.kind:
            case "money":
                return self._money(numeral, reading)
            case "people":
                return self._people(numeral, reading)
            case "count":
                return self._count(numeral, reading, unit)
            case "households":
                return self._households(reading)
            case "duration":
                return self._duration(numeral, reading, unit)
        return reading

    def _by_form(self, numeral: _Numeral, reading: _Reading, unit: Unit) -> _Reading | None:
        """Units that need more than a number before them (see lexicon/classifiers.tsv)."""
        text, value, end = self.text, reading.value, reading.end
        if unit.form == "share":
            if value.low > 10:
                return None
            if text[end : end + 1] == "半":
                value, end = Value(value.low + 0.5, None, value.bound), end + 1
            return reading._replace(value=value, end=end, unit="%", rule="share")
        if unit.form == "discount":
            if value.low >= 100:
                return None
            return reading._replace(unit="%", rule="discount", factor=10.0 if value.low < 10 else 1.0)
        if unit.form == "bare":
            return None if numeral.magnitude or not 2 <= value.low <= 3000 else reading
        if unit.form == "arabic":
            return reading if numeral.arabic else None
        if kinds.piece(text, reading.start, end):
            return reading._replace(kind="count", unit=unit.term, factor=1.0)
        return reading if value.low >= 10 else None

    def _money(self, numeral: _Numeral, reading: _Reading) -> _Reading | None:
        # 万元 alone is a column head, 超万元 and 万元以上 are sums.
        if numeral.magnitude and reading.value.bound == "exact" and not self._bounded(numeral, reading.end):
            return None
        if notfacts.supposed(self.text, numeral.start) or passing.money(self.text, numeral.start):
            return None
        return reading

    def _people(self, numeral: _Numeral, reading: _Reading) -> _Reading | None:
        if self.text[numeral.start - 1 : numeral.start] == "前":
            return None
        if reading.value.low <= passing.MOST and passing.people(
            self.text, numeral.start, reading.end, numeral.arabic
        ):
            return None
        return None if numeral.magnitude and notfacts.programme(self.text, reading.end) else reading

    def _count(self, numeral: _Numeral, reading: _Reading, unit: Unit) -> _Reading | None:
        text, end = self.text, reading.end
        if (
            notfacts.announces(text, unit.term, end, numeral.arabic)
            or notfacts.one_of(text, end)
            or (numeral.magnitude and (notfacts.programme(text, end) or not self._stated(numeral, reading)))
            or (not numeral.arabic and notfacts.refers_back(text, numeral.start))
        ):
            return None
        if unit.term == "个":
            if kinds.people_after(text, end):
                return self._people(numeral, reading._replace(kind="people", unit="人", rule="people-noun"))
            if kinds.families_after(text, end):
                return reading._replace(kind="households", unit="户")
        if reading.value.low <= passing.MOST and passing.count(
            text, numeral.start, end, unit, numeral.arabic
        ):
            return None
        return reading

    def _stated(self, numeral: _Numeral, reading: _Reading) -> bool:
        """Whether a bare scale is meant as a number: 近万家, 十余场, 百种农产品; not 走进千家."""
        if reading.value.bound != "exact" or self._bounded(numeral, reading.end):
            return True
        return self.text[reading.end : reading.end + 1].isalpha()

    def _bounded(self, numeral: _Numeral, end: int) -> bool:
        """Whether a bound word stands before a bare scale or after its unit."""
        before = bounds.before(self.text, numeral.start, True)[1]
        return before is not None or bounds.after(self.text, end)[1] is not None

    def _households(self, reading: _Reading) -> _Reading | None:
        firms = kinds.firms(self.text, reading.start, reading.end)
        self.firms = self.firms if firms is None else firms
        return reading._replace(kind="count") if self.firms else reading

    def _duration(self, numeral: _Numeral, reading: _Reading, unit: Unit) -> _Reading | None:
        start = numeral.start
        if unit.term in _DATE_LIKE and not notfacts.lasting(self.text, start):
            return None
        return reading

    def _no_unit(self, numeral: _Numeral, value: Value, end: int) -> _Reading | None:
        """84万, 近百万, 18万职工, 400职工, 人数达1268: the unit is understood."""
        text, start = self.text, numeral.start
        if value.low < 2:
            return None
        people = _Reading(start, end, value, "people", "人", "people-noun", 1.0, numeral.magnitude)
        if value.low < 10**4 or not ("万" in numeral.text or "亿" in numeral.text):
            if not (numeral.arabic or numeral.magnitude):
                return None
            year = 1900 <= value.low <= 2100
            if (
                not year
                and value.low < 10**5
                and text[start - 1 : start] != "“"
                and kinds.people_after(text, end)
            ):
                return people
            if numeral.arabic and value.low >= 10 and _CLOSING.issuperset(text[end : end + 1]):
                return people._replace(rule="understood") if kinds.headcount_before(text, start) else None
            return None
        if numeral.text == "万" and bounds.before(text, start, True)[1] is None:
            return None
        if numeral.magnitude and notfacts.programme(text, end):
            return None
        if kinds.people_near(text, end):
            return people
        meaning = kinds.understood(text, start, end) or self.large
        if meaning == "people":
            return people._replace(rule="understood")
        if meaning == "money":
            return people._replace(kind="money", unit="元", rule="understood")
        if meaning == "visits":
            return people._replace(kind="count", unit="次", rule="understood")
        return None

    def _quantity(self, reading: _Reading) -> Quantity:
        """Assemble a quantity: the bound words around it widen the span."""
        text, value, start, end = self.text, reading.value, reading.start, reading.end
        first, said_before = bounds.before(text, start, reading.magnitude)
        if said_before is None:
            first, said_before = bounds.far_before(text, start)
        last, said_after = bounds.after(text, end)
        bound = value.bound
        if bound != "range":
            bound = said_after if said_after not in (None, "range") else said_before or bound
        high = None if value.high is None else tidy(value.high * reading.factor)
        return Quantity(
            first,
            last,
            cast(Kind, reading.kind),
            tidy(value.low * reading.factor),
            high,
            reading.unit,
            bound,
            counted.noun(text, first, last),
            _per(text, first, last),
            reading.rule,
            _CONFIDENCE.get(reading.rule, 1.0),
        )


def _per(text: str, start: int, end: int) -> Per | None:
    """`each` or `year` where the words right beside say it: 每户500元, 人均300元, 800元/人."""
    if text[end : end + 1] in ("/", "／", "每") and (after := _PER_AFTER.match(text, end)):
        return "year" if after["unit"] == "年" else "each"
    low = max(0, start - 12)
    if text.find("每", low, start) < 0 and text.find("均", low, start) < 0:
        return None
    if before := _PER_BEFORE.search(text, low, start):
        return "each" if before["each"] else "year"
    return None
