"""unionkb runs"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from unionkb.commands.options import db_option

RUN = ("run_id", "command", "started_at", "finished_at", "status")
RUN_NUMBERS = ("documents", "unchanged", "failed", "articles", "facts")
VISIT = ("run_id", "source_id", "started_at")
VISIT_NUMBERS = (
    *("found", "fetched", "new", "changed", "unchanged", "gone", "failed", "passed"),
    *("articles", "undated", "empty", "facts"),
)
FAILURES = "SELECT run_id, document, reason FROM run_error WHERE run_id >= ? ORDER BY run_error_id"
VISITS = "SELECT * FROM run_source WHERE run_id >= ? ORDER BY run_id, source_id"
RUNS = """
SELECT * FROM run
WHERE NOT :crawls OR EXISTS (SELECT 1 FROM run_source WHERE run_source.run_id = run.run_id)
ORDER BY run_id DESC LIMIT :limit
"""


@click.command()
@db_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="The newest so many.")
@click.option("--sources", "by_source", is_flag=True, help="What crawls did at each source.")
@click.option("--errors", is_flag=True, help="Also say which documents could not be read, and why.")
def command(db: Path, limit: int, by_source: bool, errors: bool) -> None:
    """What was fetched and read, when, and how it ended: one line a run, the newest last."""
    from unionkb import store

    with store.open(db) as kb:
        runs = list(kb.rows(RUNS, {"crawls": by_source, "limit": limit}))[::-1]
        since = runs[0]["run_id"] if runs else 0
        visits = list(kb.rows(VISITS, [since])) if by_source else []
        failures = list(kb.rows(FAILURES, [since])) if errors else []
    if by_source:
        _print((*VISIT, *VISIT_NUMBERS, "outcome"), VISIT_NUMBERS, visits)
    else:
        _print((*RUN, *RUN_NUMBERS), RUN_NUMBERS, runs)
    for failure in failures:
        click.echo(f"run {failure['run_id']}: {failure['document']}: {failure['reason']}")


def _print(columns: Sequence[str], numbers: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    lines = [
        columns,
        *(["" if row[column] is None else str(row[column]) for column in columns] for row in rows),
    ]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, cell, width in zip(columns, line, widths, strict=True)
        )
        click.echo("  ".join(cells).rstrip())
