"""Finds the terms of a long list in a text, in time linear in the text."""

from collections.abc import Iterable, Iterator


class Scanner:
    """A list of terms made ready for scanning. An alternation of a thousand words would try most of them at
    each place; a table of first pairs of characters asks once."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(term for term in terms if term)
        sizes: dict[str, set[int]] = {}
        for term in self._terms:
            sizes.setdefault(term[:2], set()).add(len(term))
        singles = {term for term in self._terms if len(term) == 1}
        # A pair that opens no longer term may still begin with a term of one character.
        self._singles = frozenset(singles)
        self._sizes = {
            pair: tuple(sorted(found | ({1} if pair[0] in singles else set()), reverse=True))
            for pair, found in sizes.items()
        }

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of terms from left to right, the longest at each place, without overlap."""
        sizes, singles, terms = self._sizes, self._singles, self._terms
        free = 0
        length = len(text)
        for at, pair in enumerate(map(str.__add__, text, f"{text[1:]}\0")):
            if at < free:
                continue
            if pair in sizes:
                for size in sizes[pair]:
                    if at + size <= length and text[at : at + size] in terms:
                        free = at + size
                        yield at, free
                        break
            elif pair[0] in singles:
                free = at + 1
                yield at, free
