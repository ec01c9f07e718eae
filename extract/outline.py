"""How an article speaks of time as a whole: what is marked as done or planned, and whether it looks ahead."""

import re
from collections.abc import Sequence

from extract import tense
from extract.model import Span
from extract.offsets import Row
from extract.tense import AHEAD, BACK, Marker

_OPENING = 300
_HEADING_LENGTH = 30
_HEADING_STOPS = re.compile("[。；;！!？?，,]")
_LOOKS_AHEAD = AHEAD | {"rule", "must", "quota"}
_LOOKS_BACK = BACK | {"perfect"}


class Outline:
    """What a text says about time, once for all its quantities.

    With the year of publication, years that are printed are told as gone by or to come.
    """

    def __init__(
        self, text: str, sentences: Row[Span], paragraphs: Row[Span], year: int | None = None
    ) -> None:
        self._markers = Row(tense.markers(text))
        self.paragraphs = paragraphs
        self.ahead = self._looks_ahead(sentences)
        """How far the document looks ahead: -1 (a report) .. 1 (a plan)."""
        self._below = self._headings(text)
        first = text[: min(paragraphs.spans[0].end, _OPENING)] if paragraphs.spans else ""
        titled = "。" not in first and any(m.role in AHEAD for m in self.within(0, len(first)))
        self.notice = titled or bool(tense.pattern("notice").search(text, 0, _OPENING))
        """Whether the text lays something down, by its title or its first lines."""
        self._markers = Row(marker.at_time(year) for marker in self._markers.spans)

    def within(self, start: int, end: int) -> Sequence[Marker]:
        """Markers that begin in the stretch."""
        return self._markers.within(start, end)

    def paragraph(self, offset: int) -> int:
        """Index of the paragraph that holds the offset; -1 before the first."""
        return self.paragraphs.at(offset)

    def heading_ahead(self, paragraph: int) -> bool:
        """Whether the heading above the paragraph looks ahead."""
        return paragraph >= 0 and self._below[paragraph]

    def _looks_ahead(self, sentences: Row[Span]) -> float:
        at = sentences.at
        markers = self._markers.spans
        ahead = len({at(marker.start) for marker in markers if marker.role in _LOOKS_AHEAD})
        back = len({at(marker.start) for marker in markers if marker.role in _LOOKS_BACK})
        return (ahead - back) / (ahead + back + 3)

    def _headings(self, text: str) -> list[bool]:
        """For each paragraph, whether the heading above it looks ahead."""
        found, above = [], False
        for paragraph in self.paragraphs.spans:
            if _is_heading(text, paragraph):
                above = any(m.role in AHEAD for m in self.within(paragraph.start, paragraph.end))
            found.append(above)
        return found


def _is_heading(text: str, line: Span) -> bool:
    return line.end - line.start <= _HEADING_LENGTH and not _HEADING_STOPS.search(text, line.start, line.end)
