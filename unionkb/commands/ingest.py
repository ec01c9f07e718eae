"""unionkb ingest"""

import signal
import time
from contextlib import ExitStack
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import click

from unionkb.commands.options import db_option

LOG_SECONDS = 10.0
"""How often a log is told how far the work is."""


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
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], db: Path, max_size: float, skip_lists: bool) -> None:
    """Read .txt and .html files, and folders of them, into the knowledge base.

    It is made when missing. The raw files are kept in WARC files beside it. A file that was read before is
    left as it is; one that has changed is read again. The exit status is 1 when a file could not be read."""
    from unionkb import store
    from unionkb.ingest import ingest

    # A scheduler or a shutdown says stop with SIGTERM; it leaves as clean as Ctrl-C.
    before = signal.signal(signal.SIGTERM, _stop)
    with ExitStack() as stack:
        stack.callback(signal.signal, signal.SIGTERM, before)
        kb = stack.enter_context(store.open(db, write=True))
        progress = stack.enter_context(_Progress())
        done = ingest(kb, paths, progress, max_bytes=int(max_size * 1e6), skip_lists=skip_lists)
    click.echo(
        f"{db}: documents read: {done.documents}, articles: {done.articles}, facts: {done.facts}; "
        f"unchanged: {done.unchanged}, failed: {done.failed}"
    )
    ctx.exit(1 if done.failed else 0)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class _Progress:
    """A bar on a terminal, a line now and then in a log; failures as they happen. All on stderr."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        self._stack = ExitStack()
        self._total = self._done = 0
        self._next_line = 0.0

    def __enter__(self) -> Self:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        shown = self._console.is_terminal
        self._bar = Progress(*columns, console=self._console, transient=True, disable=not shown)
        self._stack.enter_context(self._bar)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def begin(self, total: int) -> None:
        self._total = total
        self._task = self._bar.add_task("reading", total=total)
        self._next_line = time.monotonic() + LOG_SECONDS

    def advance(self) -> None:
        self._done += 1
        self._bar.advance(self._task)
        if not self._console.is_terminal and time.monotonic() >= self._next_line:
            self.notice(f"{self._done} of {self._total} documents")
            self._next_line = time.monotonic() + LOG_SECONDS

    def failed(self, document: str, reason: str) -> None:
        self.notice(f"{document}: {reason}")

    def notice(self, message: str) -> None:
        self._console.print(f"unionkb: {message}")
