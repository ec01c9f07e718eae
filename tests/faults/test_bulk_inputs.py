"""Bulk reading of what is broken, deadly or does not fit: named, left out, and the rest is read."""

import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import warcs
from bulks import content, dask, ingest, leftovers, results
from replica_news import article_html, story

pytestmark = pytest.mark.faults

PAGES = 4
LONG = 500_000_000

# Counts among the documents of a reader: one that kills, one that never ends. Stands in for faults of parsers
# written in C.
DEADLY = """
import os, sys, time
if "resource_tracker" not in " ".join(sys.orig_argv):
    from extract import pipeline
    from unionkb.bulk import alone, task
    task.SECONDS = alone.SECONDS = 4.0
    read = pipeline.read_page
    def deadly(drafts):
        text = "".join(draft.text for draft in drafts)
        if "致命" in text:
            os.kill(os.getpid(), 9)
        while "无尽" in text:
            time.sleep(1)
        return read(drafts)
    pipeline.read_page = deadly
"""

# Shows the largest memory of the workers, in KB.
MEASURED = """
import resource
from unionkb.cli import main
if __name__ == "__main__":
    try:
        main()
    finally:
        print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""

# The size that a file may reach stands in for that of a disk.
SMALL_FILES = """
import resource
from unionkb.cli import main
if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
    main()
"""


def _records(seed: str) -> list[bytes]:
    return [warcs.news(seed, number) for number in range(PAGES)]


def _write(path: Path, members: list[bytes]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"".join(members))
    return path


def _packed(record: bytes) -> bytes:
    return warcs.packed([record])


def test_broken_archives(tmp_path: Path) -> None:
    folder = tmp_path / "warcs"
    cut = [_packed(each) for each in _records("cut")]
    _write(folder / "a-cut.warc.gz", [*cut[:-1], cut[-1][:-30]])
    wrong = _records("length")
    at = wrong[1].index(b"Content-Length: ")
    end = wrong[1].index(b"\r\n", at)
    wrong[1] = wrong[1][:at] + b"Content-Length: 99999999" + wrong[1][end:]
    _write(folder / "b-length.warc.gz", [_packed(each) for each in wrong])
    _write(folder / "c-plain.warc", wrong)
    sums = [_packed(each) for each in _records("sum")]
    sums[2] = sums[2][:-8] + bytes([sums[2][-8] ^ 1]) + sums[2][-7:]
    _write(folder / "d-sum.warc.gz", sums)
    db = tmp_path / "kb.sqlite"
    done = ingest(db, folder, "--workers", 2)
    assert done.code == 1
    size = len(wrong[1]) - wrong[1].index(b"\r\n\r\n") - 4
    expected = {
        f"{folder}/a-cut.warc.gz at {len(b''.join(cut[:-1]))}": "the file ends within a record",
        f"{folder}/b-length.warc.gz at {len(_packed(wrong[0]))}":
            f"a record of 99999999 bytes that ends after {size}",
        f"{folder}/c-plain.warc at {len(wrong[0])}": "its length is not what it says",
        f"{folder}/d-sum.warc.gz at {len(sums[0] + sums[1])}":
            "damaged gzip data: incorrect data check",
    }  # fmt: skip
    assert sorted(done.lines) == sorted(f"{where}: {why}" for where, why in expected.items())
    # All others are in the knowledge base: of `b` and `c` the same pages.
    assert len(content(db)["pages"]) == 3 * (PAGES - 1)
    # What is broken stays broken: it is not read, and not named, again.
    assert ingest(db, folder, "--workers", 2).lines == []


def _long_record() -> Iterator[bytes]:
    """A page of LONG bytes, as a gzip member, piece by piece."""
    pack = zlib.compressobj(1, wbits=31)
    yield pack.compress(
        b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a.example/\r\n"
        b"Content-Type: text/html\r\n"
        b"Content-Length: %d\r\n\r\n" % LONG
    )
    for _ in range(LONG // 1_000_000):
        yield pack.compress("工会走访".encode()[:10] * 100_000)
    yield pack.compress(b"\r\n\r\n") + pack.flush()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in KB")
def test_a_record_of_half_a_gigabyte(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "long").mkdir()
    small = _write(tmp_path / "small" / "a.warc.gz", [_packed(each) for each in _records("long")])
    long = tmp_path / "long" / "a.warc.gz"
    with long.open("wb") as stream:
        for piece in _long_record():
            stream.write(piece)
        stream.write(small.read_bytes())
    peaks = []
    for path in (small, long):
        done = ingest(path.parent / "kb.sqlite", path, "--workers", 1, driver=MEASURED)
        peaks.append(int(done.out.split("peak ")[1]) / 1024)
    assert (done.code, done.lines) == (1, [f"{long} at 0: too big: the limit is 20 MB"])
    assert len(content(long.parent / "kb.sqlite")["pages"]) == PAGES
    assert peaks[1] < peaks[0] + 30, peaks


def _deadly(number: int, word: str) -> bytes:
    html = article_html(replace(story("deadly", number), paragraphs=(f"市总工会慰问{word}职工90名。" * 9,)))
    return warcs.record(f"http://news.example.com/{word}/{number}.html", html.encode())


@pytest.mark.parametrize("engine", ["pool", "dask"])
def test_what_kills_or_keeps_its_reader(engine: str, tmp_path: Path) -> None:
    folder, stub = tmp_path / "warcs", tmp_path / "stub"
    stub.mkdir()
    (stub / "sitecustomize.py").write_text(DEADLY, encoding="utf-8")
    env = {"PYTHONPATH": str(stub)}
    bad = [_deadly(1, "致命"), _deadly(2, "无尽")]
    members = [_packed(each) for each in (*_records("a"), bad[0], *_records("b"), bad[1], *_records("c"))]
    path = _write(folder / "a.warc.gz", members)
    _write(folder / "b.warc.gz", [_packed(each) for each in _records("d")])
    db = tmp_path / "kb.sqlite"
    if engine == "pool":
        done = ingest(db, folder, "--workers", 2, env=env)
    else:
        with dask(2, env) as cluster:
            done = ingest(db, folder, "--cluster", cluster.address, env=env)
    at = [len(b"".join(members[:number])) for number in (PAGES, 2 * PAGES + 1)]
    assert done.code == 1
    assert done.lines == [
        f"{path} at {at[0]}: http://news.example.com/致命/1.html: whoever reads it dies (signal 9)",
        f"{path} at {at[1]}: http://news.example.com/无尽/2.html: "
        "whoever reads it comes to no end within 4 s",
    ]
    assert len(content(db)["pages"]) == 4 * PAGES
    assert leftovers(db.with_name("kb.sqlite.shards")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files")
def test_a_full_disk(tmp_path: Path) -> None:
    """The result of one shard does not fit on the disk, those of the others do."""
    folder, disk = tmp_path / "warcs", tmp_path / "disk"
    small = [_write(folder / f"{name}.warc.gz", [_packed(each) for each in _records(name)]) for name in "ab"]
    large = _write(folder / "c.warc.gz", [_packed(warcs.news("c", number)) for number in range(60)])
    calm = tmp_path / "calm.sqlite"
    assert ingest(calm, folder, "--workers", 2).code == 0
    expected = results(calm.with_name("calm.sqlite.shards"))
    sizes = sorted(map(len, expected.values()))
    assert sizes[-1] > 1.2 * sizes[-2]
    disk.mkdir()
    args = [folder, "--workers", 2, "--results", disk]
    db = tmp_path / "kb.sqlite"
    done = ingest(db, *args, "--no-load", driver=SMALL_FILES.format(most=(sizes[-1] + sizes[-2]) // 2))
    assert (done.code, done.lines) == (1, [f"{large}: File too large"])
    assert len(results(disk)) == len(small)
    assert leftovers(disk) == []
    assert ingest(db, *args).code == 0
    assert (results(disk), leftovers(disk)) == (expected, [])
    assert content(db) == content(calm)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a disk")
def test_a_small_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no permission to mount a small disk")
    try:
        paths = warcs.archives(tmp_path / "warcs", 12, 3)
        args = [tmp_path / "warcs", "--workers", 2, "--results", disk, "--no-load"]
        done = ingest(tmp_path / "kb.sqlite", *args)
        assert done.code == 1
        assert done.lines
        assert set(done.lines) <= {f"{path}: No space left on device" for path in paths}
        assert len(results(disk)) == len(paths) - len(done.lines) > 0
        assert leftovers(disk) == []
        subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
        assert ingest(tmp_path / "kb.sqlite", *args).code == 0
        assert (len(results(disk)), leftovers(disk)) == (len(paths), [])
    finally:
        subprocess.run(["umount", str(disk)], check=True)
