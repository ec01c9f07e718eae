"""schema/tables/*.json, the migrations and the views say the same."""

import json
import sqlite3
from pathlib import Path
from typing import Any, get_args

import pytest
from frictionless import Schema

from extract import model
from unionkb import migrations, paths, store

TABLES = {
    file.stem: json.loads(file.read_text("utf-8")) for file in (paths.schema() / "tables").glob("*.json")
}
FACTS_CSV = """
    fact_id document article_id article_title published newspaper organisation organisation_id
    organisation_level region_code province city county programme programme_name kind value value_max unit
    counted bound status per date_start date_end date_precision date_basis quote sentence char_start char_end
    confidence rule cluster_id is_reprint review_status extractor_version
"""
SQL_TYPES = {
    "string": "TEXT", "date": "TEXT", "datetime": "TEXT", "integer": "INTEGER", "boolean": "INTEGER",
    "number": "REAL",
}  # fmt: skip


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with store.open(tmp_path_factory.mktemp("schema") / "kb.sqlite", write=True) as kb:
        yield kb.db.conn


def _relations(connection: sqlite3.Connection) -> dict[str, str]:
    found = connection.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')")
    # The full-text index has tables of its own, whose columns are SQLite's.
    return {
        name: kind for name, kind in found if not name.startswith(("_sqlite", "sqlite_", "article_search"))
    }


def test_every_table_and_view_is_described_and_the_other_way_round(database: sqlite3.Connection) -> None:
    assert set(_relations(database)) == set(TABLES)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_columns_agree_in_name_and_order(database: sqlite3.Connection, name: str) -> None:
    actual = [column[0] for column in database.execute(f"SELECT * FROM {name}").description]
    assert [field["name"] for field in TABLES[name]["fields"]] == actual


@pytest.mark.parametrize("name", sorted(set(TABLES) - set(migrations.views())))
def test_types_nulls_and_keys_agree(database: sqlite3.Connection, name: str) -> None:
    described = {field["name"]: field for field in TABLES[name]["fields"]}
    key = []
    for _, column, kind, notnull, _, pk in database.execute(f"PRAGMA table_info({name})"):
        assert SQL_TYPES[described[column]["type"]] == kind, column
        required = described[column].get("constraints", {}).get("required", False)
        assert required == bool(notnull or pk), column
        key += [(pk, column)] if pk else []
    assert [column for _, column in sorted(key)] == TABLES[name]["primaryKey"]
    references = {
        (own, table if table != name else "", other)
        for _, _, table, own, other, *_ in database.execute(f"PRAGMA foreign_key_list({name})")
    }
    assert references == {
        (key["fields"][0], key["reference"]["resource"], key["reference"]["fields"][0])
        for key in TABLES[name].get("foreignKeys", [])
    }


def test_every_foreign_key_has_an_index(database: sqlite3.Connection) -> None:
    for name, kind in _relations(database).items():
        if kind == "table":
            first = {
                database.execute(f"PRAGMA index_info({index[1]})").fetchone()[2]
                for index in database.execute(f"PRAGMA index_list({name})").fetchall()
            }
            keys = {row[3] for row in database.execute(f"PRAGMA foreign_key_list({name})")}
            assert keys <= first, name


@pytest.mark.parametrize("name", sorted(TABLES))
def test_descriptor_is_valid_and_says_something_of_every_column(name: str) -> None:
    table = TABLES[name]
    Schema.from_descriptor(table)
    assert table["name"] == name
    assert table["title"]
    assert table["description"].endswith((".", ")"))
    for field in table["fields"]:
        assert field["title"], field["name"]
        assert len(field["description"]) > 5, field["name"]
        if field["type"] == "number":
            assert field["unit"], field["name"]


def test_facts_is_the_contract_of_a_release() -> None:
    assert [field["name"] for field in TABLES["facts"]["fields"]] == FACTS_CSV.split()


def test_enums_are_those_of_the_model() -> None:
    enums = {
        "kind": model.Kind, "bound": model.Bound, "status": model.Status, "per": model.Per,
        "date_precision": model.Precision, "date_basis": model.Basis, "organisation_level": model.Level,
    }  # fmt: skip
    for name in ("fact", "facts", "organisations"):
        for field in TABLES[name]["fields"]:
            if field["name"] in enums:
                assert field["constraints"]["enum"] == list(get_args(enums[field["name"]])), field["name"]


def test_columns_of_one_name_that_are_repeated_agree() -> None:
    for one, other in (("fact", "facts"), ("article", "articles"), ("facts", "activities")):
        theirs = {field["name"]: field for field in TABLES[other]["fields"]}
        for field in TABLES[one]["fields"]:
            if field["name"] in theirs and field["name"] not in {"date_start", "date_end"}:
                assert field == theirs[field["name"]], (one, other)


def _enums() -> list[tuple[str, str, list[str]]]:
    return [
        (name, field["name"], field["constraints"]["enum"])
        for name, table in sorted(TABLES.items())
        for field in table["fields"]
        if "enum" in field.get("constraints", {}) and name not in migrations.views()
    ]


@pytest.mark.parametrize(("table", "column", "values"), _enums())
def test_the_database_checks_the_same_enums(
    database: sqlite3.Connection, table: str, column: str, values: list[str]
) -> None:
    (sql,) = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
    words = "".join(sql.split())
    listed = ",".join(f"'{value}'" for value in values).replace(" ", "")
    assert f"{column}IN({listed})" in words


def test_migrations_are_numbered_and_leave_the_newest_version(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA user_version").fetchone() == (migrations.latest(),)
    files = sorted(Path(paths.schema() / "migrations").glob("*.sql"))
    numbers = [int(file.name[:4]) for file in files]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == migrations.latest()


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("", []),
        ("-- only words\n", []),
        ("-- a; b\nSELECT 1;\n\n-- c\nSELECT ';';", ["SELECT 1", "SELECT ';'"]),
        (
            "CREATE TRIGGER t AFTER INSERT ON x BEGIN\n DELETE FROM y;\nEND;",
            ["CREATE TRIGGER t AFTER INSERT ON x BEGIN\n DELETE FROM y;\nEND"],
        ),
    ],
)
def test_statements(script: str, expected: list[str]) -> None:
    assert list(migrations.statements(script)) == expected


def test_unfinished_statement_is_an_error() -> None:
    with pytest.raises(ValueError, match="unfinished"):
        list(migrations.statements("SELECT 1"))
