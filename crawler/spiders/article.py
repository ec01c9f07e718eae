"""Article pages: what of them is kept, and where they go on."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from crawler import pages
from crawler.frontier import Found
from crawler.interest import of_union_interest
from crawler.spiders.page import Page
from extract.model import Draft

MOST_PARTS = 50
"""Pages that one article may run over."""
SHORTEST = 80
"""Characters of text that a page with a login form must have to pass for an article."""

Interest = Callable[[str | None, str], bool]
"""Title and text -> whether an article is of union interest."""

_PASSWORD = re.compile(r"<input\b[^>]{0,300}?\btype\s?=\s?[\"']?password", re.I)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be done with the page of an article."""

    following: Found | None = None
    """Its next part."""
    is_passed: bool = False
    """Left out: not of union interest."""
    problem: str | None = None


def read(page: Page, is_of_interest: Interest = of_union_interest) -> Kept:
    """Judge a page that came for an article or for a further part of one."""
    if _PASSWORD.search(page.text) and not _has_text(page):
        return Kept(problem="a login page instead of an article")
    if page.kind == "article" and not page.source.union_outlet and not _passes(page, is_of_interest):
        return Kept(is_passed=True)
    return Kept(_following(page))


def _drafts(page: Page) -> list[Draft]:
    layout = page.source.layout_of(page.url)
    hints = {name: str(value) for name, value in page.hints.items()}
    return pages.read(page.text, page.url, layout[0].cms if layout else None, hints)


def _has_text(page: Page) -> bool:
    return any(len(draft.text) >= SHORTEST for draft in _drafts(page))


def _passes(page: Page, is_of_interest: Interest) -> bool:
    """A page on which no article is found is judged by the words of its link alone."""
    title = page.hints.get("title")
    return any(
        is_of_interest(draft.known.title or title, draft.text) for draft in _drafts(page)
    ) or is_of_interest(title, "")


def _following(page: Page) -> Found | None:
    number = int(page.hints.get("part", 1)) + 1
    target = pages.next_part(page.text, page.url)
    if target is None or number > MOST_PARTS or not page.source.owns(target):
        return None
    return Found(page.canonical(target), "part", {"part": number}, again=True)
