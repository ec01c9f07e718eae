"""Tables and their columns in words, for the pages of tables."""

from typing import Any

from unionkb import tables
from unionkb.i18n import Language, catalogue


def table(name: str, language: Language) -> dict[str, Any]:
    """`title`, `description` and the title of each column by name (`columns`) of a table; one that is not
    described goes by its name."""
    try:
        found = tables.load(name, language)
    except FileNotFoundError:
        return {"title": name, "description": "", "columns": {}}
    columns = {field["name"]: field["title"] for field in found["fields"]}
    return {"title": found["title"], "description": found["description"], "columns": columns}


def column(name: str, language: Language) -> str:
    """A column of a query, in words where they are known."""
    return catalogue().get(f"column.{name}", {}).get(language, "")
