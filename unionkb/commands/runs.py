"""unionkb runs"""

from pathlib import Path

import click

from unionkb.commands import plain
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
        plain.table((*VISIT, *VISIT_NUMBERS, "outcome"), VISIT_NUMBERS, visits)
    else:
        plain.table((*RUN, *RUN_NUMBERS), RUN_NUMBERS, runs)
    for failure in failures:
        click.echo(f"run {failure['run_id']}: {failure['document']}: {failure['reason']}")
