"""Hours of crawling: memory stays flat, and the knowledge base sound. Not part of CI.

UNIONKB_SOAK_MINUTES says how long the crawl goes on (60); reading what came takes about as long again."""

import os
import statistics
import subprocess
import time
from pathlib import Path

import pytest
import replica_faults as faults
from crawls import Crawl, assert_sound, column, listing, warcio_check
from replica import Site, serve
from replica_news import Listing

pytestmark = pytest.mark.soak

MINUTES = float(os.environ.get("UNIONKB_SOAK_MINUTES", "60"))
GROWTH = 1.15
"""Memory of the last third of the time, as a multiple of that of the second."""


def _resident_mb(pid: int) -> float:
    done = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(done.stdout.strip() or 0) / 1024


def _watch(process: Crawl, seconds: float) -> list[float]:
    """Memory while a process is at work, at intervals."""
    until, found = time.monotonic() + seconds, []
    while not process.is_over():
        assert time.monotonic() < until, "it does not end"
        found.append(_resident_mb(process.process.pid))
        time.sleep(max(0.2, MINUTES / 10))
    return [value for value in found if value]


def _assert_flat(values: list[float]) -> None:
    third = len(values) // 3
    early, late = values[third : 2 * third], values[2 * third :]
    assert statistics.median(late) < GROWTH * statistics.median(early), values


def test_memory_stays_flat(tmp_path: Path) -> None:
    site = Site("soak", keep_hits=False)
    news = Listing(site, 3_000_000)
    for number in range(0, 3_000_000, 997):  # Now and then a page fails.
        site.add(news.path(number), faults.first(2, faults.status(500), news.html(number)))
    db = tmp_path / "kb.sqlite"
    with serve(site):
        outlet = listing("soak", site, max_pages=1_000_000, politeness={"max_pages_per_run": 10_000_000})
        limits = ("--max-minutes", str(MINUTES), "-s", "UNIONKB_FAILURES_IN_A_ROW=1000")
        fetching = Crawl(db, [outlet], "--no-read", *limits)
        _assert_flat(_watch(fetching, 90 * MINUTES))
        assert "Traceback" not in fetching.wait().err
        assert_sound(db)
        warcio_check(db)
        reading = Crawl(db, [outlet], "--max-pages", "1")
        _assert_flat(_watch(reading, 900 * MINUTES))
        assert "Traceback" not in reading.wait().err
    assert column(db, "SELECT count(*) FROM page WHERE extractor_version = ''") == [0]
    assert_sound(db)
