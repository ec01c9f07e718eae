"""RSS and Atom feeds."""

from datetime import date

from crawler.frontier import Found
from crawler.pages import feeds
from crawler.sources import Source
from crawler.spiders.page import Links, Page


def starts(source: Source, day: date) -> list[Found]:
    """The feeds that are valid on a day."""
    return [
        Found(source.canonical(start.url), "feed", {"start": number}, again=True)
        for number, start in enumerate(source.starts)
        if start.discovery == "feed" and start in source.starts_on(day)
    ]


def read(page: Page) -> Links:
    """Articles of the source that a feed names."""
    entries = feeds.feed(page.body, page.url, page.canonical)
    if not entries:
        return Links(problem="no entries in this feed")
    return Links(page.articles(entries))
