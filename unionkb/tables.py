"""Descriptions of tables and views (Table Schema): where column names, CSV headers and codebook come from."""

import json
from functools import cache
from typing import Any

from unionkb import paths

Table = dict[str, Any]
"""A parsed schema/tables/<name>.json: `name`, `title`, `description`, `fields`, `primaryKey` ..."""

RELEASE = ("facts", "articles", "organisations", "programmes", "sources")
"""The views that leave the database as CSV files, in the order of a release."""


@cache
def load(name: str) -> Table:
    """The description of one table or view. Raises FileNotFoundError for a name that has none."""
    table: Table = json.loads((paths.schema() / "tables" / f"{name}.json").read_text(encoding="utf-8"))
    return table


def names() -> list[str]:
    """All that are described: those of a release first, the others by name."""
    described = sorted(path.stem for path in (paths.schema() / "tables").glob("*.json"))
    return [*RELEASE, *(name for name in described if name not in RELEASE)]


def columns(name: str) -> list[str]:
    """Column names in order."""
    return [field["name"] for field in load(name)["fields"]]
