"""Databases merged are what one machine would have made of all that they have seen."""

import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import test_crawl
from fakes import read, rows, run
from test_batches import content
from test_crawl import ALL, Web, crawl

from crawler import archive
from unionkb import cli, ids, migrations, paths, review, store
from unionkb.errors import StoreError
from unionkb.merge import copy
from unionkb.merge.merging import Summary, merge

web = test_crawl.web

FIRST = "市总送温暖\n市总走访慰问困难职工300人，发放慰问金50000元，进厂矿、下车间、入班组问需求。\n"
SECOND = "市总送温暖\n市总走访慰问困难职工320人，发放慰问金50000元，进厂矿、下车间、入班组问需求。\n"
THIRD = "市总送清凉\n市总慰问一线职工80人。\n===\n" + FIRST
OTHER = "开班\n市总举办技能培训班，参加培训的职工达到150人次，帮扶20户。\n"


class Seen(NamedTuple):
    """A version of a document, and the day it was seen."""

    day: int
    name: str
    text: str


class Quiet:
    """A listener. `stop_at` advances it stops the work, as Ctrl-C does."""

    def __init__(self, stop_at: int = -1) -> None:
        self.left = stop_at
        self.stages: list[str] = []

    def stage(self, what: str, total: int) -> None:
        self.stages.append(what)

    def advance(self, count: int = 1) -> None:
        self.left -= 1
        if self.left == -1:
            raise KeyboardInterrupt

    def beat(self) -> None:
        pass

    def notice(self, message: str) -> None:
        raise AssertionError(message)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the clock to a day."""

    def set_clock(day: int) -> None:
        monkeypatch.setattr("unionkb.load.now", lambda: f"2024-01-{day:02}T08:00:00Z")

    return set_clock


@pytest.fixture
def see(tmp_path: Path, at: Callable[[int], None]) -> Callable[..., Path]:
    """Makes a database of what was seen, day by day. Documents lie at one place on all machines."""

    def make(name: str, seen: Sequence[Seen]) -> Path:
        db = tmp_path / name
        for each in sorted(seen):
            at(each.day)
            path = tmp_path / "site" / each.name
            path.parent.mkdir(exist_ok=True)
            path.write_text(each.text, encoding="utf-8")
            run(db, path)
        return db

    return make


def join(out: Path, *paths: Path) -> Summary:
    done = merge(paths, out, Quiet())
    assert_sound(out)
    return done


def assert_sound(db: Path) -> None:
    """The database is whole, and each page's bytes are where its row says."""
    for digest, *place in rows(db, "SELECT digest, warc_file, warc_offset, warc_length FROM page"):
        found = archive.read(archive.folder(db), archive.Place(*place))  # type: ignore[arg-type]
        assert ids.digest(found) == digest
    assert not list(db.parent.glob("*.merge"))


def knowledge(db: Path) -> dict[str, list[Any]]:
    """All that is known, but for the runs in which it was learnt and the files where raw pages lie."""
    found = content(db)
    for name in ("run", "run_source", "run_error", "total", "_sqlite_migrations"):
        del found[name]
    page = (
        "page_id, source_id, document, place, encoding, digest, stored_at, extractor_version, superseded_by"
    )
    found["page"] = sorted(rows(db, f"SELECT {page} FROM page"))
    found["tombstone"] = sorted(rows(db, "SELECT id, kind, document, reason FROM tombstone"))
    return found


def everything(db: Path) -> dict[str, list[Any]]:
    """The same with the runs."""
    found = content(db)
    found["page"] = sorted(rows(db, "SELECT * FROM page"))
    found["tombstone"] = sorted(rows(db, "SELECT * FROM tombstone"))
    del found["total"]  # It says when it was counted.
    return found


def test_every_table_is_copied_or_made_anew() -> None:
    made = {
        "claim", "claim_group", "review_match", "running_text", "running_text_key", "search_key",
        "search_pending", "total", "total_month", "total_programme", "total_year", "total_organisation",
    }  # fmt: skip
    script = "".join(path.read_text("utf-8") for path in (paths.schema() / "migrations").glob("*.sql"))
    named = {line.split()[2] for line in script.splitlines() if line.startswith("CREATE TABLE ")}
    assert named == made | copy.COPIED


HISTORIES = {
    "no version twice": [
        Seen(1, "a.txt", FIRST), Seen(2, "b.txt", OTHER), Seen(3, "c.txt", THIRD), Seen(4, "d.txt", FIRST)
    ],
    "a version that takes the place of another": [
        Seen(1, "a.txt", FIRST), Seen(2, "a.txt", SECOND), Seen(3, "b.txt", FIRST), Seen(4, "a.txt", THIRD)
    ],
    "an article that comes and goes": [
        Seen(1, "a.txt", FIRST), Seen(2, "a.txt", OTHER),
        Seen(3, "a.txt", THIRD), Seen(4, "a.txt", OTHER + "全文完。"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_merged_is_as_if_seen_by_one(see: Callable[..., Path], tmp_path: Path, history: list[Seen]) -> None:
    wanted = knowledge(see("one", history))
    splits = [each for each in itertools.product("ab", repeat=len(history)) if each[0] == "a" and "b" in each]
    for number, split in enumerate(splits):
        parts = [
            see(
                f"{machine}{number}",
                [each for each, its in zip(history, split, strict=True) if its == machine],
            )
            for machine in "ab"
        ]
        both = tmp_path / f"both{number}"
        join(both, *parts)
        assert knowledge(both) == wanted, split


def test_merging_is_commutative_idempotent_and_goes_on(see: Callable[..., Path], tmp_path: Path) -> None:
    a = see("a", [Seen(1, "a.txt", FIRST), Seen(4, "b.txt", OTHER)])
    b = see("b", [Seen(2, "a.txt", SECOND), Seen(3, "c.txt", FIRST)])
    c = see("c", [Seen(5, "a.txt", FIRST)])
    assert join(tmp_path / "abc", a, b, c) == Summary(3, 4, 4, 8)
    wanted = everything(tmp_path / "abc")
    assert rows(tmp_path / "abc", "SELECT stored_at FROM page WHERE superseded_by IS NOT NULL") == [
        ("2024-01-02T08:00:00Z",)
    ]
    join(tmp_path / "cba", c, b, a)
    assert everything(tmp_path / "cba") == wanted
    # The same databases again, and the result with its parts.
    for those in ([a, a, b, c], [tmp_path / "cba", b], [b]):
        join(tmp_path / "abc", *those)
        assert everything(tmp_path / "abc") == wanted
    # One after the other.
    for each in (b, c, a):
        join(tmp_path / "grown", each)
    assert everything(tmp_path / "grown") == wanted
    names = {path.name for path in archive.folder(tmp_path / "abc").iterdir()}
    assert names == {path.name for path in archive.folder(tmp_path / "grown").iterdir()}
    assert len(names) == 3
    shutil.copy(a, tmp_path / "copy")
    shutil.copytree(archive.folder(a), archive.folder(tmp_path / "copy"))
    join(tmp_path / "aa", a, tmp_path / "copy")
    join(tmp_path / "just", a)
    assert everything(tmp_path / "aa") == everything(tmp_path / "just")
    assert knowledge(tmp_path / "aa") == knowledge(a)


def test_inputs_are_not_touched(see: Callable[..., Path], tmp_path: Path) -> None:
    a, b = see("a", [Seen(1, "a.txt", FIRST)]), see("b", [Seen(2, "b.txt", OTHER)])
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (a, b)}
    here = {path.name for path in tmp_path.iterdir()}
    join(tmp_path / "both", a, b)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (a, b)} == before
    assert {path.name for path in tmp_path.iterdir()} - here == {"both", "both.warc", "both.lock"}


def test_a_newer_extractor_has_the_word(
    see: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is the order, and whoever read first; what it no longer reads has a tombstone."""
    versions = {"old": "0.1.0+ffff", "new": "0.2.0+0000"}

    def made(name: str, text: str, day: int) -> Path:
        for module in ("ingest", "run"):
            monkeypatch.setattr(f"unionkb.{module}.extractor_version", lambda: versions[name])
        db = tmp_path / f"{name}{day}"
        path = tmp_path / "site" / "a.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

        def reader(drafts: Any) -> Any:
            """The newer one finds a fact less."""
            found = read(drafts)
            return [replace(each, facts=each.facts[:-1]) for each in found] if name == "new" else found

        monkeypatch.setattr("unionkb.load.now", lambda: f"2024-01-{day:02}T08:00:00Z")
        run(db, path, reader=reader)
        return db

    new, old = made("new", FIRST, 1), made("old", FIRST, 2)
    gone = {row[0] for row in rows(old, "SELECT fact_id FROM fact")} - {
        row[0] for row in rows(new, "SELECT fact_id FROM fact")
    }
    assert len(gone) == 1
    for number, those in enumerate(([new, old], [old, new])):
        both = tmp_path / f"both{number}"
        join(both, *those)
        assert rows(both, "SELECT DISTINCT extractor_version FROM page") == [(versions["new"],)]
        assert rows(both, "SELECT fact_id FROM fact") == rows(new, "SELECT fact_id FROM fact")
        assert {row[0] for row in rows(both, "SELECT id FROM tombstone")} == gone


def test_reviews_of_all_machines(see: Callable[..., Path], tmp_path: Path) -> None:
    a = see("a", [Seen(1, "a.txt", FIRST)])
    b = tmp_path / "b"
    shutil.copy(a, b)
    shutil.copytree(archive.folder(a), archive.folder(b))
    c = see("c", [Seen(2, "c.txt", FIRST)])

    def say(db: Path, action: str, quote: str, **said: Any) -> None:
        ((fact_id,),) = rows(db, f"SELECT fact_id FROM facts WHERE quote = '{quote}'")
        with store.open(db, write=True) as kb:
            review.add(kb, fact_id=str(fact_id), action=action, reviewer="Lin", **said)

    say(a, "correct", "300人", fields={"value": "310"})
    say(b, "correct", "300人", fields={"value": "305"})
    say(b, "reject", "50000元")
    join(tmp_path / "abc", a, b, c)
    join(tmp_path / "cba", c, b, a)
    assert everything(tmp_path / "abc") == everything(tmp_path / "cba")
    found = rows(tmp_path / "abc", "SELECT value, review_status FROM facts WHERE kind = 'people'")
    # The last word is that of b, also of the reprint.
    assert found == [(305.0, "corrected"), (305.0, "corrected")]
    assert len(rows(tmp_path / "abc", "SELECT * FROM review")) == 3
    assert len(rows(tmp_path / "abc", "SELECT * FROM fact_original")) == 2


def old_schema(db: Path, version: int) -> None:
    """Take a database back to an older schema, as far as `run_key` goes."""
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("DROP INDEX run_by_key")
        connection.execute("ALTER TABLE run DROP COLUMN run_key")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '0009%'")
        connection.execute(f"PRAGMA user_version = {version}")


def test_older_schemas_are_migrated_in_a_copy(see: Callable[..., Path], tmp_path: Path) -> None:
    a = see("a", [Seen(1, "a.txt", FIRST), Seen(2, "b.txt", OTHER)])
    b = see("b", [Seen(3, "c.txt", FIRST)])
    wanted = tmp_path / "wanted"
    join(wanted, a, b)
    for each in (a, b):
        old_schema(each, 8)
    before = a.read_bytes()
    for out in ("both", "again", "both"):
        join(tmp_path / out, a, b)
        assert knowledge(tmp_path / out) == knowledge(wanted)
        assert len(rows(tmp_path / out, "SELECT * FROM run")) == 3
    assert a.read_bytes() == before
    assert everything(tmp_path / "both") == everything(tmp_path / "again")


def test_a_database_in_use_is_read_as_it_is(see: Callable[..., Path], tmp_path: Path) -> None:
    a, b = see("a", [Seen(1, "a.txt", FIRST)]), see("b", [Seen(2, "b.txt", OTHER)])
    with store.open(a, write=True) as kb:
        kb.db.conn.execute("BEGIN IMMEDIATE")
        kb.db.conn.execute("DELETE FROM claim")
        assert join(tmp_path / "both", a, b).pages == 2
        kb.db.conn.rollback()


def test_files_outside_the_archive_stay_where_they_are(see: Callable[..., Path], tmp_path: Path) -> None:
    a, b = see("a", [Seen(1, "a.txt", FIRST)]), see("b", [Seen(2, "b.txt", OTHER)])
    (file,) = archive.folder(a).iterdir()
    outside = tmp_path / "outside.warc.gz"
    file.rename(outside)
    with closing(sqlite3.connect(a)) as connection, connection:
        connection.execute("UPDATE page SET warc_file = ?", [str(outside)])
    join(tmp_path / "both", a, b)
    assert (str(outside),) in rows(tmp_path / "both", "SELECT warc_file FROM page")
    assert len(list(archive.folder(tmp_path / "both").iterdir())) == 1


@pytest.mark.parametrize("linked", [True, False])
def test_archives_that_grow(
    see: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    linked: bool,
) -> None:
    """A file that was added to since is put in the place of its beginning; two that went apart are two."""
    if not linked:

        def refuse(*_: object) -> None:
            raise OSError("no links here")

        monkeypatch.setattr(os, "link", refuse)
    a = see("a", [Seen(1, "a.txt", FIRST)])
    b = tmp_path / "b"
    shutil.copy(a, b)
    shutil.copytree(archive.folder(a), archive.folder(b))
    both = tmp_path / "both"
    join(both, a)
    see("a", [Seen(2, "b.txt", OTHER)])
    join(both, a)
    assert len(list(archive.folder(both).iterdir())) == 1
    see("b", [Seen(3, "c.txt", SECOND)])
    assert join(both, b).pages == 3
    assert len(list(archive.folder(both).iterdir())) == 2
    assert join(tmp_path / "ba", b, a).pages == 3


def damage(db: Path) -> None:
    with db.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xa5" * 4096 * 20)


@contextmanager
def locked(db: Path) -> Iterator[None]:
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def other(db: Path) -> None:
    db.unlink()
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")


def newer(db: Path) -> None:
    with closing(sqlite3.connect(db)) as connection:
        connection.execute(f"PRAGMA user_version = {migrations.latest() + 1}")


def empty_archive(db: Path) -> None:
    for file in archive.folder(db).iterdir():
        os.truncate(file, 10)


BAD: Mapping[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (Path.unlink, "b: no such database"),
    "a folder": (lambda db: (db.unlink(), db.mkdir()), "b: a folder, not a database"),
    "a text": (lambda db: db.write_text("湖滨工会网" * 1000), "b: not a database"),
    "empty": (lambda db: db.write_bytes(b""), "b: empty, and no knowledge base"),
    "of another program": (other, "b: a SQLite database, but not one of unionkb's"),
    "of a newer version": (newer, "b: made by a newer version"),
    "damaged": (damage, "b: damaged"),
    "no archive": (
        lambda db: shutil.rmtree(archive.folder(db)),
        r"b: \S+unionkb-00001.warc.gz: No such file",
    ),
    "half an archive": (empty_archive, "00001.warc.gz: shorter than the database says"),
}


@pytest.mark.parametrize(("spoil", "said"), BAD.values(), ids=BAD)
def test_bad_input(
    see: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], Any],
    said: str,
) -> None:
    """One line; nothing is left, and what was there before is as it was."""
    a, b = see("a", [Seen(1, "a.txt", FIRST)]), see("b", [Seen(2, "b.txt", OTHER)])
    kept = tmp_path / "kept"
    join(kept, a)
    before = kept.read_bytes(), sorted(archive.folder(kept).iterdir())
    spoil(b)
    for out in ("both", "kept"):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["merge", str(a), str(b), "--db", str(tmp_path / out)])
        assert stopped.value.code == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        with pytest.raises(StoreError, match=said):
            merge([a, b], tmp_path / out, Quiet())
    assert not list(tmp_path.glob("*.merge"))
    assert {path.name for path in tmp_path.glob("both*")} <= {"both.lock"}
    assert (kept.read_bytes(), sorted(archive.folder(kept).iterdir())) == before


def test_a_locked_database(see: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionkb.store.BUSY_SECONDS", 0.1)
    a, b = see("a", [Seen(1, "a.txt", FIRST)]), see("b", [Seen(2, "b.txt", OTHER)])
    with locked(b):
        for those, out in (([a, b], tmp_path / "both"), ([a], b)):
            with pytest.raises(StoreError, match="b: locked: another process"):
                merge(those, out, Quiet())
    assert {path.name for path in tmp_path.glob("both*")} == {"both.lock"}
    with pytest.raises(StoreError, match="no folder"):
        merge([a], tmp_path / "nowhere" / "out", Quiet())


def test_stopped_anywhere_and_run_again(see: Callable[..., Path], tmp_path: Path) -> None:
    a, b = see("a", [Seen(1, "a.txt", FIRST)]), see("b", [Seen(2, "a.txt", SECOND), Seen(3, "b.txt", FIRST)])
    join(tmp_path / "wanted", a, b)
    out = tmp_path / "out"
    for stop_at in range(0, 1000, 4):
        listener = Quiet(stop_at)
        try:
            merge([a, b], out, listener)
        except KeyboardInterrupt:
            assert {path.name for path in tmp_path.glob("out*")} == {"out.lock"}
        else:
            break
    assert stop_at > 20
    assert everything(out) == everything(tmp_path / "wanted")
    # What one that was killed has left is no hindrance.
    (tmp_path / "out.merge").mkdir()
    (tmp_path / "out.merge" / "merged.sqlite").write_bytes(b"half")
    join(out, a)
    assert everything(out) == everything(tmp_path / "wanted")


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNIONKB_CONTACT", raising=False)


def test_shards_crawled_apart_are_one_crawl(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The release is the same, whichever way they are merged, and crawls and readings go on from there."""
    assert crawl(web, tmp_path / "all", *ALL).returncode == 0
    for number in (1, 3):  # None of the three is in shard 2.
        done = crawl(web, tmp_path / f"shard{number}", *ALL, "--shard", f"{number}/3")
        assert (done.returncode, done.stderr) == (0, "")
    assert rows(tmp_path / "shard1", "SELECT source_id FROM source") == [("epaper",)]
    join(tmp_path / "merged", tmp_path / "shard1", tmp_path / "shard3")
    join(tmp_path / "turned", tmp_path / "shard3", tmp_path / "shard1")
    assert everything(tmp_path / "merged") == everything(tmp_path / "turned")
    for name in ("all", "merged"):
        with pytest.raises(SystemExit):
            cli.main(["export", str(tmp_path / f"{name}-csv"), "--db", str(tmp_path / name)])
    for file in ("facts", "articles", "claims", "quantities", "reprints", "organisations", "sources"):
        texts = [(tmp_path / f"{name}-csv" / f"{file}.csv").read_bytes() for name in ("all", "merged")]
        assert texts[0] == texts[1], file
    merged = tmp_path / "merged"
    with closing(sqlite3.connect(merged)) as connection, connection:
        before = connection.execute("SELECT fact_id FROM facts ORDER BY 1").fetchall()
        connection.execute("UPDATE page SET extractor_version = '0.0.1+old'")
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        cli.main(["extract", "--db", str(merged), "--sources", str(web.sources), "--quiet"])
    assert stopped.value.code == 0
    assert "documents read: 20, changed: 0, without an article: 0, failed: 0" in capsys.readouterr().out
    count = len(web.asked)
    again = crawl(web, merged, *ALL)
    assert (again.returncode, again.stderr) == (0, "")
    assert "new: 0, changed: 0" in again.stdout
    asked = {path for path, _ in web.asked[count:]}
    assert asked == {"/robots.txt", "/federation/xwdt/ghyw/", "/portal/"}, "nothing is fetched again"
    assert rows(merged, "SELECT fact_id FROM facts ORDER BY 1") == before
    # What is merged once more has the runs of both.
    join(merged, tmp_path / "shard1")
    commands = rows(merged, "SELECT command FROM run ORDER BY run_id")
    assert commands == [("crawl",), ("crawl",), ("extract",), ("crawl",)]
