"""Options that several commands share."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from extract.model import KINDS, Status

if TYPE_CHECKING:
    from crawler.sources import Shard

db_option = click.option(
    "--db",
    type=click.Path(path_type=Path),
    default="kb.sqlite",
    show_default=True,
    metavar="PATH",
    help="The knowledge base.",
)

organisation_option = click.option(
    "--org", "organisation", metavar="NAME", help="Part of an organisation's name, or an alias."
)
region_option = click.option(
    "--region",
    metavar="NAME|CODE",
    help="Region of the organisation: the beginning of its name, or its code; what lies below it counts too.",
)
programme_option = click.option(
    "--programme", metavar="KEY|NAME", help="A programme category, or part of a programme's name."
)

sources_option = click.option(
    "--sources",
    "source_files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="Outlets of your own, beside those built in; may be given several times.",
)


def _shard(ctx: click.Context, parameter: click.Parameter, value: str | None) -> "Shard | None":
    if value is None:
        return None
    from crawler.sources import Shard

    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", value)
    number, total = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= total:
        raise click.BadParameter(f"{value}: write K/N, shard K of N, as 2/5")
    return Shard(number, total)


shard_option = click.option(
    "--shard",
    callback=_shard,
    metavar="K/N",
    help="Only the sources of shard K of N, so that N machines share the work.",
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


_FILTERS = (
    organisation_option,
    region_option,
    programme_option,
    click.option("--kind", type=click.Choice(KINDS), help="What is counted."),
    click.option(
        "--year",
        type=click.IntRange(1900, 2999),
        metavar="YEAR",
        help="A year the fact's time touches; the year of publication where it has none.",
    ),
    click.option("--status", type=click.Choice(get_args(Status)), help="Done, or planned."),
)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which facts a command is about, as the arguments `organisation`, `region`, `programme`, `kind`, `year`
    and `status` (see unionkb.query.Filter)."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command
