"""unionkb extract"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unionkb.commands.options import db_option, segmenter_option, sources_option

if TYPE_CHECKING:
    from unionkb.changes import Changes


@click.command()
@click.argument("documents", nargs=-1, metavar="[DOCUMENT]...")
@db_option
@click.option("--unread", is_flag=True, help="Only pages that were fetched and not yet read.")
@sources_option
@click.option("--quiet", is_flag=True, help="Only the totals, no line for each document.")
@segmenter_option
@click.pass_context
def command(
    ctx: click.Context,
    documents: tuple[str, ...],
    db: Path,
    unread: bool,
    source_files: tuple[Path, ...],
    quiet: bool,
) -> None:
    """Read the stored pages again with the present rules, from the archive, and say what changed.

    Pages that the present version has read are left as they are, so this can be stopped and goes on where it
    was. With names of documents only these are read, in any case."""
    from crawler.sources import SourceError, load
    from unionkb import store
    from unionkb.commands.progress import Progress
    from unionkb.commands.stopping import leaving_clean
    from unionkb.errors import UserError
    from unionkb.lock import Lock
    from unionkb.reread import read_stored
    from unionkb.run import recorded

    if documents and unread:
        raise click.UsageError("--unread goes without names of documents")
    try:
        sources = load(source_files)
    except SourceError as error:
        raise UserError(str(error)) from error
    if not db.is_file():
        store.open(db).close()  # Says what is amiss, instead of making an empty one.

    def changed(document: str, changes: "Changes") -> None:
        if not quiet:
            for line in changes.lines():
                progress.result(f"{document}: {line}")

    with (
        leaving_clean(),
        Lock(db),
        store.open(db, write=True) as kb,
        Progress() as progress,
        recorded(kb, "extract", progress) as run,
    ):
        total = read_stored(
            kb,
            progress,
            all_pages=not unread,
            run_id=run.run_id,
            documents=documents,
            sources=sources,
            on_change=changed,
        )
        # The row has been told already; this decides how the run ended.
        run.summary = replace(run.summary, failed=total.failed)
    click.echo(
        f"{db}: documents read: {total.documents}, changed: {total.changed}, "
        f"without an article: {total.empty}, failed: {total.failed}"
    )
    for line in total.lines():
        click.echo(line)
    ctx.exit(1 if total.failed else 0)
