"""The year of an article that has no publication date."""

import re
from dataclasses import dataclass, field
from functools import cache

from extract.date_patterns import integer, normalise, words
from extract.words import alternation, table

_FUTURE = re.compile(alternation(words("future")))
_BEGUN = re.compile(rf"[^,]{{0,8}}(?:以来|起|{alternation(words('past-event'))})")
_PRINTED = re.compile(
    r"(?<![0-9.])(20[0-4][0-9]|19[5-9][0-9]) ?"
    r"(?:年(?!代|版|级|届)|[-./](?=[0-9]{1,2}[-./][0-9]{1,2}(?![0-9])))"
)
_WINTER = re.compile(r"(?:元旦|春节|两节|\"两节|新春)")
"""What is announced at the end of the year before."""
_LISTED = re.compile(r"[0-9%元人名个家场]\((20[0-4][0-9])年\)")
_AGE = re.compile(r"([0-9]{1,2}|[一二两三四五六七八九]?十?[一二两三四五六七八九十])年多?(?:来|时间|下来)")


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


def _weigh(text: str) -> _Evidence:
    found = _Evidence(_celebrated(text))
    this_year = "今年" in text
    for match in _PRINTED.finditer(text):
        year = int(match[1])
        before = re.split(r"[,。;!?\n]", text[max(0, match.start() - 8) : match.start()])[-1]
        sentence = re.split(r"[。!?\n]", text[match.end() : match.end() + 60])[0]
        behind = sentence[:14].split(";")[0]
        planned = _FUTURE.search(before) or _FUTURE.search(behind) or _WINTER.match(behind)
        if re.search(r"[自从]$|始于$|早在$", before) or _BEGUN.match(behind):
            found.begun.append((match.start(), year))
        elif re.search(r"[到至]$", before) and re.match("[底末]", behind) and this_year and not planned:
            found.passed.append(year)
        elif planned or re.search(r"[到至~-]$|前$", before):
            found.planned.append(year)
        elif re.match(r"[^今]*[0-9][^今]*今年", sentence) or before.endswith("过去的"):
            found.passed.append(year)
        else:
            found.stated.append(year)
    return found


def publication_year(text: str) -> int | None:
    """The year in which an article without a publication date was written, as far as it says: that of an
    anniversary it celebrates, or the latest year it prints that is neither planned for nor counted from.
    None where it gives nothing away."""
    return year_of(normalise(text))


def year_of(text: str) -> int | None:
    """`publication_year` of text that is normalised already."""
    found = _weigh(text)
    listed = {int(year) for year in _LISTED.findall(text)}
    if len(listed) > 1:
        # 50%(2024年)、40%(2025年): what is to be given, year by year.
        found.stated = [year for year in found.stated if year not in listed] + [min(listed)]
    latest = found.stated + [year + 1 for year in found.passed]
    if latest:
        return max(latest)
    ages = [
        year + integer(age[1])
        for age in _AGE.finditer(text)
        for offset, year in found.begun[-1:]
        if offset < age.start()
    ]
    return min(ages or found.planned, default=None)
