"""A crawl that is killed, again and again, and one that is not, end with the same."""

import random
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from crawls import (
    Crawl,
    Outlet,
    archive_files,
    assert_each_page_once,
    assert_sound,
    column,
    crawl,
    listing,
    rows,
    warcio_check,
)
from replica import Site, serve
from replica_news import Listing

pytestmark = pytest.mark.faults

PAGES = 1_000
KILLS = 20
KILLS_WHILE_READING = 6
MOST_SECONDS = 300


def _wait_until(process: Crawl, reached: Callable[[], bool]) -> bool:
    """Wait for a moment of a crawl; False when it ended before."""
    until = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until:
        if reached():
            return True
        if process.is_over():
            return False
        time.sleep(0.005)
    process.kill()
    pytest.fail("the crawl does not get on")


def _count(db: Path, sql: str) -> int:
    try:
        return int(column(db, sql)[0])
    except sqlite3.OperationalError:
        return 0  # The database is just being made.


def _read(db: Path) -> int:
    return _count(db, "SELECT count(*) FROM page WHERE extractor_version <> ''")


def _content(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a knowledge base says, without when it learnt it."""
    return {
        "pages": rows(db, "SELECT page_id, document, digest, encoding, superseded_by FROM page ORDER BY 1"),
        "articles": rows(
            db, "SELECT article_id, page_id, title, published, cluster_id, is_reprint FROM article ORDER BY 1"
        ),
        "facts": rows(db, "SELECT fact_id, article_id, organisation_id, programme_id FROM fact ORDER BY 1"),
        "organisations": rows(db, "SELECT organisation_id, name FROM organisation ORDER BY 1"),
        "tombstones": rows(db, "SELECT id FROM tombstone ORDER BY 1"),
        "frontier": rows(db, "SELECT url, kind, state, page_id, etag FROM frontier ORDER BY 1"),
    }


def _urls(outlet: Outlet, news: Listing) -> list[str]:
    return [outlet.site.address + path for path in news.paths]


def test_killed_twenty_times(tmp_path: Path) -> None:
    pick = random.Random(20)
    site = Site("kill", delay=0.0005)
    news = Listing(site, PAGES)
    killed, calm = tmp_path / "killed.sqlite", tmp_path / "calm.sqlite"
    with serve(site):
        outlet = listing("kill", site)
        step = PAGES // (KILLS - KILLS_WHILE_READING + 1)
        for kills in range(KILLS):
            process = Crawl(killed, [outlet])
            if kills < KILLS - KILLS_WHILE_READING:
                aim = len(site.hits) + pick.randrange(1, 2 * step)
                reached = _wait_until(process, lambda aim=aim: len(site.hits) >= aim)
            else:
                aim = _read(killed) + pick.randrange(1, 100)
                reached = _wait_until(process, lambda aim=aim: _read(killed) >= aim)
            time.sleep(pick.random() * 0.02)
            done = process.kill()
            assert reached, done.err
            assert done.code == -signal.SIGKILL, done.err
            assert "Traceback" not in done.err
            stored = _count(killed, "SELECT count(*) FROM page")
            if stored:
                assert_sound(killed)
            assert (stored == PAGES) == (kills >= KILLS - KILLS_WHILE_READING), "kills fell on both stages"
        done = crawl(killed, [outlet], seconds=MOST_SECONDS)
        assert done.code == 0, done.err
        hits = site.asked("/content/")
        assert set(hits) == set(news.paths)
        # Only what was under way at a kill is asked for again.
        assert sum(hits.values()) - PAGES <= 2 * KILLS
        assert site.most_at_once() == 1
        assert_sound(killed)
        assert_each_page_once(killed, _urls(outlet, news))
        warcio_check(killed)
        assert column(killed, "SELECT status FROM run ORDER BY run_id")[-2:] == ["interrupted", "done"]

        assert crawl(calm, [outlet], seconds=MOST_SECONDS).code == 0
        assert _content(killed) == _content(calm)
        assert len(_content(calm)["facts"]) > PAGES

        before = len(site.hits)
        assert crawl(killed, [outlet]).code == 0
        assert len(site.hits) - before <= 3, "what is known is asked for again"
        assert _content(killed) == _content(calm)


def test_a_torn_record_is_cut_off_and_said(tmp_path: Path) -> None:
    site = Site("torn", delay=0.001)
    news = Listing(site, 60)
    db = tmp_path / "kb.sqlite"
    with serve(site):
        outlet = listing("torn", site)
        process = Crawl(db, [outlet])
        assert _wait_until(process, lambda: len(site.hits) >= 30)
        process.kill()
        last = archive_files(db)[-1]
        whole = last.read_bytes()
        with last.open("ab") as stream:
            stream.write(whole[: len(whole) // 2][:700])
        done = crawl(db, [outlet])
        assert done.code == 0, done.err
        assert "cut off half a record of" in done.err
        assert last.name in done.err
        assert_sound(db)
        assert_each_page_once(db, _urls(outlet, news))
        warcio_check(db)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped(tmp_path: Path, number: signal.Signals) -> None:
    """A crawl that is asked to stop does so soon, and says so."""
    site = Site("stop", delay=0.01)
    news = Listing(site, 300)
    db = tmp_path / "kb.sqlite"
    with serve(site):
        outlet = listing("stop", site)
        process = Crawl(db, [outlet])
        assert _wait_until(process, lambda: len(site.hits) >= 30)
        process.send(number)
        done = process.wait(15)
        assert done.code == 130
        assert "stopped" in done.err
        assert "Traceback" not in done.err
        assert column(db, "SELECT status FROM run") == ["interrupted"]
        assert not list(tmp_path.glob("kb.sqlite-*"))
        assert_sound(db)
        assert 0 < len(column(db, "SELECT page_id FROM page")) < 300
        assert crawl(db, [outlet]).code == 0
        assert_each_page_once(db, _urls(outlet, news))
        assert max(site.asked("/content/").values()) <= 2


def test_one_crawl_at_a_time(tmp_path: Path) -> None:
    site = Site("two", delay=0.05)
    Listing(site, 100)
    db = tmp_path / "kb.sqlite"
    with serve(site):
        outlet = listing("two", site)
        first = Crawl(db, [outlet])
        assert _wait_until(first, lambda: len(site.hits) >= 5)
        other = tmp_path / "other"
        other.mkdir()
        (other / "kb.sqlite").symlink_to(db)
        second = crawl(other / "kb.sqlite", [outlet], seconds=20)
        assert second.code != 0
        assert str(first.process.pid) in second.err
        assert len(second.err.splitlines()) == 1
        assert not first.is_over()
        assert first.wait().code == 0
    assert site.most_at_once() == 1
    assert column(db, "SELECT status FROM run") == ["done"]
