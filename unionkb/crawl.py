"""Crawls sources, several at a time but one request at a time at each host; then reads what came."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any, Protocol
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler import settings as defaults
from crawler.archive import ArchiveError
from crawler.settings import NoContact
from crawler.sources import Source
from crawler.spiders.base import SourceSpider
from unionkb import keeper as keeping
from unionkb import run as running
from unionkb import store
from unionkb.errors import StoreError, UserError
from unionkb.keeper import Keeper
from unionkb.lock import Lock
from unionkb.run import Run
from unionkb.store import Store

SECOND_LEVEL = ("com", "org", "net", "gov", "edu", "ac")
TICK_SECONDS = 0.5
"""How often the listener is told how far the crawl is."""


class Listener(running.Listener, Protocol):
    """Is told how the work goes."""

    def fetching(self, sources: int) -> None:
        """Before the first request."""

    def progress(self, counted: Mapping[str, Mapping[str, int]], ended: int) -> None:
        """Now and then: counters of the sources begun, and how many sources have ended."""

    def fetched(self) -> None:
        """After the last answer."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a crawl may be told."""

    since: date | None = None
    until: date | None = None
    contact: str | None = None
    max_pages: int | None = None
    max_minutes: float | None = None
    read: bool = True
    log: Path | None = None
    """Where Scrapy's log goes."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings of Scrapy or of the crawler."""
    at_once: int = 8
    """Sources crawled at the same time."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a crawl did: sums of the counters of its sources, `articles` and `facts` read, `unread` documents
    that wait to be read."""

    sources: int
    counted: Mapping[str, int]
    failed: int
    faults: Mapping[str, str]
    """Sources that ended with a fault, and with which."""
    articles: int = 0
    facts: int = 0


def crawl(path: Path, sources: Sequence[Source], listener: Listener, options: Options) -> Result:
    """Crawl sources into a knowledge base, which is made when missing, and read what came.

    Raises UserError: nobody to be reached, another crawl at work on the database, database or archive cannot
    be written. Raises KeyboardInterrupt when stopped by SIGINT or SIGTERM, with all answers stored."""
    settings = _settings(path, sources, options)
    if not path.parent.is_dir():
        raise StoreError(f"{path}: no folder {path.parent}")
    with Lock(path), store.open(path, write=True) as kb:
        with kb.transaction() as db:
            keeping.close_killed_runs(db.conn)
        with running.recorded(kb, "crawl", listener) as run:
            keeper = Keeper(kb, run)
            _fetch(sources, keeper, listener, options, settings)
            failed, faults = _report(keeper, listener)
            if failed or faults:
                with run.document() as done:
                    done["failed"] = failed + len(faults)
            if options.read:
                _read(kb, run, listener, sources)
            counted = {
                name: sum(each.get(name, 0) for each in keeper.counted.values()) for name in keeping.COUNTERS
            }
            done_now = run.summary
            return Result(len(sources), counted, done_now.failed, faults, done_now.articles, done_now.facts)


def _settings(path: Path, sources: Sequence[Source], options: Options) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    given: dict[str, Any] = {
        "UNIONKB_DB": str(path),
        "UNIONKB_CONTACT": options.contact,
        "UNIONKB_MAX_PAGES": options.max_pages,
        "UNIONKB_MAX_MINUTES": options.max_minutes,
        "LOG_ENABLED": options.log is not None,
        "LOG_INSTALL_ROOT_HANDLER": options.log is not None,
        "LOG_FILE": str(options.log) if options.log else None,
        **options.settings,
    }
    for name, value in given.items():
        if value is not None:
            settings.set(name, value, priority="cmdline")
    contact = settings["UNIONKB_CONTACT"] or ""
    try:
        defaults.user_agent(contact)
        for source in sources:
            defaults.check_contact(contact, source)
    except NoContact as error:
        raise UserError(str(error)) from error
    return settings


def _fetch(
    sources: Sequence[Source], keeper: Keeper, listener: Listener, options: Options, settings: Settings
) -> None:
    """Run the spiders. Raises what keeps pages from being stored, and KeyboardInterrupt when stopped."""
    if options.log is None and not logging.getLogger().handlers:
        # Failures are reported in words of our own; without a handler Python would print the log's as well.
        logging.getLogger().addHandler(logging.NullHandler())
    process = AsyncCrawlerProcess(settings)
    work = _Work(process, keeper, listener, options, by_host(sources))
    listener.fetching(len(sources))
    with work.stopped_by_signals():
        work.run()
    listener.fetched()
    if keeper.fault is not None:
        if isinstance(keeper.fault, ArchiveError):
            raise StoreError(str(keeper.fault)) from keeper.fault
        raise keeper.fault
    if work.signals:
        raise KeyboardInterrupt


def by_host(sources: Sequence[Source]) -> list[list[Source]]:
    """Groups of sources that share no host. Those of a group are crawled one after the other, so that no host
    is asked for two things at a time."""
    groups: list[tuple[set[str], list[Source]]] = []
    for source in sources:
        hosts = {_key(host) for host in (urlsplit(source.home).netloc, *source.hosts, *source.aliases)}
        members = [source]
        apart = []
        for others, group in groups:
            if hosts & others:
                hosts |= others
                members = group + members
            else:
                apart.append((others, group))
        groups = [*apart, (hosts, members)]
    order = {source.id: number for number, source in enumerate(sources)}
    found = [sorted(group, key=lambda source: order[source.id]) for _, group in groups]
    return sorted(found, key=lambda group: order[group[0].id])


def _key(host: str) -> str:
    """What two spellings of a host, and a wildcard over it, have in common: its last labels, with the port.
    Hosts of one organisation mostly stand on one machine."""
    name, _, port = host.lower().removeprefix("*.").partition(":")
    labels = name.split(".")
    if name.replace(".", "").isdigit():
        return f"{name}:{port}"
    keep = 3 if len(labels) > 2 and labels[-2] in SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return f"{'.'.join(labels[-keep:])}:{port}"


@dataclass
class _Work:
    process: AsyncCrawlerProcess
    keeper: Keeper
    listener: Listener
    options: Options
    groups: list[list[Source]]
    signals: int = 0

    def run(self) -> None:
        """Start the reactor, and come back when all is done."""
        from twisted.internet import reactor

        loop = asyncio.get_event_loop()
        task = loop.create_task(self._all())
        task.add_done_callback(lambda done: reactor.stop())  # type: ignore[misc]
        self.process.start(stop_after_crawl=False, install_signal_handlers=False)
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error

    @contextmanager
    def stopped_by_signals(self) -> Iterator[None]:
        before = {
            number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        from twisted.internet import reactor

        self.signals += 1
        if self.signals > 1:
            # Whoever asks twice wants it now. What is stored is stored; the next run says how this one ended.
            os.write(sys.stderr.fileno(), b"unionkb: stopped\n")
            os._exit(130)
        reactor.callFromThread(self._stop)

    def _stop(self) -> None:
        self._stopping = asyncio.ensure_future(self.process.stop())

    async def _all(self) -> None:
        limit = asyncio.Semaphore(max(1, self.options.at_once))
        ticking = asyncio.ensure_future(self._tick())
        try:
            await asyncio.gather(*(self._group(group, limit) for group in self.groups))
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking

    async def _group(self, group: Sequence[Source], limit: asyncio.Semaphore) -> None:
        for source in group:
            async with limit:
                if self.signals or self.keeper.fault is not None:
                    return
                await self._one(source)

    async def _one(self, source: Source) -> None:
        """Crawl a source. Whatever goes wrong with it is its own affair."""
        try:
            await self.process.crawl(
                SourceSpider,
                source=source,
                keeper=self.keeper,
                since=self.options.since,
                until=self.options.until,
            )
        except Exception as error:
            logging.getLogger(__name__).exception("%s", source.id)
            if isinstance(error, StoreError):
                self.keeper.fault = error
            what = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
            self.keeper.end(source.id, what, True)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.listener.progress(self.keeper.counted, len(self.keeper.outcomes))


def _report(keeper: Keeper, listener: Listener) -> tuple[int, dict[str, str]]:
    """Tell of what failed and is not mended. Returns how many URLs, and the sources with faults."""
    errors = keeper.connection.execute(
        "SELECT document, reason FROM run_error WHERE run_id = ? ORDER BY run_error_id", (keeper.run.run_id,)
    ).fetchall()
    for document, reason in errors:
        listener.failed(document, reason)
    faults = {}
    for source_id, (outcome, is_fault) in keeper.outcomes.items():
        if is_fault:
            faults[source_id] = outcome
            listener.failed(source_id, outcome)
        elif outcome != "finished":
            listener.notice(f"{source_id}: {outcome}")
    return len(errors), faults


def _read(kb: Store, run: Run, listener: Listener, sources: Sequence[Source]) -> None:
    """Read what nobody has read yet, of this run and of earlier ones."""
    from crawler.sources import load
    from unionkb.reread import read_stored

    known = load() | {source.id: source for source in sources}

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        changes = read_stored(kb, listener, all_pages=False, run_id=run.run_id, sources=known)
    finally:
        signal.signal(signal.SIGTERM, before)
    # The row of the run has these numbers already.
    run.summary = replace(
        run.summary,
        failed=run.summary.failed + changes.failed,
        articles=run.summary.articles + changes.articles_added,
        facts=run.summary.facts + changes.added,
    )
