"""Sitemaps, and indexes of them."""

from datetime import date, timedelta

from scrapy.utils.gz import gunzip

from crawler.frontier import Found
from crawler.pages import feeds
from crawler.sources import Source
from crawler.spiders.page import Links, Page

STILL_GROWING = timedelta(days=3)
"""A sitemap last changed longer ago is read once."""
DEEPEST = 3
"""Indexes within indexes are followed so far."""

_GZIP = b"\x1f\x8b"


def starts(source: Source, day: date) -> list[Found]:
    """The sitemaps that are valid on a day."""
    return [
        Found(source.canonical(start.url), "sitemap", {"start": number, "depth": 1}, again=True)
        for number, start in enumerate(source.starts)
        if start.discovery == "sitemap" and start in source.starts_on(day)
    ]


def read(page: Page) -> Links:
    """Articles of the source that a sitemap names, and the sitemaps of an index."""
    try:
        data = _unpacked(page.body, page.source.politeness.max_body_bytes)
    except (OSError, EOFError, ValueError) as error:
        return Links(problem=f"a sitemap that cannot be unpacked: {error}")
    sitemap = feeds.sitemap(data, page.url, page.canonical)
    if not sitemap.pages and not sitemap.maps:
        return Links(problem="no entries in this sitemap")
    found = page.articles(sitemap.pages)
    depth = int(page.hints.get("depth", 1)) + 1
    for link in sitemap.maps if depth <= DEEPEST else ():
        if page.source.owns(link.url):
            again = link.date is None or page.today - link.date <= STILL_GROWING
            hints = {"start": page.hints.get("start", 0), "depth": depth}
            found.append(Found(page.canonical(link.url), "sitemap", hints, again=again))
    return Links(found)


def _unpacked(data: bytes, most: int) -> bytes:
    return gunzip(data, max_size=most) if data.startswith(_GZIP) else data
