"""E-papers: issue of a day -> its pages (版) -> their articles. A day without an issue is nothing wrong."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from crawler.frontier import Found
from crawler.pages import links
from crawler.pages.links import Link
from crawler.sources import Source, Start
from crawler.spiders.page import Links, Page

OPEN_DAYS = 3
"""Issues of so many days, today's included, are asked for again: they may appear late, or be completed."""


def starts(source: Source, since: date, until: date, today: date) -> list[Found]:
    """Issues of the days given, the newest first, each under the URL scheme that is valid on its day; and
    starts that name no day, which lead to the newest issue."""
    found = []
    for number, start in enumerate(source.starts):
        if start.discovery != "epaper":
            continue
        if start.issue(date(2001, 2, 3)) == start.issue(date(2010, 11, 12)):
            if _valid(start, today):
                url = source.canonical(start.issue(today))
                found.append(Found(url, "issue", {"start": number}, again=True))
            continue
        for day in _days(since, min(until, today)):
            if _valid(start, day):
                again = 0 <= (today - day).days < OPEN_DAYS
                hints = {"start": number, "published": day.isoformat()}
                found.append(Found(source.canonical(start.issue(day)), "issue", hints, again=again))
    return found


def read(page: Page) -> Links:
    """Pages and articles that a page of an issue links to. The first page of an issue is one of them."""
    here = page.canonical(page.url)
    pages = _leaves(page) if page.kind == "issue" else []
    own = next((link.hints for link in pages if link.url == here), {})
    more = {name: page.hints[name] for name in ("published", "page_number", "section") if name in page.hints}
    patterns = [layout.article_url for layout in page.source.layouts]
    linked = links.articles(page.text, page.url, patterns, page.start.links, page.canonical)
    found = page.articles(linked, {**more, **own})
    for link in pages:
        if link.url != here:
            found.append(Found(link.url, "leaf", _leaf_hints(page, link)))
    if found or page.kind == "leaf":
        return Links(found)
    return _without_pages(page)


def _leaves(page: Page) -> list[Link]:
    patterns = [layout.leaf_url for layout in page.source.layouts if layout.leaf_url]
    linked = links.leaves(page.text, page.url, patterns, page.start.leaf_links, page.canonical)
    return [link for link in linked if page.source.owns(link.url) and not page.is_article(link.url)]


def _leaf_hints(page: Page, link: Link) -> dict[str, Any]:
    issue = {name: page.hints[name] for name in ("start", "published") if name in page.hints}
    return {**issue, **link.hints}


def _without_pages(page: Page) -> Links:
    """Roots of e-papers send their reader on to the newest issue."""
    target = links.meta_refresh(page.text, page.url)
    if target and page.source.owns(target) and not page.hints.get("moved"):
        return Links([Found(page.canonical(target), "issue", {**page.hints, "moved": True}, again=True)])
    if "published" not in page.hints:
        return Links(problem="no issue here: no pages, no articles")
    return Links(absent="no issue: no pages, no articles")


def _days(since: date, until: date) -> Iterator[date]:
    for back in range((until - since).days + 1):
        yield until - timedelta(days=back)


def _valid(start: Start, day: date) -> bool:
    return (start.valid_from or date.min) <= day <= (start.valid_to or date.max)
