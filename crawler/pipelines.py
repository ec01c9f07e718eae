"""The item pipeline: all that an answer changes, in one transaction."""

import logging
from collections import Counter
from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.answers import Answer
from crawler.archive import Http
from crawler.frontier import Entry, Found, Headers
from crawler.keeping import Fetched
from crawler.scheduler import FrontierScheduler
from crawler.spiders.base import SourceSpider

logger = logging.getLogger(__name__)


class StorePipeline:
    """Stores the page, what became of the URL, the URLs found and the counters."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Answer) -> Answer:
        spider, scheduler = self.crawler.spider, self.crawler.engine.scheduler
        assert isinstance(spider, SourceSpider)
        assert isinstance(scheduler, FrontierScheduler)
        if spider.keeper.fault is not None:
            return item
        try:
            with spider.keeper.transaction():
                store(spider, item)
        except Exception as error:
            # Nothing of this answer is kept, and its URL is open still. Going on would only lose more.
            logger.exception("%s could not be stored", item.entry.url)
            spider.keeper.fault = error
            spider.stop(" ".join(str(error).split()) or type(error).__name__)
        else:
            scheduler.done(item.entry)
            self.crawler.stats.inc_value(f"unionkb/{item.outcome}")
        return item


def store(spider: SourceSpider, answer: Answer) -> None:
    """Write down an answer, inside a transaction."""
    frontier, keeper, entry = spider.frontier, spider.keeper, answer.entry
    done: Counter[str] = Counter(fetched=1) if answer.status is not None else Counter()
    if answer.outcome == "failed":
        frontier.failed(
            entry, answer.reason or "", status=answer.status, lasting=answer.lasting, asked=answer.asked
        )
        keeper.failed(entry.url, answer.reason or "")
        done["failed"] = 1
    elif answer.outcome == "gone":
        frontier.gone(entry, answer.status, answer.reason or "")
        done["gone"] = 1
    elif answer.outcome == "passed":
        frontier.passed(entry, _headers(answer))
        done["passed"] = 1
    elif answer.outcome == "stored":
        done.update(_store_page(spider, answer))
    else:
        if answer.outcome == "unchanged":
            frontier.unchanged(entry, _headers(answer), answer.published)
            done["unchanged"] = 1
        else:
            frontier.stored(entry, None, _headers(answer))
    if answer.found:
        done["found"] = frontier.add(answer.found, entry.url)
        if answer.following and done["found"]:
            done["found"] += frontier.add([answer.following], entry.url)
    if entry.tries and answer.outcome != "failed":
        keeper.mended(entry.url)
    keeper.count(spider.source.id, done)


def _store_page(spider: SourceSpider, answer: Answer) -> dict[str, int]:
    frontier, entry, response = spider.frontier, answer.entry, answer.response
    assert response is not None
    if answer.url != entry.url:
        target = _target(spider, answer)
        if target is None:
            frontier.stored(entry, None, _headers(answer), reason=f"the same page as {answer.url}")
            return {}
        # The page is kept under the address at which it is in the end.
        frontier.stored(entry, None, _headers(answer), reason=f"moved to {answer.url}")
        entry = target
    parent = frontier.page_of(entry.part_of) if entry.part_of else None
    page_id = spider.keeper.keep(
        Fetched(
            answer.url,
            spider.source.id,
            response.body,
            answer.media_type,
            answer.encoding,
            _http(response),
            parent,
        )
    )
    known = _headers(answer)
    if page_id == entry.page_id:
        frontier.unchanged(entry, known, answer.published)
        return {"unchanged": 1}
    frontier.stored(entry, page_id, known, answer.published)
    return {"changed": 1} if entry.page_id else {"new": 1}


def _target(spider: SourceSpider, answer: Answer) -> Entry | None:
    """The open row of the address that an answer came from in the end; None where it is done with."""
    entry = answer.entry
    spider.frontier.add([Found(answer.url, entry.kind, entry.hints, entry.part_of)], entry.url)
    return spider.frontier.get(answer.url, or_failed=True)


def _headers(answer: Answer) -> Headers:
    response = answer.response
    if response is None:
        return Headers(answer.status)
    return Headers(answer.status, _header(response, "ETag"), _header(response, "Last-Modified"))


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _http(response: Response) -> Http:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
    return Http(f"{response.status} OK" if response.status == 200 else str(response.status), headers)
