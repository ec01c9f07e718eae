"""Sources as data: one TOML file an outlet says where its lists are and what its pages look like."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from crawler import urls
from crawler.outlets import BUILT_IN, Layout, Politeness, Source, SourceError, Start, day_of
from crawler.source_files import read

__all__ = [
    "Known",
    "Layout",
    "Politeness",
    "Shard",
    "Source",
    "SourceError",
    "Start",
    "check",
    "day_of",
    "load",
    "source_of",
]


@dataclass(frozen=True, slots=True)
class Shard:
    """The part of the outlets that is one machine's: `number` of `total`, counted from 1."""

    number: int
    total: int

    def has(self, source_id: str) -> bool:
        """Whether an outlet is in it. That depends on its id alone, and each is in one of the shards."""
        hashed = hashlib.sha256(source_id.encode()).digest()
        return int.from_bytes(hashed[:8]) % self.total == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"


def source_of(url: str, sources: Iterable[Source]) -> Source | None:
    """The outlet that an article's address belongs to; the first, where several claim it."""
    url = urls.canonical(url)
    return next((source for source in sources if source.owns(url) and source.layout_of(url)), None)


@dataclass(frozen=True, slots=True)
class Known:
    """What became of a known address: the layout that fits and the day it names, or `fault`."""

    source: Source
    url: str
    layout: Layout | None = None
    day: date | None = None
    fault: str | None = None


def check(sources: Collection[Source]) -> Iterator[Known]:
    """Each known address held against the layouts of its outlet and of all others."""
    for source in sources:
        for url in source.known_urls:
            found = source.layout_of(url)
            if found is None:
                yield Known(source, url, fault="fits no layout")
                continue
            other = source_of(url, [other for other in sources if other is not source])
            yield Known(source, url, found[0], day_of(found[1]), f"fits `{other.id}` too" if other else None)


def load(paths: Iterable[Path | str] = ()) -> dict[str, Source]:
    """The outlets that come with the program and those of the files given, by id, in the order of ids.

    An outlet of a file takes the place of the built-in one with the same id. Raises SourceError.
    """
    given: dict[str, Source] = {}
    for path in map(Path, paths or ()):
        for source in read(path):
            if (other := given.get(source.id)) is not None:
                raise SourceError(path, f"`{source.id}` is also in {other.file}", key="id")
            given[source.id] = source
    return dict(sorted(({source.id: source for source in _built_in()} | given).items()))


@cache
def _built_in() -> tuple[Source, ...]:
    return tuple(source for file in sorted(BUILT_IN.glob("*.toml")) for source in read(file))
