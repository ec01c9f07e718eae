"""unionkb merge"""

import time
from pathlib import Path

import click

from unionkb.commands import progress
from unionkb.commands.options import db_option


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@db_option
def command(paths: tuple[Path, ...], db: Path) -> None:
    """Join knowledge bases, as if one machine had seen all that each of them has seen.

    They are left as they are. What is in the knowledge base `--db` stays and is joined too; it changes in one
    step, at the end."""
    from unionkb.commands.stopping import leaving_clean
    from unionkb.merge.merging import merge

    with leaving_clean(), _Stages() as stages:
        done = merge(paths, db, stages)
    click.echo(
        f"{db}: databases merged: {done.databases}, pages: {done.pages}, articles: {done.articles}, "
        f"facts: {done.facts}"
    )


class _Stages(progress.Progress):
    """Shows one stage of the work after the other."""

    def stage(self, what: str, total: int) -> None:
        for task in self._bar.task_ids:
            self._bar.remove_task(task)
        self._verb, self._noun, self._done = what, what, 0
        next_line = self._next_line
        self.begin(total)
        self._next_line = next_line or self._next_line

    def beat(self) -> None:
        if time.monotonic() >= self._next_line:
            self.advance(0)
