"""The year of an article that has no publication date."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from extract.date_clues import agreeing, eras, occasions, sexagenary
from extract.date_patterns import integer, normalise, words
from extract.words import alternation, table

_FUTURE: Final = re.compile(alternation(words("future")))
_BEGUN: Final = re.compile(rf"[^,]{{0,8}}(?:以来|起|{alternation(words('past-event'))})")
_PRINTED: Final = re.compile(
    r"(20(?<![0-9.]20)[0-4][0-9]|19(?<![0-9.]19)[5-9][0-9]|[一二][〇零九][〇零一二三四五六七八九]{2}(?=年)) ?"
    r"(?:年(?!代|版|级|届)|[-./](?=[0-9]{1,2}[-./][0-9]{1,2}(?![0-9])))"
)
_SINCE: Final = re.compile(r"(?:[自从]|早在|回到|追溯到|(?:始|[成建创设]立|建成|生|建)于)$")
_UP_TO: Final = re.compile(r"(?<![0-9]{4}年)(?<![0-9]{4})(?:[到至]|[-~]{1,2})$|前$")
_WINTER: Final = re.compile(r"(?:元旦|春节|两节|\"两节|新春)")
"""What is announced at the end of the year before."""
_COHORT: Final = re.compile(r"(20[0-4][0-9])届(?=高校|大学|毕业|应届)")
_LISTED: Final = re.compile(r"[0-9%元人名个家场]\((20[0-4][0-9])年\)")
_AGE: Final = re.compile(
    r"([0-9]{1,2}|[一二两三四五六七八九]?十?[一二两三四五六七八九十])年多?(?:来|时间|下来)"
)
_YEARS: Final = r"(20(?<![0-9.]20)[0-4][0-9])年?(?:[-~]{1,2}|至|到)(20[0-4][0-9])年?度?"
_PLAN_WORD: Final = "(?:计划|规划|行动|方案|周期)"
_PLANS: Final = (
    re.compile(rf"{_YEARS}[^,。;\n0-9]{{0,8}}?{_PLAN_WORD}"),
    re.compile(rf"{_PLAN_WORD}\({_YEARS}\)"),
)
_NTH_YEAR: Final = re.compile(
    r"(今年|去年)(?:正)?是([^。;!?\n]{0,30}?)(?:第([一二三四五])年|(开局|起步|启动)之?年|首年|(收官)之?年|最后一年)"
)
_NAMED_PLAN: Final = re.compile(
    alternation(row["term"] for row in table("periods") if row["meaning"] == "plan")
)
_FIRST_OR_LAST: Final = re.compile(
    rf"(明年(?:将|正)?是\"?)?({_NAMED_PLAN.pattern})\"?(?:规划)?的?(?:(开局|开启|起步)|收官)之?年"
)
_WINTER_DAY: Final = re.compile(r"(?<![0-9])1[12]月[0-9]{1,2}日")


@cache
def _anniversary() -> re.Pattern[str]:
    names = alternation(row["term"] for row in table("anniversaries"))
    number = "[0-9]{2,3}|[一二三四五六七八九十百〇零]{1,6}(?![0-9])"
    occasion = "活动|大庆|庆祝|华诞|之际|献礼|系列|主题|大会|[,。、]"
    return re.compile(rf"({names})\"?({number})(?:周年|华诞|年(?={occasion}))")


def _celebrated(text: str) -> list[int]:
    founded = {row["term"]: int(row["year"]) for row in table("anniversaries")}
    return [founded[match[1]] + integer(match[2]) for match in _anniversary().finditer(text)]


@dataclass(slots=True)
class _Evidence:
    stated: list[int] = field(default_factory=list)
    """Years of what the article tells, and of what it celebrates."""
    passed: list[int] = field(default_factory=list)
    """Years that the article sets against 今年, or closes an account with (截至2022年底)."""
    begun: list[tuple[int, int]] = field(default_factory=list)
    """(offset, year) of beginnings: 2014年成立."""
    planned: list[int] = field(default_factory=list)
    winter: list[int] = field(default_factory=list)
    """Years whose New Year and Spring Festival are spoken of."""


def _weigh(text: str) -> _Evidence:
    found = _Evidence([*_celebrated(text), *occasions(text)])
    this_year = "今年" in text
    for match in _PRINTED.finditer(text):
        year = integer(match[1])
        before = re.split(r"[,。;!?\n]", text[max(0, match.start() - 8) : match.start()])[-1]
        sentence = re.split(r"[。!?\n]", text[match.end() : match.end() + 60])[0]
        behind = sentence[:14].split(";")[0]
        planned = _FUTURE.search(before) or _FUTURE.search(behind) or _WINTER.match(behind)
        if _SINCE.search(before) or _BEGUN.match(behind):
            found.begun.append((match.start(), year))
        elif re.search(r"[到至]$", before) and re.match("[底末]", behind) and this_year and not planned:
            found.passed.append(year)
        elif planned or _UP_TO.search(before):
            found.planned.append(year)
            if _WINTER.match(behind):
                found.winter.append(year)
        elif re.match(r"[^今]*[0-9][^今]*今年", sentence) or before.endswith(("过去的", "去年(")):
            found.passed.append(year)
        else:
            found.stated.append(year)
    return found


def _counted(text: str, plans: list[re.Match[str]]) -> list[int]:
    """The years of writing that lie in the Nth, first or last year of a plan: 今年是“十四五”开局之年."""
    spans = {row["term"]: row for row in table("periods")}
    starts = [plan.start() for plan in plans]
    found = []
    for match in _NTH_YEAR.finditer(text):
        named = _NAMED_PLAN.search(match[2])
        before = bisect_right(starts, match.end())
        if named:
            first, last = (int(spans[named[0]][end][:4]) for end in ("valid_from", "valid_to"))
        elif before:
            first, last = int(plans[before - 1][1]), int(plans[before - 1][2])
        else:
            continue
        if match[3]:
            year = first + integer(match[3]) - 1
        else:
            year = last if match[5] or match[0].endswith("最后一年") else first
        found.append(year + (match[1] == "去年"))
    if not found:  # “十四五”开局之年就遇上大灾
        for match in _FIRST_OR_LAST.finditer(text):
            year = int(spans[match[2]]["valid_from" if match[3] else "valid_to"][:4])
            found.append(year - bool(match[1]))
    return found


def publication_year(text: str) -> int | None:
    """The year in which an article without a publication date was written, as far as it says: that of an
    anniversary or plan it counts from, or the latest year it prints that is neither planned for nor counted
    from; checked against the weekdays, lunar days and campaigns it names. None where it gives nothing
    away."""
    return year_of(normalise(text))


def year_of(text: str) -> int | None:
    """`publication_year` of text that is normalised already."""
    printed = _printed(text)
    earliest, only = eras(text)
    if printed is None:
        printed = only
    elif earliest is not None and printed < earliest:
        # The years it prints are of what went before.
        printed = only or earliest
    years, lunar = agreeing(text)
    if printed is None:
        # Weekdays come round too soon to tell.
        return years[0] if lunar and years else None
    if printed in years or not years:
        return printed
    return min(
        (year for year in years if abs(year - printed) <= 2), key=lambda y: abs(y - printed), default=printed
    )


def _ages(text: str, begun: list[tuple[int, int]]) -> list[int]:
    """Years of writing by what the text says to have passed since the last beginning: 2014年成立, 八年来."""
    if not begun:
        return []
    offset, year = begun[-1]
    return [year + integer(age[1]) for age in _AGE.finditer(text, offset)]


def _printed(text: str) -> int | None:
    plans = sorted((each for form in _PLANS for each in form.finditer(text)), key=re.Match.start)
    counted = _counted(text, plans)
    if counted:
        return max(counted)
    found = _weigh(text)
    found.stated += sexagenary(text)
    # Most is written of a plan when it begins.
    ends = {int(plan[2]) for plan in plans}
    found.planned = [year for year in found.planned if year not in ends] + [int(plan[1]) for plan in plans]
    listed = {int(year) for year in _LISTED.findall(text)}
    if len(listed) > 1:
        # 50%(2024年)、40%(2025年): what is to be given, year by year.
        found.stated = [year for year in found.stated if year not in listed] + [min(listed)]
    latest = found.stated + [year + 1 for year in found.passed]
    if latest:
        return max(latest)
    ages = _ages(text, found.begun)
    if found.winter and not ages and _WINTER_DAY.search(text):
        return min(found.winter) - 1
    return min(ages or found.planned or map(int, _COHORT.findall(text)), default=None)
