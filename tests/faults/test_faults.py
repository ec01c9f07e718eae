"""Disks that fill up, processes that are stopped or killed, other processes that hold the database."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

TESTS = Path(__file__).parents[1]
DOCUMENTS = 40

# Runs the command with the stand-in reader, optionally slowed down, optionally on a disk that holds little.
DRIVER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv.pop(1))
seconds, most_bytes, patience = (float(sys.argv.pop(1)) for _ in range(3))
import fakes
from unionkb import ingest, store
from unionkb.cli import main
def slow(drafts):
    time.sleep(seconds)
    return fakes.read(drafts)
ingest.ingest.__kwdefaults__["reader"] = slow
ingest.extractor_version = lambda: "test"
store.BUSY_SECONDS = patience
if most_bytes:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most_bytes), int(most_bytes)))
main()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "news"
    made.mkdir()
    for number in range(DOCUMENTS):
        text = "\n".join(f"标题{number}\n慰问{number}{line}人，工会干部走访。" for line in range(20))
        (made / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "kb.sqlite"


def _start(
    folder: Path, db: Path, *, seconds: float = 0, most_bytes: int = 0, patience: float = 30
) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", DRIVER, str(TESTS), str(seconds), str(most_bytes), str(patience)]
    return subprocess.Popen(
        [*command, "ingest", str(folder), "--db", str(db)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _ingest(folder: Path, db: Path, *, most_bytes: int = 0, patience: float = 30) -> tuple[int, str, str]:
    with _start(folder, db, most_bytes=most_bytes, patience=patience) as process:
        out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def _value(db: Path, sql: str) -> object:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchone()[0]


def _wait_for_pages(db: Path, number: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        time.sleep(0.02)
        if db.exists():
            try:
                if int(str(_value(db, "SELECT count(*) FROM page"))) >= number:
                    return
            except sqlite3.OperationalError:
                continue
    pytest.fail("nothing was read")


def _assert_usable(db: Path) -> None:
    """Sound, whole documents only, every row's bytes in the archive."""
    assert _value(db, "PRAGMA integrity_check") == "ok"
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT DISTINCT facts FROM articles").fetchall() in ([(20,)], [])
        assert connection.execute("SELECT count(*) FROM page WHERE warc_length = 0").fetchone() == (0,)
        places = connection.execute(
            "SELECT DISTINCT warc_file, warc_offset, warc_length FROM page"
        ).fetchall()
    for file, offset, length in places:
        assert (db.parent / "kb.sqlite.warc" / file).stat().st_size >= offset + length


def _assert_complete(folder: Path, db: Path) -> None:
    """A run after the accident reads the rest, and the archive holds each page once."""
    code, _, err = _ingest(folder, db)
    assert (code, [line for line in err.splitlines() if "cut off" not in line]) == (0, [])
    _assert_usable(db)
    assert _value(db, "SELECT count(*) FROM facts") == DOCUMENTS * 20
    assert _value(db, "SELECT status FROM run ORDER BY run_id DESC") == "done"
    digests = []
    for file in sorted((db.parent / "kb.sqlite.warc").iterdir()):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                if record.rec_type == "resource":
                    record.content_stream().read()
                    digests.append(record.rec_headers.get_header("WARC-Payload-Digest"))
    assert len(digests) == len(set(digests)) == DOCUMENTS
    assert sorted(file.name for file in db.parent.iterdir()) == ["kb.sqlite", "kb.sqlite.warc", "news"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped(folder: Path, db: Path, number: signal.Signals) -> None:
    with _start(folder, db, seconds=0.05) as process:
        _wait_for_pages(db, 3)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.split("\n") in (["unionkb: stopped", ""], ["", "unionkb: stopped", ""])
    _assert_usable(db)
    assert _value(db, "SELECT status FROM run") == "interrupted"
    assert 3 <= int(str(_value(db, "SELECT documents FROM run"))) < DOCUMENTS
    assert _value(db, "SELECT documents FROM run") == _value(db, "SELECT count(*) FROM page")
    assert not list(db.parent.glob("kb.sqlite-*"))
    _assert_complete(folder, db)


@pytest.mark.slow
@pytest.mark.parametrize("pages", [1, 5, 12])
def test_killed(folder: Path, db: Path, pages: int) -> None:
    with _start(folder, db, seconds=0.005) as process:
        _wait_for_pages(db, pages)
        process.kill()
        process.communicate(timeout=30)
    _assert_usable(db)
    _assert_complete(folder, db)


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files")
@pytest.mark.parametrize("most_bytes", [5_000, 400_000, 1_200_000])
def test_disk_full(folder: Path, db: Path, most_bytes: int) -> None:
    """The limit on the size of a file stands in for the disk: at 5 KB not even the schema can be made, beyond
    that documents stop fitting at some point."""
    code, out, err = _ingest(folder, db, most_bytes=most_bytes)
    assert code == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.startswith(f"unionkb: {db}")
    assert "Traceback" not in err
    if db.exists():
        _assert_usable(db)
        pages = int(str(_value(db, "SELECT count(*) FROM page")))
        assert (pages > 0) == (most_bytes > 1_000_000)
        assert pages < DOCUMENTS
    _assert_complete(folder, db)


def _can_mount(where: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", str(where)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.slow
def test_a_small_disk(folder: Path, tmp_path: Path) -> None:
    where = tmp_path / "disk"
    where.mkdir()
    if not _can_mount(where):
        pytest.skip("no permission to mount a small disk")
    try:
        (where / "filler").write_bytes(b"x" * 150_000)
        db = where / "kb.sqlite"
        code, _, err = _ingest(folder, db)
        assert code == 1
        assert "full" in err or "No space" in err
        assert len(err.splitlines()) == 1
        _assert_usable(db)
        assert int(str(_value(db, "SELECT count(*) FROM page"))) < DOCUMENTS
    finally:
        subprocess.run(["umount", str(where)], check=True)


def test_locked(folder: Path, db: Path) -> None:
    assert _ingest(folder, db)[0] == 0
    with closing(sqlite3.connect(db)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, out, err = _ingest(folder, db, patience=0.1)
    assert (code, out) == (1, "")
    assert err == f"unionkb: {db}: locked: another process is writing to it; try again when that is done\n"
    assert _value(db, "SELECT count(*) FROM run") == 1


def test_two_at_once_share_the_work(folder: Path, db: Path) -> None:
    assert _ingest(folder / "000.txt", db)[0] == 0
    with _start(folder, db, seconds=0.01) as one, _start(folder, db, seconds=0.01) as other:
        ends = [process.communicate(timeout=60) for process in (one, other)]
    assert [err for _, err in ends] == ["", ""]
    assert _value(db, "SELECT sum(documents) FROM run") == DOCUMENTS
    _assert_complete(folder, db)


def test_newer_version(folder: Path, db: Path) -> None:
    assert _ingest(folder / "000.txt", db)[0] == 0
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    before = db.read_bytes()
    code, out, err = _ingest(folder, db)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "newer version" in err
    assert db.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder(folder: Path, db: Path) -> None:
    db.parent.chmod(0o500)
    try:
        code, _, err = _ingest(folder, db)
    finally:
        db.parent.chmod(0o700)
    assert (code, len(err.splitlines())) == (1, 1)
