"""unionkb crawl"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from unionkb.commands.options import db_option, segmenter_option, shard_option

if TYPE_CHECKING:
    from crawler.sources import Shard, Source

DAY = click.DateTime(["%Y-%m-%d"])
LOG_SECONDS = 60.0
"""How often a log is told how far the work is."""
MOST_LINES = 50
"""Failures printed; the others are counted."""


def _setting(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    if wrong := [name for name, equals, _ in pairs if not equals or not name]:
        raise click.BadParameter(f"{wrong[0]}: write NAME=VALUE")
    return {name: value for name, _, value in pairs}


@click.command()
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@db_option
@click.option(
    "--sources", "files", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Sources of your own, beside those that come with the program.",
)  # fmt: skip
@shard_option
@click.option("--since", type=DAY, metavar="DATE", help="Of e-papers, the first day wanted.")
@click.option("--until", type=DAY, metavar="DATE", help="Of e-papers, the last day wanted.")
@click.option("--contact", metavar="TEXT", help="Your mail address or web page, told to each site.")
@click.option("--max-pages", type=click.IntRange(1), metavar="N", help="At most so many requests a source.")
@click.option(
    "--max-minutes", type=click.FloatRange(0, min_open=True), metavar="N", help="At most so long a source."
)
@click.option("--no-read", is_flag=True, help="Only fetch; read the pages another time.")
@segmenter_option
@click.option("--log", type=click.Path(path_type=Path), metavar="FILE", help="Where Scrapy's log is added.")
@click.option(
    "--setting", "-s", "settings", multiple=True, callback=_setting, metavar="NAME=VALUE",
    help="A setting of Scrapy or of the crawler.",
)  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    db: Path,
    files: tuple[Path, ...],
    shard: "Shard | None",
    since: datetime | None,
    until: datetime | None,
    contact: str | None,
    max_pages: int | None,
    max_minutes: float | None,
    no_read: bool,
    log: Path | None,
    settings: dict[str, str],
) -> None:
    """Fetch what is new at the sources (all, if none is named) and read it into the knowledge base.

    What was fetched before is not fetched again; what was interrupted goes on. One crawl at a time works on a
    database. The exit status is 1 when something failed."""
    if since and until and since > until:
        raise click.UsageError("--since is later than --until")
    chosen = _choose(names, files, shard)

    from unionkb.crawl import Options, crawl

    options = Options(
        since=since.date() if since else None,
        until=until.date() if until else None,
        contact=contact,
        max_pages=max_pages,
        max_minutes=max_minutes,
        read=not no_read,
        log=log,
        settings=settings,
    )
    with _Progress() as progress:
        done = crawl(db, chosen, progress, options)
    counts = done.counted
    click.echo(
        f"{db}: sources: {done.sources}, pages fetched: {counts['fetched']}, new: {counts['new']}, "
        f"changed: {counts['changed']}, unchanged: {counts['unchanged']}, passed over: {counts['passed']}, "
        f"gone: {counts['gone']}, failed: {done.failed}; "
        + ("not read yet" if no_read else f"articles: {done.articles}, facts: {done.facts}")
    )
    ctx.exit(1 if done.failed or done.faults else 0)


def _choose(names: Sequence[str], files: Sequence[Path], shard: "Shard | None") -> "list[Source]":
    from crawler.sources import SourceError, load
    from unionkb.errors import UserError

    try:
        known = load(files)
    except SourceError as error:
        raise UserError(str(error)) from error
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(f"no source {unknown[0]}; `unionkb sources` lists them")
    for name in names:
        if why := known[name].disabled:
            raise UserError(f"{name}: cannot be crawled: {why}")
    chosen = [known[name] for name in dict.fromkeys(names)] or [
        source for source in known.values() if not source.disabled
    ]
    if shard:
        chosen = [source for source in chosen if shard.has(source.id)]
    if not chosen:
        raise UserError(f"no source to crawl in shard {shard}" if shard else "no source to crawl")
    return chosen


class _Progress:
    """A bar on a terminal, a line now and then in a log; failures and notices. All on stderr."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        self._bar: Any = None
        self._task: Any = None
        self._total = self._done = self._failures = 0
        self._next_line = 0.0

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(self, *error: object) -> None:
        self._finish()
        if self._failures > MOST_LINES:
            self.notice(f"and {self._failures - MOST_LINES} more failures; see: unionkb runs --errors")

    def fetching(self, sources: int) -> None:
        self._start("crawling", sources, "{task.fields[said]}")

    def progress(self, counted: Mapping[str, Mapping[str, int]], ended: int) -> None:
        sums = {
            name: sum(each.get(name, 0) for each in counted.values()) for name in ("fetched", "new", "failed")
        }
        said = ", ".join(f"{number} {name}" for name, number in sums.items())
        if self._bar:
            self._bar.update(self._task, completed=ended, said=said)
        self._say(f"{ended} of {self._total} sources done; {said}")

    def fetched(self) -> None:
        self._finish()

    def begin(self, total: int) -> None:
        self._start("reading", total, "")

    def advance(self) -> None:
        self._done += 1
        if self._bar:
            self._bar.advance(self._task)
        self._say(f"{self._done} of {self._total} documents read")

    def failed(self, document: str, reason: str) -> None:
        self._failures += 1
        if self._failures <= MOST_LINES:
            self.notice(f"{document}: {reason}")

    def notice(self, message: str) -> None:
        self._console.print(f"unionkb: {message}")

    def _start(self, what: str, total: int, more: str) -> None:
        self._total, self._done = total, 0
        self._next_line = time.monotonic() + LOG_SECONDS
        if self._console.is_terminal:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn(more))
            self._bar = Progress(*columns, console=self._console, transient=True)
            self._bar.start()
            self._task = self._bar.add_task(what, total=total, said="")

    def _finish(self) -> None:
        if self._bar:
            self._bar.stop()
            self._bar = None

    def _say(self, message: str) -> None:
        if not self._console.is_terminal and time.monotonic() >= self._next_line:
            self.notice(message)
            self._next_line = time.monotonic() + LOG_SECONDS
