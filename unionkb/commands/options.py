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


def _choose_segmenter(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is None:
        return
    from extract import tokens
    from unionkb.errors import UserError

    try:
        ctx.with_resource(tokens.using(value))
    except tokens.SegmenterError as error:
        raise UserError(str(error)) from error


segmenter_option = click.option(
    "--segmenter",
    metavar="NAME",
    expose_value=False,
    callback=_choose_segmenter,
    help="What tells words apart while pages are read: jieba (the default), pkuseg or pkuseg:MODEL.",
)
"""Holds while the command runs; the command itself need not know."""
