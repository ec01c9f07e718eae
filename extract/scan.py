"""Finds the terms of a long list in a text, in time linear in the text (Aho-Corasick)."""

import re
from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

_LONE = re.compile(r"[\ud800-\udfff]")


class Scanner:
    """A list of terms made ready for scanning. An alternation of a thousand words would try most of them at
    each place."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._automaton = AhoCorasick(
            sorted({term for term in terms if term}),
            MatchKind.LeftmostLongest,
            implementation=Implementation.DFA,
        )

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of terms from left to right, the longest at each place, without overlap."""
        try:
            found = self._automaton.find_matches_as_indexes(text)
        except UnicodeEncodeError:
            # Halves of surrogate pairs, as a torn page may hold them, stand in no term.
            found = self._automaton.find_matches_as_indexes(_LONE.sub("\ufffd", text))
        return [(start, end) for _, start, end in found]
