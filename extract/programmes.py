"""Programmes: words that place a text under a category, and their names.

`programme_choice` says which of them a number belongs to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Final

from extract import words
from extract.beginnings import any_of
from extract.model import ProgrammeMention
from extract.scan import Scanner

GENERAL: Final = "general"

_NAME_LENGTH: Final = 40
_BEFORE: Final = 12
_SHORT: Final = 4

_HAN: Final = "一-鿿"


@cache
def categories() -> tuple[str, ...]:
    """Category keys in their usual order; `general` is last."""
    return words.terms("programme_categories")


# ---------------------------------------------------------------- terms


@dataclass(slots=True, unsafe_hash=True)
class _Term:
    category: str
    weight: float
    names: bool


@cache
def _terms() -> tuple[dict[str, tuple[_Term, ...]], Scanner]:
    """What each term says, and the scanner that finds the terms."""
    found: dict[str, list[_Term]] = {}
    for row in words.table("programme_terms"):
        senses = found.setdefault(row["term"], [])
        if row["category"]:
            senses.append(_Term(row["category"], float(row["weight"]), row["role"] == "programme"))
    return {term: tuple(senses) for term, senses in found.items()}, Scanner(found)


# ---------------------------------------------------------------- names

_QUOTED: Final = re.compile(
    "|".join(f"{a}(?P<{k}>[^{a}{b}\\n]{{2,{_NAME_LENGTH}}}){b}" for k, a, b in (
        ("double", "“", "”"), ("corner", "「", "」"), ("white", "『", "』"), ("title", "《", "》"),
        ("straight", '"', '"'), ("single", "‘", "’"),
    ))
)  # fmt: skip


@cache
def _suffixes() -> tuple[str, ...]:
    return words.terms("programme_name_words", role="suffix")


@cache
def _last_letters() -> frozenset[str]:
    return frozenset(word[-1] for word in _suffixes())


@cache
def _tail() -> re.Pattern[str]:
    """What may stand between a name in quotation marks, or a term, and the word that says it is one."""
    return re.compile(f"[{_HAN}]{{0,6}}?{any_of(_suffixes())}")


@cache
def _modifiers() -> tuple[frozenset[str], tuple[int, ...]]:
    """Words before a term that belong to the name, and their lengths, the longest first."""
    known = frozenset(words.terms("programme_name_words", role="modifier"))
    return known, tuple(sorted({len(word) for word in known}, reverse=True))


def _strongest(text: str) -> _Term | None:
    senses, scanner = _terms()
    best = None
    for start, end in scanner.spans(text):
        for sense in senses[text[start:end]]:
            if best is None or sense.weight > best.weight:
                best = sense
    return best


def _quoted(text: str) -> Iterator[ProgrammeMention]:
    for match in _QUOTED.finditer(text):
        name = match[match.lastgroup or 0]
        after = _tail().match(text, match.end(), match.end() + 14)
        inside = _strongest(name)
        itself = name[-1] in _last_letters() and name.endswith(_suffixes())
        named = itself or (inside is not None and inside.names)
        # A document in book-title marks is a programme only when it calls itself one.
        if match.lastgroup == "title":
            named, after = itself, None
        if named or after:
            sense = inside or (_strongest(after[0]) if after else None)
            yield ProgrammeMention(
                match.start(),
                match.end(),
                category=sense.category if sense else None,
                # `两节` alone says too little: `两节送温暖`.
                name=name.strip() + (after[0] if after and not itself and len(name) < _SHORT else ""),
                weight=0.5 * sense.weight if sense else 0.0,
                rule="quoted",
            )


def _full_name(text: str, start: int, end: int) -> str:
    """The term with the words that belong to it on both sides: `职工乡村` + 疗休养 + `示范性活动`."""
    known, lengths = _modifiers()
    first, least = start, max(0, start - _BEFORE)
    size = -1
    while size:
        size = 0
        for length in lengths:
            if first - length >= least and text[first - length : first] in known:
                size = length
                break
        first -= size
    after = _tail().match(text, end, end + 10)
    return text[first : after.end() if after else end]


# ---------------------------------------------------------------- find

_LINE: Final = re.compile(r"[^\n]+")
_ITEM: Final = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}(?:[、.．]|[）)])|第[一二三四五六七八九十]{1,3}[，,、]|[—－-]{1,2}|[●■◆▲★※·○]|【|(?:问|Q\d{0,2})\s?[:：])"
)
_ITEM_LENGTH: Final = 30
_HEADING_LENGTH: Final = 36
_STOPS: Final = "。；;！!？?"
_ITEM_STOP: Final = re.compile(f"[{_STOPS}：:】]")
# A sentence that counts something tells, and announces nothing; a year may stand in an announcement.
_COUNT: Final = re.compile(r"\d(?![\d年])")


def _headings(text: str) -> list[tuple[int, int, str]]:
    """Stretches that announce what follows: lines without a stop, and the short first sentence of an item."""
    found = []
    for line in _LINE.finditer(text):
        start, end = line.span()
        body = line[0].rstrip()
        if len(body) <= _HEADING_LENGTH and body[-1:] not in _STOPS:
            found.append((start, end, "heading"))
        elif item := _ITEM.match(body):
            stop = _ITEM_STOP.search(body, item.end(), _ITEM_LENGTH)
            if stop and not _COUNT.search(body, item.end(), stop.start()):
                found.append((start, start + stop.end(), "item"))
    return found


def find(text: str) -> list[ProgrammeMention]:
    """Mentions of programmes, by place. A term of two categories gives two mentions of one span.

    The `rule` of a mention is `quoted` (a name in quotation marks), `heading` or `item` (a term in a line or
    in the first words of a paragraph that announce what follows) or `term`. Never raises.
    """
    senses, scanner = _terms()
    found = []
    headings = [*_headings(text), (len(text), len(text), "term")]
    start, stop, inside = headings[0]
    turn = 0
    for first, end in scanner.spans(text):
        while first >= stop:
            turn += 1
            start, stop, inside = headings[turn]
        rule = inside if first >= start else "term"
        for sense in senses[text[first:end]]:
            name = _full_name(text, first, end) if sense.names else None
            found.append(ProgrammeMention(first, end, sense.category, name, sense.weight, rule))
    found.extend(_quoted(text))
    found.sort(key=attrgetter("start", "end"))
    return found
