"""A release: exact columns, stable bytes, a valid data package, nothing half-written."""

import csv
import io
import json
import sqlite3
from pathlib import Path

import frictionless
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from small_kb import fill

from unionkb import export, store, tables
from unionkb.commands.export import command
from unionkb.errors import UserError

FILES = {*(f"{name}.csv" for name in tables.RELEASE), "datapackage.json", "codebook.md"}
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
        assert list(rows[0]) == tables.columns(file.name)
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
    for name in tables.RELEASE:
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
    assert [task.stats["rows"] for task in report.tasks] == [
        len(read(tmp_path / f"{name}.csv", "utf-8-sig")) for name in tables.RELEASE
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

    monkeypatch.setattr(export, "_package", fail)
    with pytest.raises(UserError, match="No space left on device"):
        export.export(kb, tmp_path, excel=True)
    assert contents(tmp_path) == before


def test_stopped_by_hand_leaves_no_temporary_file(kb, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(export.codebook, "render", stop)
    with pytest.raises(KeyboardInterrupt):
        export.export(kb, tmp_path / "out")
    assert contents(tmp_path / "out") == {}


def test_folder_that_is_a_file(kb, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UserError, match="out"):
        export.export(kb, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_a_release_is_of_one_moment(kb, kb_path, tmp_path, monkeypatch):
    """A writer that comes in the middle is not seen."""
    copy = tmp_path / "kb.sqlite"
    copy.write_bytes(kb_path.read_bytes())
    write_csv = export._write_csv

    def with_a_writer(handle, reader, name, excel):
        done = write_csv(handle, reader, name, excel)
        if name == "facts":
            other = sqlite3.connect(copy, timeout=0)
            other.execute("PRAGMA foreign_keys = OFF")
            other.execute("DELETE FROM article")
            other.commit()
            other.close()
        return done

    sqlite3.connect(copy).execute("PRAGMA journal_mode = WAL").connection.close()
    monkeypatch.setattr(export, "_write_csv", with_a_writer)
    with store.open(copy) as reader:
        export.export(reader, tmp_path / "out")
    assert len(read(tmp_path / "out" / "articles.csv")) == 3


def run(*arguments: str | Path):
    return CliRunner().invoke(command, [*map(str, arguments)])


def test_command_says_what_it_wrote(kb_path, tmp_path):
    done = run(tmp_path / "out", "--db", kb_path)
    assert done.exit_code == 0, done.output
    assert f"{tmp_path / 'out' / 'facts'}.csv: 6 rows" in done.stdout
    assert f"{tmp_path / 'out' / 'sources'}.csv: 1 row\n" in done.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES


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
