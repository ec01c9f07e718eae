"""Sources as data: one TOML file an outlet says where its lists are and what its pages look like."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

OutletKind = Literal["portal", "federation", "daily", "e-paper"]
Discovery = Literal["listing", "epaper", "feed", "sitemap"]
Level = Literal["national", "province", "city", "county", "industry"]


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
    """Hosts (with port, where one is given) that belong to it; that of `home` always does."""
    newspaper: str | None = None
    """Name of the newspaper whose articles these are."""
    union_outlet: bool = True
    """False for general papers: only articles of union interest are kept."""
    politeness: Politeness = field(default_factory=Politeness)
    rhythm_days: float | None = None
    """Days between two articles at the usual pace; None: learnt from what was fetched."""
    known_urls: tuple[str, ...] = ()
    """Real article URLs of this outlet; each must match a layout. They are checked, never fetched."""
    extra: Mapping[str, str] = field(default_factory=dict)
