"""Terms by how they end, to learn which of many a stretch of text ends in without trying all."""

from collections.abc import Iterable


class Endings:
    """A list of terms made ready for looking at the ends of words."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(term for term in terms if term)
        sizes: dict[str, set[int]] = {}
        for term in self._terms:
            sizes.setdefault(term[-1], set()).add(len(term))
        self._sizes = {last: tuple(sorted(found, reverse=True)) for last, found in sizes.items()}

    def longest(self, text: str) -> str:
        """The longest term that the text ends in; empty where it ends in none."""
        for size in self._sizes.get(text[-1:], ()):
            if text[-size:] in self._terms:
                return text[-size:]
        return ""
