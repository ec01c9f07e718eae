"""The figures on which `unionkb.health` decides, from the database."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import crawler.sources
from unionkb.health import Source, Visit
from unionkb.store import Store

WATCHED_DAYS = 30
"""A source that was not crawled for so long before the last crawl is not watched any more."""
LEARNT_DAYS = 730
"""How far back the rhythm of a source is learnt, and how many days with articles are looked at."""
MOST_DAYS = 60
MOST_VISITS = 100

_SOURCES = """
SELECT source.source_id, max(run_source.started_at) AS last
FROM source JOIN run_source ON run_source.source_id = source.source_id
WHERE source.kind = 'site' GROUP BY source.source_id ORDER BY source.source_id
"""
_VISITS = """
SELECT run_source.*, run.status
FROM run_source JOIN run ON run.run_id = run_source.run_id
WHERE source_id = ? ORDER BY run_source.run_id DESC LIMIT ?
"""
_DAYS = """
SELECT DISTINCT article.published
FROM page JOIN article ON article.page_id = page.page_id
WHERE page.source_id = ? AND page.superseded_by IS NULL AND article.published BETWEEN ? AND ?
ORDER BY article.published DESC LIMIT ?
"""
_STARTS = """
SELECT url, kind, state, coalesce(reason, state) AS reason, tries FROM frontier
WHERE source_id = ? AND found_on IS NULL AND state IN ('failed', 'gone')
ORDER BY url
"""
_CRAWLS = "SELECT started_at FROM run WHERE command = 'crawl' ORDER BY run_id DESC LIMIT ?"
FORBIDDEN = "forbidden by robots.txt"
DAILY = "issue"
"""Kind of the starting points of which there is one a day, and often none."""


def sources(
    kb: Store, known: Mapping[str, crawler.sources.Source], now: datetime, at_work: bool
) -> Iterator[Source]:
    """All sources that are watched, in the order of their ids. `known` are those that are configured."""
    rows = list(kb.rows(_SOURCES))
    newest = max((_moment(row["last"]) for row in rows), default=now)
    for row in rows:
        own = known.get(row["source_id"])
        if (own and own.disabled) or newest - _moment(row["last"]) > timedelta(days=WATCHED_DAYS):
            continue
        yield _source(kb, row["source_id"], own, now, at_work)


def crawls(kb: Store) -> list[datetime]:
    """When the last crawls were begun, the newest first."""
    return [_moment(row["started_at"]) for row in kb.rows(_CRAWLS, [MOST_DAYS])]


def now() -> datetime:
    """The moment, UTC."""
    return datetime.now(UTC)


def _source(
    kb: Store, source_id: str, own: crawler.sources.Source | None, now: datetime, at_work: bool
) -> Source:
    since = (now - timedelta(days=LEARNT_DAYS)).date()
    days = kb.rows(_DAYS, [source_id, since.isoformat(), now.date().isoformat(), MOST_DAYS])
    visits = [
        _visit(row, at_work and index == 0)
        for index, row in enumerate(kb.rows(_VISITS, [source_id, MOST_VISITS]))
    ]
    starts = list(_starts(kb, source_id, own, now))
    return Source(
        source_id,
        visits,
        [datetime.fromisoformat(row["published"]).date() for row in days],
        own.rhythm_days if own else None,
        [row["url"] for row in starts if row["reason"].startswith(FORBIDDEN)],
        [(row["url"], row["reason"]) for row in starts if not row["reason"].startswith(FORBIDDEN)],
    )


def _starts(
    kb: Store, source_id: str, own: crawler.sources.Source | None, now: datetime
) -> Iterator[dict[str, Any]]:
    """Starting points that are still in use and do not work, more than once."""
    wanted = None
    if own is not None:
        today = own.starts_on(now.date())
        wanted = {own.canonical(start.page(1)) for start in today if "%" not in start.url}
    for row in kb.rows(_STARTS, [source_id]):
        forbidden = row["reason"].startswith(FORBIDDEN)
        if row["kind"] == DAILY:
            if forbidden:
                yield row
        elif (wanted is None or row["url"] in wanted) and (
            forbidden or row["state"] == "gone" or row["tries"] > 1
        ):
            yield row


def _visit(row: Mapping[str, Any], at_work: bool) -> Visit:
    names = ("fetched", "new", "changed", "failed", "articles", "undated", "empty")
    return Visit(
        _moment(row["started_at"]),
        _moment(row["finished_at"]) if row["finished_at"] else None,
        row["outcome"],
        at_work and row["status"] == "running",
        **{name: row[name] for name in names},
    )


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
