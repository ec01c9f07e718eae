"""Scrapy's scheduler, with the frontier for a queue: requests are made when their turn comes."""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Self

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import CallLaterResult, call_later
from twisted.internet.defer import Deferred

from crawler.frontier import Entry
from crawler.spiders.base import SourceSpider

SOONEST = 0.05
"""Seconds; nothing is waited for that is shorter."""


class FrontierScheduler(BaseScheduler):
    """Hands out what the frontier has due, a batch in memory at most. Nothing of it needs to outlive the
    process: a row is open until its answer is stored."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.in_flight: set[str] = set()
        self._redirected: deque[Request] = deque()
        self._batch: deque[Entry] = deque()
        self._first: Iterator[Entry] = iter(())
        self._alarm: CallLaterResult | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def open(self, spider: Spider) -> Deferred[None] | None:
        assert isinstance(spider, SourceSpider)
        self.spider = spider
        spider.open()
        self._first = spider.begin()
        return None

    def close(self, reason: str) -> Deferred[None] | None:
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        self.spider.close_books(reason)
        return None

    def enqueue_request(self, request: Request) -> bool:
        """Requests that Scrapy makes out of others: redirects."""
        self._redirected.append(request)
        return True

    def next_request(self) -> Request | None:
        if self._redirected:
            return self._redirected.popleft()
        if self.spider.quiet_seconds() > 0 or not self.spider.may_go_on():
            return None
        entry = self._next_entry()
        if entry is None:
            return None
        self.in_flight.add(entry.url)
        return self.spider.request(entry)

    def has_pending_requests(self) -> bool:
        if self._redirected:
            return True
        if not self.spider.may_go_on():
            return False
        if self._batch:
            self._wake(self.spider.quiet_seconds())
            return True
        wait = self._seconds_to_wait()
        if wait is None:
            return False
        self._wake(wait)
        return True

    def done(self, entry: Entry) -> None:
        """The answer of a row is stored."""
        self.in_flight.discard(entry.url)

    def _next_entry(self) -> Entry | None:
        for entry in self._first:
            if entry.url not in self.in_flight:
                return entry
        if not self._batch:
            limit = self.spider.settings.getint("UNIONKB_BATCH")
            self._batch.extend(self.spider.frontier.take(limit, self.in_flight))
        return self._batch.popleft() if self._batch else None

    def _seconds_to_wait(self) -> float | None:
        """Until something is due, as far as the run waits for that; None where nothing will be."""
        quiet = self.spider.quiet_seconds()
        if self.spider.frontier.take(1, self.in_flight):
            return quiet if quiet <= self.spider.patience else None
        due = self.spider.frontier.next_due()
        if due is None:
            return None
        wait = max(quiet, (due - datetime.now(UTC)).total_seconds(), 0.0)
        return wait if wait <= self.spider.patience else None

    def _wake(self, seconds: float) -> None:
        """Have the engine look again when the wait is over; by itself it looks every few seconds."""
        if self._alarm is None:
            self._alarm = call_later(max(seconds, SOONEST), self._look_again)

    def _look_again(self) -> None:
        self._alarm = None
        request = self.next_request()
        if request is not None:
            self.crawler.engine.crawl(request)
