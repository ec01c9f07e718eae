"""unionkb runs"""

from pathlib import Path

import click

from unionkb.commands.options import db_option

COLUMNS = (
    "run_id", "command", "started_at", "finished_at", "status",
    "documents", "unchanged", "failed", "articles", "facts",
)  # fmt: skip


@click.command()
@db_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="The newest so many.")
@click.option("--errors", is_flag=True, help="Also say which documents could not be read, and why.")
def command(db: Path, limit: int, errors: bool) -> None:
    """What was read, when, and how it ended: one line a run, the newest last."""
    from rich.console import Console
    from rich.table import Table

    from unionkb import store

    with store.open(db) as kb:
        newest = f"SELECT {', '.join(COLUMNS)} FROM run ORDER BY run_id DESC LIMIT ?"
        runs = list(kb.rows(newest, [limit]))[::-1]
        failures = (
            list(
                kb.rows(
                    "SELECT run_id, document, reason FROM run_error WHERE run_id >= ? ORDER BY run_error_id",
                    [runs[0]["run_id"] if runs else 0],
                )
            )
            if errors
            else []
        )
    console = Console(soft_wrap=True)
    table = Table(box=None, header_style="bold")
    for column in COLUMNS:
        table.add_column(column, no_wrap=True, justify="right" if column in COLUMNS[5:] else "left")
    for run in runs:
        table.add_row(*("" if run[c] is None else str(run[c]) for c in COLUMNS))
    # As wide as its content: a log or a pipe has no width to fit into.
    console.print(table, width=console.measure(table).maximum, crop=False)
    for failure in failures:
        click.echo(f"run {failure['run_id']}: {failure['document']}: {failure['reason']}")
