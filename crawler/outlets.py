"""What is known of an outlet: where its lists are, how articles are addressed, what pages look like."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from crawler import urls

OutletKind = Literal["portal", "federation", "daily", "e-paper"]
Discovery = Literal["listing", "epaper", "feed", "sitemap"]
Level = Literal["national", "province", "city", "county", "industry"]

BUILT_IN = Path(__file__).parent / "sources"
"""The folder of the outlets that come with the program."""


class SourceError(ValueError):
    """A file of sources that cannot be used; says which file, which line, which key and why."""

    def __init__(self, file: Path, message: str, line: int | None = None, key: str | None = None) -> None:
        self.file, self.line, self.key = file, line, key
        self.message = message
        place = f"{file}:{line}" if line else str(file)
        super().__init__(f"{place}: {key}: {message}" if key else f"{place}: {message}")


def _valid(item: "Start | Layout", day: date) -> bool:
    return (item.valid_from or date.min) <= day <= (item.valid_to or date.max)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def day_of(match: re.Match[str]) -> date | None:
    """The date in the named groups of a matched address; None where it has none, or one that is no day."""
    groups = match.groupdict()
    whole = groups.get("date") or ""
    parts = (
        [whole[:4], whole[4:6], whole[6:]]
        if whole
        else [groups.get(n) or "" for n in ("year", "month", "day")]
    )
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Start:
    """Where a way of discovery begins.

    `url` is a template: `{page}` counts listing pages, and strftime codes (`%Y%m%d`) stand for the day of an
    issue. `first_page` is the number that the second listing page has in `{page}`; `first_url` the first page
    where it does not fit the template.
    """

    discovery: Discovery
    url: str
    first_url: str | None = None
    second_page: int = 2
    max_pages: int = 5
    links: str | None = None
    """CSS selector of the elements whose links count; None: every link that fits `article_url`."""
    leaf_links: str | None = None
    """CSS selector of the links from an issue to its other pages (版)."""
    valid_from: date | None = None
    valid_to: date | None = None

    def page(self, number: int) -> str:
        """Address of a listing page, counted from 1. Raises ValueError for a further page of a list that has
        one only."""
        if number == 1 and self.first_url:
            return self.first_url
        if number > 1 and "{page}" not in self.url:
            raise ValueError(f"{self.url} has no further pages")
        return self.url.replace("{page}", str(self.second_page + number - 2))

    def issue(self, day: date) -> str:
        """Address of the issue of a day; one without a day in it leads to the newest."""
        return day.strftime(self.url)


@dataclass(frozen=True, slots=True)
class Layout:
    """A URL scheme and page layout, valid for a while."""

    article_url: str
    """Regular expression that a canonical article URL matches as a whole. Named groups `year`, `month`, `day`
    (or `date`, eight digits) give the date printed in the URL, `page` the page number."""
    cms: str
    """CMS family: the name of a reader in `crawler.pages`, or `generic`."""
    leaf_url: str | None = None
    """Regular expression of the other pages (版) of an issue."""
    valid_from: date | None = None
    valid_to: date | None = None

    def match(self, url: str) -> re.Match[str] | None:
        """The canonical address of an article of this layout, matched; None where it is none."""
        return _compiled(self.article_url).fullmatch(url)


@dataclass(frozen=True, slots=True)
class Politeness:
    """Limits for one source."""

    delay: float = 2.0
    """Seconds between two requests; AutoThrottle and robots.txt may make it longer, never shorter."""
    max_pages_per_run: int = 2000
    max_minutes_per_run: int = 60
    max_body_bytes: int = 8_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet."""

    id: str
    """Name of its file; ASCII letters, digits and hyphens."""
    name: str
    publisher: str
    kind: OutletKind
    level: Level
    home: str
    starts: tuple[Start, ...]
    layouts: tuple[Layout, ...]
    region_code: str | None = None
    hosts: tuple[str, ...] = ()
    """Hosts (with port, where one is given) that belong to it; that of `home` always does. `*.example.cn`
    stands for every host below example.cn."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Hosts that show the same pages as another host of it: spelling to be replaced -> spelling to use."""
    newspaper: str | None = None
    """Name of the newspaper whose articles these are."""
    union_outlet: bool = True
    """False for general papers: only articles of union interest are kept."""
    politeness: Politeness = field(default_factory=Politeness)
    rhythm_days: float | None = None
    """Days between two articles at the usual pace; None: learnt from what was fetched."""
    known_urls: tuple[str, ...] = ()
    """Real article URLs of this outlet; each must match a layout. They are checked, never fetched."""
    disabled: str | None = None
    """Why it cannot be crawled (yet); None: it can."""
    extra: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None
    """Where it was read; None: made by a program."""

    def owns(self, url: str) -> bool:
        """Whether the host of an address belongs to this outlet."""
        host = _host(url)
        return bool(host) and any(
            host.endswith(own[1:]) if own.startswith("*.") else host == own
            for own in (_host(self.home), *self.hosts, *self.aliases)
        )

    def canonical(self, url: str) -> str:
        """`crawler.urls.canonical`, and of twins with another scheme or host the one this outlet uses."""
        url = urls.canonical(url)
        if not self.owns(url):
            return url
        parts = urlsplit(url)
        host = self.aliases.get(parts.netloc, parts.netloc)
        # A port speaks one scheme only.
        scheme = parts.scheme if parts.port else urlsplit(self.home).scheme
        return urls.canonical(urlunsplit((scheme, host, parts.path, parts.query, "")))

    @property
    def front_page_only(self) -> bool:
        """Whether its lists are not known, so that only what its front page links is found."""
        today = self.starts_on(date.today())
        return bool(today) and all(start.url == self.home for start in today)

    def starts_on(self, day: date) -> tuple[Start, ...]:
        """Starts that are valid on a day."""
        return tuple(start for start in self.starts if _valid(start, day))

    def layout_of(self, url: str, on: date | None = None) -> tuple[Layout, re.Match[str]] | None:
        """Layout of an article by its address; None for what is no article of this outlet.

        Of several that fit, that counts which is valid on the day given, or else on the day in the address,
        or today's. Validity only chooses: it rests on what was seen, and an address that fits is taken.
        """
        url = self.canonical(url)
        if len(url) > urls.LONGEST or not self.owns(url):
            return None
        fitting = [(layout, match) for layout in self.layouts if (match := layout.match(url))]
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        day = on or day_of(fitting[0][1])
        if day:
            valid = [pair for pair in fitting if _valid(pair[0], day)]
            return valid[0] if valid else min(fitting, key=lambda pair: _distance(pair[0], day))
        return max(fitting, key=lambda pair: pair[0].valid_to or date.max)

    def date_in_url(self, url: str) -> date | None:
        """The date printed in the address of an article of this outlet."""
        found = self.layout_of(url)
        return day_of(found[1]) if found else None


@lru_cache(4096)
def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def _distance(layout: Layout, day: date) -> int:
    """Days between a day and a layout that is not valid on it."""
    begins, ends = layout.valid_from, layout.valid_to
    return min(abs((edge - day).days) for edge in (begins, ends) if edge)
