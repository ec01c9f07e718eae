"""A release: exact columns, stable bytes, a valid data package, nothing half-written."""

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import frictionless
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from small_kb import fill

from unionkb import export, query, selection, store, table_files, tables
from unionkb.commands.export import command
from unionkb.commands.ingest import command as ingest
from unionkb.errors import UserError

TABLES = [*tables.RELEASE, *tables.HISTORY]
PAPERS = {"datapackage.json", "codebook.md", "codebook.zh.md", "README.md", "CITATION.cff", "SHA256SUMS"}
FILES = {*(f"{name}.csv" for name in TABLES), *PAPERS}
# fmt: off
FACT_COLUMNS = [
    "fact_id", "document", "article_id", "article_title", "published", "newspaper", "organisation",
    "organisation_id", "organisation_level", "region_code", "province", "city", "county",
    "programme", "programme_name", "kind", "value", "value_max", "unit", "counted", "bound",
    "status", "per", "date_start", "date_end", "date_precision", "date_basis", "quote", "sentence",
    "char_start", "char_end", "confidence", "rule", "cluster_id", "is_reprint", "review_status",
    "extractor_version",
]
# fmt: on


@pytest.fixture(scope="module")
def kb_path(tmp_path_factory) -> Path:
    return fill(tmp_path_factory.mktemp("kb") / "kb.sqlite")


@pytest.fixture
def kb(kb_path):
    with store.open(kb_path) as kb:
        yield kb


def read(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as handle:
        return list(csv.DictReader(handle))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_and_columns(kb, tmp_path):
    written = export.export(kb, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    for file in written:
        rows = read(tmp_path / "out" / f"{file.name}.csv")
        assert len(rows) == file.rows
        with (tmp_path / "out" / file.path).open(encoding="utf-8", newline="") as handle:
            assert next(csv.reader(handle)) == tables.columns(file.name)
    assert tables.columns("facts") == FACT_COLUMNS


def test_rows_stand_as_in_their_documents(kb, tmp_path):
    export.export(kb, tmp_path)
    facts = read(tmp_path / "facts.csv")
    assert [(f["document"], f["quote"]) for f in facts] == [
        ("news/a.txt", "120余名"),
        ("news/a.txt", "6.5万元"),
        ("news/a.txt", "5-10场"),
        ("news/a.txt", "2千人次"),
        ("news/b.txt", "120余名"),
        ("news/b.txt", "6.5万元"),
    ]
    articles = {a["article_id"]: a for a in read(tmp_path / "articles.csv")}
    for fact in facts:
        body = articles[fact["article_id"]]["body"]
        assert body[int(fact["char_start"]) : int(fact["char_end"])] == fact["quote"]
        assert fact["sentence"] in body
    assert [f["is_reprint"] for f in facts] == ["0", "0", "0", "0", "1", "1"]
    assert facts[0]["county"] == "海宁市"
    assert (facts[2]["organisation"], facts[2]["organisation_id"]) == ("县总工会", "")


def test_text_is_left_as_it_is(kb, tmp_path):
    export.export(kb, tmp_path)
    article = read(tmp_path / "articles.csv")[1]
    assert article["title"] == "=1+1"
    assert article["body"].startswith('=1+1\n县总工会计划举办5-10场"夜校"课程，\r')


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (65000.0, "65000"), (0.25, "0.25"), (1e15, "1000000000000000"), (3, "3"), ("-3", "-3")],
)
def test_cells(value, text):
    assert export.cell(value) == text


@pytest.mark.parametrize("text", ["=A1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_spreadsheets_run_nothing(text):
    assert export.spreadsheet_cell(text) == "'" + text
    assert export.spreadsheet_cell(-1.5) == "-1.5"


def test_excel_gets_a_byte_order_mark(kb, tmp_path):
    export.export(kb, tmp_path, excel=True)
    for name in TABLES:
        data = (tmp_path / f"{name}.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\xef\xbb\xbf") == 1
    assert read(tmp_path / "articles.csv", "utf-8-sig")[1]["title"] == "'=1+1"


@pytest.mark.parametrize("excel", [False, True])
def test_same_database_same_bytes(kb, kb_path, tmp_path, excel):
    export.export(kb, tmp_path / "one", excel=excel)
    with store.open(kb_path) as again:
        export.export(again, tmp_path / "two", excel=excel)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize("excel", [False, True])
def test_data_package_is_valid(kb, tmp_path, excel):
    export.export(kb, tmp_path, excel=excel)
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    assert [task.stats.get("rows", 0) for task in report.tasks] == [
        len(read(tmp_path / f"{name}.csv", "utf-8-sig")) for name in TABLES
    ]


@pytest.mark.parametrize(
    ("column", "value", "error"),
    [
        ("value", "many", "type-error"),
        ("kind", "animals", "constraint-error"),
        ("fact_id", "", "primary-key"),
        ("article_id", "0" * 16, "foreign-key"),
        ("organisation_id", "0" * 16, "foreign-key"),
        ("date_start", "2023-13-01", "type-error"),
    ],
)
def test_data_package_notices_damage(kb, tmp_path, column, value, error):
    export.export(kb, tmp_path)
    rows = read(tmp_path / "facts.csv")
    rows[0][column] = value
    with (tmp_path / "facts.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, FACT_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    del package["resources"][0]["bytes"], package["resources"][0]["hash"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert error in {kind for (kind,) in report.flatten(["type"])}


def test_older_release_stays_when_writing_fails(kb, tmp_path, monkeypatch):
    export.export(kb, tmp_path)
    before = contents(tmp_path)

    def fail(*_):
        raise OSError(28, "No space left on device", str(tmp_path / "datapackage.json"))

    monkeypatch.setattr(export.release_papers, "package", fail)
    with pytest.raises(UserError, match="No space left on device"):
        export.export(kb, tmp_path, excel=True)
    assert contents(tmp_path) == before


def test_stopped_by_hand_leaves_no_temporary_file(kb, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(export.codebook, "render", stop)
    with pytest.raises(KeyboardInterrupt):
        export.export(kb, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_a_file(kb, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UserError, match="out"):
        export.export(kb, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_a_release_is_of_one_moment(kb, kb_path, tmp_path, monkeypatch):
    """A writer that comes in the middle is not seen."""
    copy = tmp_path / "kb.sqlite"
    copy.write_bytes(kb_path.read_bytes())
    write_csv = table_files.write_csv

    def with_a_writer(connection, name, *arguments, **more):
        done = write_csv(connection, name, *arguments, **more)
        if name == "facts":
            other = sqlite3.connect(copy, timeout=0)
            other.execute("PRAGMA foreign_keys = OFF")
            other.execute("DELETE FROM article")
            other.commit()
            other.close()
        return done

    sqlite3.connect(copy).execute("PRAGMA journal_mode = WAL").connection.close()
    monkeypatch.setattr(table_files, "write_csv", with_a_writer)
    with store.open(copy) as reader:
        export.export(reader, tmp_path / "out")
    assert len(read(tmp_path / "out" / "articles.csv")) == 3


def run(*arguments: str | Path):
    return CliRunner().invoke(command, [*map(str, arguments)])


def test_command_says_what_it_wrote(kb_path, tmp_path):
    done = run(tmp_path / "out", "--db", kb_path)
    assert done.exit_code == 0, done.output
    assert f"{tmp_path / 'out' / 'facts'}.csv: 6 rows" in done.stdout
    assert done.stderr == ""
    assert f"{tmp_path / 'out' / 'sources'}.csv: 1 row\n" in done.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    version = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))["version"]
    assert done.stdout.splitlines()[-1] == f"{tmp_path / 'out'}: version {version}, no release before it"


def test_command_says_when_nothing_matches(kb_path, tmp_path):
    done = run(tmp_path / "out", "--db", kb_path, "--region", "火星")
    assert done.exit_code == 0, done.output
    assert done.stderr == "no fact matches what the release is cut down to\n"


def test_command_knows_only_csv(kb_path, tmp_path):
    done = run(tmp_path / "out", "--db", kb_path, "--format", "docx")
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_missing_database_leaves_no_folder(tmp_path):
    done = run(tmp_path / "out", "--db", tmp_path / "none.sqlite")
    assert "no such database" in str(done.exception)
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.text()}), max_size=4))
def test_any_text_comes_back_from_csv(rows):
    lines = "".join(export.csv_lines(rows, ["a", "b"]))
    assert list(csv.DictReader(io.StringIO(lines, newline=""), strict=True)) == rows


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_from_csv(value):
    assert float(export.cell(value)) == value


@settings(deadline=None)
@given(st.text())
def test_the_apostrophe_can_be_taken_away(text):
    assert table_files.without_apostrophe(table_files.spreadsheet_cell(text)) == text


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
            st.none() | st.decimals(-(10**12), 10**12, places=6).map(float),
            st.none() | st.integers(-(2**63), 2**63 - 1),
        ),
        max_size=3,
    )
)
def test_any_cell_is_written_as_the_csv_module_writes_it(rows):
    """Also the separators between cells in what SQLite puts together, and numbers."""
    kinds = {"a": "string", "b": "number", "c": "integer"}
    fields = [{"name": name, "type": kind} for name, kind in kinds.items()]
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE things (a TEXT, b REAL, c INTEGER)")
    connection.executemany("INSERT INTO things VALUES (?, ?, ?)", rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "load", lambda name: {"fields": fields})
        chunks = [chunk for chunk, _ in table_files.plain(connection, "things", "FROM things ORDER BY rowid")]
    written = list(csv.reader(io.StringIO(b"".join(chunks).decode(), newline=""), strict=True))
    assert [(a, b and float(b), c) for a, b, c in written] == [
        (a, "" if b is None else b, "" if c is None else str(c)) for a, b, c in rows
    ]


def test_checksums_are_those_of_sha256sum(kb, tmp_path):
    export.export(kb, tmp_path / "out")
    if not shutil.which("sha256sum"):
        pytest.skip("no sha256sum here")
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(check, cwd=tmp_path / "out", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.splitlines()) == len(FILES) - 1
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    sums = dict(
        reversed(line.split("  ")) for line in (tmp_path / "out" / "SHA256SUMS").read_text().splitlines()
    )
    assert {r["path"]: r["hash"] for r in package["resources"]}.items() <= {
        name: f"sha256:{digest}" for name, digest in sums.items()
    }.items()


def test_citation_is_a_citation_file(kb, tmp_path):
    """The keys that the Citation File Format 1.2.0 requires and knows."""
    export.export(kb, tmp_path, wanted=query.Filter(region="浙江", reprints=True))
    cited = yaml.safe_load((tmp_path / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= cited.keys()
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] == "dataset"
    assert cited["date-released"] == "2024-01-01"
    assert re.fullmatch(r"2024-01-01\.[0-9a-f]{8}", cited["version"])
    assert "region 浙江" in cited["abstract"]
    assert cited.keys() <= {
        "cff-version", "message", "title", "authors", "type", "abstract", "version", "date-released",
        "keywords", "references",
    }  # fmt: skip
    (software,) = cited["references"]
    assert {"type", "title", "authors"} <= software.keys()
    assert software["version"] in (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")


def test_readme_lists_every_table_in_both_languages(kb, tmp_path):
    for file in export.export(kb, tmp_path):
        text = (tmp_path / "README.md").read_text(encoding="utf-8")
        assert text.count(f"| `{file.path}` | {file.rows} | ") == 2
    assert "{" not in text


def typed(row: dict[str, str], name: str) -> dict[str, object]:
    kinds = {
        "integer": int, "number": float, "boolean": lambda text: text == "1", "date": date.fromisoformat
    }  # fmt: skip
    return {
        field["name"]: kinds.get(field["type"], str)(row[field["name"]]) if row[field["name"]] else None
        for field in tables.load(name)["fields"]
    }


def test_parquet_has_the_same_rows_with_types(kb, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is missing (the extra `data`)")
    plain = export.export(kb, tmp_path / "csv")
    written = export.export(kb, tmp_path / "parquet", form="parquet")
    assert {path.name for path in (tmp_path / "parquet").iterdir()} == {
        *(f"{name}.parquet" for name in TABLES), *PAPERS
    }  # fmt: skip
    for one, other in zip(plain, written, strict=True):
        rows = read(tmp_path / "csv" / one.path)
        table = parquet.read_table(tmp_path / "parquet" / other.path)
        assert table.to_pylist() == [typed(row, one.name) for row in rows]
        assert one.content == other.content
        assert [*table_files.read(tmp_path / "parquet" / other.path)] == rows
    schema = parquet.read_schema(tmp_path / "parquet" / "facts.parquet")
    kinds = {
        name: str(schema.field(name).type) for name in ("date_start", "is_reprint", "value", "char_start")
    }
    assert kinds == {
        "date_start": "date32[day]", "is_reprint": "bool", "value": "double", "char_start": "int64"
    }  # fmt: skip
    assert schema.field("quote").metadata[b"description"]
    package = json.loads((tmp_path / "parquet" / "datapackage.json").read_text(encoding="utf-8"))
    other = json.loads((tmp_path / "csv" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["version"] == other["version"]
    frictionless.Package.from_descriptor(package)


def test_parquet_without_pyarrow_says_what_to_install(kb, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UserError, match=r"pip install 'unionkb\[data\]'"):
        export.export(kb, tmp_path / "out", form="parquet")
    assert list(tmp_path.iterdir()) == []


def test_another_format_takes_the_place_of_the_first(kb, tmp_path):
    pytest.importorskip("pyarrow", reason="pyarrow is missing (the extra `data`)")
    export.export(kb, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    export.export(kb, tmp_path, form="parquet")
    assert {path.name for path in tmp_path.iterdir()} == {
        *(f"{name}.parquet" for name in TABLES), *PAPERS, "notes.txt"
    }  # fmt: skip


FILTERS = [
    query.Filter(region="330481", reprints=True),
    query.Filter(programme="skills_training", reprints=True),
    query.Filter(organisation="海宁", reprints=True),
    query.Filter(since="2023-12-21", reprints=True),
    query.Filter(since="2023-06-30", until="2023-07-01", reprints=True),
    query.Filter(year=1999, reprints=True),
]


@pytest.mark.parametrize("wanted", FILTERS)
def test_a_release_that_is_cut_down_is_whole(kb, tmp_path, wanted):
    export.export(kb, tmp_path, wanted=wanted)
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    facts = read(tmp_path / "facts.csv")
    assert [row["fact_id"] for row in facts] == [
        row["fact_id"]
        for row in kb.rows(f"SELECT * FROM facts ORDER BY {export.ORDER['facts']}")
        if row["fact_id"] in {fact["fact_id"] for fact in query.facts(kb, wanted)}
    ]
    assert {row["article_id"] for row in facts} == {
        row["article_id"] for row in read(tmp_path / "articles.csv")
    }
    named = {row["organisation"] for row in read(tmp_path / "organisations.csv")}
    assert named == ({"海宁市总工会", "嘉兴市总工会"} if any(f["organisation_id"] for f in facts) else set())
    assert sum(int(row["articles"]) for row in read(tmp_path / "coverage.csv")) == 3
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert package["filter"].items() <= {
        (name, getattr(wanted, name)) for name in wanted.__dataclass_fields__
    }


def test_since_reaches_into_the_time_of_a_fact(kb, tmp_path):
    def quotes(**more):
        return [row["quote"] for row in query.facts(kb, query.Filter(**more))]

    assert quotes(since="2023-06-30") == ["120余名", "6.5万元", "2千人次"]
    assert quotes(since="2023-07-01") == ["120余名", "6.5万元"]
    assert quotes(until="2023-06-30") == ["2千人次"]


def test_coverage_has_months_without_articles(kb_path, tmp_path):
    copy = tmp_path / "kb.sqlite"
    copy.write_bytes(kb_path.read_bytes())
    other = sqlite3.connect(copy)
    other.execute("UPDATE article SET published = '2023-09-30' WHERE is_reprint")
    other.commit()
    other.close()
    with store.open(copy) as kb:
        export.export(kb, tmp_path / "out")
    assert [tuple(row.values()) for row in read(tmp_path / "out" / "coverage.csv")] == [
        ("files", "2023-09", "1", "1", "1", "2"),
        ("files", "2023-10", "0", "0", "0", "0"),
        ("files", "2023-11", "0", "0", "0", "0"),
        ("files", "2023-12", "1", "0", "1", "2"),
        ("files", "", "1", "0", "1", "2"),
    ]


FORMULAS = """=HYPERLINK("http://evil.example","点这里")
2023-12-20 来源：@SUM(1+9)*cmd|' /C calc'!A0
=1+1
+86-573-12345，海宁市总工会慰问困难职工120名，发放慰问金6.5万元。
-2+3
@import，海宁市总工会培训职工80人次。
＝1+1
"""


def test_a_page_full_of_formulas_runs_nothing_in_a_spreadsheet(tmp_path):
    (tmp_path / "=cmd.txt").write_text(FORMULAS, encoding="utf-8")
    kb = tmp_path / "kb.sqlite"
    done = CliRunner().invoke(ingest, [str(tmp_path / "=cmd.txt"), "--db", str(kb)])
    assert done.exit_code == 0, done.output
    assert run(tmp_path / "plain", "--db", kb).exit_code == 0
    assert run(tmp_path / "excel", "--db", kb, "--excel").exit_code == 0
    armed = 0
    for name in TABLES:
        text = [field["name"] for field in tables.load(name)["fields"] if field["type"] == "string"]
        rows = read(tmp_path / "excel" / f"{name}.csv", "utf-8-sig")
        plain = read(tmp_path / "plain" / f"{name}.csv")
        assert len(rows) == len(plain)
        for row, as_read in zip(rows, plain, strict=True):
            for column, value in row.items():
                if column in text:
                    assert not value.startswith(
                        ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
                    )
                armed += as_read[column] != value
                assert table_files.without_apostrophe(value) == as_read[column]
    assert armed >= 4


def history(folder: Path, name: str) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in read(folder / f"{name}.csv")]


def ident(name: str) -> str:
    return name.encode().hex().ljust(16, "0")


def written_again(path: Path) -> None:
    """What a new reading may do: a fact is gone, one is read otherwise, one is moved, one is new."""
    db = sqlite3.connect(path)
    db.execute(
        "INSERT INTO run (run_id, command, extractor_version, started_at)"
        " VALUES (2, 'extract', 'x', '2024-02-03T04:05:06Z')"
    )
    db.execute("UPDATE page SET extractor_version = '0.2.0+test' WHERE document = 'news/a.txt'")
    db.execute("UPDATE fact SET value = 121, unit = '户' WHERE fact_id = ?", [ident("fa11")])
    db.execute("UPDATE fact SET review_status = 'accepted' WHERE fact_id = ?", [ident("fa31")])
    db.execute("UPDATE fact SET fact_id = ? WHERE fact_id = ?", [ident("new"), ident("f2")])
    db.execute("DELETE FROM fact WHERE fact_id = ?", [ident("f3")])
    db.execute(
        "INSERT INTO tombstone"
        " VALUES (?, 'fact', 'news/a.txt', 'no longer read in the document', 2, '2024-02-02T00:00:00Z')",
        [ident("f3")],
    )
    db.execute("UPDATE organisation SET parent_id = NULL WHERE organisation_id = ?", [ident("o1")])
    db.commit()
    db.close()


def written_later(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("UPDATE fact SET value = 122 WHERE fact_id = ?", [ident("fa11")])
    db.commit()
    db.close()


REREAD = "read again by 0.2.0+test, before by 0.1.0+test"
CHANGES = [
    ("facts", ident("new"), "added", "", "", "", "read again in a document known before"),
    ("facts", ident("f2"), "removed", "", "", "", "no longer in the knowledge base"),
    ("facts", ident("f3"), "removed", "", "", "", "no longer read in the document"),
    ("facts", ident("fa11"), "altered", "value", "120", "121", REREAD),
    ("facts", ident("fa11"), "altered", "unit", "人", "户", REREAD),
    ("facts", ident("fa31"), "altered", "review_status", "unreviewed", "accepted", "review"),
    ("organisations", ident("o1"), "altered", "parent_id", ident("o2"), "", "known better"),
    ("organisations", ident("o1"), "altered", "parent", "嘉兴市总工会", "", "known better"),
]
TOMBSTONES = [
    ("facts", ident("f2"), "news/a.txt", "no longer in the knowledge base", "2024-02-03", ident("new")),
    ("facts", ident("f3"), "news/a.txt", "no longer read in the document", "2024-02-02", ""),
]


@pytest.fixture
def releases(tmp_path) -> Path:
    """A folder with a knowledge base and, in `first`, a release of what it was before."""
    path = fill(tmp_path / "kb.sqlite")
    with store.open(path) as kb:
        assert export.export(kb, tmp_path / "first")[-2].rows == 0
    written_again(path)
    return tmp_path


@pytest.mark.parametrize("way", ["beside", "named", "replaced", "excel"])
def test_changes_and_tombstones(releases, way):
    first, second = releases / "first", releases / "second"
    if way == "named":
        first = first.rename(releases / "elsewhere").rename(releases / "kept")
    if way == "replaced":
        second = first
    if way == "excel":
        with store.open(fill(releases / "old.sqlite")) as kb:
            export.export(kb, first, excel=True)
    with store.open(releases / "kb.sqlite") as kb:
        version = json.loads((first / "datapackage.json").read_text())["version"]
        export.export(kb, second, previous=first if way == "named" else None)
        assert sorted(history(second, "changes")) == sorted(CHANGES)
        assert history(second, "tombstones") == TOMBSTONES
        assert json.loads((second / "datapackage.json").read_text())["previous"] == version
        assert frictionless.Package(str(second / "datapackage.json")).validate().valid
        before = contents(second)
        export.export(kb, second)
        assert contents(second) == before, "written again it looks back on the same release"
        assert not list(releases.rglob(".*"))


def test_parquet_looks_back_on_csv_and_the_other_way_round(releases):
    pytest.importorskip("pyarrow", reason="pyarrow is missing (the extra `data`)")
    with store.open(releases / "kb.sqlite") as kb:
        export.export(kb, releases / "second", form="parquet")
        found = [tuple(row.values()) for row in table_files.read(releases / "second" / "changes.parquet")]
        assert sorted(found) == sorted(CHANGES)
        # The same rows in another format look back on the same release.
        export.export(kb, releases / "third", previous=releases / "second")
        assert sorted(history(releases / "third", "changes")) == sorted(CHANGES)
        assert history(releases / "third", "tombstones") == TOMBSTONES
        written_later(releases / "kb.sqlite")
    with store.open(releases / "kb.sqlite") as kb:
        export.export(kb, releases / "fourth", previous=releases / "second")
        assert [row[2:6] for row in history(releases / "fourth", "changes")] == [
            ("altered", "value", "121", "122")
        ]
        assert history(releases / "fourth", "tombstones") == TOMBSTONES


def test_tombstones_stay_and_what_comes_back_has_none(releases):
    with store.open(releases / "kb.sqlite") as kb:
        export.export(kb, releases / "second")
    db = sqlite3.connect(releases / "kb.sqlite")
    db.execute("UPDATE run SET started_at = '2024-03-01T00:00:00Z' WHERE run_id = 2")
    db.execute("UPDATE fact SET fact_id = ? WHERE fact_id = ?", [ident("f2"), ident("new")])
    db.commit()
    db.close()
    with store.open(releases / "kb.sqlite") as kb:
        export.export(kb, releases / "third")
    assert [row[:2] for row in history(releases / "third", "tombstones")] == [
        ("facts", ident("f3")), ("facts", ident("new"))
    ]  # fmt: skip


def test_a_release_of_another_knowledge_base_or_cut_is_no_previous_one(releases, tmp_path):
    wanted = query.Filter(region="浙江", reprints=True)
    with store.open(releases / "kb.sqlite") as kb:
        export.export(kb, releases / "cut", wanted=wanted)
        assert history(releases / "cut", "changes") == []
        export.export(kb, releases / "cut again", wanted=wanted, previous=releases / "first")
    left_out = "not in what this release was cut down to"
    assert ("facts", ident("new"), "removed", "", "", "", left_out) not in history(
        releases / "cut again", "changes"
    )
    assert [row[6] for row in history(releases / "cut again", "changes") if row[:3] == (
        "articles", ident("a2"), "removed")] == [left_out]  # fmt: skip
    assert {row[0] for row in history(releases / "cut again", "tombstones")} == {"facts"}
    other = releases / "other.sqlite"
    with store.open(other, write=True), store.open(other) as kb:
        export.export(kb, releases / "of another")
    assert history(releases / "of another", "changes") == []


@pytest.mark.parametrize("content", [None, "{", '{"name": "other", "resources": []}', "[]"])
def test_previous_that_is_no_release(kb, tmp_path, content):
    (tmp_path / "old").mkdir()
    if content:
        (tmp_path / "old" / "datapackage.json").write_text(content)
    with pytest.raises(UserError, match="no release"):
        export.export(kb, tmp_path / "out", previous=tmp_path / "old")
    assert not (tmp_path / "out").exists()


def test_files_named_by_checksums_outside_the_folder_stay(kb, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "SHA256SUMS").write_text("0  ../mine.txt\n0  ..\n0  /etc\n")
    export.export(kb, tmp_path / "out")
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("wanted", [None, query.Filter(region="330481", reprints=True)])
def test_facts_and_articles_come_in_order_without_being_sorted(kb, wanted):
    """Sorting a million rows with their sentences is slow, and needs the disk."""
    with selection.of(kb, wanted) as chosen:
        for name in ("facts", "articles"):
            plan = kb.db.conn.execute(f"EXPLAIN QUERY PLAN SELECT * {chosen.rows(name)}").fetchall()
            assert plan[0][3] == "SCAN chosen"
            assert not [step for *_, step in plan if step == "USE TEMP B-TREE FOR ORDER BY"]
