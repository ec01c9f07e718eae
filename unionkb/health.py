"""Is all well with a crawl that nobody watches? Decided from numbers alone; they come from health_figures."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

LEAST_SILENCE = 10
"""Days of silence that no source is blamed for: the long holidays are about so long."""
PATIENCE = 3
"""How many times as long as usual a source may be silent."""
UNKNOWN_RHYTHM = 60
"""Days of silence allowed a source of which too little is known."""
ENOUGH_DAYS = 5
"""Days with articles from which a rhythm is learnt."""
USUAL = 0.9
"""Share of the gaps between days with articles that are no longer than the usual one."""
RECENT_PAGES, RECENT_VISITS = 10, 5
"""The last visits are looked at together until they have so many pages, or are so many."""
FEWEST = 5
"""Pages below which a share says nothing."""
FROM, RISE = 0.3, 0.25
"""A share is a fault from this on, if it is also so much above what it was."""
FRESH_SHARE = 0.5
"""For a source without a past it is a fault from here on."""
MANY_FAILURES = 3
BARREN_VISITS = 3
"""Visits without a single page after which a source is called barren."""
HELD_UP_VISITS = 3
"""Visits in a row that ended at a limit, after which a source is said not to keep up."""
HARMLESS = ("finished", "stopped", "the server asks")
"""How outcomes begin that are no fault of the source."""
LIMITS = ("stopped after", "stopped at")
LEAST_PAUSE = 2.0
"""Days without a crawl that are nobody's fault."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a crawl did at a source: figures as in `run_source`."""

    started: datetime
    finished: datetime | None
    outcome: str | None = "finished"
    at_work: bool = False
    """Whether the crawl still runs."""
    fetched: int = 0
    new: int = 0
    changed: int = 0
    failed: int = 0
    articles: int = 0
    undated: int = 0
    empty: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a source."""

    id: str
    visits: Sequence[Visit]
    """The newest first."""
    days: Sequence[date] = ()
    """Days on which articles were published, each once, the newest first."""
    rhythm_days: float | None = None
    """Days between articles, as the source's file states them."""
    forbidden: Sequence[str] = ()
    """Starting points that robots.txt forbids."""
    broken: Sequence[tuple[str, str]] = ()
    """Starting points that do not work any more, each with the reason."""


def source_faults(source: Source, now: datetime) -> list[str]:
    """What is amiss with a source, a line each; nothing when all is well."""
    if not source.visits:
        return []
    checks: tuple[Callable[[Source, datetime], str | None], ...] = (
        *(_killed, _ended_badly, _forbidden, _broken, _barren, _silent, _empty, _undated, _failing, _held_up),
    )
    return [fault for check in checks if (fault := check(source, now))]


def crawl_faults(crawls: Sequence[datetime], unread: int, at_work: bool, now: datetime) -> list[str]:
    """What is amiss with the crawls as a whole: when they were begun, the newest first, and how many pages
    wait to be read."""
    faults = []
    if crawls:
        pause = _days_between(crawls[0], now)
        gaps = sorted(_days_between(earlier, later) for later, earlier in pairwise(crawls))
        usual = _quantile(gaps, USUAL) if len(gaps) >= ENOUGH_DAYS else None
        if pause > max(LEAST_PAUSE, PATIENCE * (usual or LEAST_PAUSE)):
            usually = f", usually one every {_span(usual)}" if usual else ""
            faults.append(f"no crawl for {_span(pause)}{usually}")
    if unread and not at_work:
        faults.append(f"{_count(unread, 'page')} fetched and not read; run: unionkb extract --unread")
    return faults


def usual_gap(source: Source) -> float | None:
    """Days that mostly lie between two days with articles, at most; None where too little is known."""
    if source.rhythm_days is not None:
        return source.rhythm_days
    if len(source.days) < ENOUGH_DAYS:
        return None
    gaps = [(later - earlier).days for later, earlier in pairwise(source.days)]
    return float(_quantile(sorted(gaps), USUAL))


def allowed_silence(source: Source) -> float:
    """Days that a source may be silent."""
    gap = usual_gap(source)
    return UNKNOWN_RHYTHM if gap is None else max(LEAST_SILENCE, PATIENCE * gap)


def shares(
    visits: Sequence[Visit], part: str, whole: Callable[[Visit], int]
) -> tuple[float, int, float | None]:
    """A share in the last visits and in those before: (recent, pages it rests on, past or None)."""
    recent, rest = _recent(visits, whole)
    pages, earlier = sum(map(whole, recent)), sum(map(whole, rest))
    now = sum(getattr(visit, part) for visit in recent) / pages if pages else 0.0
    past = sum(getattr(visit, part) for visit in rest) / earlier if earlier >= FEWEST else None
    return now, pages, past


def read_pages(visit: Visit) -> int:
    """Of a visit the pages that were read as articles."""
    return visit.articles + visit.empty


def requests(visit: Visit) -> int:
    """Of a visit the requests, as far as they are known."""
    return max(visit.fetched, visit.failed)


def _killed(source: Source, now: datetime) -> str | None:
    last = source.visits[0]
    if last.finished is None and not last.at_work:
        return f"the crawl begun {last.started:%Y-%m-%d %H:%M} was killed in the middle; the next one goes on"
    return None


def _ended_badly(source: Source, now: datetime) -> str | None:
    outcome = source.visits[0].outcome
    if source.visits[0].finished and outcome and not outcome.startswith(HARMLESS):
        return f"the last crawl ended: {outcome}"
    return None


def _forbidden(source: Source, now: datetime) -> str | None:
    return f"robots.txt forbids {_some(source.forbidden)}" if source.forbidden else None


def _broken(source: Source, now: datetime) -> str | None:
    if not source.broken:
        return None
    url, reason = source.broken[0]
    more = f" (and {len(source.broken) - 1} more starting points)" if len(source.broken) > 1 else ""
    return f"{url}: {reason}{more}"


def _barren(source: Source, now: datetime) -> str | None:
    done = [visit for visit in source.visits if visit.finished]
    if source.days or len(done) < BARREN_VISITS or any(visit.new or visit.articles for visit in done):
        return None
    return f"not one article in {_count(len(done), 'crawl')}"


def _silent(source: Source, now: datetime) -> str | None:
    days = [day for day in source.days if day <= now.date()]
    if not days:
        return None
    silence = (now.date() - days[0]).days
    if silence <= allowed_silence(source):
        return None
    gap = usual_gap(source)
    usually = f", usually one within {_count(round(gap), 'day')}" if gap is not None else ""
    return f"silent for {_count(silence, 'day')}: last article of {days[0]}{usually}"


def _empty(source: Source, now: datetime) -> str | None:
    share = shares(source.visits, "empty", read_pages)
    if not _risen(*share):
        return None
    return f"no article found in {_percent(share)} of the pages; has its layout changed?"


def _undated(source: Source, now: datetime) -> str | None:
    share = shares(source.visits, "undated", lambda visit: visit.articles)
    return f"no date found in {_percent(share)} of the articles" if _risen(*share) else None


def _failing(source: Source, now: datetime) -> str | None:
    share = shares(source.visits, "failed", requests)
    failed = sum(visit.failed for visit in _recent(source.visits, requests)[0])
    if failed < MANY_FAILURES or not _risen(*share):
        return None
    return f"{_percent(share)} of the requests failed; see: unionkb runs --errors"


def _held_up(source: Source, now: datetime) -> str | None:
    done = [visit for visit in source.visits if visit.finished][:HELD_UP_VISITS]
    if len(done) < HELD_UP_VISITS or not all((visit.outcome or "").startswith(LIMITS) for visit in done):
        return None
    return f"does not keep up: the last {HELD_UP_VISITS} crawls ended at a limit ({done[0].outcome})"


def _risen(now: float, pages: int, past: float | None) -> bool:
    if pages < FEWEST:
        return False
    return now >= (FRESH_SHARE if past is None else max(FROM, past + RISE))


def _recent(
    visits: Sequence[Visit], whole: Callable[[Visit], int]
) -> tuple[Sequence[Visit], Sequence[Visit]]:
    """The last visits, until they have enough pages, and the rest. Visits without any are passed over."""
    counted = [visit for visit in visits if whole(visit)]
    pages = taken = 0
    while taken < min(len(counted), RECENT_VISITS) and pages < RECENT_PAGES:
        pages += whole(counted[taken])
        taken += 1
    return counted[:taken], counted[taken:]


def _percent(share: tuple[float, int, float | None]) -> str:
    now, pages, past = share
    before = "" if past is None else f", {past:.0%} before"
    return f"{now:.0%} (of the last {pages}{before})"


def _quantile(values: Sequence[float], share: float) -> float:
    """Of sorted values the smallest that at least this share of them does not exceed."""
    return values[max(0, math.ceil(share * len(values)) - 1)]


def _days_between(earlier: datetime, later: datetime) -> float:
    return (later - earlier) / timedelta(days=1)


def _span(days: float) -> str:
    if days < 2:
        return _count(max(1, round(days * 24)), "hour")
    return _count(round(days), "day")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _some(urls: Sequence[str]) -> str:
    return urls[0] if len(urls) == 1 else f"{urls[0]} and {len(urls) - 1} more starting points"
