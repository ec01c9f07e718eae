"""Terms by how they begin, so that those that may stand at a place of a text are found without trying all."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from extract.words import alternation

T = TypeVar("T")


def any_of(words: Iterable[str]) -> str:
    """`alternation` behind a class of the words' first characters, which is looked at first: for places where
    one of many words seldom stands."""
    words = tuple(words)
    firsts = "".join(sorted({word[0] for word in words}))
    return f"(?:(?=[{re.escape(firsts)}]){alternation(words)})"


def meanings(words: Mapping[str, Iterable[str]]) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of all words, and what each means, given by meaning: of a word that has two the first counts.
    Words of earlier meanings are tried first, then longer ones. Searched far faster than groups are."""
    means: dict[str, str] = {}
    for meaning, same in words.items():
        for word in sorted(set(same), key=lambda w: (-len(w), w)):
            means.setdefault(word, meaning)
    return re.compile("|".join(map(re.escape, means))), means


def by_pair(terms: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    """What belongs to each term, by the first two characters of the term and in the order given.

    Terms of one character stand under that character, and under each pair that begins with it. So the terms
    that may begin at a place are `found.get(text[at : at + 2]) or found.get(text[at : at + 1], ())`; those of
    one or two characters do begin there.
    """
    entries = [(term, entry) for term, entry in terms if term]
    pairs: dict[str, set[str]] = {}
    for term, _ in entries:
        pairs.setdefault(term[0], set()).add(term[:2])
    found: dict[str, list[T]] = {}
    for term, entry in entries:
        for key in pairs[term] if len(term) == 1 else (term[:2],):
            found.setdefault(key, []).append(entry)
    return {key: tuple(same) for key, same in found.items()}
