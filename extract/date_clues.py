"""Clues to the year of writing that are no printed years: campaigns of the time, weekdays, lunar days."""

import re
from datetime import date
from functools import cache
from typing import Final

from extract import calendars
from extract.date_patterns import integer
from extract.words import Row, alternation, table

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_SEXAGENARY: Final = re.compile(rf"([{_STEMS}])([{_BRANCHES}])[鼠牛虎兔龙蛇马羊猴鸡狗猪]?年")
_DAY: Final = r"(?P<month>[0-9](?<![0-9]{2})[0-9]?)月(?P<day>[0-9]{1,2})日"
_WEEKDAY: Final = re.compile(rf"{_DAY}[ (,]{{0,2}}(?:星期|周)(?P<weekday>[一二三四五六日天])")
_LUNAR_FESTIVALS: Final = {
    row["term"]: (int(row["month"]), int(row["day"]))
    for row in table("festivals")
    if row["calendar"] == "lunar" and row["meaning"] != "spring-rush"
}
_LUNAR: Final = (
    rf"(?:农历|传统)?(?:(?P<name>{alternation(_LUNAR_FESTIVALS)})"
    r"|(?P<lunar>正|冬|腊)月(?P<nth>[初二三十廿][一二三四五六七八九十]{1,2}))"
)
_LUNAR_BEHIND: Final = re.compile(rf"{_DAY}[ (,]{{0,2}}(?:是|为|正值|适逢|恰逢|正是)?{_LUNAR}")
_LUNAR_BEFORE: Final = re.compile(rf"{_LUNAR}$")
_BRACKETED: Final = re.compile(rf"\({_DAY}\)")
_MONTH: Final = re.compile(r"((?:1[0-2]|[1-9](?<![0-9]{2})))月")
_LUNAR_MONTHS: Final = {"正": 1, "冬": 11, "腊": 12}
_FIRST, _LAST = 2008, 2050
"""Years of writing that clues may point to."""


@cache
def _eras() -> dict[str, Row]:
    return {row["term"]: row for row in table("eras")}


@cache
def _era() -> re.Pattern[str]:
    return re.compile(alternation(_eras()))


def eras(text: str) -> tuple[int | None, int | None]:
    """(earliest year, only year) in which the campaigns and events a text speaks of were news. The second is
    None unless they leave but one year."""
    found = [_eras()[term] for term in set(_era().findall(text))]
    if not found:
        return None, None
    latest = max(found, key=lambda row: row["valid_from"])
    low = int(latest["valid_from"][:4])
    ends = [int(row["valid_to"][:4]) for row in found if row["valid_to"]]
    if not latest["valid_to"]:
        # Within twelve months: months before the one it began in are of the year after.
        months = {int(month) for month in _MONTH.findall(text)}
        return low, low + (bool(months) and max(months) < int(latest["valid_from"][5:7]))
    return low, low if min(ends) == low else None


def _lunar(match: re.Match[str]) -> tuple[int, int]:
    """Lunar month and day of a festival or of 腊月二十三."""
    if match["name"]:
        return _LUNAR_FESTIVALS[match["name"]]
    return _LUNAR_MONTHS[match["lunar"]], integer(match["nth"].removeprefix("初"))


def _is_lunar(year: int, month: int, day: int, lunar: tuple[int, int]) -> bool:
    try:
        return calendars.lunar_days(year, *lunar)[0] == date(year, month, day)
    except (ValueError, OverflowError):
        return False


def _is_weekday(year: int, month: int, day: int, weekday: int) -> bool:
    try:
        return date(year, month, day).isoweekday() == weekday
    except ValueError:
        return False


def sexagenary(text: str) -> list[int]:
    """Years named by stem and branch: 甲辰年 is 2024."""
    found = []
    for match in _SEXAGENARY.finditer(text):
        stem, branch = _STEMS.index(match[1]), _BRANCHES.index(match[2])
        if (stem - branch) % 2 == 0:
            found.append(1984 + (6 * stem - 5 * branch) % 60)
    return found


@cache
def _counted_occasion() -> re.Pattern[str]:
    number = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
    names = alternation(row["term"] for row in table("annual_occasions"))
    return re.compile(rf"第({number})(?:个|届|次)(?:全国|国际|世界|中国|[\"“《]){{0,3}}({names})")


def occasions(text: str) -> list[int]:
    """Years of the occasions that a text counts: 第21个全国“安全生产月” is 2022."""
    first = {row["term"]: int(row["year"]) for row in table("annual_occasions")}
    return [first[match[2]] + integer(match[1]) - 1 for match in _counted_occasion().finditer(text)]


def agreeing(text: str) -> tuple[list[int], bool]:
    """Years in which the days of a text fall on the weekdays and lunar days it prints beside them, and
    whether lunar days, which come round after 19 years, were among them. No years where it prints none or
    they contradict each other."""
    weekdays: set[tuple[int, int, int]] = set()
    lunar_days: set[tuple[int, int, tuple[int, int]]] = set()
    for match in _WEEKDAY.finditer(text):
        weekday = "一二三四五六日".find(match["weekday"].replace("天", "日")) + 1
        weekdays.add((int(match["month"]), int(match["day"]), weekday))
    for match in _LUNAR_BEHIND.finditer(text):
        lunar_days.add((int(match["month"]), int(match["day"]), _lunar(match)))
    for match in _BRACKETED.finditer(text):
        if before := _LUNAR_BEFORE.search(text, max(0, match.start() - 8), match.start()):
            lunar_days.add((int(match["month"]), int(match["day"]), _lunar(before)))
    if not weekdays and not lunar_days:
        return [], False
    years = [
        year
        for year in range(_FIRST, _LAST)
        if all(_is_weekday(year, *each) for each in weekdays)
        and all(_is_lunar(year, *each) for each in lunar_days)
    ]
    return years, bool(lunar_days)
