"""The spiders. One crawl of one source is one spider: it hands out what the frontier has due, and says of
each answer what is to be stored."""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from crawler import settings as defaults
from crawler import sources
from crawler.answers import Answer, failed
from crawler.decode import NotText, decode
from crawler.failures import explain
from crawler.frontier import ASKED, DOCUMENTS, Entry, Found, Frontier, Waits
from crawler.interest import of_union_interest, read_lexicon
from crawler.keeping import Keeper
from crawler.pages.bounds import TooBig
from crawler.pages.published import CHINA
from crawler.sources import Source
from crawler.spiders import article, epaper, feed, listing, sitemap
from crawler.spiders.page import Links, Page

READERS: dict[str, Callable[[Page], Links]] = {
    "list": listing.read,
    "issue": epaper.read,
    "leaf": epaper.read,
    "feed": feed.read,
    "sitemap": sitemap.read,
}
RAW = ("feed", "sitemap")
"""Kinds that are read as bytes."""
BUSY = (429, 503)
"""Statuses by which a server asks to be left alone for a while."""
PASSING = (408, 425, 429)
"""Statuses by which a server refuses a request, and may not the next time."""
DEFAULT_PATIENCE = 60.0
"""Seconds to leave it alone if it does not say how long."""


class SourceSpider(Spider):
    """Crawls one source. `source` is its id or itself; `since` and `until` are the days whose issues of an
    e-paper are wanted."""

    name = "source"
    discoveries: ClassVar[frozenset[str]] = frozenset({"listing", "epaper", "feed", "sitemap"})

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        source = kwargs.pop("source", None)
        files = crawler.settings.getlist("UNIONKB_SOURCES")
        if isinstance(source, str):
            known = sources.load(files)
            if source not in known:
                raise ValueError(f"no source {source!r}; known: {', '.join(known)}")
            source = known[source]
        if not isinstance(source, Source):
            raise ValueError("say which source: -a source=ID")
        defaults.adapt(crawler.settings, source)
        return super().from_crawler(crawler, *args, source=source, **kwargs)

    def __init__(
        self,
        name: str | None = None,
        *,
        source: Source,
        keeper: Keeper | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self.source = source
        self.given_keeper = keeper
        self.since = _day(since)
        self.until = _day(until)
        self.canonical = lru_cache(1_000)(source.canonical)
        self.outcome = "finished"
        self.is_faulty = False
        self.issued = 0
        self.visited: set[str] = set()
        """Pages of this run that may be wanted again; each is fetched once."""
        self._failures_in_a_row = 0
        self._quiet_until = 0.0

    def open(self) -> None:
        """Open the books: called by the scheduler before anything else."""
        options = self.settings
        self.keeper: Keeper = self.given_keeper or load_object(options["UNIONKB_OPEN"])(options)
        waits = Waits(
            first_retry=timedelta(seconds=options.getfloat("UNIONKB_RETRY_SECONDS")),
            rechecks=tuple(timedelta(days=float(days)) for days in options.getlist("UNIONKB_RECHECK_DAYS")),
        )
        if self.source.kind == "e-paper":
            waits = Waits(first_retry=waits.first_retry, rechecks=())
        self.frontier = Frontier(self.keeper.connection, self.source.id, waits)
        self.most_pages = min(
            self.source.politeness.max_pages_per_run, options.getint("UNIONKB_MAX_PAGES") or 1 << 60
        )
        minutes = min(
            self.source.politeness.max_minutes_per_run, options.getfloat("UNIONKB_MAX_MINUTES") or 1e9
        )
        self.deadline = time.monotonic() + 60 * minutes
        self.patience = options.getfloat("UNIONKB_PATIENCE")
        self.most_failures = options.getint("UNIONKB_FAILURES_IN_A_ROW")
        self.today = datetime.now(CHINA).date()
        self.is_of_interest = partial(
            of_union_interest,
            lexicon=read_lexicon(Path(words)) if (words := options["UNIONKB_INTEREST_WORDS"]) else None,
            threshold=options.getfloat("UNIONKB_INTEREST_THRESHOLD"),
        )
        self.last_run = self.frontier.last_run()
        with self.keeper.transaction():
            self.frontier.mend_clock(self.last_run)
            asked = self.frontier.asked_to_wait()
        self.keeper.begin(self.source)
        if asked:
            self.be_quiet((asked - datetime.now(asked.tzinfo)).total_seconds())

    def close_books(self, reason: str) -> None:
        """Close them: called by the scheduler in the end."""
        if reason not in ("finished", "shutdown") and self.outcome == "finished":
            self.outcome = reason
        elif reason == "shutdown" and self.outcome == "finished":
            self.outcome = "stopped"
        self.keeper.end(self.source.id, self.outcome, self.is_faulty)
        if self.given_keeper is None:
            self.keeper.close()

    def begin(self) -> Iterator[Entry]:
        """What a run begins with: a batch of what is open from earlier runs, then where the source starts."""
        yield from self.frontier.take(self.settings.getint("UNIONKB_BATCH"))
        found = [self._once(each) for each in self.starts()]
        with self.keeper.transaction():
            self.keeper.count(self.source.id, {"found": self.frontier.add(found)})
        # Issues of days past wait their turn with everything else, so that one is done before the next.
        wanted = (self.frontier.get(each.url) for each in found if each.again)
        yield from filter(None, wanted)

    def starts(self) -> list[Found]:
        """Where the source starts today."""
        found: list[Found] = []
        if "epaper" in self.discoveries:
            days = self.settings.getint("UNIONKB_EPAPER_DAYS")
            until = self.until or self.today
            since = self.since or min(until - timedelta(days=days - 1), self._missed_since() or date.max)
            found += epaper.starts(self.source, since, until, self.today)
        for way in (listing, feed, sitemap):
            if way.__name__.rpartition(".")[2] in self.discoveries:
                found += way.starts(self.source, self.today)
        return found

    def _missed_since(self) -> date | None:
        """The first day whose issue no crawl can have seen, as far as the last one is not too long ago."""
        if self.last_run is None:
            return None
        longest = timedelta(days=self.settings.getint("UNIONKB_EPAPER_MOST_DAYS"))
        return max(self.last_run.astimezone(CHINA).date(), self.today - longest)

    def request(self, entry: Entry) -> Request:
        """The request of a row, conditional where the last answer allows it."""
        headers = {}
        if entry.etag:
            headers["If-None-Match"] = entry.etag
        if entry.last_modified:
            headers["If-Modified-Since"] = entry.last_modified
        self.issued += 1
        if entry.kind != "article":
            self.visited.add(entry.url)
        return Request(
            entry.url,
            callback=self.parse,
            errback=self.on_error,
            headers=headers,
            meta={"entry": entry},
            dont_filter=True,
        )

    def may_go_on(self) -> bool:
        """Whether another request is within the limits; sets `outcome` where it is not."""
        if self.outcome != "finished":
            return False
        if self.keeper.fault is not None:
            self.stop(str(self.keeper.fault))
        elif self.issued >= self.most_pages:
            self.outcome = f"stopped after {self.most_pages} pages"
        elif time.monotonic() >= self.deadline:
            self.outcome = "stopped at its time limit"
        return self.outcome == "finished"

    def stop(self, why: str) -> None:
        """Send no more requests in this run: something is wrong."""
        self.outcome, self.is_faulty = why, True

    def be_quiet(self, seconds: float) -> None:
        """Send nothing for a while; where that is longer than the run waits, nothing more in this run."""
        if seconds > self.patience and self.outcome == "finished":
            self.outcome = f"the server asks to be left alone for {seconds:.0f} s"
        self._quiet_until = max(self._quiet_until, time.monotonic() + seconds)

    def quiet_seconds(self) -> float:
        """Seconds until the next request may be sent."""
        return max(0.0, self._quiet_until - time.monotonic())

    def parse(self, response: Response, **kwargs: Any) -> list[Answer]:
        """What is to be stored of an answer."""
        entry: Entry = response.meta["entry"]
        try:
            answer = self.answer(response, entry)
        except Exception as error:
            self.logger.exception("%s", entry.url)
            what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            reason = f"unionkb failed on it, please report this: {what}"
            answer = failed(entry, reason, status=response.status, lasting=True)
        return [self._noted(answer)]

    def on_error(self, failure: Failure) -> list[Answer]:
        """What is to be stored where there is no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        entry: Entry = request.meta["entry"]
        assert failure.value is not None
        reason, lasting = explain(failure.value, request.url)
        return [self._noted(failed(entry, reason, lasting=lasting))]

    def answer(self, response: Response, entry: Entry) -> Answer:
        """What an answer means for its row of the frontier."""
        status = response.status
        if status == 304:
            return Answer(
                entry, "unchanged", status, response=response, published=_date(entry.hints.get("published"))
            )
        if status != 200:
            return _refused(response, entry)
        if not response.body:
            return failed(entry, "an empty answer", status=status)
        url = self.canonical(response.url)
        text, encoding = "", ""
        if entry.kind not in RAW:
            try:
                decoded = decode(response.body, _header(response, "Content-Type"))
            except NotText as error:
                return failed(entry, f"not a page: {error}", status=status, lasting=True)
            text, encoding = decoded.text, decoded.encoding
        known = (self.source, entry.hints, self.canonical, self.today)
        page = Page(response.url, entry.kind, response.body, text, *known)
        try:
            if entry.kind in DOCUMENTS:
                return self._article(response, entry, page, url, encoding)
            return self._links(response, entry, READERS[entry.kind](page))
        except TooBig as error:
            return failed(entry, f"not a page: {error}", status=status, lasting=True)

    def _links(self, response: Response, entry: Entry, links: Links) -> Answer:
        if links.problem:
            return failed(entry, links.problem, status=response.status, lasting=True)
        if links.absent:
            return Answer(entry, "gone", response.status, links.absent)
        found = [self._once(each) for each in links.found]
        following = links.following and self._once(links.following)
        return Answer(entry, "read", response.status, found=found, following=following, response=response)

    def _once(self, found: Found) -> Found:
        """A page that was read in this run is not read again in it."""
        if found.again and found.url in self.visited:
            return Found(found.url, found.kind, found.hints, found.part_of)
        return found

    def _article(self, response: Response, entry: Entry, page: Page, url: str, encoding: str) -> Answer:
        if url != entry.url and entry.kind == "article" and not page.is_article(url):
            return failed(entry, f"leads to {url}, which is no article", status=response.status, lasting=True)
        kept = article.read(page, self.is_of_interest)
        if kept.problem:
            return failed(entry, kept.problem, status=response.status, lasting=True)
        published = _date(entry.hints.get("published"))
        if kept.is_passed:
            return Answer(entry, "passed", response.status, response=response, published=published)
        found: list[Found] = []
        if kept.following:
            first = entry.part_of or url
            following = kept.following
            found = [Found(following.url, "part", following.hints, part_of=first, again=following.again)]
        return Answer(
            entry,
            "stored",
            response.status,
            found=[self._once(each) for each in found if each.url not in (url, entry.url, each.part_of)],
            published=published,
            response=response,
            url=url,
            media_type=_media_type(response),
            encoding=encoding,
        )

    def _noted(self, answer: Answer) -> Answer:
        """Draw consequences for the rest of the run."""
        if answer.outcome != "failed":
            self._failures_in_a_row = 0
            return answer
        if not answer.lasting:
            self._failures_in_a_row += 1
            if self._failures_in_a_row >= self.most_failures and self.outcome == "finished":
                self.stop(f"gave up after {self._failures_in_a_row} failures in a row: {answer.reason}")
        return answer


class ListingSpider(SourceSpider):
    """Begins with the listing pages of a source."""

    name = "listing"
    discoveries = frozenset({"listing"})


class EpaperSpider(SourceSpider):
    """Begins with the issues of a source."""

    name = "epaper"
    discoveries = frozenset({"epaper"})


class FeedSpider(SourceSpider):
    """Begins with the feeds of a source."""

    name = "feed"
    discoveries = frozenset({"feed"})


class SitemapSpider(SourceSpider):
    """Begins with the sitemaps of a source."""

    name = "sitemap"
    discoveries = frozenset({"sitemap"})


def _refused(response: Response, entry: Entry) -> Answer:
    """An answer with a status that brings no page."""
    status = response.status
    if status in (404, 410):
        if is_start(entry):
            return failed(entry, f"the {entry.kind} is gone: {_said(status)}", status=status, lasting=True)
        reason = "no issue on this day" if entry.kind == "issue" else _said(status)
        return Answer(entry, "gone", status, reason)
    if 300 <= status < 400 and (target := _header(response, "Location")):
        # Redirects that can be followed have been.
        return failed(entry, f"leads to {target[:100]}, not http or https", status=status, lasting=True)
    lasting = 400 <= status < 500 and status not in PASSING
    answer = failed(entry, _said(status), status=status, lasting=lasting)
    answer.asked = patience_asked(response)
    if answer.asked is not None:
        answer.reason = f"{answer.reason}, {ASKED} {answer.asked:.0f} s"
    return answer


def is_start(entry: Entry) -> bool:
    """Whether it ought to be there: a start, other than an issue of a day, of which there may be none."""
    if entry.kind == "issue":
        return "published" not in entry.hints
    return entry.kind in ("list", "feed", "sitemap") and int(entry.hints.get("page", 1)) == 1


def patience_asked(response: Response) -> float | None:
    """Seconds for which a server that is busy asks to be left alone; None where it does not."""
    if response.status not in BUSY:
        return None
    asked = retry_after(response)
    return DEFAULT_PATIENCE if asked is None and response.status == 429 else asked


def retry_after(response: Response) -> float | None:
    """Seconds that a server asks to be left alone, which it says as a number or as a date."""
    value = _header(response, "Retry-After").strip()
    if value.isdigit() and len(value) < 10:
        return float(value)
    try:
        asked = parsedate_to_datetime(value)
        return max(0.0, asked.timestamp() - time.time())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")


def _said(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def _media_type(response: Response) -> str:
    stated = _header(response, "Content-Type").partition(";")[0].strip().lower()
    return "text/plain" if stated == "text/plain" else "text/html"


def _day(given: str | date | None) -> date | None:
    return date.fromisoformat(given) if isinstance(given, str) else given


def _date(hint: object) -> date | None:
    try:
        return date.fromisoformat(str(hint)) if hint else None
    except ValueError:
        return None
