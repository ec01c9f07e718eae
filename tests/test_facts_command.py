"""`unionkb facts`: every filter, and tables that fit the terminal."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from small_kb import fill

from unionkb import display, tables
from unionkb.commands.facts import command


@pytest.fixture(scope="module")
def kb_path(tmp_path_factory) -> Path:
    return fill(tmp_path_factory.mktemp("kb") / "kb.sqlite")


@pytest.fixture
def run(kb_path):
    def run(*options: str, columns: int = 120) -> str:
        done = CliRunner(env={"COLUMNS": str(columns)}).invoke(command, ["--db", str(kb_path), *options])
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


@pytest.mark.parametrize(
    ("options", "quotes"),
    [
        ([], ["120余名", "6.5万元", "5-10场", "2千人次"]),
        (["--reprints", "--kind", "money"], ["6.5万元", "6.5万元"]),
        (["--org", "海宁"], ["120余名", "6.5万元"]),
        (["--org", "市总"], ["120余名", "6.5万元"]),
        (["--org", "县总"], ["5-10场", "2千人次"]),
        (["--org", "%"], []),
        (["--region", "浙江"], ["120余名", "6.5万元"]),
        (["--region", "嘉兴市"], ["120余名", "6.5万元"]),
        (["--region", "宁市"], []),
        (["--region", "330000"], ["120余名", "6.5万元"]),
        (["--region", "330400"], ["120余名", "6.5万元"]),
        (["--region", "3304"], ["120余名", "6.5万元"]),
        (["--region", "330481"], ["120余名", "6.5万元"]),
        (["--region", "330500"], []),
        (["--programme", "skills_training"], ["5-10场", "2千人次"]),
        (["--programme", "暖冬"], ["120余名", "6.5万元"]),
        (["--programme", "skills"], []),
        (["--kind", "people"], ["120余名", "2千人次"]),
        (["--year", "2023"], ["120余名", "6.5万元", "2千人次"]),
        (["--year", "2022"], []),
        (["--status", "planned"], ["5-10场"]),
        (["--status", "actual", "--kind", "people", "--org", "海宁市总工会"], ["120余名"]),
        (["--limit", "1"], ["120余名"]),
        (["--limit", "0"], ["120余名", "6.5万元", "5-10场", "2千人次"]),
    ],
)
def test_filters(run, options, quotes):
    rows = [json.loads(line) for line in run("--json", *options).splitlines()]
    found = [row["quote"] for row in rows]
    assert sorted(found) == sorted(quotes)


def test_json_and_csv_have_all_columns(run):
    (line,) = run("--json", "--limit", "1").splitlines()
    assert list(json.loads(line)) == tables.columns("facts")
    rows = list(csv.DictReader(io.StringIO(run("--csv"), newline="")))
    assert len(rows) == 4
    assert list(rows[0]) == tables.columns("facts")


@pytest.mark.parametrize("columns", [80, 100, 120, 160])
def test_table_fits_and_loses_nothing(run, columns):
    text = run(columns=columns)
    assert max(map(cell_len, text.splitlines())) <= columns
    assert "4 facts" in text
    # Cells are folded over several lines: all their characters must be there, wherever.
    cells = ["≥120人", "65,000.5元", "5-10场year", "2,000人次", "职工", "慰问金", '"夜校"课程', "planned"]
    cells += ["海宁市总工会"] * 2 + ["县总工会"] * 2 + ["hardship_relief", "skills_training"] * 2
    cells += ["2023-12-20"] * 2 + ["..2023-06-30"] + ["actual"] * 3 + ["“暖冬行动”启动", "=1+1"]
    assert not Counter("".join(cells)) - Counter(text)


def test_table_says_when_there_is_more(run):
    assert "2 of 4 facts; --limit 0 shows all" in run("--limit", "2")
    assert run("--org", "no such").strip() == "no facts"


def test_missing_database_is_named(tmp_path):
    done = CliRunner().invoke(command, ["--db", str(tmp_path / "none.sqlite")])
    assert "none.sqlite: no such database" in str(done.exception)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2023-05-01", "2023-05-01", "2023-05-01"),
        ("2023-01-01", "2023-12-31", "2023"),
        ("2024-02-01", "2024-02-29", "2024-02"),
        ("2023-02-01", "2023-02-28", "2023-02"),
        ("2023-12-01", "2023-12-31", "2023-12"),
        ("2023-05-01", "2023-06-30", "2023-05-01..2023-06-30"),
        ("2022-01-01", "2023-12-31", "2022-01-01..2023-12-31"),
        (None, "2023-06-30", "..2023-06-30"),
        ("2018-08-01", None, "2018-08-01.."),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
        ("9999-12-01", "9999-12-31", "9999-12"),
        (None, None, ""),
    ],
)
def test_period(start, end, text):
    assert display.period(start, end) == text


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ({"value": 3125000.0}, "3,125,000元"),
        ({"value": 1.25, "unit": "%"}, "1.25%"),
        ({"value": 5.0, "value_max": 10.0, "bound": "range", "unit": "场"}, "5-10场"),
        ({"value": 300.0, "bound": "under", "unit": "人"}, "≤300人"),
        ({"value": 300.0, "bound": "about", "per": "year"}, "~300元 year"),
        ({"value": 0.00001}, "0.00001元"),
    ],
)
def test_amount(fact, text):
    row = {"value_max": None, "bound": "exact", "unit": "元", "per": None} | fact
    assert display.amount(row) == text


def test_pages_cannot_drive_the_terminal():
    text = "a\x1b[2Jb\u202ec\n\u200b职工\x00"
    assert display.printable(text) == "a\ufffd[2Jb\ufffdc\n\ufffd职工\ufffd"


WORDS = st.text(st.characters(categories=["L", "N", "P"]), max_size=40)


@settings(deadline=None)
@given(WORDS, WORDS, WORDS, st.sampled_from([80, 100, 120]))
def test_any_fact_fits(counted, organisation, title, width):
    row = {
        "kind": "money",
        "value": 3125000.0,
        "value_max": None,
        "unit": "元",
        "bound": "over",
        "per": "each",
    }
    row |= {"counted": counted, "organisation": organisation, "programme": "grassroots_building"}
    row |= {"date_start": "2023-01-01", "date_end": "2023-11-30", "status": "planned"}
    row |= {"article_id": "1", "article_title": title, "document": "a.txt"}
    console = Console(width=width, highlight=False)
    with console.capture() as captured:
        console.print(display.facts_table([row], console.width, article=True))
    text = captured.get()
    assert max(map(cell_len, text.splitlines())) <= width
    assert not Counter(counted + organisation + title) - Counter(text)
