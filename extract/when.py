"""Which time a quantity belongs to."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from extract.date_defaults import (
    ahead,
    from_now,
    is_former,
    is_task,
    of_plan,
    of_year,
    undated,
    until_then,
    when_it_began,
)
from extract.dated import Dated, clause_end
from extract.dates import cut_to
from extract.model import DateMention, Quantity, Span, Status
from extract.times import Times, carries
from extract.words import alternation, terms

_STOCK: Final = re.compile(alternation(terms("time_cues", meaning="stock")))
_OF_THAT_TIME: Final = re.compile(r"(?:同期|全年|同口径|一年)?(?:的|是|为)?(?:约|近|超)?[（(]?")
"""`比去年全年的215万元`: what a compared time gives its number; not `比去年多出220个`."""
_CAREER: Final = re.compile(
    rf"(?<!“){alternation(terms('time_cues', meaning='career'))}"
    r"[^，,。；;\d]{0,6}?[\d一二三四五六七八九十]{1,3}[多余]?年"
)
"""`参加工作35年，带出徒弟46名`: what somebody has done in all those years."""
_STOCK_REACH: Final = 60
_AT_EVENT: Final = re.compile(
    rf"{alternation(terms('time_cues', meaning='event'))}(?:期间|中[，,]|当[天日])"
    rf"|{alternation(terms('time_cues', meaning='at-event'))}|(?:^|[，,])期间[，,]"
)
"""`竞赛期间`, `会上`: at the event that the article opens with, whatever has been told since."""
_THIS_MONTH: Final = terms("time_cues", meaning="this-month")
_EVENT_REACH: Final = 200
_BEHIND: Final = 24
_REACH: Final = 2
"""From this paragraph behind it on, what is done is of the day that the opening tells of only as long as no
period has been named since."""
_BULLETS: Final = tuple("【●■◆▲★□○◎▶►①②③④⑤⑥⑦⑧⑨")
"""Before the items of a bulletin, each with a time of its own."""
_STARTS: Final = frozenset({"since", "from", "after"})
"""Rules of `dates` whose mentions name a start."""
_TERMS: Final = frozenset({"before", "until", "from"})
"""Rules of `dates` whose mentions name one end."""


def choose(
    times: Times,
    at: Quantity,
    sentence: Span,
    paragraph: Span,
    status: Status,
    task: DateMention | None = None,
) -> DateMention | None:
    """The time of the quantity at `at`, which stands in `sentence` and `paragraph`; `task` is that of the
    planned number before it in its sentence, of which it may be the rate (`再建20个，每个补助1万元`).

    Looked for before the quantity in its sentence, then behind it in its clause, then backwards in its
    paragraph; then the time of the article as a whole, then an open end at the publication date.
    """
    before = times.mentions.last_within(sentence.start, at.end)
    if status == "actual" and before and is_former(times.text, at) and (then := _former(times, before, at)):
        return then
    for each in reversed(before):
        if _applies(times, each, at, status):
            if each.mention.kind == "future" and is_former(times.text, at):
                return until_then(each.mention, times.published)
            return _so_far(_since(each, before), times, status, at)
    for each in _behind(times, at.end, sentence.end):
        if _applies(times, each, at, status):
            return _so_far(_since(each, before), times, status, at)
    near = max(sentence.start, at.start - _STOCK_REACH)
    if status == "actual" and (
        _STOCK.search(times.text, near, at.start) or _CAREER.search(times.text, near, at.start)
    ):
        return undated(at, times.published)
    event = None if before else _of_event(times, at, sentence, paragraph, status)
    if event is not None:
        return _so_far(event.mention, times, status, at)
    if status == "planned" and task and at.per == "each":
        return task
    carried = _carried(times, sentence, paragraph, status) or _of_article(times, at, paragraph, status)
    if status == "planned" and carried and _is_term(carried.mention, times.present):
        return of_year(at, times.present, times.published)
    if carried is None or (status == "planned" and _is_over(times, carried.mention)):
        return (
            of_plan(at, times.present, times.published)
            if status == "planned"
            else undated(at, times.published)
        )
    if status == "planned" and carried.mention.precision == "day" and times.published is None:
        return ahead(carried.mention)
    return _so_far(carried.mention, times, status, at)


def _former(times: Times, before: Sequence[Dated], at: Span) -> DateMention | None:
    """The time of what was before a change, by what its sentence names last: 前年, 五年来, 与上年相比."""
    named = [each for each in before if each.mention.kind != "cumulative" or each.mention.date_start]
    if not named or named[-1].end > at.start or named[-1].mention.kind == "future":
        return None
    then = when_it_began(named[-1].mention)
    if then is None or times.present is None or then.date_end is None or then.date_end >= times.present:
        return None
    return then


def _behind(times: Times, start: int, end: int) -> Sequence[Dated]:
    """The mentions that begin in start..end before the clause of `start` ends."""
    mentions = times.mentions.last_within(start, end)
    if not mentions:
        return ()
    return times.mentions.last_within(start, min(end, clause_end(times.text, start)))


def _applies(times: Times, dated: Dated, at: Span, status: Status) -> bool:
    """Whether a mention of the quantity's own sentence may date it."""
    mention = dated.mention
    if not dated.usable or dated.reach < at.start:
        return False
    if status == "planned" and (_is_over(times, mention) or _is_now(times, mention)):
        return False
    if status == "actual" and (dated.telling or (mention.kind == "future" and not _in_force(times, mention))):
        return False
    if mention.rule == "compared":
        return mention.end <= at.start and bool(_OF_THAT_TIME.fullmatch(times.text, mention.end, at.start))
    return True


def _is_now(times: Times, mention: DateMention) -> bool:
    """Whether a mention says how things stand (目前), which is no time for a plan."""
    return mention.kind == "cumulative" and mention.date_start is None and mention.date_end == times.published


def _in_force(times: Times, mention: DateMention) -> bool:
    """Whether what runs from a day (今年起) has begun."""
    if mention.rule != "from" or mention.date_start is None:
        return False
    return times.present is not None and mention.date_start <= times.present


def _is_term(mention: DateMention, present: date | None) -> bool:
    """Whether a mention only bounds the present year: 年底前, 6月起. What is planned next is of that year."""
    bound = mention.date_end or mention.date_start
    if mention.kind != "future" or mention.precision != "open" or bound is None or present is None:
        return False
    return mention.rule in _TERMS and bound.year == present.year


def _is_over(times: Times, mention: DateMention) -> bool:
    """Whether a period is over, and no time for a plan. A day may be that of the planning."""
    if mention.precision == "day" or mention.kind == "future" or mention.date_end is None:
        return False
    return times.present is not None and mention.date_end < times.present


def _carried(times: Times, sentence: Span, paragraph: Span, status: Status) -> Dated | None:
    """The time at which the sentences before, in the same paragraph, have arrived."""
    for dated in reversed(times.mentions.last_within(paragraph.start, sentence.start)):
        if status == "planned":
            if dated.mention.kind == "future":
                return dated
            if _is_over(times, dated.mention):
                continue
        if status == "actual" and (dated.telling or _is_to_come(times, dated.mention)):
            continue
        if carries(dated, times.published):
            return _since_begun(dated, times.published) if dated.begun else dated
    return None


def _is_to_come(times: Times, mention: DateMention) -> bool:
    """Whether a time was to come when the page was printed. What has been arranged may be of one that is told
    with its end (7月10日至8月18日)."""
    start = mention.date_start
    return mention.rule != "range" and bool(start and times.published and start > times.published)


def _since_begun(dated: Dated, published: date | None) -> Dated:
    """The time since what began in the mention."""
    mention = replace(dated.mention, date_end=published, precision="span", kind="cumulative", rule="since")
    return replace(dated, mention=mention)


def _of_event(times: Times, at: Quantity, sentence: Span, paragraph: Span, status: Status) -> Dated | None:
    """The time of the opening, where the sentence says that it tells of the same event and its paragraph has
    named no other day."""
    opening = times.opening
    if opening is None or status == "planned" or opening.telling:
        return None
    if opening.mention.precision not in ("day", "span"):
        return None
    end = min(sentence.end, at.end + _BEHIND, sentence.start + _EVENT_REACH)
    if not _AT_EVENT.search(times.text[sentence.start : end]):
        return None
    others = times.mentions.last_within(paragraph.start, sentence.start)
    return None if any(each.carries and each.mention.precision == "day" for each in others) else opening


def _of_article(times: Times, at: Quantity, paragraph: Span, status: Status) -> Dated | None:
    """The time of the article as a whole: of the heading above, else of its opening, and further down of its
    headline."""
    if times.sections.spans and (above := times.sections.last_within(0, paragraph.start)):
        return above[-1]
    opening = times.opening
    if opening is None or (status == "actual" and (opening.telling or _is_to_come(times, opening.mention))):
        return times.headline
    if opening.mention.precision == "month" and not _is_month_of_page(times, opening, at):
        return times.headline
    if opening.mention.precision != "day":
        return opening
    if status == "planned":
        return None if times.published and is_task(at) else opening
    behind = times.paragraphs.at(at.start) - times.paragraphs.at(opening.start)
    if at.start >= times.opening_end or (behind and times.text.startswith(_BULLETS, paragraph.start)):
        return times.headline
    since = times.mentions.last_within(opening.end, at.start)
    if behind < _REACH:
        return opening
    return times.headline if any(_leaves(each, opening.mention) for each in since) else opening


def _is_month_of_page(times: Times, month: Dated, at: Quantity) -> bool:
    """Whether a month is that of the whole page (本月), and not the time of its own paragraph alone."""
    if times.text.startswith(_THIS_MONTH, month.start):
        return True
    return times.paragraphs.at(at.start) == times.paragraphs.at(month.start) and month.end <= at.start


def _leaves(dated: Dated, day: DateMention) -> bool:
    """Whether an account leaves the day it opened with for a period. The year of that day, in figures, is
    mostly part of a name."""
    mention = dated.mention
    if not dated.carries or mention.precision == "day":
        return False
    if mention.precision != "year" or mention.basis != "printed" or day.date_start is None:
        return True
    return mention.date_start is None or mention.date_start.year != day.date_start.year


def _since(dated: Dated, before: Sequence[Dated]) -> DateMention:
    """The mention; `至今` and `累计` begin where their sentence has named a start (自2018年8月起)."""
    mention = dated.mention
    if mention.kind != "cumulative" or mention.date_start is not None:
        return mention
    starts = (
        each.mention.date_start
        for each in reversed(before)
        if each.start < dated.start and each.mention.rule in _STARTS and each.mention.date_start
    )
    start = next(starts, None)
    if start is None or (mention.date_end is not None and start > mention.date_end):
        return mention
    return replace(mention, date_start=start)


def _so_far(mention: DateMention, times: Times, status: Status, at: Quantity) -> DateMention:
    """What is done counts up to the publication date: `今年` ends there, not so a printed `2023年`."""
    named = mention.precision in ("quarter", "half-year") or _is_whole(mention)
    if status == "planned" and mention.date_start is None:
        return from_now(mention, times.published)
    if status == "planned" or named or (at.per and mention.precision == "year"):
        return mention
    return cut_to(mention, times.published)


def _is_whole(mention: DateMention) -> bool:
    """Whether both ends are printed: a year in figures, a range, a third of a month (上旬, 中旬, 下旬)."""
    if mention.precision == "year":
        return mention.basis == "printed"
    start, end = mention.date_start, mention.date_end
    if mention.rule == "calendar" and mention.precision == "span" and start is not None and end is not None:
        return (start.year, start.month) == (end.year, end.month)
    return mention.rule == "range"
