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
@click.option(
    "--as-read",
    is_flag=True,
    help="Score what the extractor itself read, without what reviews have changed, added or rejected.",
)
@click.option("--errors", type=click.IntRange(0), default=0, help="Also list up to so many of each mistake.")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
def command(gold: Path, db: Path, facts: Path | None, as_read: bool, errors: int, as_json: bool) -> None:
    """Score facts against GOLD, a .jsonl file or a folder of them (see docs/gold-format.md), or a knowledge
    base, whose reviews are the gold."""
    from unionkb import evaluate, store
    from unionkb.export import ORDER

    if facts and as_read:
        raise click.UsageError("--as-read goes with a knowledge base, not with --facts")
    if _is_database(gold):
        from unionkb.review.gold import records

        with store.open(gold) as kb:
            wanted = evaluate.gold_of(records(kb))
        if not wanted.documents:
            raise evaluate.EvaluationError(
                f"{gold}: no document in which every fact has a review, so no gold"
            )
    else:
        wanted = evaluate.load_gold(gold)
        if not wanted.documents:
            raise evaluate.EvaluationError(f"{gold}: no gold in it")
    if facts:
        result = evaluate.evaluate(wanted, evaluate.load_claims(facts))
    else:
        with store.open(db) as kb:
            # In the order of facts.csv: which of two equal rows is taken must not depend on the way here.
            of_facts = f"SELECT * FROM facts WHERE review_status <> 'rejected' ORDER BY {ORDER['facts']}"
            rows = kb.rows(evaluate.AS_READ if as_read else of_facts)
            result = evaluate.evaluate(wanted, evaluate.claims_from_rows(rows, str(db)))
    click.echo(json.dumps(result.as_json(), indent=1) if as_json else evaluate.figures(result))
    for line in evaluate.errors(result, errors):
        # With --json only JSON goes to stdout.
        click.echo(line, err=as_json)


def _is_database(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as handle:
        return handle.read(16) == b"SQLite format 3\0"
