"""The times that an article tells of as a whole: of its opening, its headline and its headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from extract.dated import Dated, judge
from extract.model import DateMention, Span
from extract.offsets import Row

_OPENING: Final = 2
"""In how many sentences of the running text a day is looked for that is the day of the whole article."""
_SLOW_OPENING: Final = 4
"""In how many it is looked for after that: a scene or a person's story may come first."""
_HEADING: Final = 30
_SENTENCE_MARK: Final = re.compile(r"[。！；，,;!]")
_RECENT: Final = timedelta(days=366)
"""What ended longer ago is history: it dates its own sentence, not what the article goes on to tell."""
_REPORTING: Final = 4
"""The last month in which pages report on the year before."""
_PERIODS: Final = frozenset({"month", "quarter", "half-year", "season", "year", "years", "span"})


@dataclass(slots=True, unsafe_hash=True)
class Times:
    """The times of an article, as the linker needs them."""

    text: str
    paragraphs: Row[Span]
    mentions: Row[Dated]
    published: date | None
    sections: Row[Dated]
    """The periods that headings inside the text name."""
    opening: Dated | None
    """The day or period that the first sentences tell of."""
    opening_end: int
    """Where the section of the opening ends, which a day does not reach beyond."""
    headline: Dated | None
    """The period that the headline names."""

    @property
    def present(self) -> date | None:
        """The day from which the article looks back and ahead, as far as it is known."""
        return self.published or (self.opening.mention.date_start if self.opening else None)


def times(
    text: str,
    lead: int,
    sentences: Row[Span],
    paragraphs: Row[Span],
    mentions: Sequence[DateMention],
    published: date | None,
) -> Times:
    """The times of an article whose running text begins at `lead`; mentions in text order."""
    dated = judge(text, sentences, mentions, published)
    told = Row(each for each in dated if each.mention.kind == "event" and carries(each, published))
    first = max(0, sentences.at(lead))

    def named(start: int, most: int) -> Sequence[Dated]:
        opening = sentences.spans[first : first + most]
        return told.last_within(start, opening[-1].end if opening else lead)

    early, slow = named(lead, _OPENING), [each for each in named(lead, _SLOW_OPENING) if not each.telling]
    days = [each for each in early if each.mention.precision in ("day", "span")]
    slow_days = [each for each in slow if each.mention.precision == "day"]
    days = [each for each in days if not each.telling] or days
    news = [each for each in [*days, *slow_days, *early, *slow] if not _is_history(each, published)]
    opening = next(iter([*news, *told.last_within(0, lead)]), None)
    periods = [each for each in dated if each.usable and each.mention.kind == "event"]
    periods = [each for each in periods if each.mention.precision in _PERIODS]
    headline = next((each for each in Row(periods).last_within(0, lead) if each.carries), None)
    sections = Row(each for each in periods if each.start >= lead and _is_heading(text, paragraphs, each))
    end = _section_end(text, lead, paragraphs, opening)
    return Times(text, paragraphs, Row(dated), published, sections, opening, end, headline)


def _is_history(dated: Dated, published: date | None) -> bool:
    """Whether a period is of a year that no page of its month reports on any more: 去年, in the summer."""
    end = dated.mention.date_end
    if published is None or end is None or dated.mention.precision == "day":
        return False
    return end.year < published.year and published.month > _REPORTING


def _is_heading(text: str, paragraphs: Row[Span], dated: Dated) -> bool:
    """Whether a mention stands in a line that is no sentence: `三、2023年工作打算`."""
    return _is_line(text, paragraphs.holding(dated.start))


def _is_line(text: str, paragraph: Span) -> bool:
    """Whether a paragraph is a heading."""
    short = 1 < paragraph.end - paragraph.start <= _HEADING
    return short and not _SENTENCE_MARK.search(text, paragraph.start, paragraph.end)


def _section_end(text: str, lead: int, paragraphs: Row[Span], opening: Dated | None) -> int:
    """Where the section ends in which the opening stands, where it stands under a heading of its own."""
    if opening is None or opening.start < lead:
        return len(text)
    headings = [each.start for each in paragraphs.spans if each.start >= lead and _is_line(text, each)]
    if not headings or headings[0] > opening.start:
        return len(text)
    return next((start for start in headings if start > opening.start), len(text))


def carries(dated: Dated, published: date | None) -> bool:
    """Whether what is told further on may be of the time of a mention."""
    end = dated.mention.date_end
    return dated.carries and (published is None or end is None or published - end <= _RECENT)
