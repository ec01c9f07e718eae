"""A page as the ways of discovery get it, and what they find in it. No network, no database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawler.frontier import Found, Kind
from crawler.pages.links import Link
from crawler.sources import Source, Start


@dataclass(frozen=True, slots=True)
class Page:
    """`url` is where it was in the end, `hints` what is known of it; `canonical` is that of its source."""

    url: str
    kind: Kind
    body: bytes
    text: str
    """Empty for feeds and sitemaps, which say themselves how they are to be decoded."""
    source: Source
    hints: Mapping[str, Any]
    canonical: Callable[[str], str]
    today: date

    @property
    def start(self) -> Start:
        """The start by which it was reached; the first where sources have changed meanwhile."""
        number = self.hints.get("start", 0)
        starts = self.source.starts
        return starts[number] if isinstance(number, int) and number < len(starts) else starts[0]

    def articles(self, links: Sequence[Link], more: Mapping[str, Any] | None = None) -> list[Found]:
        """Those links that lead to articles of the source, with their hints over those of the page."""
        known = {"newspaper": self.source.newspaper} if self.source.newspaper else {}
        return [
            Found(link.url, "article", {**known, **(more or {}), **_hints(link)})
            for link in links
            if self.is_article(link.url)
        ]

    def is_article(self, url: str) -> bool:
        """Whether a canonical URL is that of an article of the source."""
        return self.source.owns(url) and any(layout.match(url) for layout in self.source.layouts)


@dataclass(frozen=True, slots=True)
class Links:
    """What a page gave. `following` is worth a request only where something here is new."""

    found: Sequence[Found] = ()
    following: Found | None = None
    problem: str | None = None
    """What is wrong with the page, in words."""
    absent: str | None = None
    """Why there is nothing, where that is nothing wrong."""


def _hints(link: Link) -> dict[str, Any]:
    hints = dict(link.hints)
    if link.date and "published" not in hints:
        hints["listed"] = link.date.isoformat()
    return hints
