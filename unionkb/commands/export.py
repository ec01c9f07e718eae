"""unionkb export"""

from pathlib import Path

import click

from unionkb.commands.options import db_option


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@db_option
@click.option(
    "--format", "_format", type=click.Choice(["csv"]), default="csv", show_default=True, help="File format."
)
@click.option(
    "--excel",
    is_flag=True,
    help="For spreadsheets: with the byte order mark by which Excel knows UTF-8, and an apostrophe before "
    "text that would run as a formula.",
)
def command(folder: Path, db: Path, _format: str, excel: bool) -> None:
    """Write a release into DIR: CSV files, datapackage.json and codebook.md.

    The folder is made when missing; files of an older release in it are replaced, all together, when the new
    ones are complete.
    """
    from unionkb import store
    from unionkb.export import export

    with store.open(db) as kb:
        written = export(kb, folder, excel=excel)
    for file in written:
        click.echo(f"{folder / file.name}.csv: {file.rows} row{'' if file.rows == 1 else 's'}")
