"""unionkb ingest"""

from pathlib import Path

import click

from unionkb.commands.options import db_option, segmenter_option


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@db_option
@click.option(
    "--max-size", type=click.FloatRange(min=0, min_open=True), default=20, show_default=True, metavar="MB",
    help="Refuse larger files.",
)  # fmt: skip
@click.option(
    "--skip-lists",
    is_flag=True,
    help="Pass over web pages without an article (front pages, lists), as a saved site has them.",
)
@segmenter_option
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], db: Path, max_size: float, skip_lists: bool) -> None:
    """Read .txt and .html files, and folders of them, into the knowledge base.

    It is made when missing. The raw files are kept in WARC files beside it. A file that was read before is
    left as it is; one that has changed is read again. The exit status is 1 when a file could not be read."""
    from unionkb import store
    from unionkb.commands.progress import Progress
    from unionkb.commands.stopping import leaving_clean
    from unionkb.ingest import ingest

    with leaving_clean(), store.open(db, write=True) as kb, Progress() as progress:
        done = ingest(kb, paths, progress, max_bytes=int(max_size * 1e6), skip_lists=skip_lists)
    click.echo(
        f"{db}: documents read: {done.documents}, articles: {done.articles}, facts: {done.facts}; "
        f"unchanged: {done.unchanged}, failed: {done.failed}"
    )
    ctx.exit(1 if done.failed else 0)
