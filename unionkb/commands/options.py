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
