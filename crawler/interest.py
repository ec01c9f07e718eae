"""Whether a page of a general paper is union news: a cheap test on headline and text, words in interest.tsv.

Each word weighs what one mention is worth. Mentions in the headline and in the lead weigh more, and repeats
less and less, so that union news passes with its first sentence, while a union named once, far down a story
about something else, does not count.
"""

import csv
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

THRESHOLD = 4.0
"""Weight from which a text is of interest."""
HEADLINE = 3.0
"""How many times as much a mention in the headline weighs."""
LEAD = 150
"""Characters of the text within which a mention weighs `LEAD_WEIGHT` times as much."""
LEAD_WEIGHT = 2.0
LONGEST = 20_000
"""Characters of a text that are looked at."""
LENGTH = 1500
"""Characters of text beyond which mentions must be more frequent to weigh the same."""
REPEATS = 4
"""Mentions of one word that count."""

Lexicon = Mapping[str, float]


def read_lexicon(path: Path) -> dict[str, float]:
    """Words and their weights from a table with the columns `term` and `weight`. Raises ValueError for a
    weight that is no number, KeyError for a missing column."""
    return _parse(path.read_text(encoding="utf-8"))


@cache
def _built_in() -> dict[str, float]:
    return _parse((files("crawler") / "interest.tsv").read_text(encoding="utf-8"))


def _parse(text: str) -> dict[str, float]:
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["term"]: float(row["weight"]) for row in rows}


@cache
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(terms, key=lambda term: (-len(term), term)))))


def weight(title: str | None, text: str, lexicon: Lexicon | None = None) -> float:
    """What the words of a page weigh together; the longest word counts where several begin."""
    words = _built_in() if lexicon is None else lexicon
    if not words:
        return 0.0
    pattern = _pattern(tuple(words))
    headline = sum(words[match.group()] for match in pattern.finditer(title or ""))
    text = text[:LONGEST]
    if title and text.startswith(title):
        text = text[len(title) :]
    mentions: Counter[str] = Counter()
    total = 0.0
    for match in pattern.finditer(text):
        word = match.group()
        mentions[word] += 1
        if mentions[word] <= REPEATS:
            total += words[word] / mentions[word] * (LEAD_WEIGHT if match.start() < LEAD else 1.0)
    return HEADLINE * headline + total / max(1.0, len(text) / LENGTH)


def of_union_interest(
    title: str | None, text: str, lexicon: Lexicon | None = None, threshold: float = THRESHOLD
) -> bool:
    """True for news of trade unions, of their work and of those they honour; false for other news, though a
    union be named in it."""
    return weight(title, text, lexicon) >= threshold
