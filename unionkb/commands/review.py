"""unionkb review"""

import json
from pathlib import Path
from typing import Any

import click

from unionkb.commands import plain
from unionkb.commands.options import db_option, filter_options

STATES = ("in force", "overruled", "withdrawn", "unmatched")
OUT = ("labelstudio", "doccano", "spacy", "jsonl", "reviews", "gold", "case")
BACK = ("labelstudio", "doccano", "spacy", "jsonl", "reviews")

reviewer_option = click.option(
    "--reviewer",
    envvar="UNIONKB_REVIEWER",
    required=True,
    metavar="NAME",
    help="Who says so; or set UNIONKB_REVIEWER in the environment.",
)
reason_option = click.option("--reason", metavar="TEXT", help="Why.")
set_option = click.option(
    "--set",
    "fields",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field with what is right, empty for none: value=320, per=, date_start=2024-05-01; may be given "
    "several times.",
)


@click.group()
def command() -> None:
    """Say what is right and wrong in facts: one by one, or with an annotation tool."""


@command.command("list")
@db_option
@click.option("--status", type=click.Choice(STATES), help="Only reviews in this state.")
@click.option("--fact", "fact_id", metavar="FACT", help="Only reviews of this fact.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with all columns.")
def list_(db: Path, status: str | None, fact_id: str | None, as_json: bool) -> None:
    """Reviews, the oldest first."""
    from unionkb import review, store

    with store.open(db) as kb:
        rows = list(review.listed(kb, status, fact_id))
    if as_json:
        for row in rows:
            click.echo(json.dumps(row | {"fields": json.loads(row["fields"])}, ensure_ascii=False))
        return
    if not rows:
        click.echo("no reviews")
        return
    plain.table(_LIST, (), [_line(row) for row in rows])


_LIST = ("made_at", "reviewer", "action", "state", "fact_id", "quote", "changes", "document", "reason")


def _line(row: dict[str, Any]) -> dict[str, Any]:
    from unionkb.display import printable

    fields = json.loads(row["fields"])
    said = " ".join(f"{name}={'' if value is None else value}" for name, value in fields.items())
    shown = row | {"made_at": row["made_at"][:19] + "Z", "changes": said}
    return {name: printable(" ".join(shown[name].split())) if shown[name] else "" for name in _LIST}


def _verdict(action: str, meaning: str) -> None:
    """A command that says one thing of a fact, without any fields."""

    @command.command(action, help=meaning)
    @click.argument("fact", metavar="FACT")
    @db_option
    @reviewer_option
    @reason_option
    def say(fact: str, db: Path, reviewer: str, reason: str | None) -> None:
        _say(db, action=action, fact_id=fact, reviewer=reviewer, reason=reason)


_verdict("accept", "The fact FACT (its fact_id) is right.")
_verdict("reject", "FACT is no fact: the text does not say so.")
_verdict("withdraw", "Take back what was said of FACT: it is again as the extractor reads it.")


@command.command()
@click.argument("fact", metavar="FACT")
@set_option
@db_option
@reviewer_option
@reason_option
def correct(fact: str, fields: tuple[str, ...], db: Path, reviewer: str, reason: str | None) -> None:
    """FACT is a fact, with other values."""
    _say(db, action="correct", fact_id=fact, fields=_fields(fields), reviewer=reviewer, reason=reason)


@command.command()
@click.argument("article", metavar="ARTICLE")
@click.argument("quote", metavar="QUOTE")
@click.option(
    "--at", type=click.IntRange(0), metavar="OFFSET", help="Where QUOTE begins, if it stands more than once."
)
@set_option
@db_option
@reviewer_option
@reason_option
def add(
    article: str,
    quote: str,
    at: int | None,
    fields: tuple[str, ...],
    db: Path,
    reviewer: str,
    reason: str | None,
) -> None:
    """ARTICLE (its article_id) states a fact in the words QUOTE that was missed."""
    from unionkb import store
    from unionkb.review import ReviewError

    with store.open(db) as kb:
        found = list(kb.rows("SELECT body FROM article WHERE article_id = ?", [article]))
    if not found:
        raise ReviewError(f"{article}: no such article")
    body = found[0]["body"]
    times = body.count(quote)
    start = body.find(quote) if at is None else at
    if times == 0 or body[start : start + len(quote)] != quote:
        raise ReviewError(f"{quote}: does not stand {'in the article' if at is None else f'at {at}'}")
    if times > 1 and at is None:
        raise ReviewError(f"{quote}: stands {times} times in the article; say which with --at")
    place = {"article_id": article, "start": start, "end": start + len(quote)}
    _say(db, action="add", **place, fields=_fields(fields), reviewer=reviewer, reason=reason)


@command.command()
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@db_option
@click.option("--format", "format_", type=click.Choice(OUT), required=True, help="For what.")
@click.option(
    "--least-certain",
    type=click.IntRange(1),
    metavar="N",
    help="Only articles that hold the N least certain of these facts that nobody has reviewed.",
)
@filter_options
@click.option("--reprints", is_flag=True, help="Also reprints.")
@click.pass_context
def export(
    ctx: click.Context,
    /,
    path: Path,
    db: Path,
    format_: str,
    least_certain: int | None,
    reprints: bool,
    **wanted: Any,
) -> None:
    """Write facts into PATH for an annotation tool, each article with all of its facts: those that match.
    PATH is a file or, when its name has no ending, a folder, which is made when missing.

    Instead of tasks: `reviews` writes the reviews themselves, to carry them to another knowledge base;
    `gold` and `case` write what reviewers made of documents that they read to the end."""
    from unionkb import store
    from unionkb.query import Filter
    from unionkb.review import gold, transfer

    filtered = reprints or least_certain is not None or any(value is not None for value in wanted.values())
    if filtered and format_ in ("reviews", "gold", "case"):
        raise click.UsageError(f"--format {format_} takes all reviews; it goes without filters")
    with store.open(db) as kb:
        written, complaints = transfer.export(
            kb, path, format_, Filter(**wanted, reprints=reprints), least_certain
        )
        of_gold = format_ in ("gold", "case")
        note = gold.unfinished(kb) if of_gold else None
        if of_gold and not written[0][1]:
            complaints.append(
                f"no document in which every fact has a review{', and ' + note if note else ''}"
            )
        elif note:
            click.echo(note, err=True)
    for complaint in complaints:
        click.echo(f"unionkb: {complaint}", err=True)
    for file, count, noun in written:
        click.echo(f"{file}: {count} {noun}{'' if count == 1 else 's'}")
    ctx.exit(1 if complaints else 0)


@command.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@db_option
@click.option("--format", "format_", type=click.Choice(BACK), required=True, help="From what.")
@click.option(
    "--reviewer",
    envvar="UNIONKB_REVIEWER",
    metavar="NAME",
    help="Who made the annotations; or set UNIONKB_REVIEWER in the environment. Not for `reviews`.",
)
@click.option(
    "--accept", is_flag=True, help="Accept the facts that were left as they were: all tasks were read."
)
@click.pass_context
def import_(
    ctx: click.Context, file: Path, db: Path, format_: str, reviewer: str | None, accept: bool
) -> None:
    """Make reviews of what an annotation tool changed in the tasks of FILE.

    A fact that is gone is rejected, one that says something else corrected, one that is new added. A task
    with an error is named and left out, the others go on."""
    from unionkb import store
    from unionkb.review import transfer

    if format_ != "reviews" and not reviewer:
        raise click.UsageError("Missing option '--reviewer'.")
    if not db.is_file():
        store.open(db).close()  # Says what is amiss, instead of making an empty one.
    with store.open(db, write=True) as kb:
        done = transfer.take_in(kb, file, format_, reviewer or "", accept)
    for error in done.errors:
        click.echo(f"unionkb: {error}", err=True)
    said = ", ".join(f"{action} {count}" for action, count in sorted(done.reviews.items())) or "none"
    noun = "review" if format_ == "reviews" else "task"
    click.echo(
        f"{file}: {noun}s read: {done.tasks}, reviews made: {said}; said before: {done.known}, "
        f"failed: {len(done.errors)}"
    )
    ctx.exit(1 if done.errors else 0)


def _fields(pairs: tuple[str, ...]) -> dict[str, str]:
    fields = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--set {pair}: write FIELD=VALUE")
        fields[name.strip()] = value
    return fields


def _say(db: Path, **said: Any) -> None:
    from unionkb import review, store

    if not db.is_file():
        store.open(db).close()
    with store.open(db, write=True) as kb:
        review_id = review.add(kb, **said)
        (row,) = kb.rows("SELECT action, state, fact_id FROM reviews WHERE review_id = ?", [review_id])
    click.echo(
        f"{row['fact_id'] or said.get('fact_id')}: {row['action']}, {row['state']} (review {review_id})"
    )
