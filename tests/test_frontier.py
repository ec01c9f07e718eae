"""The queue of a crawl in the database: what is due, in which order, and what becomes of each URL."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import frontier
from crawler.frontier import ASKED, Entry, Found, Frontier, Headers, Waits
from unionkb import store

NOW = datetime(2024, 5, 20, 8, 0, 0, tzinfo=UTC)
A, B, C = (f"https://news.example.cn/{name}.html" for name in "abc")
OK = Headers(200, '"v1"', "Mon, 20 May 2024 08:00:00 GMT")


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(frontier, "now", made)
    return made


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with store.open(tmp_path / "kb.sqlite", write=True) as kb:
        db = kb.db.conn
        for source in ("s", "other"):
            db.execute("INSERT INTO source (source_id, name, kind) VALUES (?, ?, 'site')", [source, source])
        db.execute("INSERT INTO run (command, extractor_version, started_at) VALUES ('crawl', '', '')")
        for page in ("p1", "p2"):
            db.execute(
                "INSERT INTO page VALUES (?, 's', ?, ?, 'text/html', 'utf-8', 1, '', '', 0, 0, '', 1, '', "
                "NULL, NULL, 200)",
                [page, page, page],
            )
        yield db


@pytest.fixture
def queue(db: sqlite3.Connection, clock: Clock) -> Frontier:
    return Frontier(db, "s")


def _urls(entries: list[Entry]) -> list[str]:
    return [entry.url for entry in entries]


def _only(queue: Frontier) -> Entry:
    (entry,) = queue.take(10)
    return entry


def test_what_is_found_is_due_once(queue: Frontier) -> None:
    hints = {"title": "送清凉", "page_number": "02"}
    assert queue.add([Found(A, "article", hints), Found(B, "list")], found_on=C) == 2
    assert queue.add([Found(A, "article"), Found(B, "leaf")]) == 0
    entries = {entry.url: entry for entry in queue.take(10)}
    assert set(entries) == {A, B}
    assert entries[A].hints == hints
    assert entries[B].kind == "list"
    assert queue.knows(A)
    assert not queue.knows(C)


def test_each_source_has_its_own(queue: Frontier, db: sqlite3.Connection) -> None:
    other = Frontier(db, "other")
    queue.add([Found(A, "article")])
    assert other.take(10) == []
    assert other.add([Found(A, "article", again=True)]) == 0, "the other source has it"
    assert _urls(queue.take(10)) == [A]


def test_what_is_under_way_is_not_taken_again(queue: Frontier) -> None:
    queue.add(Found(url, "article") for url in (A, B, C))
    assert _urls(queue.take(2)) == [A, B]
    assert _urls(queue.take(2, {A, B})) == [C]
    assert queue.take(2, {A, B, C}) == []


def test_open_ones_come_before_failures_and_those_before_rechecks(queue: Frontier, clock: Clock) -> None:
    queue.add([Found(A, "article"), Found(B, "article")])
    first, second = queue.take(2)
    queue.stored(first, "p1", OK)
    queue.failed(second, "HTTP 500")
    clock.forward(days=1)
    queue.add([Found(C, "article")])
    assert _urls(queue.take(10)) == [C, B, A]


def test_an_article_is_asked_for_again_after_a_day_and_a_week(queue: Frontier, clock: Clock) -> None:
    queue.add([Found(A, "article")])
    queue.stored(_only(queue), "p1", OK, published=NOW.date())
    assert queue.take(1) == []
    clock.forward(days=1)
    entry = _only(queue)
    assert (entry.etag, entry.last_modified, entry.page_id) == (*OK[1:], "p1")
    queue.unchanged(entry, Headers(304), NOW.date())
    clock.forward(days=5, hours=23)
    assert queue.take(1) == []
    clock.forward(hours=1)
    entry = _only(queue)
    assert entry.etag == OK.etag, "an answer without validators does not take them away"
    queue.stored(entry, "p2", Headers(200), NOW.date())
    clock.forward(days=300)
    assert queue.take(1) == []


def test_old_articles_are_not_asked_for_again(queue: Frontier, clock: Clock) -> None:
    queue.add([Found(A, "article")])
    queue.stored(_only(queue), "p1", OK, published=date(2019, 3, 1))
    clock.forward(days=30)
    assert queue.take(1) == []


@pytest.mark.parametrize("kind", ["list", "feed", "sitemap", "issue", "leaf"])
def test_pages_read_for_links_are_due_when_wanted_again(queue: Frontier, clock: Clock, kind: str) -> None:
    queue.add([Found(A, kind, {"page": 1})])
    queue.stored(_only(queue), None, OK)
    clock.forward(days=400)
    assert queue.take(1) == []
    assert queue.add([Found(A, kind, {"page": 2}, again=True)]) == 0
    entry = _only(queue)
    assert entry.hints == {"page": 2}
    assert entry.etag == OK.etag


def test_gone_and_passed_are_done_with(queue: Frontier, db: sqlite3.Connection, clock: Clock) -> None:
    queue.add([Found(A, "article"), Found(B, "article")])
    first, second = queue.take(2)
    queue.gone(first, 404, "HTTP 404 Not Found")
    queue.passed(second, OK)
    clock.forward(days=400)
    assert queue.take(2) == []
    states = db.execute("SELECT state, http_status, reason FROM frontier ORDER BY url").fetchall()
    assert states == [("gone", 404, "HTTP 404 Not Found"), ("passed", 200, "not of union interest")]


def test_failures_wait_longer_and_longer(queue: Frontier, clock: Clock) -> None:
    queue.add([Found(A, "article")])
    waits = []
    for _ in range(Waits().most_tries - 1):
        entry = _only(queue)
        due = queue.failed(entry, "HTTP 502")
        assert due is not None
        assert queue.take(1) == []
        assert queue.next_due() == due
        waits.append(due - clock.now)
        clock.now = due
    assert waits == sorted(waits)
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16)]
    assert waits[-1] == timedelta(days=3)
    assert queue.failed(_only(queue), "HTTP 502") is None
    clock.forward(days=4000)
    assert queue.take(1) == []
    assert queue.next_due() is None


def test_a_success_wipes_failures_away(queue: Frontier, clock: Clock, db: sqlite3.Connection) -> None:
    queue.add([Found(A, "article")])
    queue.failed(_only(queue), "HTTP 502", status=502)
    clock.forward(hours=1)
    entry = _only(queue)
    assert entry.tries == 1
    queue.stored(entry, "p1", OK)
    assert db.execute("SELECT state, reason, tries, http_status FROM frontier").fetchone() == (
        *("fetched", None, 0, 200),
    )


@given(
    tries=st.integers(1, 11),
    lasting=st.booleans(),
    asked=st.none() | st.floats(0, 1e12, allow_nan=False),
)
def test_waits_are_bounded_and_always_the_same(tries: int, lasting: bool, asked: float | None) -> None:
    waits = Waits()
    wait = waits.after_failure(tries, lasting=lasting, asked=asked)
    assert wait == waits.after_failure(tries, lasting=lasting, asked=asked)
    assert wait is not None
    assert timedelta(seconds=1) <= wait <= timedelta(days=30)
    if asked is not None:
        assert wait <= waits.longest_retry_after


def test_a_server_that_asks_for_patience_gets_it(queue: Frontier, clock: Clock) -> None:
    queue.add([Found(A, "list")])
    queue.failed(_only(queue), f"HTTP 503, {ASKED} 600 s", status=503, asked=600)
    assert queue.asked_to_wait() == NOW + timedelta(minutes=10)
    queue.add([Found(A, "list", again=True)])
    assert queue.take(1) == []
    clock.forward(minutes=10)
    assert queue.asked_to_wait() is None
    assert _urls(queue.take(1)) == [A]


def test_a_list_that_failed_is_due_with_the_next_run(queue: Frontier) -> None:
    queue.add([Found(A, "list")])
    queue.failed(_only(queue), "HTTP 503 Service Unavailable", status=503)
    assert queue.asked_to_wait() is None
    queue.add([Found(A, "list", again=True)])
    assert _urls(queue.take(1)) == [A]


def _crawled(db: sqlite3.Connection, when: datetime) -> None:
    db.execute(
        "INSERT INTO run_source (run_id, source_id, started_at, finished_at) VALUES (1, 's', ?, ?)",
        [frontier.stamp(when)] * 2,
    )


def test_a_clock_set_back_holds_nothing_up(queue: Frontier, clock: Clock, db: sqlite3.Connection) -> None:
    clock.now = NOW + timedelta(days=3000)
    queue.add([Found(A, "article"), Found(B, "article"), Found(C, "article")])
    first, second, _ = queue.take(3)
    queue.failed(first, "HTTP 500")
    queue.stored(second, "p1", OK)
    _crawled(db, clock.now)
    clock.now = NOW
    assert _urls(queue.take(10)) == [C], "open URLs do not depend on the clock"
    queue.mend_clock(queue.last_run())
    assert _urls(queue.take(10)) == [C, A, B]


def test_a_clock_that_is_right_changes_no_wait(queue: Frontier, clock: Clock, db: sqlite3.Connection) -> None:
    queue.add([Found(A, "article")])
    queue.failed(_only(queue), "HTTP 500")
    _crawled(db, clock.now)
    clock.forward(seconds=-1)
    queue.mend_clock(queue.last_run())
    assert queue.take(1) == []


def test_nothing_is_written_outside_the_callers_transaction(queue: Frontier, db: sqlite3.Connection) -> None:
    db.commit()
    db.execute("BEGIN")
    queue.add([Found(A, "article")])
    queue.failed(_only(queue), "HTTP 500")
    db.rollback()
    assert queue.take(1) == []
    assert not queue.knows(A)


def test_taking_is_a_look_into_the_index(queue: Frontier, db: sqlite3.Connection) -> None:
    """Not a scan of a queue that may hold a million URLs."""
    for query in frontier._DUE:
        plan = db.execute(f"EXPLAIN QUERY PLAN {query}", {"source": "s", "now": "", "limit": 1}).fetchall()
        assert all("USING INDEX frontier_work" in row[3] for row in plan), plan
