"""Metadata that Founder e-papers leave in comments: `<!--enpproperty <title>...</title> /enpproperty-->`."""

import re
from dataclasses import dataclass
from datetime import date
from html import unescape

from crawler.pages import labels

_OPEN = re.compile(r"<!--\s{0,9}enpproperty\b", re.I)
_CLOSE = re.compile(r"/enpproperty\s{0,9}-->", re.I)
_LONGEST = 8000
"""Characters of a comment; what is longer is no metadata."""
_FIELD = re.compile(r"<(\w{1,30})>([^<]*(?:<(?!/\1>)[^<]*)*)</\1>", re.S)
_TAG = re.compile(r"<[^<>]{0,200}>")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_PAGE = re.compile(
    r"第?\s{0,3}([A-Z]{0,2}(?:\d{1,3}|\d{4,5}(?=\s{0,3}版)))\s{0,3}版?\s{0,3}(?:[:)、\s]\s{0,3}(\S.{0,30})?)?$"
)


@dataclass(frozen=True, slots=True)
class Property:
    """One comment: `offset` is where it begins in the page; fields the comment lacks are None."""

    offset: int
    title: str | None = None
    kicker: str | None = None
    deck: str | None = None
    author: str | None = None
    published: date | None = None
    page_number: str | None = None
    section: str | None = None


def properties(html: str) -> list[Property]:
    """The comments of a page, in order; one for each article."""
    found, position = [], 0
    while (start := _OPEN.search(html, position)) and (end := _CLOSE.search(html, start.end())):
        found.append(_read(start.start(), html[start.end() : min(end.start(), start.end() + _LONGEST)]))
        position = end.end()
    return found


def _read(offset: int, text: str) -> Property:
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(text):
        value = " ".join(unescape(_TAG.sub("", unescape(value))).split())
        if value and value.lower() != "null":
            fields.setdefault(name.lower(), value)
    page, section = page_label(fields.get("nodename"))
    return Property(
        offset,
        fields.get("title"),
        fields.get("introtitle"),
        fields.get("subtitle"),
        fields.get("author"),
        _day(fields.get("date")),
        page,
        section,
    )


def page_label(label: str | None) -> tuple[str | None, str | None]:
    """Page number and section of `第A04版：工会新闻`, `04 要闻`; a label without a number is all section."""
    if not label:
        return None, None
    match = _PAGE.match(labels.fold(label))
    return (match.group(1), match.group(2)) if match else (None, label)


def _day(text: str | None) -> date | None:
    match = _DAY.search(text or "")
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
