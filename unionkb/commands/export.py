"""unionkb export"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from unionkb.commands.options import db_option

if TYPE_CHECKING:
    from unionkb.store import Store


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@db_option
@click.option(
    "--format", "format_", type=click.Choice(["csv", "spacy"]), default="csv", show_default=True,
    help="File format.",
)  # fmt: skip
@click.option(
    "--excel",
    is_flag=True,
    help="For spreadsheets: with the byte order mark by which Excel knows UTF-8, and an apostrophe before "
    "text that would run as a formula.",
)
@click.option("--tokens", metavar="NAME", help="Of spacy: char (the default), jieba, pkuseg or pkuseg:MODEL.")
@click.option(
    "--pipeline",
    metavar="NAME",
    help="Of spacy: an installed pipeline whose organisations and persons are added.",
)
def command(
    folder: Path, db: Path, format_: str, excel: bool, tokens: str | None, pipeline: str | None
) -> None:
    """Write a release into DIR: CSV files, datapackage.json and codebook.md; or training data of spaCy.

    The folder is made when missing; files of an older release in it are replaced, all together, when the new
    ones are complete.
    """
    from unionkb import store

    if excel and format_ != "csv":
        raise click.UsageError("--excel goes with --format csv only")
    if (tokens or pipeline) and format_ != "spacy":
        raise click.UsageError("--tokens and --pipeline go with --format spacy only")
    with store.open(db) as kb:
        lines = _csv(kb, folder, excel) if format_ == "csv" else _spacy(kb, folder, tokens, pipeline)
    for line in lines:
        click.echo(line)


def _csv(kb: "Store", folder: Path, excel: bool) -> list[str]:
    from unionkb.export import export

    return [
        f"{folder / file.name}.csv: {file.rows} row{'' if file.rows == 1 else 's'}"
        for file in export(kb, folder, excel=excel)
    ]


def _spacy(kb: "Store", folder: Path, tokens: str | None, pipeline: str | None) -> list[str]:
    from unionkb import export_spacy

    written = export_spacy.write(kb, folder, tokens=tokens or export_spacy.CHARACTERS, pipeline=pipeline)
    return [f"{folder / file.name}: {file.docs} document{'' if file.docs == 1 else 's'}" for file in written]
