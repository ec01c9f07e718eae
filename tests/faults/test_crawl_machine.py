"""A machine that lets a crawl down: disk full, archive gone, a clock that is set back."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import replica_faults as faults
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
from replica_news import Listing, article_html, story

pytestmark = pytest.mark.faults

PAGES = 120

# The size that a file may reach stands in for that of a disk.
SMALL_FILES = """
import resource, sys
from unionkb.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
main()
"""

# A clock that is wrong by some days from the start, and by some more after some seconds.
WRONG_CLOCK = """
import datetime, time
right, began = time.time, time.monotonic()
def wrong():
    return right() + 86400 * ({days} + ({more} if time.monotonic() - began > {after} else 0))
class Moment(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(wrong(), tz)
class Day(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(wrong())
datetime.datetime, datetime.date, time.time = Moment, Day, wrong
from unionkb.cli import main
main()
"""


def clock(days: float, more: float = 0, after: float = 0) -> str:
    return WRONG_CLOCK.format(days=days, more=more, after=after)


class World:
    def __init__(self, folder: Path) -> None:
        self.db = folder / "kb.sqlite"
        self.site = Site("machine", delay=0.002)
        self.news = Listing(self.site, PAGES)
        self.archive = folder / "kb.sqlite.warc"

    @property
    def outlet(self) -> Outlet:
        return listing("machine", self.site)

    def assert_complete(self) -> None:
        """A crawl after the accident gets the rest."""
        done = crawl(self.db, [self.outlet])
        assert done.code == 0, done.err
        assert not [line for line in done.err.splitlines() if "cut off" not in line]
        assert_sound(self.db)
        assert_each_page_once(self.db, (self.site.address + path for path in self.news.paths))
        warcio_check(self.db)
        assert column(self.db, "SELECT count(*) FROM page WHERE extractor_version = ''") == [0]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    with serve(made.site):
        yield made


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files")
@pytest.mark.parametrize("most_bytes", [5_000, 60_000, 1_000_000, 1_250_000])
def test_disk_full(world: World, most_bytes: int) -> None:
    """At 5 KB not even the schema can be made, at 60 KB not the regions; beyond that the disk is full while
    pages are fetched, or while they are read."""
    done = crawl(world.db, [world.outlet], driver=SMALL_FILES.format(most=most_bytes))
    assert done.code == 1
    assert "Traceback" not in done.err
    lines = done.err.splitlines()
    assert lines[-1].startswith(f"unionkb: {world.db}")
    assert len(lines) <= 2
    if world.db.exists() and column(world.db, "SELECT count(*) FROM sqlite_master") != [0]:
        assert column(world.db, "PRAGMA integrity_check") == ["ok"]
        assert_sound(world.db)
    world.assert_complete()


def test_a_small_disk(tmp_path: Path) -> None:
    where = tmp_path / "disk"
    where.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1700k", "tmpfs", str(where)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no permission to mount a small disk")
    try:
        world = World(where)
        with serve(world.site):
            done = crawl(world.db, [world.outlet])
            assert done.code == 1
            assert "full" in done.err or "No space" in done.err
            assert "Traceback" not in done.err
            assert_sound(world.db)
            assert len(column(world.db, "SELECT page_id FROM page")) < PAGES
            subprocess.run(["mount", "-o", "remount,size=20m", str(where)], check=True)
            world.assert_complete()
    finally:
        subprocess.run(["umount", str(where)], check=True)


def test_a_full_archive_disk(world: World) -> None:
    """The archive lies on a disk of its own, here one that is always full."""
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    world.archive.mkdir()
    (world.archive / "unionkb-00001.warc.gz").symlink_to("/dev/full")
    done = crawl(world.db, [world.outlet])
    assert done.code == 1
    assert "Traceback" not in done.err
    assert str(world.archive) in done.err
    assert column(world.db, "SELECT count(*) FROM page") == [0]
    assert len(world.site.asked("/content/")) <= 2
    shutil.rmtree(world.archive)
    world.assert_complete()


def test_the_archive_is_gone_before(world: World) -> None:
    """What was stored is lost, which is said; what comes is kept, in files of other names."""
    assert crawl(world.db, [world.outlet]).code == 0
    known = {file.name for file in archive_files(world.db)}
    shutil.rmtree(world.archive)
    world.news.publish(10)
    done = crawl(world.db, [world.outlet])
    assert "Traceback" not in done.err
    assert f"{world.archive}" in done.err
    assert "missing" in done.err or "gone" in done.err or "lacks" in done.err
    assert not known & {file.name for file in archive_files(world.db)}
    warcio_check(world.db)
    assert column(world.db, "SELECT count(*) FROM page") == [PAGES + 10]
    assert column(world.db, "SELECT count(*) FROM article") == [PAGES + 10]
    assert column(world.db, "PRAGMA integrity_check") == ["ok"]


def test_the_archive_vanishes_meanwhile(world: World) -> None:
    world.site.delay = 0.02
    process = Crawl(world.db, [world.outlet])
    while len(world.site.hits) < 40 and not process.is_over():
        time.sleep(0.01)
    shutil.rmtree(world.archive)
    done = process.wait()
    assert "Traceback" not in done.err
    assert str(world.archive) in done.err
    assert done.code == 1
    assert column(world.db, "PRAGMA integrity_check") == ["ok"]
    # No row points at other bytes than its own.
    sizes = {file.name: file.stat().st_size for file in archive_files(world.db)}
    for name, end in rows(
        world.db, "SELECT warc_file, max(warc_offset + warc_length) FROM page GROUP BY warc_file"
    ):
        assert name not in sizes or sizes[name] >= end


@pytest.mark.parametrize("kind", ["file", "read-only"])
def test_the_archive_cannot_be_written(world: World, kind: str) -> None:
    if kind == "file":
        world.archive.write_text("not a folder")
    else:
        if os.geteuid() == 0:
            pytest.skip("root may write everywhere")
        world.archive.mkdir(mode=0o500)
    done = crawl(world.db, [world.outlet])
    assert done.code == 1
    assert "Traceback" not in done.err
    assert str(world.archive) in done.err
    assert len(done.err.splitlines()) <= 2
    if kind == "file":
        world.archive.unlink()
    else:
        world.archive.chmod(0o700)
    world.assert_complete()


def test_a_clock_set_back_between_runs(world: World) -> None:
    """A run in a year's time, then one today: what failed then is tried again now, what is new is found."""
    broken = "/content/2024-01/03/content_100119.htm"
    assert broken in world.news.paths
    world.site.add(broken, faults.status(500))
    quick = ("-s", "UNIONKB_PATIENCE=0")
    done = crawl(world.db, [world.outlet], *quick, driver=clock(365))
    assert done.code == 1
    assert column(world.db, "SELECT min(found_at) FROM frontier")[0] > f"{time.gmtime().tm_year + 1}"
    world.site.add(broken, article_html(story("machine", 119)))
    world.news.publish(5)
    done = crawl(world.db, [world.outlet])
    assert (done.code, done.err) == (0, "")
    assert_sound(world.db)
    assert_each_page_once(world.db, (world.site.address + path for path in world.news.paths))
    before = len(world.site.hits)
    assert crawl(world.db, [world.outlet]).code == 0
    assert len(world.site.hits) - before <= 3


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_set_meanwhile(world: World, days: int) -> None:
    world.site.delay = 0.02
    done = crawl(world.db, [world.outlet], driver=clock(0, days, after=2.5), seconds=60)
    assert (done.code, done.err) == (0, "")
    assert_sound(world.db)
    assert_each_page_once(world.db, (world.site.address + path for path in world.news.paths))
    world.assert_complete()
