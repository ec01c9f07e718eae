"""Stored pages are read again: what is unread, what an older version read, and what that changes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import Ear, day, fact, read, rows, run

from crawler.archive import Http
from crawler.keeping import Fetched
from crawler.sources import Layout, Source
from extract.model import Draft, Reading
from unionkb import changes, reading, store
from unionkb.changes import Changes, Content
from unionkb.errors import UserError
from unionkb.keeper import Keeper, add_source
from unionkb.reread import read_stored
from unionkb.run import recorded

HOME = "http://gh.example.cn"
SOURCE = Source(
    "gh", "某市工会网", "某市总工会", "federation", "city", HOME, (), (Layout(rf"{HOME}/.*", "generic"),)
)
URL = f"{HOME}/2024/t1.html"
VISIT = "市总送温暖\n市总走访慰问300人，发放慰问金50000元。\n"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "kb.sqlite"


def fetch(
    db: Path,
    body: str | bytes,
    url: str = URL,
    part_of: str | None = None,
    kind: str = "article",
    **hints: str,
) -> int:
    """Store a page as a crawl does, in a run of its own; say which run that was."""
    with store.open(db, write=True) as kb, recorded(kb, "crawl", Ear()) as run_:
        keeper = Keeper(kb, run_)
        keeper.begin(SOURCE)
        with kb.transaction() as open_db:
            add_source(kb.db.conn, SOURCE)
            data = body if isinstance(body, bytes) else body.encode()
            page_id = keeper.keep(Fetched(url, SOURCE.id, data, "text/plain", "utf-8", Http("200 OK", [])))
            for known in filter(None, (part_of, url)):
                open_db.execute(
                    "INSERT INTO frontier (url, source_id, kind, hints, found_at) VALUES (?, ?, ?, ?, ?) "
                    "ON CONFLICT DO NOTHING",
                    [known, SOURCE.id, kind, json.dumps(hints), "2024-01-01T00:00:00Z"],
                )
            open_db.execute(
                "UPDATE frontier SET state = 'fetched', page_id = ?, part_of = ? WHERE url = ?",
                [page_id, part_of, url],
            )
        keeper.end(SOURCE.id, "finished", False)
        return run_.run_id


def reread(
    db: Path, *documents: str, all_pages: bool = False, reader: reading.Reader = read
) -> tuple[Changes, Ear]:
    ear = Ear()
    with store.open(db, write=True) as kb, recorded(kb, "extract", ear) as run_:
        done = read_stored(
            kb, ear, all_pages=all_pages, run_id=run_.run_id, documents=documents, sources={}, reader=reader
        )
    return done, ear


def version(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("unionkb.reread.extractor_version", lambda: name)


def test_what_was_fetched_is_read(db: Path) -> None:
    fetched_in = fetch(db, VISIT)
    assert rows(db, "SELECT count(*) FROM facts") == [(0,)]
    done, ear = reread(db)
    assert (done.documents, done.articles_added, done.added, done.failed) == (1, 1, 2, 0)
    assert (ear.total, ear.advanced, ear.failures) == (1, 1, [])
    assert rows(db, "SELECT document, value FROM facts ORDER BY value") == [(URL, 300.0), (URL, 50000.0)]
    figures = "SELECT run_id, new, articles, undated, empty, facts FROM run_source"
    assert rows(db, figures) == [(fetched_in, 0, 1, 1, 0, 2)]
    assert rows(db, "SELECT documents, articles, facts FROM run ORDER BY run_id DESC LIMIT 1") == [(1, 1, 2)]
    assert reread(db)[0].documents == 0
    assert rows(db, figures) == [(fetched_in, 0, 1, 1, 0, 2)]


def test_a_page_without_an_article_is_counted_and_done_with(db: Path) -> None:
    fetch(db, "===\n")
    done, ear = reread(db)
    assert (done.documents, done.empty, done.failed, ear.failures) == (1, 1, 0, [])
    assert rows(db, "SELECT empty, articles FROM run_source") == [(1, 0)]
    assert reread(db)[0].documents == 0


def test_a_new_version_takes_the_place_of_the_old_one_and_leaves_tombstones(db: Path) -> None:
    fetch(db, VISIT)
    reread(db)
    fetch(db, VISIT.replace("300", "310"))
    # Until somebody has read it, the old version stands.
    assert rows(db, "SELECT value FROM facts ORDER BY value") == [(300.0,), (50000.0,)]
    done, _ = reread(db)
    assert (done.added, done.gone, done.altered) == (1, 1, 0)
    assert rows(db, "SELECT value FROM facts ORDER BY value") == [(310.0,), (50000.0,)]
    assert rows(db, "SELECT count(*), count(superseded_by) FROM page") == [(2, 1)]
    assert rows(db, "SELECT kind, document FROM tombstone ORDER BY 1") == [
        ("article", URL),
        ("fact", URL),
        ("fact", URL),
    ]
    # Nor is the old version dug up by reading all again.
    assert reread(db, all_pages=True)[0].documents == 0


def test_versions_that_nobody_read_are_stepped_over_and_an_old_one_may_come_back(db: Path) -> None:
    fetch(db, VISIT)
    reread(db)
    fetch(db, VISIT.replace("300", "310"))
    fetch(db, VISIT.replace("300", "320"))
    assert reread(db)[0].documents == 1
    assert rows(db, "SELECT value FROM facts WHERE kind = 'people'") == [(320.0,)]
    assert rows(db, "SELECT count(*) FROM page WHERE superseded_by IS NULL") == [(1,)]
    fetch(db, VISIT)
    assert reread(db)[0].documents == 1
    assert rows(db, "SELECT value FROM facts WHERE kind = 'people'") == [(300.0,)]
    gone = rows(db, "SELECT id FROM tombstone WHERE kind = 'fact'")
    assert len(gone) == 2
    assert rows(db, "SELECT count(*) FROM facts WHERE fact_id IN (SELECT id FROM tombstone)") == [(0,)]


def test_parts_are_read_as_one_in_order(db: Path) -> None:
    further = [f"{HOME}/2024/t1_{number}.html" for number in (2, 10)]
    fetch(db, "===\n还慰问12户。\n", further[1], part_of=further[0], kind="part")
    fetch(db, "===\n又慰问7人次。\n", further[0], part_of=URL, kind="part")
    fetch(db, VISIT)
    done, _ = reread(db)
    assert (done.documents, done.articles_added, done.failed) == (1, 3, 0)
    assert rows(db, "SELECT DISTINCT document FROM articles") == [(URL,)]
    assert rows(db, "SELECT value FROM facts ORDER BY (SELECT sequence FROM article AS a "
                    "WHERE a.article_id = facts.article_id), char_start") == [
        (300.0,), (50000.0,), (7.0,), (12.0,),
    ]  # fmt: skip
    assert rows(db, "SELECT count(*) FROM page WHERE part_of IS NOT NULL AND extractor_version <> ''") == [
        (2,)
    ]
    # A part that changes has the whole read again.
    fetch(db, "===\n又慰问8人次。\n", further[0], part_of=URL, kind="part")
    done, _ = reread(db)
    assert (done.documents, done.added, done.gone, done.altered) == (1, 1, 1, 0)
    assert rows(db, "SELECT count(*) FROM facts") == [(4,)]


def test_only_what_an_older_version_read(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(VISIT, encoding="utf-8")
    (tmp_path / "b.txt").write_text("送温暖\n慰问80人。\n", encoding="utf-8")
    run(db, tmp_path / "a.txt", tmp_path / "b.txt")
    assert reread(db, all_pages=True)[0].documents == 0
    version(monkeypatch, "9.9.9+next")

    def later(drafts: Sequence[Draft]) -> list[Reading]:
        """Dates that were not found before, a kind that is no fact any more, and one that is new."""
        found = []
        for each in read(drafts):
            body = each.article.body
            facts = [
                fact(body, each_fact.quote, when=day("2024-01-02"), status="planned")
                for each_fact in each.facts
                if each_fact.quantity.kind == "people"
            ]
            found.append(Reading(each.article, facts))
        return found

    assert reread(db, all_pages=False)[0].documents == 0
    seen: list[tuple[str, list[str]]] = []
    ear = Ear()
    with store.open(db, write=True) as kb, recorded(kb, "extract", ear) as run_:
        done = read_stored(
            kb, ear, all_pages=True, run_id=run_.run_id, sources={}, reader=later,
            on_change=lambda document, changes: seen.append((document, list(changes.lines()))),
        )  # fmt: skip
    assert (done.documents, done.changed, done.added, done.gone, done.altered) == (2, 2, 0, 1, 2)
    columns = {"status": 2, "date_start": 2, "date_end": 2, "date_precision": 2, "date_basis": 2}
    assert done.columns == columns
    dates = "date_start 1, date_end 1, date_precision 1, date_basis 1"
    assert dict(seen)["b.txt"] == [f"facts: 0 added, 0 gone, 1 altered (status 1, {dates})"]
    assert rows(db, "SELECT DISTINCT extractor_version FROM page") == [("9.9.9+next",)]
    assert rows(db, "SELECT kind FROM tombstone") == [("fact",)]


def test_named_documents_are_read_in_any_case(db: Path) -> None:
    fetch(db, VISIT)
    fetch(db, "送温暖\n慰问80人。\n", f"{HOME}/2024/t2.html")
    assert reread(db, URL)[0].documents == 1
    done, ear = reread(db, URL)
    assert (done.documents, done.changed, ear.total, ear.advanced) == (1, 0, 1, 1)
    assert rows(db, "SELECT count(*) FROM page WHERE extractor_version = ''") == [(1,)]
    with pytest.raises(UserError, match="no such document"):
        reread(db, "http://gh.example.cn/other")


def test_a_record_that_is_not_there_is_one_line_and_stays_to_be_read(db: Path) -> None:
    fetch(db, VISIT)
    fetch(db, "送温暖\n慰问80人。\n", f"{HOME}/2024/t2.html")
    (file,) = (db.parent / "kb.sqlite.warc").iterdir()
    kept = file.read_bytes()
    ((offset, length),) = rows(db, f"SELECT warc_offset, warc_length FROM page WHERE document = '{URL}'")
    middle = int(str(offset)) + int(str(length)) // 2
    file.write_bytes(kept[:middle] + b"\0" * 20 + kept[middle + 20 :])
    done, ear = reread(db)
    assert (done.documents, done.failed) == (1, 1)
    assert [document for document, _ in ear.failures] == [URL]
    assert "no readable record" in ear.failures[0][1]
    assert rows(db, "SELECT status, failed FROM run ORDER BY run_id DESC LIMIT 1")[0][1] == 1
    file.write_bytes(kept)
    assert reread(db)[0].documents == 1


@pytest.mark.parametrize("fault", ["binary", "our mistake"])
def test_a_page_that_cannot_be_read_is_reported_once_a_version(
    db: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(db, b"%PDF-1.4 \0\0" if fault == "binary" else VISIT)
    fetch(db, "送温暖\n慰问80人。\n", f"{HOME}/2024/t2.html")

    def broken(drafts: Sequence[Draft]) -> list[Reading]:
        if "300" in drafts[0].text:
            raise IndexError("list index\nout of range")
        return read(drafts)

    done, ear = reread(db, reader=broken)
    assert (done.documents, done.failed) == (1, 1)
    expected = "a PDF document" if fault == "binary" else "IndexError: list index out of range"
    assert expected in ear.failures[0][1]
    assert reread(db, reader=broken)[0].failed == 0
    version(monkeypatch, "9.9.9+next")
    assert reread(db, all_pages=True, reader=broken)[0].failed == 1


def test_a_failure_leaves_what_an_older_version_read(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch(db, VISIT)
    reread(db)
    before = rows(db, "SELECT * FROM facts ORDER BY 1")
    version(monkeypatch, "9.9.9+next")

    def broken(drafts: Sequence[Draft]) -> list[Reading]:
        raise ZeroDivisionError

    assert reread(db, all_pages=True, reader=broken)[0].failed == 1
    assert rows(db, "SELECT * FROM facts ORDER BY 1") == before


def test_stopping_keeps_what_is_done_and_the_next_run_does_the_rest(db: Path) -> None:
    for number in range(4):
        fetch(db, f"送温暖\n慰问{number + 1}0人。\n", f"{HOME}/2024/{number}.html")

    def stopped(drafts: Sequence[Draft]) -> list[Reading]:
        if "30人" in drafts[0].text:
            raise KeyboardInterrupt
        return read(drafts)

    with pytest.raises(KeyboardInterrupt):
        reread(db, reader=stopped)
    assert rows(db, "SELECT status, documents FROM run ORDER BY run_id DESC LIMIT 1") == [("interrupted", 2)]
    assert reread(db)[0].documents == 2
    assert rows(db, "SELECT count(*) FROM facts") == [(4,)]


def test_more_pages_than_a_batch(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(450):
        # Bytes that are the same lie at one place in the archive.
        text = f"送温暖\n慰问{number // 3 + 1}人。\n"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    run(db, folder)
    version(monkeypatch, "9.9.9+next")
    done, ear = reread(db, all_pages=True)
    assert (done.documents, done.changed, ear.total, ear.advanced) == (450, 0, 450, 450)


def test_hints_cms_and_encoding_reach_the_reader(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch(db, VISIT, page_number="03")
    seen: list[reading.Text] = []

    def drafts(parts: Sequence[reading.Text]) -> list[Draft]:
        seen.extend(parts)
        return [Draft(part.text) for part in parts]

    monkeypatch.setattr("unionkb.reading.drafts", drafts)
    reread(db)
    (text,) = seen
    assert (text.uri, text.cms, dict(text.hints)) == (URL, "generic", {"page_number": "03"})


# The comparison itself.


def _fact(name: str, quote: str, **columns: object) -> dict[str, object]:
    return {"id": name, "kind": "people", "value": 1.0, "quote": quote, "status": "actual", **columns}


def _article(name: str, title: str, body: str = "") -> dict[str, object]:
    return {"id": name, "title": title, "body": body}


@pytest.mark.parametrize(
    ("what", "before", "after", "expected"),
    [
        ("nothing", [_fact("a", "1人")], [_fact("a", "1人")], (0, 0, 0, {})),
        ("first reading", [], [_fact("a", "1人")], (1, 0, 0, {})),
        ("gone", [_fact("a", "1人")], [], (0, 1, 0, {})),
        ("altered", [_fact("a", "1人")], [_fact("a", "1人", status="planned")], (0, 0, 1, {"status": 1})),
        ("moved", [_fact("a", "1人")], [_fact("b", "1人")], (0, 0, 0, {})),
        (
            "moved, altered",
            [_fact("a", "1人")],
            [_fact("b", "1人", status="planned")],
            (0, 0, 1, {"status": 1}),
        ),
        ("other value", [_fact("a", "1人")], [_fact("a2", "1人", value=2.0)], (1, 1, 0, {})),
        (
            "in order",
            [_fact("a", "1人", status="planned"), _fact("b", "1人")],
            [_fact("c", "1人", status="planned"), _fact("d", "1人"), _fact("e", "1人")],
            (1, 0, 0, {}),
        ),
    ],
)
def test_comparison_of_facts(
    what: str,
    before: list[dict[str, object]],
    after: list[dict[str, object]],
    expected: tuple[int, int, int, dict[str, int]],
) -> None:
    same = [_article("x", "题")]
    found = changes.compare(Content(same, before), Content(same, after))
    assert (found.added, found.gone, found.altered, dict(found.columns)) == expected
    assert bool(found) == (what not in ("nothing", "moved"))


def test_comparison_of_articles() -> None:
    before = Content([_article("x", "题", "甲"), _article("y", "旧", "乙")], [])
    after = Content([_article("z", "题", "丙"), _article("y", "新", "乙")], [])
    found = changes.compare(before, after)
    assert dict(found.article_columns) == {"body": 1, "title": 1}
    assert list(found.lines()) == [
        "facts: 0 added, 0 gone, 0 altered",
        "articles: 0 added, 0 gone, 2 altered (body 1, title 1)",
    ]


# The command.


def _unionkb(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "unionkb", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command(db: Path) -> None:
    fetch(db, "海宁市总工会慰问职工\n1月5日，海宁市总工会慰问困难职工120名，发放慰问金6.5万元。\n")
    done = _unionkb("extract", "--unread", "--quiet", "--db", db)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{db}: documents read: 1, changed: 1, without an article: 0, failed: 0",
        "facts: 2 added, 0 gone, 0 altered",
        "articles: 1 added, 0 gone, 0 altered",
    ]
    with store.open(db, write=True) as kb, kb.transaction() as open_db:
        open_db.execute("UPDATE page SET extractor_version = 'old'")
        open_db.execute("UPDATE fact SET status = 'planned' WHERE unit = '元'")
    done = _unionkb("extract", "--db", db)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"{URL}: facts: 0 added, 0 gone, 1 altered (status 1)"
    assert _unionkb("extract", "--unread", URL, "--db", db).returncode == 2
    done = _unionkb("extract", "--db", db.with_name("none.sqlite"))
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert not db.with_name("none.sqlite").exists()
    assert [path.name for path in db.parent.iterdir() if "none" in path.name] == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_and_started_again(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(60):
        text = (
            f"海宁市总工会慰问职工\n1月5日，海宁市总工会慰问困难职工{number + 100}名，发放慰问金6.5万元。\n"
        )
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    assert _unionkb("ingest", folder, "--db", db).returncode == 0
    before = rows(db, "SELECT * FROM facts ORDER BY fact_id")
    with store.open(db, write=True) as kb, kb.transaction() as open_db:
        open_db.execute("UPDATE page SET extractor_version = 'old'")
    command = [sys.executable, "-m", "unionkb", "extract", "--db", str(db)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while rows(db, "SELECT count(*) FROM page WHERE extractor_version = 'old'")[0][0] == 60:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    left = rows(db, "SELECT count(*) FROM page WHERE extractor_version = 'old'")[0][0]
    done = _unionkb("extract", "--db", db)
    assert f"documents read: {left}, changed: 0" in done.stdout
    assert rows(db, "SELECT * FROM facts ORDER BY fact_id") == before
