"""Listing pages: read from the newest on, until all that a page links to is known."""

from datetime import date

from crawler.frontier import Found
from crawler.pages import links
from crawler.sources import Source
from crawler.spiders.page import Links, Page


def starts(source: Source, day: date) -> list[Found]:
    """The first page of each list that is valid on a day."""
    return [
        Found(source.canonical(start.page(1)), "list", {"start": number, "page": 1}, again=True)
        for number, start in enumerate(source.starts)
        if start.discovery == "listing" and start in source.starts_on(day)
    ]


def read(page: Page) -> Links:
    """Articles on a listing page, and the next page of the list."""
    patterns = [layout.article_url for layout in page.source.layouts]
    linked = links.articles(page.text, page.url, patterns, page.start.links, page.canonical)
    found = page.articles(linked)
    if not found:
        return _without_articles(page)
    return Links(found, _following(page))


def _without_articles(page: Page) -> Links:
    target = links.meta_refresh(page.text, page.url)
    if target and page.source.owns(target) and not page.hints.get("moved"):
        return Links([Found(page.canonical(target), "list", {**page.hints, "moved": True}, again=True)])
    if int(page.hints.get("page", 1)) > 1:
        return Links(absent="the list ends before this page")
    return Links(problem="no link to an article on this list")


def _following(page: Page) -> Found | None:
    start, number = page.start, int(page.hints.get("page", 1)) + 1
    if number > start.max_pages:
        return None
    if "{page}" in start.url:
        target: str | None = start.page(number)
    else:
        target = links.next_list_page(page.text, page.url)
    if target is None or not page.source.owns(target):
        return None
    target = page.canonical(target)
    if target == page.canonical(page.url):
        return None
    hints = {"start": page.hints.get("start", 0), "page": number}
    return Found(target, "list", hints, again=True)
