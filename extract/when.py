"""Which time a quantity belongs to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from extract.dates import cut_to
from extract.model import DateMention, Span, Status
from extract.sentences import at as index_at
from extract.sentences import starting
from extract.words import alternation, terms

_STOCK = re.compile(alternation(terms("time_cues", meaning="stock")))
_OF_THAT_TIME = re.compile(r"(?:同期|全年|同口径|一年)?(?:的|是|为)?(?:约|近|超)?[（(]?")
"""`比去年全年的215万元`: what a compared time gives its number; not `比去年多出220个`."""
_TOLD = re.compile(r"[^。；;\n]{0,14}?(?:获悉|了解到|获知|记者从)|[,，]?记者")
"""Behind a day: `24日,记者从市总工会获悉` is the day of the telling, not of what is told."""
_CLAUSE_END = re.compile(r"[,，。；;！!？?\n]")
_CLAUSE_REACH = 100
_STOCK_REACH = 60
_OPENING = 2
"""How many sentences of the running text may set the time of the whole article."""
_REACH = 3
"""From this paragraph behind it on, what is done is no longer of the day that the opening tells of."""
_PERIODS = frozenset({"month", "quarter", "half-year", "season", "year", "years", "span"})


@dataclass(frozen=True, slots=True)
class Times:
    """The times of an article, as the linker needs them."""

    text: str
    sentences: Sequence[Span]
    paragraphs: Sequence[Span]
    mentions: Sequence[DateMention]
    published: date | None
    opening: DateMention | None
    """The day or period that the first sentences tell of."""
    headline: DateMention | None
    """The period that the headline names."""


def _usable(mention: DateMention) -> bool:
    """Whether a mention can date a fact. `截至目前` can also where the publication date is unknown."""
    if mention.kind == "recurring":
        return False
    return bool(mention.date_start or mention.date_end) or mention.kind in ("cumulative", "recent")


_PASSING = frozenset({"compared", "festival", "dateline", "same"})
"""Rules of `dates` whose mentions date their own sentence only."""


def _carries(mention: DateMention) -> bool:
    """Whether later sentences go on at the time of the mention."""
    return _usable(mention) and mention.kind in ("event", "cumulative") and mention.rule not in _PASSING


def times(
    text: str,
    lead: int,
    sentences: Sequence[Span],
    paragraphs: Sequence[Span],
    mentions: Sequence[DateMention],
    published: date | None,
) -> Times:
    """The times of an article whose running text begins at `lead`; mentions in text order."""
    first = max(0, index_at(sentences, lead))
    first_sentences = sentences[first : first + _OPENING]
    until = first_sentences[-1].end if first_sentences else lead
    named = [m for m in starting(mentions, 0, until) if _carries(m) and m.kind == "event"]
    days = [m for m in named if m.precision in ("day", "span") and m.start >= lead]
    periods = [m for m in named if m.start < lead and m.precision in _PERIODS]
    return Times(
        text,
        sentences,
        paragraphs,
        mentions,
        published,
        next(iter(days or named), None),
        next(iter(periods), None),
    )


def _of_comparison(times: Times, mention: DateMention, at: Span) -> bool:
    return bool(_OF_THAT_TIME.fullmatch(times.text, mention.end, at.start))


def _is_telling(times: Times, mention: DateMention) -> bool:
    return mention.precision == "day" and _TOLD.match(times.text, mention.end) is not None


def _applies(times: Times, mention: DateMention, at: Span, status: Status) -> bool:
    """Whether a mention of the quantity's own sentence may date it."""
    if not _usable(mention):
        return False
    if status == "actual" and (mention.kind == "future" or _is_telling(times, mention)):
        return False
    if mention.rule == "compared":
        return mention.end <= at.start and _of_comparison(times, mention, at)
    return True


def _clause_end(times: Times, at: Span) -> int:
    """Where the clause of a quantity ends; a clause of great length is cut."""
    limit = at.end + _CLAUSE_REACH
    stop = _CLAUSE_END.search(times.text, at.end, limit)
    return stop.start() if stop else limit


def _undated(at: Span, published: date | None) -> DateMention | None:
    """What is known of the time of a fact whose article states none: it was so by the publication date."""
    if published is None:
        return None
    return DateMention(
        at.start, at.start, None, published, "open", "inferred from publication date", "recent", "undated"
    )


def _ahead(mention: DateMention) -> DateMention:
    """A plan made on a day runs on from that day."""
    day = mention.date_start
    return DateMention(
        mention.start, mention.end, day, None, "open", "inferred from article", "future", "plan"
    )


def _so_far(mention: DateMention, times: Times, status: Status) -> DateMention:
    """What is done counts up to the publication date: `今年` ends there."""
    return cut_to(mention, times.published) if status == "actual" else mention


def choose(times: Times, at: Span, status: Status) -> DateMention | None:
    """The time of the quantity at `at`.

    Looked for before the quantity in its sentence, then behind it in its clause, then backwards in its
    paragraph; then the time of the article as a whole, then an open end at the publication date.
    """
    sentence = times.sentences[index_at(times.sentences, at.start)]
    before = starting(times.mentions, sentence.start, at.end)
    behind = starting(times.mentions, at.end, min(sentence.end, _clause_end(times, at)))
    inside = next((m for m in (*reversed(before), *behind) if _applies(times, m, at, status)), None)
    if inside:
        return _so_far(inside, times, status)
    if status == "actual" and _STOCK.search(
        times.text, max(sentence.start, at.start - _STOCK_REACH), at.start
    ):
        return _undated(at, times.published)
    carried = _carried(times, at, sentence, status) or _of_article(times, at, status)
    if carried is None:
        return _undated(at, times.published)
    if status == "planned" and carried.precision == "day" and times.published is None:
        return _ahead(carried)
    return _so_far(carried, times, status)


def _carried(times: Times, at: Span, sentence: Span, status: Status) -> DateMention | None:
    """The time at which the sentences before, in the same paragraph, have arrived."""
    paragraph = times.paragraphs[index_at(times.paragraphs, at.start)]
    for mention in reversed(starting(times.mentions, paragraph.start, sentence.start)):
        if mention.kind == "future" and status == "planned":
            return mention
        if _carries(mention) and not (status == "actual" and _is_telling(times, mention)):
            return mention
    return None


def _of_article(times: Times, at: Span, status: Status) -> DateMention | None:
    """The time of the article as a whole: of its opening, and further down of its headline."""
    opening = times.opening
    if opening is None or (status == "actual" and _is_telling(times, opening)):
        return times.headline
    if status == "planned" or opening.precision != "day":
        return opening
    behind = index_at(times.paragraphs, at.start) - index_at(times.paragraphs, opening.start)
    return opening if behind < _REACH else times.headline
