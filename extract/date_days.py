"""From a time expression to days, given what has been read before it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from extract import calendars
from extract.calendars import Days, month_days, year_days
from extract.date_atoms import Atom
from extract.model import Basis, DateMention, Precision

Open = tuple[date | None, date | None]

AHEAD = 45
"""Days: a date without a year that would lie further than this behind the publication date is last year's,
unless words of planning stand by it."""

REPORTED = 12
"""The last day of a month on which a report of the month before may still call it 本月."""


@dataclass(slots=True)
class Context:
    """What has been read so far."""

    reference: date | None
    year: int | None
    """The article's year where there is no reference."""
    prefer: str = "past"
    loose: bool = False
    """Whether the text is known to be a date."""
    day: date | None = None
    """The last day named: 当日 is this one."""
    month: tuple[int, int] | None = None
    """The last (year, month) named: 12日 may be in it."""
    opening: tuple[int, int] | None = None
    """The month that the text names first, before any day."""
    named_year: int | None = None
    """The last year named: 同年, 上年."""
    sentence: int = -1
    """Index of the sentence in which it was."""
    named_in_figures: bool = False
    """Whether it was printed in figures."""
    last: tuple[Atom, DateMention] | None = None
    """What 同期 refers to."""
    stops: list[int] = field(default_factory=list)
    """Offsets of the ends of sentences."""
    begun: dict[int, date] = field(default_factory=dict)
    """The first month or day named of each year."""

    @property
    def this_year(self) -> int | None:
        return self.reference.year if self.reference else self.year

    @property
    def basis(self) -> Basis:
        return "inferred from publication date" if self.reference else "inferred from article"


def _month_part(year: int, month: int, part: str) -> tuple[Days, Precision]:
    first, last = month_days(year, month)
    match part:
        case "":
            return (first, last), "month"
        case "上旬":
            return (first, first.replace(day=10)), "span"
        case "中旬":
            return (first.replace(day=11), first.replace(day=20)), "span"
        case "下旬":
            return (first.replace(day=21), last), "span"
        case "初":
            return (first, first.replace(day=10)), "span"
        case "底" | "末":
            return (last, last), "day"
    # week N: the first week of a month is the first that begins in it.
    monday = first + timedelta(-first.weekday() % 7 + 7 * (int(part[-1]) - 1))
    return (monday, monday + timedelta(6)), "week"


def _year_part(year: int, part: str) -> tuple[Days, Precision]:
    kind, *months = part.split()
    match kind:
        case "start":
            return month_days(year, 1), "month"
        case "middle":
            return month_days(year, 6), "month"
        case "end":
            return (date(year, 12, 31),) * 2, "day"
        case "half":
            return month_days(year, int(months[0]), int(months[1])), "half-year"
        case "quarter":
            return month_days(year, int(months[0]), int(months[1])), "quarter"
        case "months":
            return month_days(year, int(months[0]), int(months[1])), "span"
        case "lastday":
            return (calendars.month_end(year, int(months[0])),) * 2, "day"
    return year_days(year), "year"


def _in_year(atom: Atom) -> Callable[[int], tuple[Days, Precision]] | None:
    """How an atom that needs only a year becomes days; None where it needs more or less than a year."""
    if atom.form == "lunar" and atom.month:
        lunar = atom.month.value

        def lunar_days(year: int) -> tuple[Days, Precision]:
            days = calendars.lunar_days(year, lunar, atom.day)
            return days, "day" if atom.day is not None else "month"

        return lunar_days
    if atom.form == "festival":
        side = atom.part if atom.part in ("during", "eve") else "day"

        def festival_days(year: int) -> tuple[Days, Precision]:
            days = calendars.festival(
                atom.name, year, "eve" if side == "eve" else "during" if side == "during" else "day"
            )
            season: Precision = "season" if calendars.is_season(atom.name) else "span"
            return days, "day" if days[0] == days[1] else season

        return festival_days
    if atom.form != "calendar" or (atom.month and atom.month.base != "printed"):
        return None
    if atom.month:
        month = atom.month.value

        def calendar_days(year: int) -> tuple[Days, Precision]:
            if atom.day is not None:
                return (date(year, month, atom.day),) * 2, "day"
            return _month_part(year, month, atom.part)

        return calendar_days
    if atom.unit == "month" or atom.day is not None:
        return None
    return lambda year: _year_part(year, atom.part or "whole")


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
    if winter and (named or future):
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
    build = _in_year(atom)
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
        days, precision = _month_part(year_number, month, atom.part)
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


def _shift(atom: Atom, context: Context) -> tuple[Open, Precision, Basis]:
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


def _amount(atom: Atom, context: Context) -> tuple[Open, Precision, Basis]:
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
    if atom.name == "下来":
        # 三天下来 does not say when it began.
        begin = None
    return (begin, reference), precision, context.basis


def _same_period(atom: Atom, context: Context) -> tuple[Open, Precision, Basis]:
    """同期: the span read last; 去年同期: the one a year before it."""
    if context.last is None or not _of_this_year(context.last, context):
        if atom.amount and context.this_year is not None:
            return year_days(context.this_year + atom.amount), "year", context.basis
        return (None, None), "open", "inferred from article"
    before, mention = context.last
    start, end = mention.date_start, mention.date_end
    if before.form == "festival" and start:
        days, precision = _in_year(before)(end.year + atom.amount if end else start.year + atom.amount)  # type: ignore[misc]
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
            return _shift(atom, context)
        case "span" | "ahead" | "ago":
            return _amount(atom, context)
        case "same":
            return _same_period(atom, context)
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
