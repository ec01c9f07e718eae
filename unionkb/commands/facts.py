"""unionkb facts"""

import json
from pathlib import Path

import click

from unionkb.commands.options import db_option, filter_options


@click.command()
@db_option
@filter_options
@click.option("--reprints", is_flag=True, help="Also the facts of reprints.")
@click.option(
    "--limit", type=click.IntRange(0), default=50, show_default=True, help="At most so many; 0 for all."
)
@click.option("--json", "form", flag_value="json", help="One JSON object a line, with all columns.")
@click.option("--csv", "form", flag_value="csv", help="CSV, with all columns.")
def command(
    db: Path,
    organisation: str | None,
    region: str | None,
    programme: str | None,
    kind: str | None,
    year: int | None,
    status: str | None,
    reprints: bool,
    limit: int,
    form: str | None,
) -> None:
    """Facts as a table, the newest article first.

    In the table `≥` marks a floor (超, 余, 以上), `≤` a ceiling (近, 不足, 以内), `~` an estimate.
    """
    from unionkb import query, store, tables

    wanted = query.Filter(organisation, region, programme, kind, year, status, reprints)
    with store.open(db) as kb:
        rows = query.facts(kb, wanted, limit or None)
        if form == "json":
            for row in rows:
                click.echo(json.dumps(row, ensure_ascii=False))
        elif form == "csv":
            from unionkb.export import csv_lines

            for line in csv_lines(rows, tables.columns("facts")):
                click.echo(line.encode(), nl=False)
        else:
            _table(list(rows), query.count(kb, wanted))


def _table(rows: list[dict[str, object]], total: int) -> None:
    from rich.console import Console

    from unionkb.display import facts_table

    if not rows:
        click.echo("no facts")
        return
    console = Console(highlight=False)
    console.print(facts_table(rows, console.width, article=True))
    if total > len(rows):
        click.echo(f"{len(rows)} of {total} facts; --limit 0 shows all")
    else:
        click.echo(f"{total} fact{'' if total == 1 else 's'}")
