"""The year of an article that has no publication date."""

import re
from functools import cache

from extract.date_patterns import integer, normalise, words
from extract.words import alternation, table

_FUTURE = re.compile(alternation(words("future")))
_PRINTED = re.compile(
    r"(?<![0-9.])(20[0-4][0-9]|19[5-9][0-9]) ?"
    r"(?:年(?!代|版|级|届)|[-./](?=[0-9]{1,2}[-./][0-9]{1,2}(?![0-9])))"
)

_WINTER = re.compile(r"(?:元旦|春节|两节|\"两节|新春)")
"""What is announced at the end of the year before."""
_LISTED = re.compile(r"[0-9%元人名个家场]\((20[0-4][0-9])年\)")


@cache
def _anniversary() -> re.Pattern[str]:
    names = alternation(row["term"] for row in table("anniversaries"))
    return re.compile(
        rf"({names})\"?([0-9]{{2,3}}|[一二三四五六七八九十百〇零]{{1,6}}(?![0-9]))(?:周年|年华诞|华诞|年(?=活动|大庆|庆祝|华诞|之际|献礼|系列|主题|大会|[,。、]))"
    )


def publication_year(text: str) -> int | None:
    """The year in which an article without a publication date was written, as far as it says: the latest year
    it prints that is neither planned for nor counted from, or that of an anniversary it celebrates."""
    text = normalise(text)
    founded = {row["term"]: int(row["year"]) for row in table("anniversaries")}
    years = []
    for match in _anniversary().finditer(text):
        try:
            years.append(founded[match[1]] + integer(match[2]))
        except KeyError:
            continue
    plans: list[int] = []
    closed: set[int] = set()
    for match in _PRINTED.finditer(text):
        year = int(match[1])
        before = re.split(r"[,。;!?\n]", text[max(0, match.start() - 8) : match.start()])[-1]
        behind = re.split(r"[。;!?\n]", text[match.end() : match.end() + 14])[0]
        planned = _FUTURE.search(before) or _FUTURE.search(behind) or _WINTER.match(behind)
        if re.search(r"[自从]$", before) or re.match(r"[^,]{0,8}(?:以来|起)", behind):
            continue
        if re.search(r"[到至]$", before) and re.match("[底末]", behind) and not planned:
            closed.add(year)
            years.append(year)
        elif planned or re.search(r"[到至~-]$|前$", before):
            plans.append(year)
        else:
            years.append(year)
    listed = {int(year) for year in _LISTED.findall(text)}
    if len(listed) > 1:
        # 50%(2024年)、40%(2025年): what is to be given, year by year.
        years = [year for year in years if year not in listed] + [min(listed)]
    if years:
        latest = max(years)
        return latest + (latest in closed and "今年" in text)
    return min(plans) if plans else None
