"""unionkb runs"""

from pathlib import Path

import click

from unionkb.commands.options import db_option

NUMBERS = ("documents", "unchanged", "failed", "articles", "facts")
COLUMNS = ("run_id", "command", "started_at", "finished_at", "status", *NUMBERS)
FAILURES = "SELECT run_id, document, reason FROM run_error WHERE run_id >= ? ORDER BY run_error_id"


@click.command()
@db_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="The newest so many.")
@click.option("--errors", is_flag=True, help="Also say which documents could not be read, and why.")
def command(db: Path, limit: int, errors: bool) -> None:
    """What was read, when, and how it ended: one line a run, the newest last."""
    from unionkb import store

    with store.open(db) as kb:
        newest = f"SELECT {', '.join(COLUMNS)} FROM run ORDER BY run_id DESC LIMIT ?"
        runs = list(kb.rows(newest, [limit]))[::-1]
        since = runs[0]["run_id"] if runs else 0
        failures = list(kb.rows(FAILURES, [since])) if errors else []
    lines = [
        COLUMNS,
        *(["" if run[column] is None else str(run[column]) for column in COLUMNS] for run in runs),
    ]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell.rjust(width) if column in NUMBERS else cell.ljust(width)
            for column, cell, width in zip(COLUMNS, line, widths, strict=True)
        )
        click.echo("  ".join(cells).rstrip())
    for failure in failures:
        click.echo(f"run {failure['run_id']}: {failure['document']}: {failure['reason']}")
