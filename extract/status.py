"""Whether a quantity is done or planned, by the words that govern it.

Words of intention, of time to come, of completion and of time gone by count by where they stand:
in the clause of the number, in its sentence, in the paragraph before it, in the heading above. The rest
of the document counts as well: a notice lays down, a report tells.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from extract import words
from extract.columns import head_of_column, is_tabular
from extract.model import Per, Quantity, Span, Status
from extract.offsets import Row
from extract.outline import Outline
from extract.rates import Rates
from extract.tense import AHEAD, BACK, SETTLING, Marker

_SENTENCE_REACH: Final = 400
_PARAGRAPH_REACH: Final = 1000
_RULE_REACH: Final = 4
_FROM: Final = re.compile(r"[由从自][^\d，,。；;：:]{0,8}\Z")
_DIGIT: Final = re.compile(r"\d")
# `比去年的86人` gives a number of last year; `比去年多86人` does not.
_THAT_TIME: Final = re.compile(r"(?:同期|全年|同口径|一年)?(?:的|是|为)?")

# Evidence for `planned` (above 0) and for `actual` (below 0): place and role of the word.
_WEIGHTS: Final[dict[str, float]] = {
    "always": -2.0,
    "coming": 3.0,
    "clause:intend": 4.0,
    "clause:will": 4.0,
    "clause:later": 3.5,
    "clause:section": 4.0,
    "clause:done": -2.5,
    "clause:past": -2.5,
    "clause:quota": 3.0,
    "clause:allot": -1.2,
    "clause:must": 2.0,
    "clause:perfect": -1.5,
    "clause:from": -6.0,
    "clause:compared": -6.0,
    "sentence:intend": 3.5,
    "sentence:will": 3.5,
    "sentence:later": 3.0,
    "sentence:section": 4.0,
    "sentence:done": -0.5,
    "sentence:past": -1.2,
    "sentence:mixed": 0.3,
    "sentence:quota": 2.6,
    "sentence:must": 0.8,
    "after:will": 4.0,
    "after:intend": 3.5,
    "after:later": 3.0,
    "after:must": 2.5,
    "after:quota": 1.5,
    "after:done": -1.0,
    "after:past": -1.0,
    "after:perfect": -1.5,
    "series:ahead": 2.8,
    "series:back": -0.5,
    "previous:ahead": 1.0,
    "previous:back": -0.3,
    "paragraph:ahead": 0.5,
    "paragraph:back": -0.2,
    "passage": 2.5,
    "column:ahead": 6.0,
    "column:back": -4.0,
    "heading:ahead": 2.0,
    "section:ahead": 3.5,
    "section:back": -2.0,
    "near:rule": 3.5,
    "rate": 0.8,
    "document": 1.5,
    "plan document": 2.4,
}
_HEADINGS: Final = {1: "heading:ahead", 2: "section:ahead", -2: "section:back"}


@cache
def _rise() -> re.Pattern[str]:
    return re.compile(r"[^，,。；;\d]{0,6}?" + words.alternation(words.terms("status_words", role="rise")))


@dataclass(slots=True)
class _Sentence:
    """What holds for all numbers of a sentence."""

    start: int
    end: int
    markers: Sequence[Marker]
    passage: float
    """Evidence of the document, the heading above and the section."""
    said_above: str
    """The name of what the paragraph says before the sentence; may be empty."""


class Firmness:
    """One text, prepared for the many decisions about its numbers."""

    def __init__(
        self,
        text: str,
        sentences: Row[Span],
        paragraphs: Row[Span],
        year: int | None = None,
        periods: Sequence[Marker] = (),
    ) -> None:
        """`year` is the year of publication, where it is known; `periods` are the times gone by and to come
        that the text names, as `tense.periods` gives them."""
        self._text = text
        self._tabular = is_tabular(text)
        self._outline = Outline(text, sentences, paragraphs, year)
        self._rates = Rates(text)
        self._periods = Row(periods)
        self._sentence: _Sentence | None = None

    def decide(self, quantity: Quantity, sentence: Span, clause: Span) -> tuple[Status, Per | None]:
        """Status and rate of a quantity that stands in a sentence and a clause of the text. Never raises.

        The rate is the quantity's own where its words say it (`800元/人`), else read from the sentence.
        """
        if sentence.end - sentence.start > _SENTENCE_REACH or clause.end > sentence.end:
            # Sentences are bounded so that a text without stops is read in linear time.
            sentence = Span(
                max(sentence.start, quantity.start - _SENTENCE_REACH),
                min(sentence.end, quantity.end + _SENTENCE_REACH),
            )
            clause = Span(max(sentence.start, clause.start), min(sentence.end, clause.end))
        per = self._rates.of(quantity, sentence, clause)
        around = self._sentence
        if around is None or around.start != sentence.start or around.end != sentence.end:
            around = self._sentence = self._read(sentence)
        periods = self._periods.last_within(around.start, quantity.start)
        period = periods[-1] if periods else None
        # What is told of a time gone by is not read by its heading.
        planned = _WEIGHTS["always"] if period and period.role == "gone" else around.passage
        for name in self._of_number(quantity, clause, around, per, period):
            planned += _WEIGHTS.get(name, 0.0)
        return "planned" if planned > 0 else "actual", per

    def _read(self, sentence: Span) -> _Sentence:
        """What the document, the heading and the paragraph above say to all numbers of the sentence."""
        outline, start = self._outline, sentence.start
        index = outline.paragraph(start)
        passage = _WEIGHTS["always"]
        said = ""
        opening = outline.paragraphs.spans[index].start if index >= 0 else start
        if above := outline.within(max(opening, start - _PARAGRAPH_REACH), start):
            if any(marker.role == "section" for marker in above):
                passage += _WEIGHTS["passage"]
            said = self._said_last(above, sentence)
        section = outline.section(index)
        if section in _HEADINGS:
            passage += _WEIGHTS[_HEADINGS[section]]
        passage += _WEIGHTS["document"] * outline.ahead
        if outline.plan and section > -2:
            passage += _WEIGHTS["plan document"]
        return _Sentence(start, sentence.end, outline.within(start, sentence.end), passage, said)

    def _said_last(self, above: Sequence[Marker], sentence: Span) -> str:
        """The last thing that is settled above the sentence, and how far above."""
        for marker in reversed(above):
            if marker.role in SETTLING:
                side = "ahead" if marker.role in AHEAD else "back"
                return f"{_distance(self._text, marker, sentence)}:{side}"
        return ""

    def _of_number(
        self, quantity: Quantity, clause: Span, around: _Sentence, per: Per | None, period: Marker | None
    ) -> list[str]:
        """What the words around the number say: the last of each role before it in its sentence, and those
        behind it in its clause. What was said above is heard where the sentence itself settles nothing."""
        coming = period if period and period.role == "coming" else None
        start, end = quantity.start, quantity.end
        first, last = max(clause.start, start - _RULE_REACH), min(clause.end, end + _RULE_REACH)
        before: dict[str, Marker] = {}
        behind: set[str] = set()
        near_rule = False
        settled: Marker | None = None
        for marker in around.markers:
            place, role = marker.start, marker.role
            if coming and role == "past" and coming.start <= place < coming.end:
                continue  # 明年上半年
            if place < start:
                before[role] = marker
                if role in SETTLING:
                    settled = marker
            elif end <= place < clause.end:
                behind.add(role)
            if role == "rule" and first <= place < last:
                near_rule = True
        found = ["coming"] if coming else []
        if settled:
            found.append(f"{_place(settled, clause)}:{settled.role}")
            if settled.role in BACK and not AHEAD.isdisjoint(before):
                found.append("sentence:mixed")
        elif around.said_above:
            found.append(around.said_above)
        if before:
            found += self._of_words_before(quantity, clause, before)
        found += [f"after:{role}" for role in behind]
        if near_rule:
            found.append("near:rule")
        text, money = self._text, quantity.kind == "money"
        first_digit = _DIGIT.search(text, start, end)
        number = first_digit.start() if first_digit else start
        if _FROM.search(text, max(clause.start, number - 9), number) and _rise().match(text, end, end + 12):
            found.append("clause:from")
        head = head_of_column(text, quantity) if self._tabular else None
        if head:
            roles = {marker.role for marker in self._outline.within(head.start, head.end)}
            found += ["column:ahead" if role in AHEAD | {"quota"} else "column:back" for role in roles]
        if money and per == "each" and self._outline.ahead > 0:
            found.append("rate")
        return found

    def _of_words_before(
        self, quantity: Quantity, clause: Span, before: Mapping[str, Marker]
    ) -> Iterator[str]:
        for role in ("quota", "must"):
            if role in before:
                yield f"{_place(before[role], clause)}:{role}"
        for role in ("perfect", "allot") if quantity.kind == "money" else ("perfect",):
            if role in before and before[role].start >= clause.start:
                yield f"clause:{role}"
        than = before.get("compared")
        if than and than.start >= clause.start and _THAT_TIME.fullmatch(self._text, than.end, quantity.start):
            yield "clause:compared"


def _place(last: Marker, clause: Span) -> str:
    return "clause" if last.start >= clause.start else "sentence"


def _distance(text: str, marker: Span, sentence: Span) -> str:
    """Where a word of the paragraph stands: in the same series (`；`), in the sentence before, or farther."""
    stops = text.count("。", marker.end, sentence.start)
    if not stops and text.endswith(("；", ";"), 0, sentence.start):
        return "series"
    return "previous" if stops <= 1 else "paragraph"
