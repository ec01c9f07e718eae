"""Article pages: what of them is kept, and where they go on."""

import re
from dataclasses import dataclass

from crawler import pages
from crawler.frontier import Found
from crawler.pages.parts import NEXT
from crawler.spiders.page import Page

MOST_PARTS = 50
"""Pages that one article may run over."""
SHORTEST = 80
"""Characters of text that a page with a login form must have to pass for an article."""

_PAGERS = re.compile("|".join((*NEXT, "createPageHTML", "__totalpage")))
"""Without one of these words a page has no next part, and need not be parsed to know it."""
_PASSWORD = re.compile(r"<input\b[^>]{0,300}?\btype\s?=\s?[\"']?password", re.I)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be done with the page of an article."""

    following: Found | None = None
    """Its next part."""
    is_passed: bool = False
    """Left out: not of union interest."""
    problem: str | None = None


def read(page: Page) -> Kept:
    """Judge a page that came for an article or for a further part of one."""
    if _PASSWORD.search(page.text) and not _has_text(page):
        return Kept(problem="a login page instead of an article")
    if page.kind == "article" and not page.source.union_outlet and not _of_interest(page):
        return Kept(is_passed=True)
    return Kept(_following(page) if _PAGERS.search(page.text) else None)


def _has_text(page: Page) -> bool:
    return any(len(draft.text) >= SHORTEST for draft in pages.read(page.text, page.url))


def _of_interest(page: Page) -> bool:
    from crawler.interest import of_union_interest

    found = pages.read(page.text, page.url)
    if not found:
        return of_union_interest(page.hints.get("title"), page.text)
    return any(of_union_interest(draft.known.title, draft.text) for draft in found)


def _following(page: Page) -> Found | None:
    number = int(page.hints.get("part", 1)) + 1
    target = pages.next_part(page.text, page.url)
    if target is None or number > MOST_PARTS or not page.source.owns(target):
        return None
    return Found(page.canonical(target), "part", {"part": number}, again=True)
