"""How long work shows itself: a bar on a terminal, a line now and then in a log; failures as they happen. All
of it on stderr."""

import sys
import time
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import click

LOG_SECONDS = 10.0
"""How often a log is told how far the work is."""


class Progress:
    """A listener of `unionkb.run`. Use it as a context manager. `verb` stands before the bar, `noun` is what
    is counted."""

    def __init__(self, verb: str = "reading", noun: str = "documents") -> None:
        from rich.console import Console

        self._verb, self._noun = verb, noun

        self._console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        self._stack = ExitStack()
        self._total = self._done = 0
        self._next_line = 0.0

    def __enter__(self) -> Self:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(self._verb), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        shown = self._console.is_terminal
        # What the command prints is a result, and belongs on stdout also where only stderr is a terminal.
        self._bar = Progress(
            *columns, console=self._console, transient=True, disable=not shown, redirect_stdout=False
        )
        self._stack.enter_context(self._bar)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def begin(self, total: int) -> None:
        self._total = total
        self._task = self._bar.add_task(self._verb, total=total)
        self._next_line = time.monotonic() + LOG_SECONDS

    def advance(self, count: int = 1) -> None:
        self._done += count
        self._bar.advance(self._task, count)
        if not self._console.is_terminal and time.monotonic() >= self._next_line:
            self.notice(f"{self._done} of {self._total} {self._noun}")
            self._next_line = time.monotonic() + LOG_SECONDS

    def failed(self, document: str, reason: str) -> None:
        self.notice(f"{document}: {reason}")

    def notice(self, message: str) -> None:
        self._console.print(f"unionkb: {message}")

    def result(self, line: str) -> None:
        """A line on stdout; where the bar is on the same screen, above the bar."""
        if self._console.is_terminal and sys.stdout.isatty():
            self._console.print(line)
        else:
            click.echo(line)
