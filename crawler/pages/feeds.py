"""Links in machine-readable lists: RSS and Atom feeds, sitemaps, the issue lists of Founder e-papers.

The parser resolves no entities and opens nothing. What is no XML of the kind gives no links.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawler.pages import dom, published
from crawler.pages.links import Canonical, Link, plain

MOST = 50_000
"""Links read in one file: the limit of the sitemap protocol."""
_DAYS = ("pubDate", "published", "date", "issued", "updated", "lastmod", "publication_date")


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Pages, and further sitemaps to read. `date` of a page is the day of publication that a news sitemap
    states (that of the last change may be any time later); of a sitemap it is the day of its last change."""

    pages: list[Link]
    maps: list[Link]


def feed(data: bytes, url: str, canonical: Canonical = plain) -> list[Link]:
    """Entries of an RSS 0.9-2.0 or Atom feed, with title and day of publication (China time)."""
    found: dict[str, Link] = {}
    for item in _elements(data, "item", "entry"):
        address = _address(item)
        if address and (target := _absolute(address, url)) and len(found) < MOST:
            title = _text(item, "title")
            day = next((d for name in _DAYS if (d := _day(_text(item, name)))), None)
            hints = {"title": title} if title else {}
            if day:
                hints["listed"] = day.isoformat()
            found.setdefault(canonical(target), Link(canonical(target), title, day, hints))
    return list(found.values())


def sitemap(data: bytes, url: str, canonical: Canonical = plain) -> Sitemap:
    """Entries of a sitemap or of an index of sitemaps; news sitemaps with title and day of publication."""
    pages: dict[str, Link] = {}
    maps: dict[str, Link] = {}
    for item in _elements(data, "url", "sitemap"):
        target = _absolute(_text(item, "loc"), url)
        if not target or len(pages) + len(maps) >= MOST:
            continue
        if _name(item) == "sitemap":
            maps.setdefault(target, Link(target, date=_day(_text(item, "lastmod"))))
            continue
        title, day = _text(item, "title"), _day(_text(item, "publication_date"))
        hints = {"title": title} if title else {}
        if day:
            hints["listed"] = day.isoformat()
        target = canonical(target)
        pages.setdefault(target, Link(target, title, day, hints))
    return Sitemap(list(pages.values()), list(maps.values()))


def issues(data: bytes, url: str) -> list[Link]:
    """Issues of a month from `paper_existed.xml`: the first page of each, with its day."""
    found: dict[str, Link] = {}
    for item in _elements(data, "period"):
        day = _day(_text(item, "period_date"))
        target = _absolute(_text(item, "front_page"), url)
        if day and target:
            found.setdefault(target, Link(target, date=day, hints={"published": day.isoformat()}))
    return list(found.values())


def _elements(data: bytes, *names: str) -> Iterator[etree._Element]:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data.strip(), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is not None:
        yield from (node for node in root.iter(etree.Element) if _name(node) in names)


def _name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _text(item: etree._Element, name: str) -> str:
    """Text of the first element of that name below an item, whatever its namespace."""
    for node in item.iter(etree.Element):
        if _name(node) == name and node is not item:
            return dom.tidy("".join(str(part) for part in node.itertext()))[:500]
    return ""


def _address(item: etree._Element) -> str:
    """RSS has the address as text, Atom as `href` of a link without relation or with `alternate`."""
    for node in item.iter(etree.Element):
        if _name(node) != "link" or node.get("rel", "alternate") != "alternate":
            continue
        if address := (node.get("href") or node.text or "").strip():
            return address
    guid = _text(item, "guid")
    return guid if guid.startswith("http") else ""


def _absolute(address: str, url: str) -> str | None:
    try:
        target = urljoin(url, address.strip())
        parts = urlsplit(target)
        return target if address and parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    """The day in China of an ISO or e-mail date."""
    if not text:
        return None
    if "T" in text and (found := published.in_instant(text)):
        return found
    if found := published.in_text(text):
        return found
    try:
        moment = parsedate_to_datetime(text)
        found = (moment.astimezone(published.CHINA) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return published.day(str(found.year), str(found.month), str(found.day))
