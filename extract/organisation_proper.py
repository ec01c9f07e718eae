"""Names of firms that end in no noun for a firm: 一汽解放, 西昌钢钒, 宁德时代."""

import re
from functools import cache
from typing import Final

from extract.organisation_names import heads, is_generic
from extract.words import alternation, terms

_SHORTEST, _LONGEST = 3, 10
_LETTERS: Final = re.compile(r"[一-鿿A-Za-z]+")
_OPENS: Final = re.compile(r"[\s。；;，,：:、“！？!?】》日月年夕据由和与从]?$")
"""What may stand before a name that opens a clause."""


@cache
def _firms() -> re.Pattern[str]:
    """Groups whose members' names open with theirs: 一汽 in 一汽解放."""
    names = (head.term for head in heads().values() if head.acts == "name")
    return re.compile(alternation({*names, *terms("organisation_prefixes")} - {"中国"}))


def is_proper(text: str, start: int, end: int, known: dict[str, bool]) -> bool:
    """Whether a stretch right before 工会 is the name of a firm. It opens a clause, and its group is known or
    the text uses the name without its union as well: what was found of that is kept in `known`."""
    name = text[start:end]
    if not _SHORTEST <= len(name) <= _LONGEST or not _LETTERS.fullmatch(name) or is_generic(name):
        return False
    if not _OPENS.match(text[max(0, start - 1) : start]):
        return False
    group = _firms().match(name)
    if group:
        return group.end() < len(name)
    if name not in known:
        known[name] = text.count(name) > text.count(name + "工会")
    return known[name]
