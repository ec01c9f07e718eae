"""A document of an input -> its articles, each with where it is from."""

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from urllib.parse import urlsplit

import crawler.sources
from crawler import urls
from crawler.sources import Source
from extract.model import Draft, Reading
from unionkb import ids, reading
from unionkb.bulk.records import Document
from unionkb.bulk.results import Origin


def read(document: Document) -> list[tuple[Origin, Reading]]:
    """Articles in order; [] where there is none. Raises Unreadable and crawler.pages.bounds.TooBig."""
    name, source, cms = _outlet(document.name)
    text = reading.text(
        document.data, name, media_type=document.media_type, charset=document.charset, cms=cms
    )
    if document.known is not None:
        drafts = [Draft(text.text, document.known, single=True)]
    else:
        drafts = reading.drafts([text])
    readings = reading.read_drafts(drafts) if drafts else []
    bytes_ = document.line or document.data
    digest = hashlib.sha256(bytes_).hexdigest() if readings else ""
    seen: set[str] = set()
    found = []
    for each in readings:
        if ids.article(name, each.article.body) in seen:  # Printed twice on the page.
            continue
        seen.add(ids.article(name, each.article.body))
        origin = Origin(
            document=name,
            source=source,
            media_type=text.media_type,
            encoding=text.encoding,
            byte_length=len(bytes_),
            digest=digest,
            fetched=document.fetched,
            offset=document.offset,
            length=document.length,
            sequence=len(seen),
        )
        found.append((origin, each))
    return found


def _outlet(address: str) -> tuple[str, str | None, str | None]:
    """An address as a crawl would write it, the outlet whose it is, and the layout it has there."""
    if "://" not in address:
        return address, None, None
    for source in _owners(urlsplit(address).netloc.lower()):
        if found := source.layout_of(address):
            return source.canonical(address), source.id, found[0].cms
    return urls.canonical(address), None, None


@lru_cache(maxsize=10_000)
def _owners(host: str) -> Sequence[Source]:
    return [source for source in _sources() if source.owns(f"http://{host}/")]


@cache
def _sources() -> tuple[Source, ...]:
    return tuple(crawler.sources.load().values())
