"""The codebook: every column in words, made from the table descriptions.

`python -m unionkb.codebook` prints it; `make docs` writes docs/codebook.md.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from unionkb import tables

_PREAMBLE = """\
# Codebook

Every table and column of {what}.
Made from `schema/tables/*.json`; do not edit it by hand.

Dates are ISO 8601 (`2023-05-01`). Empty means unknown or not applicable. Offsets count Unicode code points
and are half-open: `body[char_start:char_end]` is the quote.
"""


def _constraints(field: dict[str, Any]) -> Iterator[str]:
    constraints = field.get("constraints", {})
    if "enum" in constraints:
        yield "One of " + ", ".join(f"`{value}`" for value in constraints["enum"]) + "."
    if "pattern" in constraints:
        yield f"Pattern `{constraints['pattern']}`."
    low, high = constraints.get("minimum"), constraints.get("maximum")
    if low is not None and high is not None:
        yield f"From {low} to {high}."
    elif low is not None:
        yield f"At least {low}."
    if constraints.get("unique"):
        yield "Unique."
    if "unit" in field:
        yield f"Unit: {field['unit']}."
    if "example" in field:
        yield f"Example: `{field['example']}`."


def _cell(text: str) -> str:
    return " ".join(text.replace("|", r"\|").split())


def _listed(names: str | Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in ([names] if isinstance(names, str) else names))


def section(table: tables.Table) -> str:
    """The Markdown section of one table."""
    lines = [f"## {table['name']}", "", table["description"], ""]
    if key := table.get("primaryKey"):
        lines.append(f"Primary key: {_listed(key)}.")
    for link in table.get("foreignKeys", ()):
        other = link["reference"]
        place = f"`{other['resource']}`" if other["resource"] else "this table"
        lines.append(f"{_listed(link['fields'])} refers to {_listed(other['fields'])} of {place}.")
    if lines[-1]:
        lines.append("")
    lines += ["| column | type | empty | meaning |", "| --- | --- | --- | --- |"]
    for field in table["fields"]:
        required = field.get("constraints", {}).get("required", False)
        meaning = _cell(" ".join([field["description"], *_constraints(field)]))
        lines.append(f"| `{field['name']}` | {field['type']} | {'no' if required else 'yes'} | {meaning} |")
    return "\n".join(lines) + "\n"


def render(names: Sequence[str] | None = None, what: str = "the knowledge base and its releases") -> str:
    """The codebook in Markdown, of the tables named or of all."""
    sections = [section(tables.load(name)) for name in (tables.names() if names is None else names)]
    return "\n".join([_PREAMBLE.format(what=what), *sections])


if __name__ == "__main__":
    print(render(), end="")
