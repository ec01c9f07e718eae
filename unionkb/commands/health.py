"""unionkb health"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from unionkb.commands import plain
from unionkb.commands.options import db_option, sources_option

if TYPE_CHECKING:
    from unionkb.health import Source

COLUMNS = ("source", "crawled", "published", "gap", "pages", "empty", "undated", "failed", "faults")


@click.command()
@db_option
@sources_option
@click.option("--verbose", "-v", is_flag=True, help="Also a table of all sources.")
@click.pass_context
def command(ctx: click.Context, db: Path, source_files: tuple[Path, ...], verbose: bool) -> None:
    """Say what is amiss with the crawls: a line for each fault, and nothing when all is well.

    The exit status is 1 when there is a fault, so that cron sends a mail then and only then."""
    from crawler.sources import SourceError, load
    from unionkb import health, health_figures, lock, reread, search_index, store
    from unionkb.errors import UserError

    try:
        known = load(source_files)
    except SourceError as error:
        raise UserError(str(error)) from error
    moment = health_figures.now()
    with store.open(db) as kb:
        at_work = lock.is_held(db)
        sources = list(health_figures.sources(kb, known, moment, at_work))
        faults = [
            (None, fault)
            for fault in health.crawl_faults(health_figures.crawls(kb), reread.unread(kb), at_work, moment)
        ]
        faults += [(None, fault) for fault in search_index.faults(kb.db.conn)]
    found = {source.id: health.source_faults(source, moment) for source in sources}
    if verbose:
        _table(sources, found)
    for name, fault in [*faults, *((name, fault) for name, lines in found.items() for fault in lines)]:
        click.echo(f"{name}: {fault}" if name else fault)
    if verbose and not faults and not any(found.values()):
        click.echo("all is well")
    ctx.exit(1 if faults or any(found.values()) else 0)


def _table(sources: "list[Source]", faults: dict[str, list[str]]) -> None:
    from unionkb import health

    rows = []
    for source in sources:
        gap = health.usual_gap(source)
        empty, pages, _ = health.shares(source.visits, "empty", health.read_pages)
        undated, _, _ = health.shares(source.visits, "undated", lambda visit: visit.articles)
        failed, _, _ = health.shares(source.visits, "failed", health.requests)
        cells = (
            source.id,
            f"{source.visits[0].started:%Y-%m-%d}",
            source.days[0] if source.days else None,
            None if gap is None else f"{gap:g}",
            pages,
            *(f"{share:.0%}" for share in (empty, undated, failed)),
            len(faults[source.id]) or None,
        )
        rows.append(dict(zip(COLUMNS, cells, strict=True)))
    plain.table(COLUMNS, COLUMNS[3:], rows)
