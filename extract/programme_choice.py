"""Which programme a number belongs to.

The mentions around a number are weighed, level by level: what is counted, the sentence, the
paragraph, the heading above, the headline, the whole article. Near words count more than far ones, words
before the number more than words after it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from extract.model import ProgrammeMention, Span
from extract.offsets import MOST, Row
from extract.programmes import GENERAL, find

# How much a term of weight 1 says at each level.
_COUNTED: Final = 1.6
_SENTENCE: Final = 1.3
_PARAGRAPH: Final = 0.5
_HEADING: Final = 0.7
_ARTICLE: Final = 6.0
# Characters over which what a word says falls to a half.
_SENTENCE_REACH: Final = 50.0
_PARAGRAPH_REACH: Final = 120.0
_AFTER: Final = 0.75
_CLAUSE: Final = 1.6
_CARRIED: Final = 1.3
_GOES_ON: Final = 0.3
# Weights from which a word tells of a programme, and places without doubt.
_TELLING: Final = 2.0
_CLEAR: Final = 3.0
# The beginning of an article says what it is about.
_LEAD: Final = 2.5
_LEAD_LENGTH: Final = 250
_SHARPNESS: Final = 2.5
# A few weak words make no topic.
_DOUBT: Final = 60.0
_ABOVE: Final = frozenset({"heading", "item"})
"""Rules of mentions that announce what follows."""

Scores = dict[str, float]
Names = dict[str | None, str]


def _add(scores: Scores, mentions: Iterable[ProgrammeMention], factor: float) -> None:
    for mention in mentions:
        category = mention.category
        if category:
            scores[category] = scores.get(category, 0.0) + factor * mention.weight


def _add_strongest(scores: Scores, mentions: Iterable[ProgrammeMention], factor: float) -> None:
    """Of each category only its strongest term: said twice is not said more."""
    best: Scores = {}
    for mention in mentions:
        if mention.category:
            best[mention.category] = max(best.get(mention.category, 0.0), mention.weight)
    for category, weight in best.items():
        scores[category] = scores.get(category, 0.0) + factor * weight


def _clear_stretch(mentions: Sequence[ProgrammeMention], clause: Span) -> tuple[int, int, float]:
    """Where a number of the clause finds its clear words, and their stress. A clause without words of its own
    goes on from the last clear word before it: `劳模津贴94万元，发给210人`."""
    first, last = clause.start, clause.end
    before = first
    for mention in mentions:
        if mention.weight >= _TELLING:
            if first <= mention.start < last:
                return first, last, _CLAUSE
            if mention.start < first and mention.weight >= _CLEAR:
                before = mention.start
    return before, last, _CARRIED


def _add_near(
    scores: Scores,
    mentions: Sequence[ProgrammeMention],
    at: Span,
    factor: float,
    reach: float,
    clause: Span | None = None,
) -> None:
    """Near words count more than far ones, words before more than words behind; most of all a word in the
    same clause that places it without doubt, or in the last clause that has one."""
    start, end = at.start, at.end
    first, last, stress = _clear_stretch(mentions, clause) if clause else (end, start, 1.0)
    for mention in mentions:
        category = mention.category
        if category is None:
            continue
        place, weight = mention.start, mention.weight
        is_clear = weight >= _CLEAR and first <= place < last
        if place > start:
            gap = place - end
            weight *= _AFTER
        else:
            gap = start - mention.end
        if is_clear:
            weight *= stress
        if gap > 0:
            weight /= 1.0 + gap / reach
        scores[category] = scores.get(category, 0.0) + factor * weight


def _go_on(scores: Scores, before: Sequence[ProgrammeMention]) -> None:
    """A sentence without words of its own goes on from the last clear word of its paragraph."""
    last = next((mention for mention in reversed(before) if mention.weight >= _CLEAR), None)
    if last and last.category:
        scores[last.category] = scores.get(last.category, 0.0) + _GOES_ON * last.weight


@lru_cache(maxsize=4096)
def _noun(counted: str) -> Mapping[str, float]:
    scores: Scores = {}
    _add(scores, find(counted), _COUNTED)
    return scores


@dataclass(slots=True)
class _Place:
    """What is the same for all numbers of a sentence."""

    sentence: Span
    mentions: Sequence[ProgrammeMention]
    named: Sequence[ProgrammeMention]
    """Those of the mentions that name a programme."""
    scores: Scores
    """What the rest of the paragraph, the heading above, the headline and the article say."""
    names: Names
    """Names in the rest of the paragraph."""


class Context:
    """The mentions of one article, prepared for the many decisions about its numbers."""

    def __init__(
        self, mentions: Sequence[ProgrammeMention], paragraphs: Row[Span], headline: Span | None = None
    ) -> None:
        """Mentions in text order, as `programmes.find` gives them; `headline` where the article has one."""
        self._row = Row(mentions)
        self._headings = list(_headings(mentions, paragraphs))
        shares = _shares(mentions)
        self._topic = next(iter(shares), "")
        self._topic_name = next((m.name for m in mentions if m.name and m.category == self._topic), None)
        self._background = {category: _ARTICLE * share for category, share in shares.items()}
        self._headline_end = headline.end if headline else 0
        self._headline_names: Names = {}
        if headline:
            titles = self._row.next_to(headline.start, headline.start, headline.end)
            _add_strongest(self._background, titles, _HEADING)
            self._headline_names = _names(titles, headline)
        self._place: _Place | None = None

    def decide(
        self, at: Span, clause: Span, sentence: Span, paragraph: Span, counted: str
    ) -> tuple[str, str | None, float]:
        """Category key, name of the programme as printed (or None) and confidence in 0..1 for the number at
        `at`. `counted` is the noun that is counted and may be empty. `general` when nothing places it."""
        place = self._place
        if place is None or place.sentence is not sentence:
            place = self._place = self._placed(sentence, paragraph)
        nearby, named = place.mentions, place.named
        if len(nearby) > MOST:
            nearby = self._row.next_to(at.start, sentence.start, sentence.end)
            named = [mention for mention in nearby if mention.name]
        scores = place.scores.copy()
        if counted:
            for category, weight in _noun(counted).items():
                scores[category] = scores.get(category, 0.0) + weight
        if nearby:
            _add_near(scores, nearby, at, _SENTENCE, _SENTENCE_REACH, clause)
        if not scores:
            return GENERAL, None, 0.0
        best, top, second = GENERAL, 0.0, 0.0
        for category, score in scores.items():
            if score > top:
                best, top, second = category, score, top
            elif score > second:
                second = score
        name = self._name(best, _names(named, at) if named else {}, place.names)
        return best, name, round(top / (top + second), 3)

    def _placed(self, sentence: Span, paragraph: Span) -> _Place:
        start, end = sentence.start, sentence.end
        row = self._row
        nearby = row.next_to(start, start, end)
        named = [mention for mention in nearby if mention.name] if nearby else ()
        scores = self._background.copy()
        around = (*row.next_to(start, paragraph.start, start), *row.next_to(end, end, paragraph.end))
        names: Names = {}
        if around:
            _add_near(scores, around, sentence, _PARAGRAPH, _PARAGRAPH_REACH)
            names = _names(around, sentence)
        if not any(mention.weight >= _TELLING for mention in nearby):
            _go_on(scores, row.next_to(start, paragraph.start, start))
        if self._headings:
            _add(scores, self._heading(sentence), _HEADING)
        return _Place(sentence, nearby, named, scores, names)

    def _heading(self, sentence: Span) -> Sequence[ProgrammeMention]:
        """Mentions in the heading or item above the sentence; none where that is the headline."""
        above = bisect_left(self._headings, (self._row.first(sentence.end), 0)) - 1
        if above < 0:
            return ()
        first, last = self._headings[above]
        foot = self._row.spans[last - 1]
        if foot.start < self._headline_end:
            return ()
        return self._row.spans[max(first, last - MOST) : last]

    def _name(self, category: str, *known: Names) -> str | None:
        """The name of the category in the smallest stretch that has one; else an unplaced quoted name; else
        the name that stands first in the article, for its own topic."""
        for names in (*known, self._headline_names):
            if names and (name := names.get(category) or names.get(None)):
                return name
        return self._topic_name if category == self._topic else None


def _names(mentions: Iterable[ProgrammeMention], at: Span) -> Names:
    """For each category the name next to `at`; one in quotation marks goes before others."""
    found: Names = {}
    best: dict[str | None, tuple[bool, int]] = {}
    for mention in mentions:
        if mention.name:
            category, rank = mention.category, (mention.rule != "quoted", _gap(mention, at))
            if category not in best or rank < best[category]:
                best[category], found[category] = rank, mention.name
    return found


def _shares(mentions: Iterable[ProgrammeMention]) -> Scores:
    """Share of each category in the weight of all mentions, largest first. What is of no programme places its
    own number only: a budget closes with projects."""
    sums: Scores = {}
    for mention in mentions:
        if mention.category and mention.category != GENERAL:
            weight = mention.weight**_SHARPNESS * (_LEAD if mention.start < _LEAD_LENGTH else 1.0)
            sums[mention.category] = sums.get(mention.category, 0.0) + weight
    total = sum(sums.values()) + _DOUBT
    return {category: part / total for category, part in sorted(sums.items(), key=lambda item: -item[1])}


def _headings(mentions: Sequence[ProgrammeMention], paragraphs: Row[Span]) -> Iterator[tuple[int, int]]:
    """First index of the mentions of each heading or item, and the index after the last."""
    first, above = 0, -1
    for index, mention in enumerate(mentions):
        line = paragraphs.at(mention.start) if mention.rule in _ABOVE else -1
        if line != above:
            if above >= 0:
                yield first, index
            first, above = index, line
    if above >= 0:
        yield first, len(mentions)


def _gap(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)
