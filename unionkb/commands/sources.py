"""unionkb sources"""

import json
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from unionkb.commands.options import shard_option, sources_option
from unionkb.errors import UserError

if TYPE_CHECKING:
    from rich.table import Table

    from crawler.sources import Shard, Source

ROOMY = 100
"""Cells from which there is room between columns."""
COLUMNS = ("id", "name", "kind", "level", "CMS", "found by", "state")


@click.command()
@sources_option
@shard_option
@click.option("--check", is_flag=True, help="Hold the known addresses of articles against the layouts.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON list.")
def command(source_files: Sequence[Path], shard: "Shard | None", check: bool, as_json: bool) -> None:
    """The outlets that can be crawled, and what is known of them."""
    from crawler import sources

    try:
        outlets = list(sources.load(source_files).values())
    except sources.SourceError as error:
        raise UserError(str(error)) from error
    if shard:
        outlets = [outlet for outlet in outlets if shard.has(outlet.id)]
    if check:
        _check(outlets, as_json)
    elif as_json:
        click.echo(json.dumps([_record(outlet) for outlet in outlets], ensure_ascii=False, indent=2))
    else:
        _list(outlets)


def _state(source: "Source") -> str:
    if source.disabled:
        return "off"
    return "front page" if source.front_page_only else "ready"


def _list(outlets: "Collection[Source]") -> None:
    from rich.console import Console

    from unionkb.display import printable

    console = Console(highlight=False)
    console.print(_table(outlets, console.width))
    for outlet in outlets:
        if outlet.disabled:
            click.echo(f"{outlet.id} is off: {printable(outlet.disabled)}")
    states = [_state(outlet) for outlet in outlets]
    click.echo(
        f"{len(states)} outlet{'' if len(states) == 1 else 's'}: {states.count('ready')} ready, "
        f"{states.count('front page')} by the front page only, {states.count('off')} off"
    )


def _table(outlets: "Collection[Source]", width: int) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from unionkb.display import printable

    gap = 0 if width < ROOMY else 1
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, gap, 0, 0))
    for name in COLUMNS:
        table.add_column(name, overflow="fold", no_wrap=name not in ("name", "CMS"))
    for outlet in outlets:
        systems, ways = ",\n".join(_systems(outlet)), ", ".join(_ways(outlet))
        if not gap:
            systems = systems.replace("-", "-\n")
        cells = (outlet.id, printable(outlet.name), outlet.kind, outlet.level, systems, ways, _state(outlet))
        style = "dim" if outlet.disabled else ""
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table


def _systems(source: "Source") -> list[str]:
    return list(dict.fromkeys(layout.cms for layout in source.layouts))


def _ways(source: "Source") -> list[str]:
    return list(dict.fromkeys(start.discovery for start in source.starts))


def _record(source: "Source") -> dict[str, Any]:
    from dataclasses import asdict

    record = asdict(source) | {"state": _state(source), "file": str(source.file) if source.file else None}
    plain: dict[str, Any] = json.loads(json.dumps(record, default=str))
    return plain


def _check(outlets: "Collection[Source]", as_json: bool) -> None:
    from crawler import sources

    found = list(sources.check(outlets))
    faults = [known for known in found if known.fault]
    if as_json:
        records = [
            {
                "source": known.source.id,
                "url": known.url,
                "cms": known.layout.cms if known.layout else None,
                "date": known.day.isoformat() if known.day else None,
                "fault": known.fault,
            }
            for known in found
        ]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
    else:
        width = max((len(known.source.id) for known in found), default=0)
        for known in found:
            says = known.fault or (known.day.isoformat() if known.day else "no date")
            click.echo(f"{known.source.id:{width}}  {says:10}  {known.url}")
        click.echo(f"{len(found) - len(faults)} of {len(found)} known addresses fit one layout of one outlet")
    if faults:
        sys.exit(1)
