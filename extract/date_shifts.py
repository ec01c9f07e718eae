"""Expressions that count from a day: yesterday, last Saturday, the last three years, the same period."""

from datetime import date, timedelta

from extract import calendars
from extract.calendars import month_days, year_days
from extract.date_atoms import Atom
from extract.date_context import Context, Open
from extract.date_parts import in_year
from extract.model import Basis, DateMention, Precision


def shifted(atom: Atom, context: Context) -> tuple[Open, Precision, Basis]:
    base: date | None = context.reference
    basis = context.basis
    if atom.base == "anchor" and context.day:
        base, basis = context.day, "inferred from article"
    elif atom.base == "anchor" and not context.loose:
        base = None
    if base is None:
        return (None, None), "open", "inferred from article"
    if atom.form == "weekday" and atom.day:
        monday = base - timedelta(base.weekday())
        if atom.unit:
            day = monday + timedelta(7 * atom.amount + atom.day - 1)
        else:
            day = base - timedelta((base.weekday() + 1 - atom.day) % 7)
        return (day, day), "day", basis
    if atom.unit == "week":
        monday = base - timedelta(base.weekday() - 7 * atom.amount)
        return (monday, monday + timedelta(6)), "week", basis
    day = base + timedelta(atom.amount)
    return (day, day), "day", basis


def _moved(day: date, unit: str, amount: int) -> date:
    match unit:
        case "year":
            return calendars.add_months(day, 12 * amount)
        case "month":
            return calendars.add_months(day, amount)
    return day + timedelta(amount * (7 if unit == "week" else 1))


def amount(atom: Atom, context: Context) -> tuple[Open, Precision, Basis]:
    reference, year, unit, n = context.reference, context.year, atom.unit, atom.amount
    precision: Precision = "years" if unit == "year" and n > 1 else "span"
    if reference is None:
        if year is None or unit != "year":
            return (None, None), "open", "inferred from article"
        if atom.form == "ago":
            return year_days(year - n), "year", context.basis
        if atom.form == "ahead":
            return year_days(year, year + n - 1), precision, context.basis
        if atom.part == "前":
            return year_days(year - n, year - 1), precision, context.basis
        return (None if atom.vague else date(year - n, 1, 1), None), "open", context.basis
    if atom.form == "ago":
        day = _moved(reference, unit, -n)
        if unit == "year":
            return year_days(day.year), "year", context.basis
        if unit == "month":
            return month_days(day.year, day.month), "month", context.basis
        return (day, day), "day", context.basis
    if atom.form == "ahead":
        start = reference + timedelta(1) if unit == "day" else reference
        return (start, _moved(reference, unit, n)), precision, context.basis
    if atom.part == "前" and unit == "year":
        return year_days(reference.year - n, reference.year - 1), precision, context.basis
    begin = None if atom.vague else _moved(reference, unit, -n)
    if unit == "year" and atom.name in ("来", "以来", "下来"):
        # 九年来, after a beginning nine years ago, or in the ninth year from it: from then on.
        for year in (reference.year - n, reference.year - n + 1):
            if started := context.begun.get(year):
                return (started, reference), precision, "inferred from article"
    if begin and unit == "month" and atom.name and context.is_month_named(begin):
        # 两个月间, after a month named two months ago: from that month on.
        begin = begin.replace(day=1)
    if begin and unit == "year" and n > 1 and atom.name and atom.part != "近":
        # 三年来 is told in whole years; in December the present one counts as whole.
        begin = date(begin.year + (reference.month == 12), 1, 1)
    if atom.name == "下来":
        # 三天下来 does not say when it began.
        begin = None
    return (begin, reference), precision, context.basis


def same_period(atom: Atom, context: Context) -> tuple[Open, Precision, Basis]:
    """同期: the span read last; 去年同期: the one a year before it."""
    if context.last is None or not _of_this_year(context.last, context):
        if atom.amount and context.this_year is not None:
            return year_days(context.this_year + atom.amount), "year", context.basis
        return (None, None), "open", "inferred from article"
    before, mention = context.last
    start, end = mention.date_start, mention.date_end
    if before.form == "festival" and start:
        days, precision = in_year(before)(end.year + atom.amount if end else start.year + atom.amount)  # type: ignore[misc]
        return days, precision, "inferred from article"
    if (
        start
        and end
        and context.reference
        and start < context.reference < end
        and mention.precision == "year"
    ):
        end = context.reference
    return (
        (
            calendars.add_months(start, 12 * atom.amount) if start else None,
            calendars.add_months(end, 12 * atom.amount) if end else None,
        ),
        "span" if start and end else "open",
        "inferred from article",
    )


def _of_this_year(last: tuple[Atom, DateMention], context: Context) -> bool:
    this, end = context.this_year, last[1].date_end or last[1].date_start
    return this is None or (end is not None and this <= end.year <= this + (last[0].form == "festival"))
