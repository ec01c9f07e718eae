"""unionkb export"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from unionkb.commands.options import db_option

if TYPE_CHECKING:
    from unionkb.export import Format
    from unionkb.query import Filter
    from unionkb.store import Store


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@db_option
@click.option(
    "--format", "format_", type=click.Choice(["csv", "parquet", "spacy"]), default="csv", show_default=True,
    help="File format.",
)  # fmt: skip
@click.option(
    "--excel",
    is_flag=True,
    help="For spreadsheets: with the byte order mark by which Excel knows UTF-8, and an apostrophe before "
    "text that would run as a formula.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only facts whose time reaches this day or later; where they have none, those published since.",
)
@click.option("--org", "organisation", metavar="NAME", help="Only facts of that organisation; as in facts.")
@click.option("--region", metavar="NAME|CODE", help="Only facts of that region; as in facts.")
@click.option("--programme", metavar="KEY|NAME", help="Only facts of that programme; as in facts.")
@click.option(
    "--year", type=click.IntRange(1900, 2999), metavar="YEAR", help="Only facts of that year; as in facts."
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The release that changes and tombstones look back on; otherwise the one that is replaced, or the "
    "newest beside it.",
)
@click.option("--tokens", metavar="NAME", help="Of spacy: char (the default), jieba, pkuseg or pkuseg:MODEL.")
@click.option(
    "--pipeline",
    metavar="NAME",
    help="Of spacy: an installed pipeline whose organisations and persons are added.",
)
def command(
    folder: Path,
    db: Path,
    format_: str,
    excel: bool,
    since: datetime | None,
    organisation: str | None,
    region: str | None,
    programme: str | None,
    year: int | None,
    previous: Path | None,
    tokens: str | None,
    pipeline: str | None,
) -> None:
    """Write a release into DIR: tables, data package, codebooks, checksums, citation, what changed since the
    release before; or training data of spaCy.

    The folder is made when missing; files of an older release in it are replaced when the new ones are
    complete.
    """
    from unionkb import query, store

    if excel and format_ != "csv":
        raise click.UsageError("--excel goes with --format csv only")
    if (tokens or pipeline) and format_ != "spacy":
        raise click.UsageError("--tokens and --pipeline go with --format spacy only")
    asked = (since, organisation, region, programme, year)
    if format_ == "spacy" and (previous or any(asked)):
        raise click.UsageError("filters and --previous go with --format csv and parquet only")
    wanted = None
    if any(asked):
        wanted = query.Filter(
            organisation,
            region,
            programme,
            year=year,
            since=since.date().isoformat() if since else None,
            reprints=True,
        )
    with store.open(db) as kb:
        if format_ == "spacy":
            lines = _spacy(kb, folder, tokens, pipeline)
        else:
            lines = _release(kb, folder, cast("Format", format_), excel, wanted, previous)
    for line in lines:
        click.echo(line)


def _release(
    kb: "Store", folder: Path, form: "Format", excel: bool, wanted: "Filter | None", previous: Path | None
) -> list[str]:
    from unionkb.commands.progress import Progress
    from unionkb.export import export

    with Progress("writing", "rows") as progress:
        written = export(
            kb, folder, excel=excel, form=form, wanted=wanted, previous=previous, listener=progress
        )
    if wanted and not written[0].rows:
        click.echo("no fact matches what the release is cut down to", err=True)
    lines = [f"{folder / file.path}: {file.rows} row{'' if file.rows == 1 else 's'}" for file in written]
    return [*lines, _version(folder)]


def _version(folder: Path) -> str:
    """What it is cited by, and what its changes look back on."""
    from unionkb import release_changes

    release = release_changes.load(folder)
    previous = release.package.get("previous")
    since = f"changes since {previous}" if previous else "no release before it"
    return f"{folder}: version {release.version}, {since}"


def _spacy(kb: "Store", folder: Path, tokens: str | None, pipeline: str | None) -> list[str]:
    from unionkb import export_spacy

    written = export_spacy.write(kb, folder, tokens=tokens or export_spacy.CHARACTERS, pipeline=pipeline)
    return [f"{folder / file.name}: {file.docs} document{'' if file.docs == 1 else 's'}" for file in written]
