"""The body that a short form of its union means: 集团工会, 局工会, 该行工会, 村工会."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Final

from extract.organisation_names import begins, heads, is_generic
from extract.organisation_state import Reader
from extract.regions import Region
from extract.words import alternation

_VILLAGES: Final = ("村", "社区")
_BACK: Final = 400
"""Characters before 公司工会 in which its paragraph is looked at."""
_LONGEST_TOWN: Final = 5
_HAN: Final = re.compile("[一-鿿]+")
_GROUPS: Final = ("公司", "集团", "集团公司")
_TRIED: Final = 40
"""How many places are looked at to learn whose 局工会 is meant."""


def longest(reader: Reader, name: str) -> str:
    """The fullest form of a body's name used so far: 金隅集团 after 北京金隅集团."""
    fuller = [owner for owner in reader.owners[-30:] if owner.endswith(name)]
    return max(fuller, key=len, default=name)


def owner(reader: Reader, term: str, at: int) -> str | None:
    """The body that 集团工会, 局工会 or 校工会 belongs to: the last one named whose name ends so, else the
    one the text names most often."""
    if term in _VILLAGES:
        return _village(reader, term, at)
    known = heads().get(term)
    ends = (known.short_for if known else ()) or (term,)
    outlet = reader.about.outlet
    own = outlet.name.removesuffix("工会") if outlet and outlet.level == "enterprise" else None
    if own and term in _GROUPS:
        # 集团工会 in what 马钢工会 publishes, but for a paragraph about another firm.
        low = max(reader.text.rfind("\n", max(0, at - _BACK), at) + 1, at - _BACK)
        told = (name for name in reversed(reader.owners[-3:]) if name.endswith(ends))
        return next((name for name in told if name[-len(term) - 2 :] in reader.text[low:at]), own)
    for name in reversed(reader.owners[-30:]):
        if name.endswith(ends):
            return name
    if term not in reader.counted:
        named = next(filter(None, (_frequent(reader, end) for end in ends)), None)
        reader.counted[term] = named or own or (_usual(reader) if term in _GROUPS else None)
    return reader.counted[term]


@cache
def _usual_names() -> re.Pattern[str]:
    return re.compile(alternation(head.term for head in heads().values() if head.acts == "name"))


def _usual(reader: Reader) -> str | None:
    """The firm that the text names most often by its usual name: 鞍钢, whose 集团公司工会 is meant."""
    names = Counter(_usual_names().findall(reader.text))
    return max(names, key=lambda name: names[name], default=None)


def _named_before(reader: Reader, term: str, at: int) -> Iterator[tuple[int, str]]:
    """What ends in a term before a place, the last first: where the term begins, and the whole name."""
    end = reader.text.rfind(term, 0, at - len(term))
    for _ in range(_TRIED // 4):
        if end < 0:
            break
        if end not in reader.villages:
            start = begins(reader.text, end + len(term), 0, reader.places)
            reader.villages[end] = reader.text[start : end + len(term)]
        yield end, reader.villages[end]
        end = reader.text.rfind(term, 0, end)


def town(reader: Reader, term: str, at: int) -> tuple[str, Region | None] | None:
    """The last township named before 镇工会, as the text writes it, and the county it is in."""
    for end, name in _named_before(reader, term, at):
        above = reader.places.within(end - _LONGEST_TOWN, end)
        start = max([end + len(term) - len(name), *(place.end for place in above)])
        stem = reader.text[start:end]
        if 2 <= len(stem) <= _LONGEST_TOWN and _HAN.fullmatch(stem) and not is_generic(stem):
            county = reader.settle(above[-1])[0] if above and above[-1].end == start else reader.country()
            return stem + term, county
    return None


def _village(reader: Reader, term: str, at: int) -> str | None:
    """The last village named before, if possible one with its township or county."""
    plain = None
    for _, name in _named_before(reader, term, at):
        if re.search("[镇乡县区市旗]|街道", name[1:-2]):
            return name
        if plain is None and len(name) >= len(term) + 2 and not is_generic(name.removesuffix(term)):
            plain = name
    return plain


def _frequent(reader: Reader, term: str) -> str | None:
    """The name ending in a term that the text uses most; the longest of those used as often."""
    counts: dict[str, int] = {}
    for at in list(_occurrences(reader.text, term))[:_TRIED]:
        end = at + len(term)
        start = begins(reader.text, end, 0, reader.places)
        name = reader.text[start:end]
        if len(name) >= len(term) + 2 and not is_generic(name.removesuffix(term)):
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: (counts[name], len(name)), default=None)


def _occurrences(text: str, term: str) -> Iterator[int]:
    at = text.find(term)
    while at >= 0:
        yield at
        at = text.find(term, at + 1)
