"""How an article speaks of time as a whole: what is marked as done or planned, and whether it looks ahead."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from extract import tense, words
from extract.model import Span
from extract.offsets import Row
from extract.sections import Sections
from extract.tense import AHEAD, BACK, Marker

_OPENING: Final = 300
_PLAN: Final = 0.05
_TOLD: Final = -0.1
_TITLES: Final = 3
# One word that looks ahead makes a plan of a few sentences, not of a page.
_SHORT: Final = 5
_LOOKS_AHEAD: Final = AHEAD | {"rule", "must", "quota"}
_LOOKS_BACK: Final = BACK | {"perfect"}


@cache
def _plan_names() -> tuple[str, ...]:
    return words.terms("status_words", role="plan_title")


class Outline:
    """What a text says about time, once for all its quantities.

    With the year of publication, years that are printed are told as gone by or to come.
    """

    def __init__(
        self, text: str, sentences: Row[Span], paragraphs: Row[Span], year: int | None = None
    ) -> None:
        self._markers = Row(tense.markers(text))
        self.paragraphs = paragraphs
        ahead, back = self._leaning(sentences)
        self.ahead = (ahead - back) / (ahead + back + 3)
        """How far the document looks ahead: -1 (a report) .. 1 (a plan)."""
        self.plan = self._is_titled_plan(text) or (
            self.ahead > _PLAN and (ahead > 1 or len(sentences.spans) < _SHORT) and self._lays_down(text)
        )
        """Whether the text lays something down."""
        self._markers = Row(marker.at_time(year) for marker in self._markers.spans)
        lines = paragraphs.spans
        self._sections = Sections(text, lines, [self.within(line.start, line.end) for line in lines])

    def within(self, start: int, end: int) -> Sequence[Marker]:
        """Markers that begin in the stretch."""
        return self._markers.within(start, end)

    def paragraph(self, offset: int) -> int:
        """Index of the paragraph that holds the offset; -1 before the first."""
        return self.paragraphs.at(offset)

    def section(self, paragraph: int) -> int:
        """Which way the heading above the paragraph looks, as `Sections.looks` says."""
        return self._sections.looks(paragraph)

    def _leaning(self, sentences: Row[Span]) -> tuple[int, int]:
        """How many sentences look ahead, and how many back."""
        at = sentences.at
        markers = self._markers.spans
        ahead = len({at(marker.start) for marker in markers if marker.role in _LOOKS_AHEAD})
        back = len({at(marker.start) for marker in markers if marker.role in _LOOKS_BACK})
        return ahead, back

    def _is_titled_plan(self, text: str) -> bool:
        """Whether a line of the headline ends with the name of a plan (2024年实事清单), and the text does not
        look back."""
        if self.ahead < _TOLD or tense.pattern("outcome").search(text, 0, _OPENING):
            return False
        for line in self.paragraphs.spans[:_TITLES]:
            end = line.end - (text[line.end - 1 : line.end] == "\n")
            if text.find("。", line.start, end) >= 0:
                return False
            if text.endswith(_plan_names(), line.start, end):
                return True
        return False

    def _lays_down(self, text: str) -> bool:
        """Whether title or first lines are those of a plan or notice, and not of what came of it."""
        if tense.pattern("outcome").search(text, 0, _OPENING):
            return False
        first = text[: min(self.paragraphs.spans[0].end, _OPENING)] if self.paragraphs.spans else ""
        if "。" not in first and any(m.role in AHEAD for m in self.within(0, len(first))):
            return True
        return tense.pattern("notice").search(text, 0, _OPENING) is not None
