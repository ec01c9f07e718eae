"""The item of the spiders: what became of a request, ready to be stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scrapy.http import Response

from crawler.frontier import Entry, Found

Outcome = Literal["stored", "read", "unchanged", "gone", "failed", "passed"]


@dataclass(slots=True)
class Answer:
    """`found` are the URLs that the page gives; `following` is put down too if one of them is new."""

    entry: Entry
    outcome: Outcome
    status: int | None = None
    reason: str | None = None
    found: Sequence[Found] = ()
    following: Found | None = None
    lasting: bool = False
    """Of a failure: it will hardly pass."""
    asked: float | None = None
    """Of a failure: the patience the server asked for, in seconds."""
    published: date | None = None
    """Day of publication, as far as the address or the linking page says."""
    response: Response | None = None
    """The page to be stored, or whose headers are kept."""
    url: str = ""
    """Canonical URL of the page to be stored; redirects may have made it another than that of the entry."""
    media_type: str = ""
    encoding: str = ""

    def __repr__(self) -> str:
        said = f": {self.reason}" if self.reason else ""
        return f"<{self.outcome} {self.entry.kind} {self.entry.url}{said}>"


def failed(entry: Entry, reason: str, *, status: int | None = None, lasting: bool = False) -> Answer:
    """An answer that says why there is none."""
    return Answer(entry, "failed", status, reason, lasting=lasting)
