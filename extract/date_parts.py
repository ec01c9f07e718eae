"""Expressions that need only a year to become days: months and quarters, festivals, lunar days."""

from collections.abc import Callable
from datetime import date, timedelta

from extract import calendars
from extract.calendars import Days, month_days, year_days
from extract.date_atoms import Atom
from extract.model import Precision


def month_part(year: int, month: int, part: str) -> tuple[Days, Precision]:
    first, last = month_days(year, month)
    match part:
        case "":
            return (first, last), "month"
        case "上旬":
            return (first, first.replace(day=10)), "span"
        case "上中旬":
            return (first, first.replace(day=20)), "span"
        case "中下旬":
            return (first.replace(day=11), last), "span"
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


def in_year(atom: Atom) -> Callable[[int], tuple[Days, Precision]] | None:
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
            return month_part(year, month, atom.part)

        return calendar_days
    if atom.unit == "month" or atom.day is not None:
        return None
    return lambda year: _year_part(year, atom.part or "whole")
