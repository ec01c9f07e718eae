"""Finds the terms of a long list in a text, in time linear in the text (Aho-Corasick)."""

import re
from collections.abc import Iterable
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

_LONE: Final = re.compile(r"[\ud800-\udfff]")
_MOST_FOR_DFA: Final = 1_500


class Scanner:
    """A list of terms made ready for scanning. An alternation of a thousand words would try most of them at
    each place. With `inside`, terms are also found inside of others and across their ends."""

    def __init__(self, terms: Iterable[str], inside: bool = False) -> None:
        listed = sorted({term for term in terms if term})
        # The table of a DFA is fastest as long as it fits the caches of the processor.
        fits = len(listed) <= _MOST_FOR_DFA
        self._inside = inside
        self._automaton = AhoCorasick(
            listed,
            MatchKind.Standard if inside else MatchKind.LeftmostLongest,
            implementation=Implementation.DFA if fits else Implementation.ContiguousNFA,
        )

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of terms from left to right, the longest at each place."""
        try:
            found = self._automaton.find_matches_as_indexes(text, self._inside)
        except UnicodeEncodeError:
            # Halves of surrogate pairs, as a torn page may hold them, stand in no term.
            found = self._automaton.find_matches_as_indexes(_LONE.sub("\ufffd", text), self._inside)
        if self._inside:  # Found by their ends: of those that begin at one place the longest is the last.
            return sorted({start: end for _, start, end in found}.items())
        return [(start, end) for _, start, end in found]
