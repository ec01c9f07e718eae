"""What is to be fetched, what became of what was fetched: the queue of a crawl, kept in the database.

A URL is committed when it is found and again when its answer is stored, so a crawl can be killed at any
moment and goes on where it was. Transactions are the caller's: all that belongs to one answer goes into one.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, NamedTuple

Kind = Literal["list", "issue", "leaf", "feed", "sitemap", "article", "part"]
"""What a URL leads to, as in the table `frontier`."""

DOCUMENTS = ("article", "part")
"""Kinds whose pages are kept; the others are read for their links only."""

ASKED = "asked to be left alone for"
"""In the reason of a failure: the server said when to come again."""

LONGEST_WAIT = timedelta(days=30)

CLOCK_TOLERANCE = timedelta(minutes=2)
"""Clocks are set back by less than this all the time."""


@dataclass(frozen=True, slots=True)
class Found:
    """A URL to be fetched. `hints` is what the linking page says of it."""

    url: str
    kind: Kind
    hints: Mapping[str, Any] = field(default_factory=dict)
    part_of: str | None = None
    """URL of the article whose further page this is."""
    again: bool = False
    """Fetch it also when it was fetched before."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the frontier, as far as fetching it needs it."""

    url: str
    kind: Kind
    tries: int = 0
    hints: Mapping[str, Any] = field(default_factory=dict)
    found_at: str = ""
    etag: str | None = None
    last_modified: str | None = None
    page_id: str | None = None
    part_of: str | None = None


class Headers(NamedTuple):
    """Of an answer, what the next request is to know: its status and the validators."""

    status: int | None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """How long until a URL is asked for again."""

    first_retry: timedelta = timedelta(minutes=1)
    """After a first failure that may pass (no answer, a server error); four times as long after each more."""
    longest_retry: timedelta = timedelta(days=3)
    first_lasting: timedelta = timedelta(days=1)
    """After a first failure that will hardly pass (too big, forbidden); twice as long after each more."""
    most_tries: int = 12
    """Failures in a row after which a URL is given up for good."""
    longest_retry_after: timedelta = timedelta(days=1)
    """A server that asks for more patience is asked again after this."""
    rechecks: tuple[timedelta, ...] = (timedelta(days=1), timedelta(days=7))
    """Ages since it was found at which an article is asked for again, for corrections."""
    young: timedelta = timedelta(days=30)
    """Articles published longer ago are not asked for again."""

    def after_failure(self, tries: int, *, lasting: bool, asked: float | None = None) -> timedelta | None:
        """Until the next try after `tries` failures in a row, `asked` being what the server asked for, in
        seconds; None for no more tries. The same for the same arguments."""
        if tries >= self.most_tries:
            return None
        if lasting:
            wait = min(self.first_lasting * int(2 ** (tries - 1)), LONGEST_WAIT)
        else:
            wait = min(self.first_retry * int(4 ** min(tries - 1, 20)), self.longest_retry)
        if asked is not None:
            wait = max(min(timedelta(seconds=max(asked, 0)), self.longest_retry_after), timedelta(seconds=1))
        return wait

    def until_recheck(self, found: datetime, now: datetime, published: date | None) -> datetime | None:
        """When an article that was just fetched is due again; None for never."""
        if published and now.date() - published > self.young:
            return None
        return next((due for age in self.rechecks if (due := found + age) > now), None)


def stamp(moment: datetime) -> str:
    """A moment as the tables have it: UTC, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(stamped: str) -> datetime:
    """The inverse of `stamp`."""
    return datetime.strptime(stamped, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def now() -> datetime:
    """The moment, UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


_COLUMNS = "url, kind, tries, hints, found_at, etag, last_modified, page_id, part_of"
_DUE = (
    # Ranges of one index, in the order of the work: what is open, what failed, what may have changed.
    f"SELECT {_COLUMNS} FROM frontier WHERE source_id = :source AND state = 'pending' "
    "AND next_try IS NULL LIMIT :limit",
    *(
        f"SELECT {_COLUMNS} FROM frontier WHERE source_id = :source AND state = '{state}' "
        "AND next_try <= :now ORDER BY next_try LIMIT :limit"
        for state in ("pending", "failed", "fetched")
    ),
)
_ONE = f"SELECT {_COLUMNS} FROM frontier WHERE url = ? AND source_id = ? AND state IN ('pending', ?)"
_NEXT = "SELECT min(next_try) FROM frontier WHERE source_id = ? AND state = ? AND next_try > ?"
_ADD = """
    INSERT INTO frontier (url, source_id, kind, hints, found_on, found_at, part_of)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO NOTHING
"""
# A server that asked for patience gets it.
_AGAIN = f"""
    UPDATE frontier SET state = 'pending', next_try = NULL, hints = ?, kind = ?
    WHERE url = ? AND source_id = ?
        AND NOT (state = 'failed' AND reason LIKE '%{ASKED}%' AND coalesce(next_try, '') > ?)
"""
_FETCHED = """
    UPDATE frontier SET state = ?, reason = ?, tries = 0, next_try = ?, fetched_at = ?, http_status = ?,
        etag = ?, last_modified = ?, page_id = coalesce(?, page_id),
        changed_at = CASE WHEN ? THEN ? ELSE changed_at END
    WHERE url = ?
"""
_UNCHANGED = """
    UPDATE frontier SET state = 'fetched', reason = NULL, tries = 0, next_try = ?, fetched_at = ?,
        http_status = ?, etag = coalesce(?, etag), last_modified = coalesce(?, last_modified)
    WHERE url = ?
"""
_FAILED = """
    UPDATE frontier SET state = 'failed', reason = ?, tries = tries + 1, next_try = ?, http_status = ?
    WHERE url = ?
"""
_LAST_RUN = """
    SELECT coalesce(finished_at, started_at) FROM run_source WHERE source_id = ? ORDER BY run_id DESC LIMIT 1
"""
_CLOCK = """
    UPDATE frontier SET next_try = :now WHERE source_id = :source AND state = :state AND next_try > :now
"""


class Frontier:
    """The URLs of one source. Nothing here begins or ends a transaction."""

    def __init__(self, connection: sqlite3.Connection, source_id: str, waits: Waits | None = None) -> None:
        self.connection = connection
        self.source_id = source_id
        self.waits = waits or Waits()

    def add(self, found: Iterable[Found], found_on: str | None = None) -> int:
        """Put down URLs; those known already stay as they are, or, if wanted `again`, become due. Returns how
        many are new."""
        new, when = 0, stamp(now())
        execute = self.connection.execute
        for each in found:
            hints = json.dumps(dict(each.hints), ensure_ascii=False) if each.hints else "{}"
            row = (each.url, self.source_id, each.kind, hints, found_on, when, each.part_of)
            if execute(_ADD, row).rowcount:
                new += 1
            elif each.again:
                execute(_AGAIN, (hints, each.kind, each.url, self.source_id, when))
        return new

    def knows(self, url: str) -> bool:
        """Whether a URL was found before, by whichever source."""
        return self.connection.execute("SELECT 1 FROM frontier WHERE url = ?", (url,)).fetchone() is not None

    def get(self, url: str, *, or_failed: bool = False) -> Entry | None:
        """The row of a URL of this source that is open, or that failed."""
        row = self.connection.execute(_ONE, (url, self.source_id, "failed" if or_failed else "")).fetchone()
        return _entry(row) if row else None

    def page_of(self, url: str) -> str | None:
        """Id of the page that is stored of a URL."""
        row = self.connection.execute("SELECT page_id FROM frontier WHERE url = ?", (url,)).fetchone()
        return row[0] if row else None

    def take(self, limit: int, but: Collection[str] = ()) -> list[Entry]:
        """At most `limit` URLs that are due, without those in `but`: open ones first, then failures whose
        time has come, then what may have changed."""
        entries: list[Entry] = []
        arguments = {"source": self.source_id, "now": stamp(now()), "limit": limit + len(but)}
        for query in _DUE:
            for row in self.connection.execute(query, arguments):
                if row[0] not in but:
                    entries.append(_entry(row))
                    if len(entries) == limit:
                        return entries
        return entries

    def next_due(self) -> datetime | None:
        """When the next URL that waits for another try falls due; None where none does."""
        times = [
            row[0]
            for state in ("pending", "failed")
            if (row := self.connection.execute(_NEXT, (self.source_id, state, stamp(now()))).fetchone())
        ]
        return min((moment(time) for time in times if time), default=None)

    def asked_to_wait(self) -> datetime | None:
        """Until when the server asked to be left alone, as far as that is ahead."""
        row = self.connection.execute(
            "SELECT max(next_try) FROM frontier WHERE source_id = ? AND state = 'failed' AND next_try > ? "
            f"AND reason LIKE '%{ASKED}%'",
            (self.source_id, stamp(now())),
        ).fetchone()
        return moment(row[0]) if row[0] else None

    def stored(
        self,
        entry: Entry,
        page_id: str | None,
        answer: Headers,
        published: date | None = None,
        reason: str = "",
    ) -> None:
        """It was fetched: its page is stored, or (no `page_id`) it was read for its links."""
        due = self._recheck(entry, published) if page_id else None
        self._fetched(entry, "fetched", answer, reason, page_id, due)

    def unchanged(self, entry: Entry, answer: Headers, published: date | None = None) -> None:
        """It was asked for again and is as it was."""
        due = self._recheck(entry, published)
        row = (_stamp(due), stamp(now()), answer.status, answer.etag, answer.last_modified, entry.url)
        self.connection.execute(_UNCHANGED, row)

    def passed(self, entry: Entry, answer: Headers) -> None:
        """It was fetched and left out, as not of union interest."""
        self._fetched(entry, "passed", answer, "not of union interest")

    def gone(self, entry: Entry, status: int | None, reason: str) -> None:
        """The server has nothing there."""
        self._fetched(entry, "gone", Headers(status), reason)

    def failed(
        self,
        entry: Entry,
        reason: str,
        *,
        status: int | None = None,
        lasting: bool = False,
        asked: float | None = None,
    ) -> datetime | None:
        """It could not be fetched, for now. `asked` is the patience a server asked for, in seconds. Returns
        when it is tried again."""
        wait = self.waits.after_failure(entry.tries + 1, lasting=lasting, asked=asked)
        due = now() + wait if wait is not None else None
        self.connection.execute(_FAILED, (reason, stamp(due) if due else None, status, entry.url))
        return due

    def last_run(self) -> datetime | None:
        """When the source was crawled last, as the clock said then."""
        row = self.connection.execute(_LAST_RUN, (self.source_id,)).fetchone()
        return moment(row[0]) if row else None

    def mend_clock(self, last_run: datetime | None) -> None:
        """Make due what waits, if the last crawl was in the future: then the clock has been set back since,
        and the moments put down before mean nothing."""
        if last_run and last_run > now() + CLOCK_TOLERANCE:
            arguments = {"source": self.source_id, "now": stamp(now())}
            for state in ("pending", "failed", "fetched"):
                self.connection.execute(_CLOCK, arguments | {"state": state})

    def _fetched(
        self,
        entry: Entry,
        state: str,
        answer: Headers,
        reason: str,
        page_id: str | None = None,
        due: datetime | None = None,
    ) -> None:
        when = stamp(now())
        row = (
            state,
            reason or None,
            _stamp(due),
            when,
            *answer,
            page_id,
            page_id is not None,
            when,
            entry.url,
        )
        self.connection.execute(_FETCHED, row)

    def _recheck(self, entry: Entry, published: date | None) -> datetime | None:
        if entry.kind not in DOCUMENTS or not entry.found_at:
            return None
        return self.waits.until_recheck(moment(entry.found_at), now(), published)


def _stamp(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None


def _entry(row: Sequence[Any]) -> Entry:
    return Entry(row[0], row[1], row[2], {} if row[3] == "{}" else json.loads(row[3]), *row[4:])
