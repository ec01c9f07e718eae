"""Keeps what a crawl fetches: pages in the archive with their rows, counters and failures in the run."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler import archive
from crawler.keeping import Fetched
from crawler.sources import Source
from unionkb import ids, load, store
from unionkb.errors import StoreError
from unionkb.lock import Lock
from unionkb.run import Listener, Run, recorded
from unionkb.sql import upsert
from unionkb.store import Store

BUSY_MILLISECONDS = 60_000
"""How long to wait for another process that writes to the database; a crawl has time."""

_NEW_PAGE = """
    INSERT INTO page (
        page_id, source_id, document, place, media_type, encoding, byte_length, digest,
        warc_file, warc_offset, warc_length, stored_at, run_id, extractor_version, part_of, http_status
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)
"""
# An earlier version that is seen again is read again, and with that takes the place of the one since.
_SEEN_AGAIN = """
    UPDATE page SET superseded_by = NULL, extractor_version = '', run_id = ?
    WHERE page_id = ? AND superseded_by IS NOT NULL
"""
COUNTERS = ("found", "fetched", "new", "changed", "unchanged", "gone", "failed", "passed")
_COUNT = (
    f"UPDATE run_source SET {', '.join(f'{name} = {name} + ?' for name in COUNTERS)} "
    "WHERE run_id = ? AND source_id = ?"
)


class Keeper:
    """A `crawler.keeping.Keeper` on an open knowledge base, for one run."""

    def __init__(self, kb: Store, run: Run, on_close: Callable[[], None] = lambda: None) -> None:
        self.kb = kb
        self.run = run
        self.connection: sqlite3.Connection = kb.db.conn
        self.connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        # A crash of the machine may cost the last commits, which are fetched again; the file stays whole, and
        # the log is written once less for each page.
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.fault: Exception | None = None
        self.counted: dict[str, dict[str, int]] = {}
        """Counters of each source so far."""
        self.outcomes: dict[str, tuple[str, bool]] = {}
        """How each source ended, and whether that is a fault."""
        self._archive = archive.Archive(
            archive.folder(kb.path), load.archive_ends(self.connection), notify=run.listener.notice
        )
        self._on_close = on_close

    def transaction(self) -> AbstractContextManager[object]:
        return self.kb.transaction()

    def begin(self, source: Source) -> None:
        with self.kb.transaction():
            add_source(self.connection, source)
            self.connection.execute(
                "INSERT OR REPLACE INTO run_source (run_id, source_id, started_at) VALUES (?, ?, ?)",
                (self.run.run_id, source.id, load.now()),
            )
        self.counted[source.id] = dict.fromkeys(COUNTERS, 0)

    def end(self, source_id: str, outcome: str, is_fault: bool) -> None:
        self.outcomes[source_id] = (outcome, is_fault)
        with suppress(StoreError), self.kb.transaction():
            self.connection.execute(
                "UPDATE run_source SET finished_at = ?, outcome = ? WHERE run_id = ? AND source_id = ?",
                (load.now(), outcome, self.run.run_id, source_id),
            )

    def keep(self, page: Fetched) -> str:
        digest = ids.digest(page.body)
        page_id = ids.page(page.url, digest)
        known = self.connection.execute("SELECT 1 FROM page WHERE page_id = ?", (page_id,)).fetchone()
        if known:
            self.connection.execute(_SEEN_AGAIN, (self.run.run_id, page_id))
            return page_id
        place = self._archive.find(digest, page.url) or self._archive.add(
            page.body, digest=digest, uri=page.url, media_type=page.media_type, http=page.http
        )
        status = int(page.http.status.partition(" ")[0])
        self.connection.execute(
            _NEW_PAGE,
            (
                *(page_id, page.source_id, page.url, ids.place(page.url), page.media_type, page.encoding),
                *(len(page.body), digest, *place, load.now(), self.run.run_id, page.part_of, status),
            ),
        )
        return page_id

    def count(self, source_id: str, done: Mapping[str, int]) -> None:
        self.connection.execute(
            _COUNT, (*(done.get(name, 0) for name in COUNTERS), self.run.run_id, source_id)
        )
        so_far = self.counted[source_id]
        for name, number in done.items():
            so_far[name] += number

    def failed(self, url: str, reason: str) -> None:
        self.mended(url)
        self.connection.execute(
            "INSERT INTO run_error (run_id, document, reason, happened_at) VALUES (?, ?, ?, ?)",
            (self.run.run_id, url, reason, load.now()),
        )

    def mended(self, url: str) -> None:
        self.connection.execute(
            "DELETE FROM run_error WHERE run_id = ? AND document = ?", (self.run.run_id, url)
        )

    def close(self) -> None:
        self._on_close()


def add_source(db: sqlite3.Connection, source: Source) -> None:
    """Put down an outlet, or bring its row up to date."""
    known = (
        source.region_code
        and db.execute("SELECT 1 FROM region WHERE region_code = ?", (source.region_code,)).fetchone()
    )
    upsert(
        db,
        "source",
        "source_id",
        {
            "source_id": source.id,
            "name": source.name,
            "kind": "site",
            "url": source.home,
            "region_code": source.region_code if known else None,
            "publisher": source.publisher,
            "outlet_kind": source.kind,
            "level": source.level,
            "cms": source.layouts[0].cms if source.layouts else None,
        },
    )


def close_killed_runs(db: sqlite3.Connection) -> None:
    """Say of crawls that never ended that they were cut short. Only for who holds the lock: then no other
    crawl is at work."""
    db.execute(
        "UPDATE run SET status = 'interrupted' WHERE command = 'crawl' AND status = 'running'",
    )


def open(settings: BaseSettings) -> Keeper:
    """The keeper of a single spider, as `scrapy crawl` runs it: opens the database that UNIONKB_DB names, for
    a run of its own that ends with the spider. Raises UserError."""
    path = Path(settings["UNIONKB_DB"])
    with ExitStack() as stack:
        stack.enter_context(Lock(path))
        kb = stack.enter_context(store.open(path, write=True))
        with kb.transaction() as db:
            close_killed_runs(db.conn)
        run = stack.enter_context(recorded(kb, "crawl", _Log()))
        return Keeper(kb, run, stack.pop_all().close)
    raise AssertionError("unreachable")


class _Log(Listener):
    """Says what there is to say in Scrapy's log."""

    def __init__(self) -> None:
        import logging

        self._logger = logging.getLogger("unionkb")

    def begin(self, total: int) -> None:
        pass

    def advance(self) -> None:
        pass

    def failed(self, document: str, reason: str) -> None:
        self._logger.warning("%s: %s", document, reason)

    def notice(self, message: str) -> None:
        self._logger.warning(message)
