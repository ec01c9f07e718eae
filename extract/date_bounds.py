"""What the words around a time expression make of it: a range, a beginning (以来, 起), an end (截至, 前)."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from extract import calendars
from extract.date_atoms import Atom, Ref, parse
from extract.date_context import Context, Open
from extract.date_days import days
from extract.date_patterns import SEPARATOR, W, guarded, words
from extract.model import Basis, DateMention, Precision
from extract.words import alternation

_TO_BEFORE: Final = re.compile(
    rf"(?<!{')(?<!'.join(words('no-prefix'))})(?:{alternation(words('to-prefix'))})$"
)
_BY_DAY: Final = re.compile(r"(?:^|[,。;:!?\n(])(?:到|至)$")
"""Before a day: `到本月20日，会员达2.6万人`, not `活动持续到20日`."""
_RANGE: Final = re.compile(rf"起?{SEPARATOR}|(?:以来)?,?截[至止]到?{W}")
_AND: Final = re.compile(r"[、和及与]")
_FILLED_RANGE: Final = re.compile(r"[^,。;:!?\n0-9、年月日]{0,8}?[到至]")
_BETWEEN: Final = re.compile(r"[与和]")
_FUTURE: Final = re.compile(alternation(words("future")))
_CLOCK: Final = alternation(words("clock"))
AFTER: Final = re.compile(
    rf"(?:{W}{_CLOCK}|[(](?:周|星期)[一二三四五六日天][)]){{0,3}}"
    rf"(?:(?P<since>[^,。;:!?()\n0-9、年月日近昨]{{0,10}}?(?:以来|至今(?![年春夏秋冬日]))|{W}(?:{guarded('since')}))"
    rf"|(?P<from>{guarded('from')})|(?P<before>{guarded('before')})|(?P<after>{guarded('after')}))?"
)
UNTIL_BEFORE: Final = re.compile(rf"(?:{alternation(words('until-prefix'))}){W}$")
SINCE_BEFORE: Final = re.compile(rf"(?<!来)(?:{alternation(words('since-prefix'))}){W}$")
FROM_BEFORE: Final = re.compile(rf"(?:{alternation(words('from-prefix'))}){W}$")
_ENDINGS: Final = frozenset({"end", "底", "末"})
"""Parts of a year or month that stand for its last days."""
_CUT: Final = re.compile(r"[。;!?\n]")


class _Bounds(NamedTuple):
    """How what stands around an atom changes its days."""

    rule: str
    kind: str
    start: date | None
    end: date | None
    precision: Precision
    basis: Basis
    suffix: bool
    """Whether the words behind the atom belong to the mention."""


def mention(text: str, atom: Atom, context: Context, sentence: int) -> tuple[DateMention, Atom]:
    """The mention that an atom begins: a range, a beginning, an end or the atom alone; and the atom that
    stands for it when a later expression refers back. Raises ValueError for days that do not exist."""
    suffix = AFTER.match(text, atom.end)
    assert suffix is not None
    future = _planned(text, atom) or bool(suffix["from"] or suffix["before"]) or context.ahead == sentence
    if atom.form == "word":
        return _word(atom, context), atom
    span = _range(text, atom, context, sentence, future) or _successive(text, atom, context, sentence, future)
    if span:
        return span
    found = days(atom, context, sentence, future)
    bounds = _bounds(atom, found, suffix, text[max(0, atom.start - 6) : atom.start], context)
    stop = suffix.end() if bounds.suffix else atom.end
    return DateMention(
        atom.start, stop, bounds.start, bounds.end, bounds.precision, bounds.basis, bounds.kind, bounds.rule
    ), atom


def _planned(text: str, atom: Atom) -> bool:
    """Whether words of planning stand near an atom in its clause."""
    behind = _FUTURE.search(text, atom.end, atom.end + 16)
    if behind and not _CUT.search(text, atom.end, behind.start()):
        return True
    before = text[max(0, atom.start - 12) : atom.start]
    return bool(_FUTURE.search(before) and _FUTURE.search(_CUT.split(before)[-1]))


def _bounds(
    atom: Atom, found: tuple[Open, Precision, Basis], suffix: re.Match[str], before: str, context: Context
) -> _Bounds:
    (start, end), precision, basis = found
    if atom.form in ("span", "ahead"):
        kind = "cumulative" if atom.form == "span" else "future"
        return _Bounds(atom.form, kind, start, end, precision, basis, False)
    since_before = SINCE_BEFORE.search(before) and not (suffix["before"] or suffix["from"])
    if suffix["since"] or since_before or (atom.form == "plan" and atom.part == "以来"):
        if start and atom.part in _ENDINGS:
            start = start.replace(day=1)  # 去年底以来
        return _since("since", start, basis, context, bool(suffix["since"]))
    if suffix["from"] and atom.form != "same":
        if end and context.reference and end < context.reference:
            return _since("from", start, basis, context, True)
        return _Bounds("from", "future", start, None, "open", basis, True)
    if suffix["after"] and atom.form in ("festival", "lunar") and atom.name not in calendars.solar_terms():
        if start and context.reference and start <= context.reference:
            return _since("after", start, basis, context, True)
        return _Bounds("after", "future", start, None, "open", basis, True)
    if suffix["before"]:
        if atom.form == "festival" or (atom.form == "calendar" and precision in ("month", "year")):
            end = start - timedelta(1) if start else None
        return _until("before", end, basis, context, True)
    to = _TO_BEFORE.search(before) and _ends(atom, precision, end, context)
    if to or UNTIL_BEFORE.search(before) or _BY_DAY.search(before):
        return _until("until", end, basis, context, False)
    return _Bounds(atom.form, "event", start, end, precision, basis, False)


def _since(rule: str, start: date | None, basis: Basis, context: Context, suffix: bool) -> _Bounds:
    """From a day up to the publication date."""
    reference = context.reference
    if reference is None or (start and start > reference):
        return _Bounds(rule, "cumulative", start, None, "open", basis, suffix)
    return _Bounds(rule, "cumulative", start, reference, "span", "inferred from publication date", suffix)


def _until(rule: str, end: date | None, basis: Basis, context: Context, suffix: bool) -> _Bounds:
    """Up to a day."""
    kind = "future" if end and context.reference and end > context.reference else "cumulative"
    return _Bounds(rule, kind, None, end, "open", basis, suffix)


def _ends(atom: Atom, precision: Precision, end: date | None, context: Context) -> bool:
    """Whether 到 before the atom makes it an end: 到2月底, 到2025年, but not 到5月9日 nor a year gone by."""
    now = context.reference or (date(context.year, 12, 31) if context.year else None)
    if precision == "year" and end and now and end <= now:
        return False
    return atom.form in ("calendar", "plan") and (atom.day is None or precision != "day")


def _word(atom: Atom, context: Context) -> DateMention:
    kind = atom.part if atom.part in ("recurring", "recent") else "cumulative"
    end = None if kind == "recurring" else context.reference
    return DateMention(atom.start, atom.end, None, end, "open", context.basis, kind, atom.part)


def _range(
    text: str, first: Atom, context: Context, sentence: int, future: bool
) -> tuple[DateMention, Atom] | None:
    """`first` and what stands behind its dash or 至, as one span."""
    if first.form not in ("calendar", "lunar", "festival", "shift", "weekday"):
        return None
    match = _RANGE.match(text, first.end)
    between = None if match else _BETWEEN.match(text, first.end)
    filled = None
    if match is None and between is None and FROM_BEFORE.search(text[max(0, first.start - 3) : first.start]):
        filled = _FILLED_RANGE.match(text, first.end)
    match = match or between or filled
    if match is None:
        return None
    second = parse(text, match.end(), "whole" if context.loose else "second")
    if second is None or second.form not in ("calendar", "lunar", "festival", "shift"):
        return None
    stop = second.end
    if between:
        if not text.startswith("之间", stop):
            return None
        stop += 2
    until = "截" in match.group()
    if until and first.month is not None:
        return None
    if second.form == "calendar" and first.form == "calendar":
        second = _completed(second, first)
        if first.year is None and second.year is not None and first.month is not None:
            first = replace(first, year=second.year)
    start, end, basis = _ends_of(first, second, context, sentence, future)
    years = first.form == "calendar" == second.form and not (
        first.month or second.month or first.part or second.part
    )
    precision: Precision = "years" if years and first.day is None else "span"
    if start is None or end is None:
        precision = "open"
    return DateMention(first.start, stop, start, end, precision, basis, "event", "range"), second


def _successive(
    text: str, first: Atom, context: Context, sentence: int, future: bool
) -> tuple[DateMention, Atom] | None:
    """Days, months or years that follow one another, as one span: 5月12日、13日, 2019年和2020年."""
    last = first
    while mark := _AND.match(text, last.end):
        following = parse(text, mark.end(), "news")
        if following is None or not _follows(following, last):
            break
        last = _completed(following, last)
    if last is first:
        return None
    start, end, basis = _ends_of(first, last, context, sentence, future)
    if start is None or end is None:
        return None
    precision: Precision = "span" if first.month or first.day else "years"
    return DateMention(first.start, last.end, start, end, precision, basis, "event", "range"), last


def _follows(second: Atom, first: Atom) -> bool:
    """Whether a day, month or year is the one behind another, with the rest left out."""
    if first.form != "calendar" or second.form != "calendar" or first.part or second.part:
        return False
    if second.day is not None:
        same = (second.month is None or second.month == first.month) and second.year is None
        return same and first.day is not None and second.day == first.day + 1
    if second.month:
        printed = first.month is not None and first.month.base == second.month.base == "printed"
        left_out = first.day is None and second.year is None
        return (
            printed and left_out and first.month is not None and second.month.value == first.month.value + 1
        )
    years = first.year is not None and first.month is None and first.day is None and second.year is not None
    if not years or first.year is None or second.year is None:
        return False
    return first.year.base == second.year.base == "printed" and second.year.value == first.year.value + 1


def _ends_of(
    first: Atom, second: Atom, context: Context, sentence: int, future: bool
) -> tuple[date | None, date | None, Basis]:
    """First and last day of a range. Raises ValueError where it would end before it begins."""
    (start, _), _, basis = days(first, context, sentence, future)
    if start is None:
        return None, days(second, context, sentence, future)[0][1], basis
    end = days(second, _behind(context, start, sentence), sentence, future)[0][1]
    if end is None or end >= start:
        return start, end, basis
    if second.month is None and second.day is not None:
        # 即日起至6日, printed on the 20th: of the next month.
        end = calendars.add_months(end, 1)
    elif second.month and second.year == first.year:
        # December to January: the range runs over the turn of the year.
        later = days(_of_year(second, start.year + 1), context, sentence, future)[0][1]
        past = first.year is None and not future
        if past and later and context.reference and later > context.reference:
            start = days(_of_year(first, end.year - 1), context, sentence, future)[0][0]
        else:
            end = later
    if start and end and end < start:
        raise ValueError("a range that ends before it begins")
    return start, end, basis


def _behind(context: Context, start: date, sentence: int) -> Context:
    """The context behind the first day of a range."""
    return replace(
        context, day=start, month=(start.year, start.month), named_year=start.year, sentence=sentence
    )


def _of_year(atom: Atom, year: int) -> Atom:
    """The atom in a given year."""
    return replace(atom, year=Ref("printed", year))


def _completed(second: Atom, first: Atom) -> Atom:
    """The end of a range with the parts it leaves out."""
    if second.year is None:
        second = replace(second, year=first.year)
    if second.month is None and second.day is not None:
        second = replace(second, month=first.month)
    return second
