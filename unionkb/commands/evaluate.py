"""unionkb evaluate"""

import json
from pathlib import Path

import click

from unionkb.commands.options import db_option


@click.command()
@click.argument("gold", metavar="GOLD", type=click.Path(path_type=Path))
@db_option
@click.option(
    "--facts",
    type=click.Path(path_type=Path),
    metavar="FACTS.csv",
    help="Score this file instead of the knowledge base.",
)
@click.option("--errors", type=click.IntRange(0), default=0, help="Also list up to so many of each mistake.")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
def command(gold: Path, db: Path, facts: Path | None, errors: int, as_json: bool) -> None:
    """Score facts against GOLD, a .jsonl file or a folder of them (see docs/gold-format.md)."""
    from unionkb import evaluate, store
    from unionkb.export import ORDER

    wanted = evaluate.load_gold(gold)
    if facts:
        result = evaluate.evaluate(wanted, evaluate.load_claims(facts))
    else:
        with store.open(db) as kb:
            # In the order of facts.csv: which of two equal rows is taken must not depend on the way here.
            rows = kb.rows(f"SELECT * FROM facts ORDER BY {ORDER['facts']}")
            result = evaluate.evaluate(wanted, evaluate.claims_from_rows(rows, str(db)))
    click.echo(json.dumps(result.as_json(), indent=1) if as_json else evaluate.figures(result))
    for line in evaluate.errors(result, errors):
        # With --json only JSON goes to stdout.
        click.echo(line, err=as_json)
