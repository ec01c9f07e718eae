"""Tables in plain text, for terminals and logs alike: nothing is cut off or wrapped."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import click


def table(columns: Sequence[str], numbers: Collection[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows under the names of their columns; `numbers` are the columns set to the right."""
    lines = [
        list(columns),
        *(["" if row[column] is None else str(row[column]) for column in columns] for row in rows),
    ]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, cell, width in zip(columns, line, widths, strict=True)
        )
        click.echo("  ".join(cells).rstrip())
