"""`from unionkb import KnowledgeBase`: typed rows, filters, evidence, no writing; docs/notebook.md."""

import doctest
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_type_hints

import pytest
from click.testing import CliRunner
from small_kb import fill

import unionkb
from unionkb import knowledge_base, query, store, tables
from unionkb.commands.ingest import command as ingest
from unionkb.errors import StoreError, UserError

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return fill(tmp_path_factory.mktemp("kb") / "kb.sqlite")


@pytest.fixture
def kb(path):
    with unionkb.KnowledgeBase(path) as kb:
        yield kb


def quotes(rows) -> list[str]:
    return [row["quote"] for row in rows]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("facts", knowledge_base.Fact),
        ("articles", knowledge_base.Article),
        ("organisations", knowledge_base.Organisation),
        ("programmes", knowledge_base.Programme),
        ("quantities", knowledge_base.Quantity),
        ("claims", knowledge_base.Claim),
        ("conflicts", knowledge_base.Conflict),
        ("reprints", knowledge_base.Reprint),
        ("reviews", knowledge_base.Review),
    ],
)
def test_types_are_those_of_the_tables(kb, name, row):
    kinds = {
        "string": str, "number": float, "integer": int, "boolean": bool, "date": date, "datetime": datetime
    }  # fmt: skip
    assert get_type_hints(row) == {
        field["name"]: kinds[field["type"]]
        if field.get("constraints", {}).get("required")
        else kinds[field["type"]] | None
        for field in tables.load(name)["fields"]
    }
    for found in getattr(kb, name)():
        assert list(found) == tables.columns(name)
        for column, value in found.items():
            assert isinstance(value, get_type_hints(row)[column]), column


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"organisation": "海宁"},
        {"organisation": "市总"},
        {"region": "330000"},
        {"region": "浙江"},
        {"programme": "skills_training"},
        {"kind": "money"},
        {"year": 2023},
        {"status": "planned"},
        {"since": "2023-12-01"},
        {"until": "2023-12-01"},
        {"reprints": True},
        {"kind": "people", "year": 2023},
    ],
)
def test_facts_are_those_of_the_command_line(kb, path, asked):
    with store.open(path) as opened:
        expected = list(query.facts(opened, query.Filter(**asked)))
    assert expected
    found = list(kb.facts(**asked))
    assert [row["fact_id"] for row in found] == [row["fact_id"] for row in expected]
    assert kb.facts(**asked).count() == len(expected)
    assert quotes(kb.facts(**asked, limit=1)) == [expected[0]["quote"]]


def test_days_are_dates_or_text(kb):
    for day in ("2023-12-01", date(2023, 12, 1), datetime(2023, 12, 1, 9, tzinfo=UTC)):
        assert quotes(kb.facts(since=day)) == ["120余名", "6.5万元"]
    with pytest.raises(ValueError, match="month"):
        kb.facts(since="2023-13-01")


def test_rows_can_be_read_again_and_side_by_side(kb):
    rows = kb.facts()
    assert list(rows) == list(rows)
    assert len(list(zip(rows, rows, strict=True))) == 4
    assert rows
    assert not kb.facts(year=1999)
    assert repr(kb.facts(limit=1)) == "<1 row>"


def test_evidence_is_where_the_fact_says(kb):
    for fact in kb.facts(reprints=True):
        evidence = kb.evidence(fact["fact_id"])
        body = evidence["body"]
        assert body[evidence["char_start"] : evidence["char_end"]] == fact["quote"] == evidence["quote"]
        assert body[evidence["sentence_start"] : evidence["sentence_end"]] == fact["sentence"]
        assert evidence["document"] == fact["document"]
        assert evidence["stored_at"] == datetime(2024, 1, 1, tzinfo=UTC)
        assert evidence.keys() == get_type_hints(knowledge_base.Evidence).keys()
    with pytest.raises(KeyError):
        kb.evidence("0" * 16)


def test_single_rows(kb):
    fact = kb.facts().first()
    assert kb.fact(fact["fact_id"]) == fact
    assert kb.article(fact["article_id"])["title"] == fact["article_title"]
    assert kb.fact("x") is None
    assert kb.article("x") is None


def test_articles(kb):
    assert [row["document"] for row in kb.articles()] == ["news/a.txt", "news/a.txt"]
    assert kb.articles(reprints=True).count() == 3
    assert kb.articles(since="2023-12-01", until="2023-12-20").count() == 1
    assert kb.articles(newspaper="海宁日报", source="files", limit=1).count() == 1
    assert kb.articles(source="other").count() == 0


def test_quantities_and_their_claims(kb):
    found = {(row["quote"], row["claims"], row["facts"]) for row in kb.quantities(region="浙江")}
    assert found == {("120余名", 1, 2), ("6.5万元", 1, 2)}
    assert kb.quantities().count() == 4
    assert kb.quantities(programme="skills_training", status="actual", limit=5).first()["measure"] == (
        "attendances"
    )
    assert kb.quantities(organisation="市总", kind="money", year=2023, since="2023-12-01").count() == 1
    assert kb.quantities(until="2023-12-01", limit=1).count() == 1
    first = kb.quantities(kind="money").first()
    claims = list(kb.claims(fact_id=first["fact_id"]))
    assert [(row["is_picked"], row["is_repeat"]) for row in claims] == [(True, False), (False, True)]
    assert list(kb.claims(group_id=first["group_id"])) == claims
    assert kb.claims().count() == 6
    assert kb.claims(fact_id="0" * 16).count() == 0
    assert kb.conflicts(organisation="海宁", programme="summer_care", kind="money").count() == 0
    assert kb.conflicts(fact_id=first["fact_id"]).first() is None
    (one, other) = kb.reprints()
    assert (one["is_reprint"], other["is_reprint"]) == (False, True)
    assert list(kb.reprints(article_id=other["article_id"])) == [one, other]


def test_search(kb):
    assert [hit.document for hit in kb.search("慰问")] == ["news/a.txt"]
    assert {hit.document for hit in kb.search("慰问", reprints=True)} == {"news/a.txt", "news/b.txt"}
    assert len(kb.search("慰问", reprints=True, limit=1)) == 1
    assert kb.search("慰问", region="广东") == []
    with pytest.raises(UserError, match="word"):
        kb.search(" ")


def test_organisations_and_programmes(kb):
    def names(**asked):
        return [row["organisation"] for row in kb.organisations(**asked)]

    assert names() == ["嘉兴市总工会", "海宁市总工会"]
    assert names(name="市总") == ["嘉兴市总工会", "海宁市总工会"]
    assert names(region="330481") == ["海宁市总工会"]
    assert names(level="city") == ["嘉兴市总工会"]
    assert [row["programme"] for row in kb.programmes(programme="skills_training")] == ["skills_training"]
    assert kb.table("sources").first()["source_id"] == "files"
    for name in ("nothing", "changes", "fact; DROP TABLE fact"):
        with pytest.raises(KeyError):
            kb.table(name)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM fact",
        "UPDATE article SET title = ''",
        "DROP VIEW facts",
        "CREATE TEMP TABLE t (a)",
        "PRAGMA query_only = OFF",
        "ATTACH ':memory:' AS other",
        "SELECT load_extension('x')",
        "UPDATE sqlite_master SET sql = ''",
        "INSERT INTO article_search (rowid, title) VALUES (1, 'x')",
        "BEGIN",
        "VACUUM INTO 'copy.sqlite'",
    ],
)
def test_nothing_is_written(kb, path, statement):
    before = path.read_bytes()
    with pytest.raises(sqlite3.DatabaseError):
        list(kb.sql(statement))
    with pytest.raises(sqlite3.DatabaseError):
        kb.sql(statement).to_pandas()
    assert path.read_bytes() == before


def test_sql(kb):
    assert kb.sql("SELECT count(*) AS n FROM facts WHERE kind = :kind;", {"kind": "money"}).first() == {
        "n": 2
    }
    assert list(
        kb.sql("WITH RECURSIVE a (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT n FROM a LIMIT 2")
    ) == [
        {"n": 1},
        {"n": 2},
    ]


def test_data_frames_have_types(kb):
    pandas = pytest.importorskip("pandas", reason="pandas is missing (the extra `data`)")
    frame = kb.facts(reprints=True).to_pandas()
    assert list(frame.columns) == tables.columns("facts")
    assert len(frame) == 6
    kinds = {name: str(kind).split("[")[0] for name, kind in frame.dtypes.items()}
    assert {name: kinds[name] for name in ("published", "value", "is_reprint", "char_start")} == {
        "published": "datetime64", "value": "Float64", "is_reprint": "boolean", "char_start": "Int64"
    }  # fmt: skip
    assert frame["value_max"].isna().sum() == 5
    assert frame[~frame["is_reprint"]]["value"].max() == 65000.5
    assert frame["published"].max() == pandas.Timestamp("2023-12-21")
    assert list(kb.facts(year=1999).to_pandas().columns) == tables.columns("facts")
    assert kb.sql("SELECT 1 AS a").to_pandas()["a"].tolist() == [1]


def test_without_pandas_it_says_what_to_install(kb, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UserError, match=r"pip install 'unionkb\[data\]'"):
        kb.facts().to_pandas()


def test_a_notebook_shows_text_and_no_markup(kb):
    shown = kb.sql("SELECT '<script>' AS a, NULL AS b")._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert kb.facts()._repr_html_().count("<tr>") == 5
    assert kb.facts(year=1999)._repr_html_() == "<p>no rows</p>"


def test_what_cannot_be_opened_is_said_in_one_line(tmp_path):
    with pytest.raises(StoreError, match="no such database"):
        unionkb.KnowledgeBase(tmp_path / "none.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_importing_the_package_is_cheap():
    code = (
        "import sys, unionkb; assert 'sqlite_utils' not in sys.modules; unionkb.KnowledgeBase;"
        "assert not {'pandas', 'pyarrow', 'scrapy', 'jieba'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError):
        _ = unionkb.nothing


def test_the_examples_of_the_documentation(tmp_path, monkeypatch):
    pytest.importorskip("pandas", reason="pandas is missing (the extra `data`)")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(ingest, [str(ROOT / "data" / "cases" / "pages" / "qingliang.txt")])
    assert done.exit_code == 0, done.output
    failed, tried = doctest.testfile(
        str(ROOT / "docs" / "notebook.md"), module_relative=False, encoding="utf-8"
    )
    assert tried > 10
    assert failed == 0
