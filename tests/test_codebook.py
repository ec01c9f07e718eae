"""The codebook is made from the table descriptions, and the copy in docs/ is current."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from unionkb import codebook, tables

ROOT = Path(__file__).parents[1]


def test_docs_are_current():
    written = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    assert written == codebook.render(), "run `make docs`"
    chinese = (ROOT / "docs" / "codebook.zh.md").read_text(encoding="utf-8")
    assert chinese == codebook.chinese(), "run `make docs`"


@pytest.mark.parametrize("name", [*tables.RELEASE, *tables.HISTORY])
def test_every_column_of_a_release_is_there_in_chinese(name):
    english, chinese = tables.load(name), tables.load(name, "zh")
    for one, other in zip([english, *english["fields"]], [chinese, *chinese["fields"]], strict=True):
        assert re.search("[一-龥]", other["title"]), other["name"]
        assert re.search("[一-龥]", other["description"]), other["name"]
        assert other["description"].endswith("。")
        assert {**one, "title": "", "description": "", "fields": []} == {
            **other,
            "title": "",
            "description": "",
            "fields": [],
        }


def test_module_prints_it():
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "unionkb.codebook"], cwd=ROOT, capture_output=True, check=True
    )
    assert run.stdout.decode() == codebook.render()


@pytest.mark.parametrize("name", tables.names())
def test_every_column_is_there_in_words(name):
    section = codebook.section(tables.load(name))
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == tables.columns(name)
    for row in rows:
        assert row.count(" | ") == 3, f"a cell of its own is missing or open: {row}"
        assert len(row.split(" | ")[3]) > 5


def test_constraints_are_said_in_words():
    field = {
        "name": "share",
        "type": "number",
        "description": "A share | part.",
        "unit": "percent",
        "example": "95",
        "constraints": {"required": True, "minimum": 0, "maximum": 100, "unique": True},
    }
    link = {"fields": ["share"], "reference": {"resource": "", "fields": ["other"]}}
    table = {
        "name": "t",
        "description": "T.",
        "fields": [field],
        "primaryKey": "share",
        "foreignKeys": [link],
    }
    text = codebook.section(table)
    assert "Primary key: `share`." in text
    assert "`share` refers to `other` of this table." in text
    row = r"| `share` | number | no | A share \| part. From 0 to 100. Unique. Unit: percent. Example: `95`. |"
    assert row in text


def test_a_release_has_only_its_own_tables():
    text = codebook.render(tables.RELEASE, "this release")
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(tables.RELEASE)
