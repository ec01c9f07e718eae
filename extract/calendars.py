"""Days known by name: lunar dates, solar terms, festivals, seasons. All spans are (first day, last day)."""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from typing import Literal

from extract.words import Row, table

Days = tuple[date, date]
Side = Literal["day", "during", "eve"]


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def month_days(year: int, month: int, last: int | None = None) -> Days:
    """A month, or the months from `month` to `last`. Raises ValueError for a month that is none."""
    return date(year, month, 1), month_end(year, last or month)


def year_days(year: int, last: int | None = None) -> Days:
    """A year, or the years from `year` to `last`."""
    return date(year, 1, 1), date(last or year, 12, 31)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return min(date(years, month + 1, 1) + timedelta(day.day - 1), month_end(years, month + 1))


@cache
def _lunar_years() -> dict[int, tuple[date, int, tuple[int, ...]]]:
    """Lunar year -> (first day, leap month or 0, lengths of its months in order)."""
    return {
        int(row["term"]): (
            date.fromisoformat(row["valid_from"]),
            int(row["leap"]),
            tuple(map(int, row["months"].split())),
        )
        for row in table("lunar_years")
    }


def lunar_month(lunar_year: int, month: int) -> Days:
    """A month of the lunar calendar. Raises ValueError outside the table (1990-2050)."""
    if lunar_year not in _lunar_years() or not 1 <= month <= 12:
        raise ValueError(f"no lunar month {lunar_year}-{month}")
    start, leap, lengths = _lunar_years()[lunar_year]
    index = month - 1 + (0 < leap < month)
    first = start + timedelta(sum(lengths[:index]))
    return first, first + timedelta(lengths[index] - 1)


def lunar_days(year: int, month: int, day: int | None) -> Days:
    """The lunar month, or a day of it, that falls in the solar `year`. Day 0 is the eve of the month."""
    if month == 12:
        # The last lunar month of the winter that ends in the year, though it may begin in December.
        first, last = lunar_month(year - 1, 12)
        if day is None:
            return first, last
        if first + timedelta(day - 1) > last:
            raise ValueError(f"no lunar day 12-{day} in {year}")
        return (first + timedelta(day - 1),) * 2
    for lunar_year in (year, year - 1) if month < 11 else (year - 1, year):
        first, last = lunar_month(lunar_year, month)
        if day is not None:
            if first + timedelta(day - 1) > last:
                continue
            first = last = first + timedelta(day - 1)
        if first.year == year or (day is None and last.year == year):
            return first, last
    raise ValueError(f"no lunar day {month}-{day} in {year}")


@cache
def _term_days() -> dict[str, tuple[int, int, tuple[int, ...]]]:
    """Solar term -> (month, first year, day of the month in each year)."""
    return {
        row["term"]: (int(row["month"]), int(row["first_year"]), tuple(map(int, row["days"].split())))
        for row in table("solar_terms")
    }


def solar_term(name: str, year: int) -> date:
    """The day of a solar term. Raises ValueError for an unknown name or a year outside the table."""
    if name not in _term_days():
        raise ValueError(f"no solar term {name}")
    month, first, days = _term_days()[name]
    if not 0 <= year - first < len(days):
        raise ValueError(f"no solar terms known for {year}")
    return date(year, month, days[year - first])


def solar_terms() -> tuple[str, ...]:
    """Names of the 24 solar terms."""
    return tuple(_term_days())


@cache
def _festivals() -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = {}
    for row in table("festivals"):
        found.setdefault(row["term"], []).append(row)
    return {term: tuple(rows) for term, rows in found.items()}


def festivals() -> tuple[str, ...]:
    """Names of festivals, holidays and seasons."""
    return tuple(_festivals())


def stands_alone(name: str) -> bool:
    """Whether a festival's name is a time without 期间, 前夕 or the like behind it."""
    return any(row["alone"] for row in _festivals().get(name, ()))


def is_season(name: str) -> bool:
    """Whether the name is that of one of the four seasons."""
    return any(row["calendar"] == "season" for row in _festivals().get(name, ()))


def means(name: str, meaning: str) -> bool:
    """Whether a name has a meaning in lexicon/festivals.tsv."""
    return any(row["meaning"] == meaning for row in _festivals().get(name, ()))


def _row(name: str, year: int) -> Row:
    for row in _festivals().get(name, ()):
        if (row["valid_from"] or "0") <= f"{year}-12-31" and f"{year}-01-01" <= (row["valid_to"] or "9999"):
            return row
    raise ValueError(f"no festival {name} in {year}")


def _core(row: Row, year: int) -> Days:
    """The day itself; of a window, all of it."""
    month, day, after = int(row["month"]), int(row["day"]), timedelta(int(row["after"]))
    match row["calendar"]:
        case "solar":
            first = last = date(year, month, day)
        case "lunar":
            first, last = lunar_days(year, month, day)
        case "term":
            first = last = solar_term(row["term"].removesuffix("节"), year)
        case "season":
            first = date(year, month, day)
            last = month_end(year + (month == 12), (month + 1) % 12 + 1)
        case "autumn":
            first, last = min(lunar_days(year, 8, 15)[0], date(year, 10, 1)), date(year, 10, 1) + after
        case _:
            first = date(year, month, day)
            until = next((r["term"] for r in table("festivals") if r["meaning"] == row["until"]), None)
            last = _core(_row(until, year), year)[1] if until else first + after
    return first, last


def festival(name: str, year: int, side: Side = "day") -> Days:
    """A festival of the year: the day itself (`day`), with its holiday (`during`), or the days of the
    month that lead up to it (`eve`). Windows and seasons are the same from every side.
    Raises ValueError for an unknown name or year."""
    if name in _term_days():
        first = last = solar_term(name, year)
        row = None
    else:
        row = _row(name, year)
        first, last = _core(row, year)
    if side == "eve" and (first == last or row is None):
        eve = first - timedelta(1)
        return eve.replace(day=1), eve
    if side == "during" and row and row["calendar"] in ("solar", "lunar", "term"):
        return first - timedelta(int(row["before"])), last + timedelta(int(row["after"]))
    return first, last
