"""Documents in, rows out: names, ids, changes, errors, and what the views make of the facts."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import COUNTY, NAMELESS, article, day, fact, read, rows, run

from crawler import archive
from crawler.archive import Place
from extract.model import Draft, Fact, Reading, Segment
from unionkb import documents, ids, migrations, reading, review, store
from unionkb.documents import File

VISIT = "市总送温暖\n市总走访慰问300人，发放慰问金50000元。\n"
LONG = "送清凉活动启动\n" + "各级工会把防暑降温物资送到一线职工手中，并宣讲防暑知识。" * 3 + "慰问80人。\n"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "kb.sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents with three articles, and things that are no documents."""
    made = tmp_path / "news"
    (made / "2024" / ".hidden").mkdir(parents=True)
    (made / "a.txt").write_text(VISIT + "===\n第二篇\n慰问12户。\n", encoding="utf-8")
    (made / "2024" / "b.TXT").write_bytes("送温暖\n慰问80人。\n".encode("gb18030"))
    (made / "2024" / ".hidden" / "c.txt").write_text(VISIT, encoding="utf-8")
    (made / "2024" / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (made / "._a.txt").write_bytes(b"\0\0")
    return made


def dump(db: Path) -> list[tuple[object, ...]]:
    """Everything in the database but what tells the time and the number of a run."""
    tables = ("page", "article", "organisation", "organisation_alias", "programme", "fact", "tombstone")
    found = [row for table in tables for row in rows(db, f"SELECT * FROM {table} ORDER BY 1, 2")]
    return [
        tuple(v for v in row if not (isinstance(v, str) and v[10:11] == "T" and v.endswith("Z")))
        for row in found
    ]


def test_a_folder_is_read(db: Path, folder: Path) -> None:
    summary, ear = run(db, folder)
    assert (summary.documents, summary.articles, summary.facts, summary.failed) == (2, 3, 4, 0)
    assert (ear.total, ear.advanced, ear.failures) == (2, 2, [])
    assert rows(db, "SELECT document, encoding FROM page ORDER BY 1") == [
        ("news/2024/b.TXT", "gb18030"),
        ("news/a.txt", "utf-8"),
    ]
    assert rows(
        db, "SELECT title, sequence FROM article JOIN page USING (page_id) ORDER BY document, sequence"
    ) == [
        ("送温暖", 1),
        ("市总送温暖", 1),
        ("第二篇", 2),
    ]
    assert rows(db, "SELECT status, documents, articles, facts, finished_at IS NOT NULL FROM run") == [
        ("done", 2, 3, 4, 1)
    ]


def test_every_quote_and_sentence_stands_at_its_place(db: Path, folder: Path) -> None:
    run(db, folder)
    found = rows(
        db, "SELECT body, char_start, char_end, quote, sentence FROM facts JOIN article USING (article_id)"
    )
    assert len(found) == 4
    for body, start, end, quote, sentence in found:
        assert str(body)[int(str(start)) : int(str(end))] == quote
        assert str(quote) in str(sentence)


def test_reading_again_changes_nothing(db: Path, folder: Path) -> None:
    run(db, folder)
    before, archived = dump(db), (folder.parent / "kb.sqlite.warc/unionkb-00001.warc.gz").read_bytes()
    summary, _ = run(db, folder, folder / "a.txt")
    assert (summary.documents, summary.unchanged) == (0, 2)
    assert dump(db) == before
    assert (folder.parent / "kb.sqlite.warc/unionkb-00001.warc.gz").read_bytes() == archived


def test_a_file_keeps_the_name_it_was_first_read_under(db: Path, folder: Path) -> None:
    run(db, folder)
    summary, _ = run(db, folder / "a.txt")
    assert summary.unchanged == 1
    (folder / "a.txt").write_text(VISIT, encoding="utf-8")
    run(db, folder / "a.txt")
    assert rows(db, "SELECT DISTINCT document FROM facts WHERE document LIKE '%a.txt'") == [("news/a.txt",)]


def test_building_again_gives_the_same_ids(db: Path, folder: Path) -> None:
    run(db, folder)
    other = folder.parent / "other.sqlite"
    run(other, folder / "2024" / "b.TXT")
    run(other, folder)
    for sql in ("SELECT * FROM facts ORDER BY fact_id", "SELECT * FROM organisations ORDER BY 1"):
        mine, theirs = rows(db, sql), rows(other, sql)
        if "facts" in sql:  # The one file was given by its name alone.
            theirs = [row for row in theirs if row[1] != "b.TXT"]
            mine = [row for row in mine if row[1] != "news/2024/b.TXT"]
        else:
            mine, theirs = [row[:-2] for row in mine], [row[:-2] for row in theirs]
        assert mine == theirs


def test_a_changed_file_takes_the_place_of_its_former_version(db: Path, folder: Path) -> None:
    run(db, folder)
    kept, gone = (
        str(row[0])
        for row in rows(db, "SELECT article_id FROM articles WHERE document = 'news/a.txt' ORDER BY sequence")
    )
    (folder / "a.txt").write_text(VISIT + "===\n改过的第二篇\n慰问15户。\n", encoding="utf-8")
    summary, _ = run(db, folder)
    assert (summary.documents, summary.unchanged) == (1, 1)
    assert rows(db, "SELECT value FROM facts WHERE kind = 'households'") == [(15.0,)]
    assert len(rows(db, "SELECT 1 FROM page")) == 3
    assert rows(db, f"SELECT count(*) FROM articles WHERE article_id = '{kept}'") == [(1,)]
    assert rows(db, "SELECT kind FROM tombstone ORDER BY 1") == [("article",), ("fact",)]
    assert rows(db, "SELECT id FROM tombstone WHERE kind = 'article'") == [(gone,)]
    # And back again: what was gone is there again.
    (folder / "a.txt").write_text(VISIT + "===\n第二篇\n慰问12户。\n", encoding="utf-8")
    run(db, folder)
    assert rows(db, "SELECT value FROM facts WHERE kind = 'households'") == [(12.0,)]
    assert rows(db, f"SELECT count(*) FROM tombstone WHERE id = '{gone}'") == [(0,)]
    assert len(rows(db, "SELECT 1 FROM page WHERE superseded_by IS NULL")) == 2


def test_two_files_of_one_name_do_not_push_each_other_out(db: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "x.txt").write_text(f"标题\n慰问{number}人。", encoding="utf-8")
        run(db, tmp_path / str(number) / "x.txt")
    assert rows(db, "SELECT document, value FROM facts ORDER BY 2") == [("x.txt", 1.0), ("x.txt", 2.0)]


def test_a_new_extractor_reads_again_and_leaves_tombstones(
    db: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(db, folder)
    with_review = rows(db, "SELECT fact_id FROM facts WHERE unit = '元'")[0][0]
    with store.open(db, write=True) as kb:
        review.add(kb, fact_id=with_review, action="accept", reviewer="Lin")

    def no_people(drafts: Sequence[Draft]) -> list[Reading]:
        return [Reading(r.article, [f for f in r.facts if f.quantity.kind != "people"]) for r in read(drafts)]

    monkeypatch.setattr("unionkb.ingest.extractor_version", lambda: "9.9.9+next")
    summary, _ = run(db, folder, reader=no_people)
    assert (summary.documents, summary.facts) == (2, 2)
    assert rows(db, "SELECT DISTINCT extractor_version FROM facts") == [("9.9.9+next",)]
    assert rows(db, "SELECT kind, reason FROM tombstone") == [("fact", "no longer read in the document")] * 2
    assert rows(db, "SELECT unit FROM facts WHERE review_status = 'accepted'") == [("元",)]
    assert len(rows(db, "SELECT 1 FROM page")) == 2


def test_raw_bytes_are_kept_once(db: Path, folder: Path) -> None:
    (folder / "copy.txt").write_bytes((folder / "a.txt").read_bytes())
    run(db, folder)
    pages = rows(db, "SELECT document, digest, warc_file, warc_offset, warc_length FROM page ORDER BY 1")
    assert len(pages) == 3
    assert len({page[2:] for page in pages}) == 2
    for document, digest, file, offset, length in pages:
        place = Place(str(file), int(str(offset)), int(str(length)))
        data = archive.read(archive.folder(db), place)
        assert data == (folder.parent / str(document)).read_bytes()
        assert ids.digest(data) == digest


def test_a_rebuilt_database_uses_the_archive_it_finds(db: Path, folder: Path) -> None:
    run(db, folder)
    warc = folder.parent / "kb.sqlite.warc/unionkb-00001.warc.gz"
    before, pages = warc.read_bytes(), rows(db, "SELECT page_id, warc_file, warc_offset FROM page ORDER BY 1")
    db.unlink()
    run(db, folder)
    assert warc.read_bytes() == before
    assert rows(db, "SELECT page_id, warc_file, warc_offset FROM page ORDER BY 1") == pages


def test_bad_files_are_named_and_the_others_go_on(db: Path, folder: Path) -> None:
    (folder / "binary.txt").write_bytes(b"%PDF-1.7 \xde\xad")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.html").write_text("<html><body> </body></html>", encoding="utf-8")
    (folder / "noise.txt").write_bytes(bytes(range(128, 256)) * 40)
    (folder / "big.txt").write_text("慰问1人。" * 100_000, encoding="utf-8")
    os.mkfifo(folder / "pipe.txt")
    summary, ear = run(
        db, folder, folder / "missing.txt", folder / "2024" / ".hidden" / "none", max_bytes=10**6
    )
    assert (summary.documents, summary.failed) == (2, 8)
    reasons = {Path(document).name: reason for document, reason in ear.failures}
    assert reasons == {
        "binary.txt": "a PDF document",
        "empty.txt": "empty",
        "blank.html": "no article found",
        "noise.txt": reasons["noise.txt"],
        "big.txt": "too big: 1.3 MB, and the limit is 1 MB",
        "pipe.txt": "not a regular file",
        "missing.txt": "no such file or folder",
        "none": "no such file or folder",
    }
    assert "undecodable" in reasons["noise.txt"]
    assert rows(db, "SELECT status, failed FROM run") == [("failed", 8)]
    assert {(str(d), str(r)) for d, r in rows(db, "SELECT document, reason FROM run_error")} == set(
        ear.failures
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(db: Path, folder: Path) -> None:
    (folder / "a.txt").chmod(0)
    _, ear = run(db, folder)
    assert ear.failures == [(str(folder / "a.txt"), "no permission to read it")]


def test_no_permission_for_anyone(db: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    _, ear = run(db, folder)
    assert ear.failures == [(str(folder / "a.txt"), "no permission to read it")]


def test_a_folder_without_documents_is_a_failure(db: Path, tmp_path: Path) -> None:
    (tmp_path / "void").mkdir()
    _, ear = run(db, tmp_path / "void")
    assert ear.failures[0][1].startswith("no file to read in the folder")


def test_web_pages_without_an_article_can_be_passed_over(db: Path, tmp_path: Path) -> None:
    (tmp_path / "list.html").write_text("<html><body> </body></html>", encoding="utf-8")
    (tmp_path / "blank.txt").write_text("===\n", encoding="utf-8")
    summary, ear = run(db, tmp_path / "list.html", tmp_path / "blank.txt", skip_lists=True)
    assert [Path(document).name for document, _ in ear.failures] == ["blank.txt"]
    assert summary.documents == 0


def test_a_broken_fact_keeps_its_document_out(db: Path, folder: Path) -> None:
    def lie(drafts: Sequence[Draft]) -> list[Reading]:
        body = drafts[0].text
        facts = [fact(body, "12户", quote="13户")] if "12户" in body else []
        return [Reading(article(body), facts)]

    summary, ear = run(db, folder, reader=lie)
    assert (summary.documents, summary.failed) == (1, 1)
    assert "quotes '13户', but there stands '12户'" in ear.failures[0][1]
    assert rows(db, "SELECT document FROM page") == [("news/2024/b.TXT",)]
    # Nor are its bytes archived: a document that fails every night must not fill the disk.
    size = (folder.parent / "kb.sqlite.warc/unionkb-00001.warc.gz").stat().st_size
    run(db, folder, reader=lie)
    assert (folder.parent / "kb.sqlite.warc/unionkb-00001.warc.gz").stat().st_size == size


def test_a_mistake_of_ours_costs_one_document(db: Path, folder: Path) -> None:
    def stumble(drafts: Sequence[Draft]) -> list[Reading]:
        if "第二篇" in drafts[0].text:
            raise IndexError("list index\nout of range")
        return read(drafts)

    summary, ear = run(db, folder, reader=stumble)
    assert (summary.documents, summary.failed) == (1, 1)
    assert ear.failures[0][1].endswith("please report this: IndexError: list index out of range")


def test_names_of_documents(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def names(*paths: Path) -> list[str]:
        return [found.name if isinstance(found, File) else str(found[0]) for found in documents.find(paths)]

    assert names(folder) == ["news/a.txt", "news/2024/b.TXT"]
    assert names(folder / "2024") == ["2024/b.TXT"]
    assert names(folder / "2024" / "photo.jpg", folder / "a.txt", folder) == [
        "photo.jpg",
        "a.txt",
        "news/2024/b.TXT",
    ]
    monkeypatch.chdir(folder / "2024")
    assert names(Path(".")) == ["2024/b.TXT"]
    assert names(Path("..")) == ["news/a.txt", "news/2024/b.TXT"]


def test_uris_of_documents() -> None:
    assert reading.document_uri("https://example.org/a?b=1") == "https://example.org/a?b=1"
    assert reading.document_uri("新闻/x y.html") == "file:///%E6%96%B0%E9%97%BB/x%20y.html"


def _page(number: int, following: str) -> str:
    text = "".join(
        f"<p>第{number}部分，慰问{number}{n}人，工会干部走访一线职工并送上慰问品。</p>" for n in range(5)
    )
    return (
        "<html><head><title>走访一线职工</title></head><body><h1>走访一线职工</h1>"
        f"<div class='content'>{text}</div><div class='page'>{following}</div></body></html>"
    )


def test_an_article_over_two_pages_is_one_document(db: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "81_2.html").write_text(_page(2, ""), encoding="utf-8")
    (site / "81.html").write_text(_page(1, "<a href='81_2.html'>下一页</a>"), encoding="utf-8")
    summary, ear = run(db, site)
    assert ear.failures == []
    assert (summary.documents, summary.articles, summary.facts) == (1, 1, 10)
    assert rows(db, "SELECT document, part_of IS NULL FROM page ORDER BY 1") == [
        ("site/81.html", 1),
        ("site/81_2.html", 0),
    ]
    assert rows(db, "SELECT documents FROM sources") == [(1,)]
    assert run(db, site)[0].unchanged == 1
    (site / "81_2.html").write_text(_page(3, ""), encoding="utf-8")
    assert run(db, site)[0].documents == 1
    assert rows(db, "SELECT count(*) FROM facts WHERE value > 29") == [(5,)]
    assert rows(db, "SELECT count(*) FROM facts") == [(10,)]


def test_a_part_that_was_read_alone_before_is_taken_in(db: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "81_2.html").write_text(_page(2, ""), encoding="utf-8")
    (site / "81.html").write_text(_page(1, "<a href='81_2.html'>下一页</a>"), encoding="utf-8")
    run(db, site / "81_2.html")
    assert rows(db, "SELECT count(*) FROM facts") == [(5,)]
    run(db, site / "81.html")
    assert rows(db, "SELECT count(*) FROM facts") == [(10,)]
    assert rows(db, "SELECT count(*) FROM articles") == [(1,)]


def test_a_next_page_that_is_missing_or_leads_out_is_left(db: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "81_2.html").write_text(_page(2, ""), encoding="utf-8")
    (site / "81.html").write_text(_page(1, "<a href='81_2.html'>下一页</a>"), encoding="utf-8")
    (site / "82.html").write_text(_page(1, "<a href='../../81_2.html'>下一页</a>"), encoding="utf-8")
    (site / "83.html").write_text(_page(1, "<a href='83.html'>下一页</a>"), encoding="utf-8")
    summary, ear = run(db, site)
    assert (summary.documents, summary.facts, ear.failures) == (3, 15, [])


# --- what is made of the facts


def _store(db: Path, folder: Path, *bodies: tuple[str, str, list[Fact]]) -> None:
    """Documents of one article each: body, day of publication, facts."""
    folder.mkdir(exist_ok=True)
    by_body = {}
    for number, (body, published, facts) in enumerate(bodies):
        (folder / f"{number}.txt").write_text(body + "\n" * number, encoding="utf-8")
        by_body[body] = (published, facts)

    def reader(drafts: Sequence[Draft]) -> list[Reading]:
        body = drafts[0].text.rstrip("\n")
        published, facts = by_body[body]
        made = article(body, published=day(published).date_start)
        return [Reading(made, facts)]

    run(db, folder, reader=reader)


BODY = (
    "慰问职工\n全市慰问1200人，其中困难职工300人，发放慰问金50000元，每人500元。计划慰问9000人。"
    "惠及8000人次，走访20户。"
)


def _facts() -> list[Fact]:
    when = day("2023-12-20")
    return [
        fact(BODY, "1200人", when=when),
        fact(BODY, "300人", when=when, name="暖冬行动"),
        fact(BODY, "50000元", when=when),
        fact(BODY, "500元", when=when, fact_per="each"),
        fact(BODY, "9000人", when=when, status="planned"),
        fact(BODY, "8000人次", when=when),
        fact(BODY, "20户", when=when, bound="range", value_max=30.0),
    ]


def test_activities_take_the_largest_total_and_no_rates_plans_or_ranges(db: Path, tmp_path: Path) -> None:
    _store(db, tmp_path / "in", (BODY, "2024-01-05", _facts()))
    assert rows(
        db,
        "SELECT organisation, programme, programme_names, headcount, attendances, households, money, facts,"
        " date_start, date_end, province, city FROM activities",
    ) == [
        ("嘉兴市总工会", "hardship_relief", "暖冬行动", 1200.0, 8000.0, None, 50000.0, 7,
         "2023-12-20", "2023-12-20", "浙江省", "嘉兴市"),
    ]  # fmt: skip


def test_a_year_of_an_organisation(db: Path, tmp_path: Path) -> None:
    other = "另一篇\n今年以来慰问700人，本周慰问50人，另有40人。"
    third = "第三篇\n县总慰问60人。"
    _store(
        db,
        tmp_path / "in",
        (BODY, "2024-01-05", _facts()),
        (
            other,
            "2023-12-30",
            [
                fact(other, "700人", when=day("2023-12-30", "cumulative")),
                fact(other, "50人", when=day("2023-12-30")),
                fact(other, "40人", programme="general"),
            ],
        ),
        (third, "2022-03-01", [fact(third, "60人", organisation=COUNTY)]),
    )
    assert rows(
        db,
        "SELECT organisation, year, articles, activities, headcount, money FROM organisation_year ORDER BY 2",
    ) == [("嘉善县总工会", 2022, 1, 1, 60.0, None), ("嘉兴市总工会", 2023, 2, 3, 1290.0, 50000.0)]


def test_reprints(db: Path, tmp_path: Path) -> None:
    again = LONG.strip().replace("，", ",").replace("送清凉活动启动", "转载：送清凉")
    _store(
        db,
        tmp_path / "in",
        (LONG.strip(), "2024-07-02", [fact(LONG, "80人")]),
        (again, "2024-07-01", [fact(again, "80人")]),
        ("图说\n活动现场。", "2024-07-03", []),
        ("图片\n活动现场。", "2024-07-04", []),
    )
    assert rows(db, "SELECT document, is_reprint FROM articles ORDER BY 1") == [
        ("in/0.txt", 1), ("in/1.txt", 0), ("in/2.txt", 0), ("in/3.txt", 0),
    ]  # fmt: skip
    assert rows(db, "SELECT count(DISTINCT cluster_id) FROM articles") == [(3,)]
    assert rows(db, "SELECT reprints FROM sources") == [(1,)]
    assert rows(db, "SELECT headcount FROM organisation_year") == [(80.0,)]


def test_an_organisation_that_is_not_resolved_stays_text(db: Path, tmp_path: Path) -> None:
    body = "标题\n县总慰问60人，另有5户。"
    _store(
        db,
        tmp_path / "in",
        (
            body,
            "2024-01-01",
            [fact(body, "60人", organisation=NAMELESS), fact(body, "5户", organisation=None)],
        ),
    )
    assert rows(db, "SELECT organisation, organisation_id FROM facts ORDER BY char_start") == [
        ("县总工会", None),
        (None, None),
    ]


def test_hierarchy_and_aliases(db: Path, folder: Path) -> None:
    run(db, folder)
    assert rows(
        db, "SELECT organisation, parent, aliases, facts FROM organisations ORDER BY facts, organisation"
    ) == [
        ("中华全国总工会", None, "中华全国总工会", 0),
        ("浙江省总工会", "中华全国总工会", "浙江省总工会", 0),
        ("嘉兴市总工会", "浙江省总工会", "嘉兴市总工会|市总", 4),
    ]


def test_the_source_map_is_stored(db: Path, folder: Path) -> None:
    def mapped(drafts: Sequence[Draft]) -> list[Reading]:
        text = drafts[0].text.strip()
        made = article(text)
        return [Reading(type(made)(made.body, made.lead, made.meta, (Segment(0, 0, len(text)),)), [])]

    run(db, folder / "a.txt", reader=mapped)
    ((stored, body),) = rows(db, "SELECT source_map, body FROM article")
    assert json.loads(str(stored)) == [[0, 0, len(str(body))]]


def test_the_same_quantity_twice_is_one_fact(db: Path, tmp_path: Path) -> None:
    body = "标题\n慰问60人。"
    _store(
        db,
        tmp_path / "in",
        (body, "2024-01-01", [fact(body, "60人"), fact(body, "60人", programme="general")]),
    )
    assert rows(db, "SELECT programme FROM facts") == [("hardship_relief",)]


def _steps(db: Path, view: str) -> int:
    """Thousands of instructions of SQLite's machine that reading a view takes: a clock that is steady."""
    from unionkb import store

    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with store.open(db) as kb:
        kb.db.conn.set_progress_handler(step, 1000)
        kb.db.conn.execute(f"SELECT * FROM {view}").fetchall()
        kb.db.conn.set_progress_handler(None, 1000)
    return steps


def test_views_take_time_in_proportion_to_the_facts(tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    bodies = [
        "\n".join(f"标题{n}\n慰问{n}{line}人，走访一线职工。" for line in range(20)) for n in range(160)
    ]
    for number, body in enumerate(bodies):
        (many / f"{number}.txt").write_text(body, encoding="utf-8")
    few = sorted(many.iterdir())[:40]
    run(tmp_path / "few.sqlite", *few)
    run(tmp_path / "many.sqlite", many)
    for view in migrations.views():
        assert _steps(tmp_path / "many.sqlite", view) < 8 * max(_steps(tmp_path / "few.sqlite", view), 5), (
            view
        )


# --- the command


def test_help_comes_without_the_heavy_imports() -> None:
    import subprocess

    code = (
        "import sys\nfrom unionkb.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'jieba', 'spacy', 'scrapy', 'sqlite_utils', 'lxml', 'rich', 'warcio', 'frictionless'}\n"
        "print(heavy & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "set()"
    assert "ingest" in done.stdout
