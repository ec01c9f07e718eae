"""Descriptions of tables and views (Table Schema): where column names, CSV headers and codebook come from."""

import csv
import json
from functools import cache
from typing import Any

from unionkb import paths

Table = dict[str, Any]
"""A parsed schema/tables/<name>.json: `name`, `title`, `description`, `fields`, `primaryKey` ..."""

RELEASE = (
    *("facts", "articles", "organisations", "programmes", "sources", "coverage"),
    *("quantities", "claims", "conflicts", "reprints", "reviews"),
)
"""The views that leave the database as files, in the order of a release."""

HISTORY = ("changes", "tombstones")
"""What a release has besides: what became of the one before it. No table or view of the database."""


@cache
def load(name: str, language: str = "en") -> Table:
    """The description of one table or view; `zh`: with titles and descriptions in Chinese, where there are
    any. Raises FileNotFoundError for a name that has none."""
    folder = "release" if name in HISTORY else "tables"
    table: Table = json.loads((paths.schema() / folder / f"{name}.json").read_text(encoding="utf-8"))
    if language == "zh":
        words = _chinese()
        table |= words.get((name, ""), {})
        for field in table["fields"]:
            field |= words.get((name, field["name"])) or words.get(("*", field["name"])) or {}
    return table


@cache
def _chinese() -> dict[tuple[str, str], dict[str, str]]:
    """Title and description in Chinese by table (`*`: any) and column (empty: the table itself)."""
    with (paths.schema() / "chinese.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {
            (row["table"], row["column"]): {"title": row["title"], "description": row["description"]}
            for row in rows
        }


def names() -> list[str]:
    """All that are described: those of a release first, the others by name."""
    described = sorted(path.stem for path in (paths.schema() / "tables").glob("*.json"))
    return [*RELEASE, *HISTORY, *(name for name in described if name not in RELEASE)]


def columns(name: str) -> list[str]:
    """Column names in order."""
    return [field["name"] for field in load(name)["fields"]]
