"""Words of intention, of time to come, of completion and of time gone by, by their places in a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Final

from extract import words
from extract.beginnings import any_of
from extract.model import DateMention, Span
from extract.scan import Scanner

ROLES: Final = (
    "intend",
    "quota",
    "must",
    "later",
    "section",
    "done",
    "past",
    "perfect",
    "rule",
    "allot",
    "mask",
)
AHEAD: Final = frozenset({"intend", "will", "later", "section"})
BACK: Final = frozenset({"done", "past"})
SETTLING: Final = AHEAD | BACK
"""Roles that settle how firm a number is; the others only count for or against."""

_WILL: Final = "将"
_OTHER_TIMES: Final = frozenset({"compared", "dateline"})
"""Rules of `dates` whose mentions are not the time of what their sentence tells."""
# 日前 is lately, 26日前 a term that is set.
_BEFORE_DAY: Final = "日前"
# What must not stand before is looked at last: few places hold the figures.
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?<!\d{5})(?=年)")


@dataclass(slots=True, unsafe_hash=True)
class Marker(Span):
    """A word that tells what is done from what is planned."""

    role: str
    """A role of the word list, `will` (将), `compared` (a past time in a comparison) or a year."""

    def at_time(self, year: int | None) -> "Marker":
        """The marker as it reads in an article of that year."""
        if not self.role.isdigit():
            return self
        said = int(self.role)
        role = "year" if year is None or said == year else "past" if said < year else "later"
        return Marker(self.start, self.end, role)


@cache
def _roles() -> dict[str, str]:
    return {row["term"]: row["role"] for row in words.table("status_words") if row["role"] in ROLES}


@cache
def _scanner() -> Scanner:
    return Scanner([*_roles(), _WILL])


@cache
def pattern(role: str) -> re.Pattern[str]:
    """Any word of the role."""
    return re.compile(any_of(words.terms("status_words", role=role)))


@cache
def _carried() -> re.Pattern[str]:
    carries = any_of(words.terms("status_words", role="carry"))
    return re.compile(f"[^，,。；;：:！!？?\\n]{{1,40}}?{carries}")


@cache
def _compared() -> tuple[str, ...]:
    return words.terms("status_words", role="compare")


def is_will(text: str, end: int) -> bool:
    """Whether the 将 that ends there is the one of the future: `将组织20场`, not `将12万元送到`."""
    if pattern("after").match(text, end):
        return True
    return not _carried().match(text, end) and bool(pattern("after_noun").match(text, end))


def periods(dates: Iterable[DateMention], published: date | None) -> list[Marker]:
    """The times a text names that had gone by when it was published, and those that were to come."""
    found = []
    for mention in dates:
        role = _gone_or_coming(mention, published)
        if role:
            found.append(Marker(mention.start, mention.end, role))
    return found


def _gone_or_coming(mention: DateMention, published: date | None) -> str:
    if published is None or mention.kind != "event" or mention.rule in _OTHER_TIMES:
        return ""
    if mention.date_start and mention.date_start > published:
        return "coming"
    if mention.date_end and mention.date_end < published and mention.precision != "day":
        return "gone"
    return ""


def markers(text: str) -> list[Marker]:
    """The markers of a text in order."""
    roles = _roles()
    found = [Marker(*match.span(), str(int(match[0]))) for match in _YEAR.finditer(text)]
    for start, end in _scanner().spans(text):
        term = text[start:end]
        if term == _WILL:
            role = "will" if is_will(text, end) else "mask"
        else:
            role = roles[term]
        if role == "past" and text.endswith(_compared(), max(0, start - 2), start):
            role = "compared"
        elif term == _BEFORE_DAY and text[start - 1 : start].isdecimal():
            role = "mask"
        # 将领到 is to come.
        if role == "done" and found and found[-1].role == "will" and found[-1].end == start:
            continue
        if role != "mask":
            found.append(Marker(start, end, role))
    found.sort(key=attrgetter("start"))
    return found
