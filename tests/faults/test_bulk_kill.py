"""Bulk reading whose workers, scheduler or whole program is killed ends as an undisturbed run does."""

import math
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import warcs
from bulks import (
    Ingest,
    content,
    dask,
    ingest,
    kill,
    leftovers,
    results,
    wait_until_ended,
    workers,
)

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are found in /proc"),
]

SHARDS = 200
KILLS = {"pool": 16, "dask": 8}
PROGRAM_KILLS = 2
MOST_SECONDS = 180


class World:
    """Archives cut into SHARDS shards of one page, and what an undisturbed run makes of them."""

    def __init__(self, folder: Path) -> None:
        paths = warcs.archives(folder / "warcs", SHARDS // 4, 4)
        # The same step for all files: the largest is cut into four, and so is each of the others.
        step = math.ceil(max(path.stat().st_size for path in paths) / 4)
        self.args = [folder / "warcs", "--shard-size", step / 1e6]
        self.calm = folder / "calm.sqlite"
        done = ingest(self.calm, *self.args, "--workers", 2, seconds=MOST_SECONDS)
        assert (done.code, done.lines) == (0, [])
        self.results = results(self.calm.with_name("calm.sqlite.shards"))
        assert len(self.results) == SHARDS

    def assert_equal(self, db: Path) -> None:
        folder = db.with_name(f"{db.name}.shards")
        assert results(folder) == self.results
        assert leftovers(folder) == []
        assert content(db) == content(self.calm)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def _reach(run: Ingest, shards: int) -> bool:
    """Wait until so many shards are done; False when the run ended before."""
    until = time.monotonic() + MOST_SECONDS
    while run.done() < shards:
        if run.is_over():
            return False
        assert time.monotonic() < until, "the run does not get on"
        time.sleep(0.01)
    return True


def _kill_workers(run: Ingest, pids: Callable[[], list[int]], pick: random.Random, kills: int) -> int:
    """Kill a worker now and then; how many were killed."""
    killed = 0
    while killed < kills and _reach(run, run.done() + pick.randrange(1, 6)):
        time.sleep(pick.random() * 0.03)
        if at_work := pids():
            kill(pick.choice(at_work))
            killed += 1
    return killed


@pytest.fixture(params=["pool", "dask"])
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[object], int]]:
    """Its name, what chooses it, and the process whose children its workers are (0: the run itself)."""
    if request.param == "pool":
        yield "pool", ["--workers", 2], 0
    else:
        with dask() as cluster:
            yield "dask", ["--cluster", cluster.address], cluster.pid


def test_workers_and_the_program_are_killed(
    engine: tuple[str, list[object], int], world: World, tmp_path: Path
) -> None:
    name, choice, parent = engine
    pick = random.Random(7)
    db = tmp_path / "kb.sqlite"
    killed = 0
    for _ in range(PROGRAM_KILLS):
        run = Ingest(db, *world.args, *choice)
        killed += _kill_workers(run, lambda run=run: workers(parent or run.pid), pick, KILLS[name] // 2)
        orphans = [] if parent else workers(run.pid)
        assert run.kill().code == -signal.SIGKILL, "all was done before it was killed"
        wait_until_ended(orphans, 5)
    assert killed == KILLS[name] // 2 * PROGRAM_KILLS
    done = ingest(db, *world.args, *choice, seconds=MOST_SECONDS)
    assert (done.code, done.lines) == (0, []), done.err
    world.assert_equal(db)


def test_the_scheduler_is_killed(world: World, tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    with dask() as cluster:
        run = Ingest(db, *world.args, "--cluster", cluster.address)
        assert _reach(run, SHARDS // 4)
        orphans = workers(cluster.pid)
        cluster.kill()
        done = run.wait(60)
    assert done.code == 1
    assert done.lines == [
        f"{cluster.address}: the scheduler is gone; run it again, nothing that is done is lost"
    ]
    wait_until_ended(orphans, 60)
    with dask() as cluster:
        done = ingest(db, *world.args, "--cluster", cluster.address, seconds=MOST_SECONDS)
    assert (done.code, done.lines) == (0, []), done.err
    world.assert_equal(db)


def test_workers_that_cannot_start(world: World, tmp_path: Path) -> None:
    """Said once, and soon."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\nif '--multiprocessing-fork' in sys.orig_argv:\n    os._exit(3)\n"
    )
    done = ingest(
        tmp_path / "kb.sqlite", *world.args, "--workers", 2, seconds=30, env={"PYTHONPATH": str(tmp_path)}
    )
    assert done.code == 1
    assert done.lines == ["workers cannot be started; the last ended by exit with status 3"]
