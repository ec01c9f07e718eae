"""Short paragraphs between stories: which are known to be headings, which are rows of a list."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from extract import furniture, headlines, joins
from extract.furniture import Role
from extract.items import Item
from extract.lines import ends_sentence, fold, letters

_PLACE_HEAD: Final = re.compile(r"(?:【(?P<box>[一-龥]{2,8})】\s?\S|(?P<colon>[一-龥]{2,8}):)")
_SECTION: Final = re.compile(r"(?:PART|Part|part)?[\s.]{0,2}0?(?P<number>[12])$")
NUMERAL: Final = re.compile(
    r"(?:\d{1,2}[.、)](?!\d)|[(（]?[一二三四五六七八九十]{1,3}[、)）]|第[一二三四五六七八九十]{1,3}(?:[章节条]|部分))"
)
"""The numeral that opens an item of a list."""
LIST_ROW: Final = re.compile(rf"\||[;；]$|^{NUMERAL.pattern}")
"""Matches in rows of a list or table."""
_ROW: Final = re.compile(
    r"(?:[^\s\d。,][^\s。,]*|\d{1,3}[.、]?)(?: {1,4}[^\s。,]+){0,8}(?<=\S) {1,4}[\d.,%—-]+[^\s\d。,]{0,3}$"
)


def named(items: Sequence[Item], known: str | None) -> frozenset[str]:
    """Letters of headlines that the page names more than once: in a list of its stories, in its last line."""
    if known:
        return frozenset({letters(fold(known))})
    count: Counter[str] = Counter()
    for item in items:
        plain = item.plain
        if item.role is Role.IMPRINT:
            count.update({letters(part) for part in plain.split() if len(part) > 7})
        elif len(plain) < 90 and not ends_sentence(plain) and not headlines.names_body(plain):
            count[item.letters] += 1
    return frozenset(key for key, n in count.items() if n > 1 and len(key) > 4)


def parallel(items: Sequence[Item]) -> frozenset[str]:
    """Headings of one form, `place: ...` or `【place】...`, above paragraphs that name the place."""
    found: dict[str, list[str]] = {"box": [], "colon": []}
    proved: Counter[str] = Counter()
    for item, below in pairwise(items):
        if item.role is not Role.TEXT or below.role is not Role.TEXT:
            continue
        match = _PLACE_HEAD.match(item.plain)
        if not match or joins.is_sentence(item.plain):
            continue
        kind = "box" if match["box"] else "colon"
        found[kind].append(item.plain)
        named = re.search(rf"{match[kind]}(?:[市县区旗州镇乡]|街道|工会|总工会)", below.plain[:80])
        proved[kind] += named is not None
    return frozenset(plain for kind, heads in found.items() if proved[kind] > 1 for plain in heads)


def is_row(plain: str) -> bool:
    """True for a row of a list or of a table without rules: `林某 某中学 3000元`, `某区 96 7215`."""
    return LIST_ROW.search(plain) is not None or (plain.count(" ") > 1 and _ROW.match(plain) is not None)


def rows_below(pending: Sequence[Item]) -> Sequence[Item]:
    """Of short paragraphs below a story those up to the last that is a sentence or the row of a list."""
    keep = 0
    for n, item in enumerate(pending, 1):
        menu = furniture.is_masthead(item.lines[0]) and not re.search(r"\d", item.plain)
        if item.broken_above or menu:
            break
        if ends_sentence(item.plain) or is_row(item.plain) or joins.running(item.plain):
            keep = n
    return pending[:keep]


def mark_first_section(items: Sequence[Item]) -> None:
    """Marks the paragraph below the number 1 where a 2 stands below running text further down, so that the
    headline of the first section is not taken for that of the story."""
    first = None
    for i, item in enumerate(items):
        if item.role is not Role.FURNITURE or not (number := _SECTION.match(item.plain)):
            continue
        if number["number"] == "1":
            first = i
        elif first is not None and i > 0 and _is_running(items[i - 1]):
            items[first + 1].section = True
            return


def _is_running(item: Item) -> bool:
    return item.role is Role.TEXT and joins.is_sentence(item.plain)
