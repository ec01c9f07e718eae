"""Options that several commands share."""

from pathlib import Path

import click

db_option = click.option(
    "--db",
    type=click.Path(path_type=Path),
    default="kb.sqlite",
    show_default=True,
    metavar="PATH",
    help="The knowledge base.",
)

sources_option = click.option(
    "--sources",
    "source_files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="Outlets of your own, beside those built in; may be given several times.",
)
