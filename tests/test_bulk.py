"""Inputs in, Parquet and knowledge base out: what is read of archives, by any engine, in any order."""

import gzip
import json
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import warcs
from fakes import Ear, rows
from hypothesis import given
from hypothesis import strategies as st

from extract.model import Metadata
from unionkb import cli, store
from unionkb.bulk import (
    alone,
    arrow,
    inputs,
    loading,
    prefilter,
    reader,
    records,
    results,
    shards,
    task,
    work,
)
from unionkb.bulk.engine import Engine, Lost
from unionkb.bulk.inputs import Input
from unionkb.bulk.pool import Pool
from unionkb.bulk.records import Bad, Document, Passed
from unionkb.bulk.shards import Settings, Shard
from unionkb.bulk.task import Done
from unionkb.bulk.tries import Tries
from unionkb.reading import Unreadable

LONGEST = 1_000_000
SETTINGS = Settings(LONGEST)


def inline(given_: Sequence[Shard], folder: str, settings: Settings) -> Iterator[Done | Lost]:
    """An engine that reads here and now."""
    for shard in given_:
        yield task.read_shard(shard, folder, settings)


def shuffled(given_: Sequence[Shard], folder: str, settings: Settings) -> Iterator[Done | Lost]:
    """Another, in any order."""
    yield from inline(random.Random(3).sample(list(given_), len(given_)), folder, settings)


def read(
    paths: Sequence[Path | str], folder: Path, engine: Engine = inline, **options: int
) -> tuple[work.Report, Ear]:
    ear = Ear()
    return work.read(map(str, paths), folder, SETTINGS, engine, ear, **options), ear


def result(report: work.Report, folder: Path) -> list[object]:
    """All that was read, in the order of the inputs."""
    return [each for done in report.done for each in results.rows(folder / done.result)]


# ---------------------------------------------------------------- the test on raw bytes

WORD = "市总工会"


@pytest.mark.parametrize(
    "data",
    [
        *(
            WORD.encode(encoding)
            for encoding in ("utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be", "utf-8-sig")
        ),
        "總工會".encode("big5"),
        "".join(f"&#{ord(c)};" for c in WORD).encode(),
        "".join(f"&#x{ord(c):x};" for c in WORD).encode(),
        "".join(f"&#X{ord(c):X};".replace("X", "x", 1) for c in WORD).encode(),
        json.dumps(WORD).encode(),
        "全市职代会".encode(),
    ],
)
def test_a_word_of_unions_is_seen_in_any_encoding(data: bytes) -> None:
    assert prefilter.may_be_of_unions(b"<p>" + data + b"</p>")


@pytest.mark.parametrize("text", ["", "今日天气", "工商会所", "trade union", "社会工作"])
def test_other_pages_are_dropped(text: str) -> None:
    for encoding in prefilter.ENCODINGS:
        assert not prefilter.may_be_of_unions(text.encode(encoding, "ignore"))


# ---------------------------------------------------------------- records


def of(data: bytes, form: records.Form = "warc", **options: int) -> list[records.Item]:
    return list(records.read(BytesIO(data), form, **({"longest": LONGEST} | options)))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (warcs.record("http://a.example/", b"x"), Document),
        (warcs.record("http://a.example/", b"x", media_type="application/xhtml+xml"), Document),
        (warcs.record("http://a.example/", b"x", media_type=""), Document),
        (warcs.record("http://a.example/", b"x", media_type="image/png"), Passed),
        (warcs.record("http://a.example/", b"x", status="404 Not Found"), Passed),
        (warcs.record("http://a.example/", b"x", status="301 Moved"), Passed),
        (warcs.record("http://a.example/", b"GET / HTTP/1.1\r\n\r\n", kind="request"), Passed),
        (warcs.record("http://a.example/", b"x", kind="metadata", media_type="text/plain"), Passed),
        (warcs.record("http://a.example/", b"x", kind="resource", media_type="text/html"), Document),
        (warcs.record("http://a.example/", b"x", kind="conversion", media_type="text/plain"), Document),
        (warcs.record("", b"x"), Bad),
        (warcs.record("http://a.example/", b"x" * LONGEST), Bad),
    ],
)
def test_what_is_a_page(data: bytes, expected: type) -> None:
    assert [type(each) for each in of(data)] == [expected]


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_packed_answer_is_unpacked(coding: str) -> None:
    import zlib

    content = "市总工会".encode()
    body = gzip.compress(content) if coding == "gzip" else zlib.compress(content)
    (page,) = of(warcs.record("http://a.example/", body, headers=[("Content-Encoding", coding)]))
    assert isinstance(page, Document)
    assert page.data == content
    assert (page.charset, page.fetched) == ("utf-8", "2024-05-01T00:00:00Z")


def test_an_answer_that_unpacks_to_too_much_is_bad() -> None:
    bomb = gzip.compress(bytes(50 * LONGEST))
    (page,) = of(warcs.record("http://a.example/", bomb, headers=[("Content-Encoding", "gzip")]))
    assert page == Bad(0, "too big: the limit is 1 MB", "http://a.example/", page.length)  # type: ignore[union-attr]


LINE = {"url": "http://a.example/1", "title": "题", "text": "正文。", "published": "2024-01-31"}
JANUARY: Any = {"published": date(2024, 1, 31), "published_basis": "meta"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (LINE, (LINE["url"], "题\n正文。", Metadata(title="题", **JANUARY))),
        ({"id": 7, "body": "正文。", "date": "2024-01-31T08:00:00+08:00", "author": "周敏"},
         ("7", "正文。", Metadata(author="周敏", **JANUARY))),
        ({"document": "a", "content": "题\n正文。", "headline": "题"},
         ("a", "题\n正文。", Metadata(title="题"))),
        ({"document": "a", "text": "\ud800半"}, ("a", "?半", Metadata())),
        ({"text": "正文。"}, "an article without document or url or uri or id"),
        ({"url": "a", "text": " "}, "an article without text or body or content"),
        ({"url": "a", "text": "正文。", "published": "去年"}, "published: Invalid isoformat string: '去年'"),
        ([1], "no JSON object"),
        ("x", "no JSON: Expecting value: line 1 column 1 (char 0)"),
    ],
)  # fmt: skip
def test_articles_as_json_lines(line: object, expected: object) -> None:
    data = line if isinstance(line, str) else json.dumps(line)
    (item,) = of(f"{data}\n".encode(), "jsonl")
    if isinstance(item, Document):
        assert (item.name, item.data.decode(), item.known) == expected
    else:
        assert isinstance(item, Bad)
        assert item.reason == expected


@given(st.lists(st.integers(0, 2000), max_size=6))
def test_however_lines_are_cut_each_is_read_once(cuts: list[int]) -> None:
    data = "".join(json.dumps(LINE | {"url": f"http://a.example/{i}"}) + "\n" for i in range(12)).encode()
    ends = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    parts = [e for a, b in pairwise(ends) for e in of(data, "jsonl", start=a, stop=b)]
    assert parts == of(data, "jsonl")


def test_lines_in_a_damaged_gzip_file_are_read_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    lines = [json.dumps(LINE | {"text": f"{random.Random(i).random()}" * 50}) for i in range(400)]
    path.write_bytes(gzip.compress("\n".join(lines).encode())[:-2000])
    with inputs.opened(str(path), "jsonl") as stream:
        items = list(records.read(stream, "jsonl", longest=LONGEST))
    assert len(items) > 10
    assert all(isinstance(each, Document) for each in items[:-1])
    assert isinstance(items[-1], Bad)
    assert items[-1].reason.startswith("damaged gzip data")


# ---------------------------------------------------------------- inputs and shards


def test_inputs_are_found(tmp_path: Path) -> None:
    for name in ("b.warc.gz", "a.warc", "x/c.warc.wet.gz", "x/d.jsonl", "x/e.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "list").write_text(f"# ours\n{tmp_path}/a.warc\n\n{tmp_path}/x\n", encoding="utf-8")
    names = ["*.warc*", "a.warc", "x", "x/e.html", "none.warc", "none*.warc"]
    found = list(inputs.find(str(tmp_path / name) for name in names))
    assert [Path(each.path).name for each in found if isinstance(each, Input)] == [
        "a.warc", "b.warc.gz", "c.warc.wet.gz", "d.jsonl",
    ]  # fmt: skip
    assert [(Path(each[0]).name, each[1].split(";")[0]) for each in found if isinstance(each, tuple)] == [
        ("e.html", "not read in bulk"),
        ("none.warc", "no such file"),
        ("none*.warc", "no file of such a name"),
    ]
    assert inputs.listed(tmp_path / "list") == [f"{tmp_path}/a.warc", f"{tmp_path}/x"]


def test_inputs_anywhere(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    files = fsspec.filesystem("memory")
    (path,) = warcs.archives(tmp_path / "w", 1, 3)
    files.pipe("/bucket/a.warc.gz", path.read_bytes())
    report, ear = read(
        ["memory://bucket/*.warc.gz", "memory://bucket/none.warc", "nowhere://a"], tmp_path / "r"
    )
    assert report.counts.documents == 3
    assert [document for document, _ in ear.failures] == ["memory://bucket/none.warc", "nowhere://a"]
    again, _ = read(["memory://bucket/a.warc.gz"], tmp_path / "r")
    assert again.skipped == 1


def test_the_name_of_a_result_goes_by_content_and_settings(tmp_path: Path) -> None:
    first, second = warcs.archives(tmp_path, 2, 2)
    copy = tmp_path / "copy.warc.gz"
    copy.write_bytes(first.read_bytes())
    names = [
        shards.name(next(shards.cut(Input(str(path), "warc", path.stat().st_size))), settings)
        for path, settings in (
            (first, SETTINGS), (copy, SETTINGS), (second, SETTINGS),
            (first, Settings(5)), (first, Settings(LONGEST, False)),
        )
    ]  # fmt: skip
    assert names[0] == names[1]
    assert len(set(names)) == 4


# ---------------------------------------------------------------- results


def test_rows_are_what_was_read(tmp_path: Path) -> None:
    (path,) = warcs.archives(tmp_path / "w", 1, 5, others=4)
    report, _ = read([path], tmp_path / "r")
    with path.open("rb") as stream:
        pages = [each for each in records.read(stream, "warc", longest=LONGEST) if isinstance(each, Document)]
    expected = [row for page in pages if prefilter.may_be_of_unions(page.data) for row in reader.read(page)]
    assert len(expected) == 5
    assert all(each.facts for _, each in expected)
    assert result(report, tmp_path / "r") == expected
    counts = report.counts
    assert (counts.records, counts.dropped, counts.documents, counts.articles) == (9, 4, 5, 5)
    assert counts.facts == sum(len(each.facts) for _, each in expected)


def test_columns_follow_the_model() -> None:
    assert {"document", "body", "facts", "title"} - set(results.SCHEMA.names) == {"title"}
    assert "published" in [each.name for each in results.SCHEMA.field("meta").type]
    metadata = Metadata(title="题", published=date(2024, 1, 31))
    assert arrow.decode(Metadata, arrow.encode(metadata)) == metadata


def test_a_result_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = warcs.archives(tmp_path / "w", 1, 3)
    folder = tmp_path / "r"

    def full(self: results.Writer, about: results.About) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(results.Writer, "close", full)
        with pytest.raises(OSError, match="No space left"):
            read([path], folder)
    assert [each.name for each in folder.iterdir() if not each.name.endswith(".at")] == []
    report, _ = read([path], folder)
    (made,) = [folder / done.result for done in report.done]
    whole = made.read_bytes()
    made.write_bytes(whole[: len(whole) // 2])
    report, _ = read([path], folder)
    assert (report.skipped, made.read_bytes()) == (0, whole)


# ---------------------------------------------------------------- engines


@pytest.mark.parametrize("engine", [inline, shuffled, Pool(1), Pool(3)], ids=["here", "any order", "1", "3"])
def test_whoever_reads_finds_the_same(engine: Engine, tmp_path: Path) -> None:
    paths = warcs.archives(tmp_path / "w", 3, 4, others=1)
    size = paths[0].stat().st_size // 2
    expected, _ = read(paths, tmp_path / "expected")
    report, ear = read(paths, tmp_path / "r", engine, shard_bytes=size)
    assert len(report.done) > 3
    assert result(report, tmp_path / "r") == result(expected, tmp_path / "expected")
    assert (report.counts, ear.failures) == (expected.counts, [])
    again, _ = read(paths, tmp_path / "r", engine, shard_bytes=size)
    assert again.skipped == len(report.done) == len(again.done)


def test_an_archive_among_the_pages_of_an_archive(tmp_path: Path) -> None:
    """Its records are not pages of the archive, even where a shard begins in the middle of it."""
    inner = gzip.compress(warcs.news("inner", 1), 6) * 40
    outer = warcs.record("http://a.example/inner.warc.gz", inner, media_type="application/gzip")
    member = gzip.compress(outer, 0)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(warcs.packed([warcs.news("a", 0)]) + member + warcs.packed([warcs.news("a", 1)]))
    whole, _ = read([path], tmp_path / "whole")
    assert whole.counts.documents == 2
    cut, _ = read([path], tmp_path / "cut", shard_bytes=len(member) // 7)
    assert result(cut, tmp_path / "cut") == result(whole, tmp_path / "whole")


# ---------------------------------------------------------------- the knowledge base


def loaded(db: Path, report: work.Report, folder: Path) -> list[tuple[object, ...]]:
    with store.open(db, write=True) as kb:
        loading.load_results(kb, folder, report.done, Ear())
    return rows(db, "SELECT * FROM facts ORDER BY fact_id")


def test_results_are_loaded(tmp_path: Path) -> None:
    paths = warcs.archives(tmp_path / "w", 2, 4)
    report, _ = read(paths, tmp_path / "r")
    facts = loaded(tmp_path / "a.sqlite", report, tmp_path / "r")
    assert len(facts) == report.counts.facts
    assert rows(tmp_path / "a.sqlite", "SELECT DISTINCT warc_file, source_id FROM page ORDER BY 1") == [
        (str(path.resolve()), "news.example.com") for path in paths
    ]
    assert loaded(tmp_path / "a.sqlite", report, tmp_path / "r") == facts
    assert rows(tmp_path / "a.sqlite", "SELECT documents, unchanged FROM run ORDER BY run_id") == [
        (8, 0),
        (0, 8),
    ]
    report.done.reverse()
    assert loaded(tmp_path / "b.sqlite", report, tmp_path / "r") == facts


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_newest_version_of_a_page_counts(order: tuple[int, int], tmp_path: Path) -> None:
    paths = []
    for version in order:
        path = tmp_path / f"{version}.warc.gz"
        path.write_bytes(warcs.packed([warcs.news("a", 0, version=version)]))
        paths.append(path)
    report, _ = read(paths, tmp_path / "r")
    loaded(tmp_path / "kb.sqlite", report, tmp_path / "r")
    (row,) = rows(
        tmp_path / "kb.sqlite",
        "SELECT body FROM article JOIN page USING (page_id) WHERE superseded_by IS NULL",
    )
    assert "第2次补充说明" in str(row[0])


# ---------------------------------------------------------------- what kills its reader


def die(note: Path, number: int) -> None:
    """Leave what a reader leaves that dies of a document."""
    program = "import os, sys, pathlib; from unionkb.bulk.tries import Tries; "
    program += (
        "tries = Tries(pathlib.Path(sys.argv[1])).__enter__(); tries.begin(int(sys.argv[2])); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", program, str(note), str(number)], check=False)


def test_deaths_are_remembered(tmp_path: Path) -> None:
    note = tmp_path / "note"
    for number in (7, 7, 12):
        die(note, number)
    with suppress(RuntimeError), Tries(note) as tries:
        tries.begin(3)
        raise RuntimeError  # An error is no death.
    with Tries(note) as tries:
        assert tries.deaths == {7: 2, 12: 1}
    assert not note.exists()


def test_a_document_that_killed_twice_is_read_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it lives: what killed was something else, and it is read as if nothing had been."""
    (path,) = warcs.archives(tmp_path / "w", 1, 3)
    (shard,) = shards.cut(Input(str(path), "warc", path.stat().st_size))
    expected, _ = read([path], tmp_path / "expected")
    folder = tmp_path / "r"
    folder.mkdir()
    note = folder / f".{shards.name(shard, SETTINGS)}.at"
    for _ in range(task.TRIES):
        die(note, 1)
    apart: list[str] = []
    really = alone.read
    monkeypatch.setattr(alone, "read", lambda page: apart.append(page.name) or really(page))
    report, ear = read([path], folder)
    assert apart == ["http://news.example.com/s0/1.html"]
    assert result(report, folder) == result(expected, tmp_path / "expected")
    assert ear.failures == []


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import os; os.kill(os.getpid(), 9)", "whoever reads it dies (signal 9)"),
        ("import sys; sys.exit(3)", "whoever reads it dies (status 3)"),
        ("import time; time.sleep(60)", "whoever reads it comes to no end within 0.5 s"),
    ],
)
def test_what_dies_apart_is_named(program: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "COMMAND", [sys.executable, "-c", program])
    monkeypatch.setattr(alone, "SECONDS", 0.5)
    with pytest.raises(Unreadable) as raised:
        alone.read(Document("http://a.example/", b"x", "text/html", 0, 0))
    assert str(raised.value) == why


# ---------------------------------------------------------------- the command


def test_where_nothing_is_found_no_database_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = tmp_path / "kb.sqlite"
    with pytest.raises(SystemExit) as ended:
        cli.main(["ingest", str(tmp_path / "none.warc.gz"), "--db", str(db)])
    assert ended.value.code == 1
    assert "none.warc.gz: no such file\n" in capsys.readouterr().err
    assert not db.exists()
