"""Times that no words of an article give: of what was before a change, of plans, of what has no date."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from extract.model import Basis, DateMention, Quantity, Span

_FORMER_BEFORE: Final = re.compile(r"[由从](?:[^，,。；;]{0,10})$")
_FORMER_BEHIND: Final = re.compile(r"[^，,。；;\d]{0,4}?(?:[提调增涨升扩降减缩]\w?|发展|变)[到至为]")
_FORMER: Final = 14
_STRETCHES: Final = frozenset({"since", "span"})
"""Rules of `dates` whose mentions run up to now."""


def is_former(text: str, at: Span) -> bool:
    """Whether a quantity is what was before a change: `由每月200元提高到300元`."""
    before = _FORMER_BEFORE.search(text, max(0, at.start - _FORMER), at.start)
    return before is not None and _FORMER_BEHIND.match(text, at.end) is not None


def when_it_began(mention: DateMention) -> DateMention | None:
    """The year in which the change began that a stretch of years (五年来) or a comparison tells of."""
    start, end = mention.date_start, mention.date_end
    if start is None or end is None:
        return None
    if mention.rule in _STRETCHES:
        # In December the stretch is of whole years, and follows on the year that it is compared with.
        year = start.year - (end.month == 12)
    elif mention.precision == "year":
        year = start.year
    else:
        return None
    return replace(
        mention, date_start=date(year, 1, 1), date_end=date(year, 12, 31), precision="year", kind="event"
    )


def until_then(mention: DateMention, published: date | None) -> DateMention:
    """The time before what runs from a day, or before a plan."""
    end = published
    if mention.rule == "from" and mention.date_start is not None:
        end = mention.date_start - timedelta(1)
    return replace(mention, date_start=None, date_end=end, precision="open", kind="cumulative")


def undated(at: Span, published: date | None) -> DateMention | None:
    """What is known of the time of a fact whose article states none: it was so by the publication date."""
    if published is None:
        return None
    return DateMention(
        at.start, at.start, None, published, "open", "inferred from publication date", "recent", "undated"
    )


def is_task(at: Quantity) -> bool:
    """Whether a planned quantity is one to be reached; a rate or a ceiling is in force."""
    return at.per is None and at.bound != "under"


def of_plan(at: Quantity, present: date | None, published: date | None) -> DateMention | None:
    """A plan whose article names no time is one of the present year, in December of the next."""
    return of_year(at, present, published) if is_task(at) else undated(at, published)


def of_year(at: Span, present: date | None, published: date | None) -> DateMention | None:
    """The present year, in December the next."""
    if present is None:
        return undated(at, published)
    year = present.year + (present.month == 12)
    basis: Basis = "inferred from publication date" if published else "inferred from article"
    return DateMention(
        at.start, at.start, date(year, 1, 1), date(year, 12, 31), "year", basis, "event", "plan"
    )


def from_now(mention: DateMention, published: date | None) -> DateMention:
    """What is planned up to a day that is to come (年底前) is done between the publication and that day."""
    end = mention.date_end
    if published is None or end is None or end <= published:
        return mention
    return replace(mention, date_start=published, precision="span")


def ahead(mention: DateMention) -> DateMention:
    """A plan made on a day runs on from that day."""
    day = mention.date_start
    return DateMention(
        mention.start, mention.end, day, None, "open", "inferred from article", "future", "plan"
    )
