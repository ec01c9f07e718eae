"""unionkb unresolved"""

import json
from pathlib import Path

import click

from unionkb.commands import plain
from unionkb.commands.options import db_option

NUMBERS = ("facts", "articles")
ROWS = """
SELECT
    facts, articles, name,
    coalesce(likely_province, '') || coalesce(likely_city, '') || coalesce(likely_county, '')
        AS likely_region,
    example
FROM unresolved ORDER BY facts DESC, articles DESC, name, likely_region_code LIMIT ?
"""
ALL = "SELECT * FROM unresolved ORDER BY facts DESC, articles DESC, name, likely_region_code LIMIT ?"


@click.command()
@db_option
@click.option(
    "--limit", type=click.IntRange(0), default=50, show_default=True, help="At most so many; 0 for all."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with all columns.")
def command(db: Path, limit: int, as_json: bool) -> None:
    """Names of organisations that could not be resolved, the most frequent first: in how many facts and
    articles, in which region probably, and a sentence that has one."""
    from unionkb import store

    with store.open(db) as kb:
        rows = list(kb.rows(ALL if as_json else ROWS, [limit or -1]))
        (total,) = kb.rows("SELECT count(*) AS n FROM unresolved")
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif not rows:
        click.echo("all names are resolved")
    else:
        shown = [row | {"example": " ".join(row["example"].split())} for row in rows]
        plain.table(("facts", "articles", "name", "likely_region", "example"), NUMBERS, shown)
        if total["n"] > len(rows):
            click.echo(f"{len(rows)} of {total['n']} names; --limit 0 shows all")
