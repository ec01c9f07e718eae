"""What a crawl needs of the application it works for: an open database, and how pages are kept in it."""

import sqlite3
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from crawler.archive import Http
from crawler.sources import Source


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came, unpacked."""

    url: str
    source_id: str
    body: bytes
    media_type: str
    encoding: str
    http: Http
    part_of: str | None = None
    """Id of the page whose article goes on here."""


class Keeper(Protocol):
    """Keeps pages and counts them. One keeper serves all sources of a crawl."""

    connection: sqlite3.Connection
    fault: Exception | None
    """What keeps it from working (disk full, database gone); the crawl ends when there is one."""

    def transaction(self) -> AbstractContextManager[object]:
        """All that is written inside the block is kept, or nothing."""

    def begin(self, source: Source) -> None:
        """A source is about to be crawled."""

    def end(self, source_id: str, outcome: str, is_fault: bool) -> None:
        """A source is done with."""

    def keep(self, page: Fetched) -> str:
        """Archive a page and put down its row, inside a transaction; a page known already stays as it is.
        Returns its id."""

    def count(self, source_id: str, done: Mapping[str, int]) -> None:
        """Add to the counters of the source in this run, inside a transaction. The names are columns of
        `run_source`."""

    def failed(self, url: str, reason: str) -> None:
        """Put down a failure, inside a transaction."""

    def mended(self, url: str) -> None:
        """Take back what was put down of a URL: another try did better. Inside a transaction."""

    def close(self) -> None:
        """End the run, if it was begun for one spider only."""
