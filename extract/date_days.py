"""From a time expression to days, given what has been read before it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from extract import calendars
from extract.calendars import Days, year_days
from extract.date_atoms import Atom
from extract.date_context import Context, Open
from extract.date_parts import in_year, month_part
from extract.date_shifts import amount, same_period, shifted
from extract.model import Basis, Precision

AHEAD: Final = 45
"""Days: a date without a year that would lie further than this behind the publication date is last year's,
unless words of planning stand by it."""

REPORTED: Final = 12
"""The last day of a month on which a report of the month before may still call it 本月."""


def _year_of(atom: Atom, context: Context, sentence: int) -> tuple[int, Basis] | None:
    """The year an atom names, if it names one that is known."""
    if atom.year is None:
        return None
    if atom.year.base == "printed":
        return atom.year.value, "printed"
    winter = atom.year.value == 0 and calendars.means(atom.name, "winter")
    if winter and context.reference and context.reference.month <= 4:
        # 今冬, in January: the winter that began in December.
        return context.reference.year - 1, context.basis
    if atom.year.base == "anchor":
        # 上年 is the year before one in figures; before 去年 only in the same sentence.
        named = context.named_in_figures or context.sentence == sentence
        base = context.named_year if named and context.named_year is not None else context.this_year
        return (base + atom.year.value, "inferred from article") if base is not None else None
    return (context.this_year + atom.year.value, context.basis) if context.this_year is not None else None


def _choose_year(
    atom: Atom, build: Callable[[int], tuple[Days, Precision]], context: Context, sentence: int, future: bool
) -> tuple[int, Basis] | None:
    """The year of an expression that prints none."""
    this = context.this_year
    if context.named_year is not None and context.sentence == sentence and not future:
        days = _try(build, context.named_year)
        if days and (context.reference is None or days[0] <= context.reference or context.named_year == this):
            return context.named_year, "inferred from article"
    if this is None:
        return None
    if context.named_year == this - 1 and not future and _of_named_year(atom, context):
        return context.named_year, "inferred from article"
    if context.named_year == this + 1 and context.named_in_figures and atom.form == "calendar":
        # Under a heading that names the year to come, months and 年内 are of that year.
        return context.named_year, "inferred from article"
    if context.reference is None:
        return this, context.basis
    found = _try(build, this)
    if context.prefer == "future":
        year = next(
            (y for y in range(this, this + 9) if (d := _try(build, y)) and d[1] >= context.reference), None
        )
        return (year, context.basis) if year else None
    if found is None:
        # 29 February: the nearest year before that has one.
        year = next((y for y in range(this - 1, this - 9, -1) if _try(build, y)), None)
        return (year, context.basis) if year else None
    ahead = (found[0] - context.reference).days
    named = atom.form in ("festival", "lunar")
    if ahead > AHEAD and not future and atom.part not in ("end", "whole") and not (named and ahead < 120):
        return this - 1, context.basis
    winter = found[1] < context.reference and context.reference.month >= 11 and found[1].month <= 2
    told = context.named_year == this and context.named_in_figures
    if winter and (future or (named and not told)):
        # In December the festivals of winter, and months that are planned, are those to come.
        return this + 1, context.basis
    return this, context.basis


def _of_named_year(atom: Atom, context: Context) -> bool:
    """Whether 全年, 年底, 两节 in an account of last year mean that year, though it is named further up."""
    if atom.form == "calendar" and atom.part == "whole":
        return True
    early = context.reference is None or context.reference.month <= 4
    return early and (
        atom.part in ("start", "end") or (atom.form == "festival" and calendars.stands_alone(atom.name))
    )


def _try(build: Callable[[int], tuple[Days, Precision]], year: int) -> Days | None:
    try:
        return build(year)[0]
    except (ValueError, OverflowError):
        return None


def _month_of(atom: Atom, context: Context, sentence: int) -> tuple[int, int, Basis] | None:
    """(year, month) of an atom that names its month by a word, or no month at all."""
    reference = context.reference
    if atom.month is None:
        if (
            context.month
            and atom.day is not None
            and (not reference or context.month != (reference.year, reference.month))
        ):
            # 5月9日至..., 12日: a later day of the month just named.
            if context.day is None or (context.day.year, context.day.month) != context.month:
                return *context.month, "inferred from article"
            if atom.day >= context.day.day:
                return *context.month, "inferred from article"
        if reference is None:
            return (*context.month, "inferred from article") if context.month else None
        return reference.year, reference.month, context.basis
    if atom.month.base == "anchor":
        if context.month is None:
            return None
        moved = calendars.add_months(date(*context.month, 1), atom.month.value)
        return moved.year, moved.month, "inferred from article"
    if reference is None:
        return None
    year = _year_of(atom, context, sentence)
    moved = calendars.add_months(_reported(reference, context), atom.month.value)
    return (year[0] if year else moved.year), moved.month, context.basis


def _reported(reference: date, context: Context) -> date:
    """The first day of the month that 本月 is: in a report of a month it is that one, though printed in the
    days after it."""
    this = reference.replace(day=1)
    before = calendars.add_months(this, -1)
    if reference.day > REPORTED or context.opening != (before.year, before.month):
        return this
    return before


def _calendar(atom: Atom, context: Context, sentence: int, future: bool) -> tuple[Open, Precision, Basis]:
    build = in_year(atom)
    if build:
        named = _year_of(atom, context, sentence)
        year = named or (None if atom.year else _choose_year(atom, build, context, sentence, future))
        if year is None:
            if atom.day is not None and atom.month and atom.form == "calendar":
                date(2000, atom.month.value, atom.day)
            return (None, None), "open", "inferred from article"
        days, precision = build(year[0])
        return days, precision, year[1]
    found = _month_of(atom, context, sentence)
    if found is None:
        return (None, None), "open", "inferred from article"
    year_number, month, basis = found
    if atom.day is None:
        days, precision = month_part(year_number, month, atom.part)
        return days, precision, basis
    reference = context.reference
    if reference and (year_number, month) == (reference.year, reference.month):
        step = 1 if context.prefer == "future" else -1
        late = atom.day < reference.day if step > 0 else atom.day > reference.day and not future
        first = date(year_number, month, 1)
        for _ in range(4):
            fits = atom.day <= calendars.month_end(first.year, first.month).day
            if fits and not late:
                break
            late = False
            first = calendars.add_months(first, step)
        return (first.replace(day=atom.day),) * 2, "day", basis
    return (date(year_number, month, atom.day),) * 2, "day", basis


def _of_season(atom: Atom, context: Context) -> Atom:
    """两节 and 双节 in September and October are Mid-Autumn and National Day, else New Year and Spring
    Festival."""
    autumn = context.reference is not None and context.reference.month in (9, 10)
    if autumn and atom.year is None and calendars.means(atom.name, "both-festivals"):
        return replace(atom, name="中秋国庆")
    return atom


def days(atom: Atom, context: Context, sentence: int, future: bool) -> tuple[Open, Precision, Basis]:
    """Days of an atom. Raises ValueError for days that do not exist."""
    match atom.form:
        case "calendar" | "lunar" | "festival":
            return _calendar(_of_season(atom, context), context, sentence, future)
        case "shift" | "weekday":
            return shifted(atom, context)
        case "span" | "ahead" | "ago":
            return amount(atom, context)
        case "same":
            return same_period(atom, context)
        case "plan" if atom.year:
            last = atom.amount
            if atom.part == "末":
                return (date(last, 12, 31),) * 2, "day", "printed"
            if atom.part.startswith("开局"):
                return year_days(atom.year.value), "year", "printed"
            if atom.part.startswith("收官"):
                return year_days(last), "year", "printed"
            return year_days(atom.year.value, last), "years", "printed"
        case "event":
            return (date.fromisoformat(atom.name),) * 2, "day", "printed"
    return (None, None), "open", context.basis
