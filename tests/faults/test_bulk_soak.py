"""Minutes of bulk reading, over and over, with kills: memory stays flat. Not part of CI.

UNIONKB_BULK_SOAK_MINUTES says how long it goes on (10)."""

import os
import random
import statistics
import time
from pathlib import Path

import pytest
import warcs
from bulks import Ingest, ingest, kill, leftovers, resident_mb, results, workers

pytestmark = pytest.mark.soak

MINUTES = float(os.environ.get("UNIONKB_BULK_SOAK_MINUTES", "10"))
GROWTH = 1.15
"""Memory of the last third of the time, as a multiple of that of the second."""


def test_memory_stays_flat_in_bulk(tmp_path: Path) -> None:
    pick = random.Random(5)
    archives = warcs.archives(tmp_path / "warcs", 40, 200)
    args = [tmp_path / "warcs", "--workers", 2, "--no-load"]
    calm = tmp_path / "calm.sqlite"
    assert ingest(calm, *args, seconds=1200).code == 0
    expected = results(calm.with_name("calm.sqlite.shards"))
    assert len(expected) == len(archives)
    until, rounds = time.monotonic() + 60 * MINUTES, 0
    ours: list[float] = []
    theirs: list[float] = []
    while time.monotonic() < until:
        db = tmp_path / f"{rounds}.sqlite"
        run = Ingest(db, *args)
        next_kill = time.monotonic() + pick.uniform(5, 15)
        while not run.is_over():
            time.sleep(0.5)
            at_work = workers(run.pid)
            ours.append(resident_mb(run.pid))
            theirs.append(max(map(resident_mb, at_work), default=0))
            if at_work and time.monotonic() > next_kill:
                kill(pick.choice(at_work))
                next_kill += pick.uniform(5, 15)
        done = run.wait()
        assert (done.code, done.lines) == (0, []), done.err
        assert results(run.results) == expected
        assert leftovers(run.results) == []
        rounds += 1
    assert rounds > 0
    for values in (ours, theirs):
        third = len(values) // 3
        early, late = values[third : 2 * third], values[2 * third :]
        assert statistics.median(late) < GROWTH * statistics.median(early), values
