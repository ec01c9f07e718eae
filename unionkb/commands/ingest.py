"""unionkb ingest"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unionkb.commands.options import db_option, segmenter_option

if TYPE_CHECKING:
    from unionkb.bulk.engine import Engine
    from unionkb.run import Summary


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@db_option
@click.option(
    "--max-size", type=click.FloatRange(min=0, min_open=True), default=20, show_default=True, metavar="MB",
    help="Refuse larger files, and larger pages of an archive.",
)  # fmt: skip
@click.option(
    "--skip-lists",
    is_flag=True,
    help="Pass over web pages without an article (front pages, lists), as a saved site has them.",
)
@click.option(
    "--list", "lists", type=click.Path(path_type=Path, dir_okay=False), multiple=True, metavar="FILE",
    help="Read what FILE lists, a path or URL a line; may be given several times.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N",
    help="Processes that read archives; by default as many as there are cores.",
)  # fmt: skip
@click.option(
    "--cluster", metavar="ADDRESS", help="Read archives on the Dask cluster whose scheduler is there."
)
@click.option(
    "--results", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Keep what is read of archives in DIR, as Parquet; by default beside the knowledge base.",
)  # fmt: skip
@click.option("--no-load", is_flag=True, help="Leave what is read of archives in Parquet.")
@click.option(
    "--all-pages", is_flag=True, help="Read also pages of archives in which no word of unions stands."
)
@click.option(
    "--shard-size", type=click.FloatRange(min=0, min_open=True), default=32, show_default=True, metavar="MB",
    help="Cut archives into pieces of this size.",
)  # fmt: skip
@segmenter_option
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    db: Path,
    max_size: float,
    skip_lists: bool,
    lists: tuple[Path, ...],
    workers: int | None,
    cluster: str | None,
    results: Path | None,
    no_load: bool,
    all_pages: bool,
    shard_size: float,
) -> None:
    """Read files into the knowledge base, which is made when missing.

    .txt and .html files and folders of them are kept in WARC files beside it; one that was read before is
    left as it is, one that has changed is read again. Web archives (.warc, .wet) and articles as JSON lines
    (.jsonl), also as .gz, are read where they lie, in many processes; globs and URLs (s3://...) are
    understood, and what is done is not done again. The exit status is 1 when something could not be read."""
    from unionkb.bulk import inputs
    from unionkb.commands.stopping import leaving_clean

    if workers and cluster:
        raise click.UsageError("--workers and --cluster exclude each other")
    given = [*paths, *(path for file in lists for path in inputs.listed(file))]
    if not given:
        raise click.UsageError("nothing to read: name a PATH, or a --list")
    archives, files = _sorted(given)
    failed = 0
    with leaving_clean():
        if files:
            failed += _files(db, files, int(max_size * 1e6), skip_lists)
        if archives:
            failed += _archives(
                db, archives, workers, cluster, results, int(max_size * 1e6),
                load=not no_load, filtered=not all_pages, shard_bytes=int(shard_size * 1e6),
            )  # fmt: skip
    ctx.exit(1 if failed else 0)


def _sorted(paths: Sequence[str]) -> tuple[list[str], list[Path]]:
    """What is read in bulk, and what file by file. A folder may hold both."""
    from unionkb.bulk import inputs

    archives = [path for path in paths if inputs.is_bulk(path) or inputs.holds_bulk(path)]
    files = [Path(path) for path in paths if path not in archives or inputs.holds_pages(path)]
    return archives, files


def _files(db: Path, files: Sequence[Path], max_bytes: int, skip_lists: bool) -> int:
    from unionkb import store
    from unionkb.commands.progress import Progress
    from unionkb.ingest import ingest

    with store.open(db, write=True) as kb, Progress() as progress:
        done = ingest(kb, files, progress, max_bytes=max_bytes, skip_lists=skip_lists)
    _tell(db, "read", done)
    return done.failed


def _tell(db: Path, verb: str, done: "Summary") -> None:
    click.echo(
        f"{db}: documents {verb}: {done.documents}, articles: {done.articles}, facts: {done.facts}; "
        f"unchanged: {done.unchanged}, failed: {done.failed}"
    )


def _engine(workers: int | None, cluster: str | None) -> "Engine":
    if cluster:
        from unionkb.bulk.cluster import Cluster

        return Cluster(cluster)
    from unionkb.bulk.pool import Pool, cores

    return Pool(workers or cores())


def _archives(
    db: Path,
    archives: Sequence[str],
    workers: int | None,
    cluster: str | None,
    folder: Path | None,
    max_bytes: int,
    *,
    load: bool,
    filtered: bool,
    shard_bytes: int,
) -> int:
    from extract import tokens
    from unionkb import store
    from unionkb.commands.progress import Progress
    from unionkb.errors import UserError

    try:
        from unionkb.bulk import loading, work
        from unionkb.bulk.shards import Settings
    except ImportError as error:
        raise UserError(
            "archives are read with pyarrow; install it with: pip install 'unionkb[scale]'"
        ) from error
    folder = folder or work.folder_of(db)
    settings = Settings(max_bytes, filtered, tokens.choice())
    with Progress(noun="shards") as progress:
        report = work.read(
            archives, folder, settings, _engine(workers, cluster), progress, shard_bytes=shard_bytes
        )
    counts = report.counts
    click.echo(
        f"{folder}: shards: {len(report.done)}, of which read earlier: {report.skipped}\n"
        f"records: {counts.records}; no pages: {counts.passed}, without a word of unions: {counts.dropped}, "
        f"without an article: {counts.empty}, failed: {counts.failed}\n"
        f"documents read: {counts.documents}, articles: {counts.articles}, facts: {counts.facts}"
    )
    if load and report.done:
        with store.open(db, write=True) as kb, Progress("loading") as progress:
            done = loading.load_results(kb, folder, report.done, progress)
        _tell(db, "loaded", done)
        return report.failed + done.failed
    return report.failed
