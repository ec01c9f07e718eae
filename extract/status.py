"""Whether a quantity is done or planned, by the words that govern it.

Words of intention, of time to come, of completion and of time gone by count by where they stand:
in the clause of the number, in its sentence, in the paragraph before it, in the heading above. The rest
of the document counts as well: a notice lays down, a report tells.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from extract import words
from extract.columns import head_of_column, is_tabular
from extract.model import Per, Quantity, Span, Status
from extract.outline import Outline
from extract.rates import Rates
from extract.tense import AHEAD, BACK, SETTLING, Marker

_PLAN_DOCUMENT = 0.05
_SENTENCE_REACH = 400
_PARAGRAPH_REACH = 1000
_RULE_REACH = 4
_FROM = re.compile(r"[由从自]\D{0,2}\Z")
# `比去年的86人` gives a number of last year; `比去年多86人` does not.
_THAT_TIME = re.compile(r"(?:同期|全年|同口径|一年)?(?:的|是|为)?")

# Evidence for `planned` (above 0) and for `actual` (below 0): place and role of the word.
_WEIGHTS: dict[str, float] = {
    "always": -2.0,
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
    "heading": 2.0,
    "near:rule": 3.5,
    "rate": 0.8,
    "document": 1.5,
    "plan document": 2.4,
}


@cache
def _rise() -> re.Pattern[str]:
    return re.compile(r"[^，,。；;\d]{0,6}?" + words.alternation(words.terms("status_words", role="rise")))


Evidence = Iterator[tuple[str, float]]


class Firmness:
    """One text, prepared for the many decisions about its numbers."""

    def __init__(
        self, text: str, sentences: Sequence[Span], paragraphs: Sequence[Span], year: int | None = None
    ) -> None:
        """`year` is the year of publication, where it is known."""
        self._text = text
        self._tabular = is_tabular(text)
        self._outline = Outline(text, sentences, paragraphs, year)
        self._rates = Rates(text)
        self._sentence = 0, 0
        self._passage: tuple[float, float] = 0.0, 0.0

    def decide(self, quantity: Quantity, sentence: Span, clause: Span) -> tuple[Status, Per | None]:
        """Status and rate of a quantity that stands in a sentence and a clause of the text. Never raises.

        The rate is the quantity's own where its words say it (`800元/人`), else read from the sentence.
        """
        # Sentences are bounded so that a text without stops is read in linear time.
        sentence = Span(
            max(sentence.start, quantity.start - _SENTENCE_REACH),
            min(sentence.end, quantity.end + _SENTENCE_REACH),
        )
        clause = Span(max(sentence.start, clause.start), min(sentence.end, clause.end))
        per = self._rates.of(quantity, sentence, clause)
        before = {marker.role: marker for marker in self._outline.within(sentence.start, quantity.start)}
        if (sentence.start, sentence.end) != self._sentence:
            self._sentence = sentence.start, sentence.end
            self._passage = _weigh(self._of_passage(sentence)), _weigh(self._above(sentence))
        planned = self._passage[0] + (self._passage[1] if SETTLING.isdisjoint(before) else 0.0)
        planned += _weigh(self._of_number(quantity, clause, before, per))
        return "planned" if planned > 0 else "actual", per

    def _of_passage(self, sentence: Span) -> Evidence:
        """What holds for all numbers of the sentence."""
        outline = self._outline
        yield "always", 1.0
        if any(
            marker.role == "section" for marker in outline.within(self._opening(sentence), sentence.start)
        ):
            yield "passage", 1.0
        if outline.heading_ahead(outline.paragraph(sentence.start)):
            yield "heading", 1.0
        yield "document", outline.ahead
        if outline.notice and outline.ahead > _PLAN_DOCUMENT:
            yield "plan document", 1.0

    def _opening(self, sentence: Span) -> int:
        paragraph = self._outline.paragraph(sentence.start)
        start = self._outline.paragraphs[paragraph].start if paragraph >= 0 else sentence.start
        return max(start, sentence.start - _PARAGRAPH_REACH)

    def _above(self, sentence: Span) -> Evidence:
        """What the paragraph says before the sentence; heard where the sentence itself settles nothing."""
        above = self._outline.within(self._opening(sentence), sentence.start)
        last = next((marker for marker in reversed(above) if marker.role in SETTLING), None)
        if last:
            where = _distance(self._text, last, sentence)
            yield f"{where}:{'ahead' if last.role in AHEAD else 'back'}", 1.0

    def _of_number(
        self, quantity: Quantity, clause: Span, before: Mapping[str, Marker], per: Per | None
    ) -> Evidence:
        """What the words around the number say: the last of each role before it in its sentence, and those
        behind it in its clause."""
        text, outline, money = self._text, self._outline, quantity.kind == "money"
        settled = [marker for role, marker in before.items() if role in SETTLING]
        if settled:
            last = max(settled, key=lambda marker: marker.start)
            yield f"{_place(last, clause)}:{last.role}", 1.0
            if last.role in BACK and not AHEAD.isdisjoint(before):
                yield "sentence:mixed", 1.0
        for role in ("quota", "must"):
            if role in before:
                yield f"{_place(before[role], clause)}:{role}", 1.0
        for role in {marker.role for marker in outline.within(quantity.end, clause.end)}:
            yield f"after:{role}", 1.0
        for role in ("perfect", "allot") if money else ("perfect",):
            if role in before and before[role].start >= clause.start:
                yield f"clause:{role}", 1.0
        than = before.get("compared")
        if than and than.start >= clause.start and _THAT_TIME.fullmatch(text, than.end, quantity.start):
            yield "clause:compared", 1.0
        if _FROM.search(text, max(clause.start, quantity.start - 3), quantity.start) and _rise().match(
            text, quantity.end, quantity.end + 12
        ):
            yield "clause:from", 1.0
        near_by = outline.within(
            max(clause.start, quantity.start - _RULE_REACH), min(clause.end, quantity.end + _RULE_REACH)
        )
        if any(marker.role == "rule" for marker in near_by):
            yield "near:rule", 1.0
        head = head_of_column(text, quantity) if self._tabular else None
        for role in {marker.role for marker in outline.within(head.start, head.end)} if head else ():
            yield f"column:{'ahead' if role in AHEAD | {'quota'} else 'back'}", 1.0
        if money and outline.ahead > 0 and per == "each":
            yield "rate", 1.0


def _weigh(evidence: Evidence) -> float:
    return sum(_WEIGHTS.get(name, 0.0) * size for name, size in evidence)


def _place(last: Marker, clause: Span) -> str:
    return "clause" if last.start >= clause.start else "sentence"


def _distance(text: str, marker: Span, sentence: Span) -> str:
    """Where a word of the paragraph stands: in the same series (`；`), in the sentence before, or farther."""
    stops = text.count("。", marker.end, sentence.start)
    if not stops and text.endswith(("；", ";"), 0, sentence.start):
        return "series"
    return "previous" if stops <= 1 else "paragraph"
