"""Finds the terms of a long list in a text, in time linear in the text."""

import re
from collections.abc import Collection, Iterable


def _class(letters: Iterable[str]) -> str:
    return "[" + "".join(map(re.escape, sorted(set(letters)))) + "]"


def _beginnings(terms: Collection[str]) -> re.Pattern[str]:
    """Places where a term may begin: by its first three letters, or as many as it has. Only
    the first is taken, so that a place inside another is found as well."""
    if not terms:
        return re.compile(r"(?!)")
    first = _class(term[0] for term in terms)
    ways = []
    for size in (1, 2, 3):
        known = [term for term in terms if len(term) == size or len(term) > size == 3]
        if known:
            rest = "".join(_class(term[place] for term in known) for place in range(1, size))
            ways.append(f"(?<={_class(term[0] for term in known)})(?={rest})")
    return re.compile(f"{first}(?:{'|'.join(ways)})")


class Scanner:
    """A list of terms made ready for scanning. An alternation of a thousand words would try most of them at
    each place; classes of letters rule most places out, and a table of first pairs the rest."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(term for term in terms if term)
        self._singles = frozenset(term for term in self._terms if len(term) == 1)
        self._beginnings = _beginnings(self._terms)
        sizes: dict[str, set[int]] = {}
        for term in self._terms:
            sizes.setdefault(term[:2], set()).add(len(term))
        # A pair that opens a longer term may as well begin with a term of one character.
        self._sizes = {
            pair: tuple(sorted(found | ({1} if pair[0] in self._singles else set()), reverse=True))
            for pair, found in sizes.items()
        }

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of terms from left to right, the longest at each place, without overlap."""
        sizes, singles, terms = self._sizes, self._singles, self._terms
        found = []
        free = 0
        for at in map(re.Match.start, self._beginnings.finditer(text)):
            if at < free:
                continue
            possible = sizes.get(text[at : at + 2])
            if possible:
                for size in possible:
                    piece = text[at : at + size]
                    if piece in terms:
                        free = at + len(piece)
                        found.append((at, free))
                        break
            elif singles and text[at] in singles:
                free = at + 1
                found.append((at, free))
        return found
