"""Pages with bytes flipped, tags torn and encodings mixed: read without a crash, soon, in the same memory."""

import multiprocessing
import random
import re
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from bulks import resident_mb
from replica_news import article_html, story

from unionkb import paths, reading
from unionkb.bulk import reader
from unionkb.bulk.pool import cores
from unionkb.bulk.records import Document

pytestmark = pytest.mark.faults

PAGES = 20_000
MOST_SECONDS = 2.0
MOST_GROWTH_MB = 25
ENCODINGS = ("gb18030", "big5", "utf-16", "utf-8")
PARTS = 20
"""A process reads a part from beginning to end."""


@cache
def _originals() -> tuple[bytes, ...]:
    files = [
        *paths.sample_site().rglob("*.html"),
        *(Path(__file__).parents[1] / "pages").rglob("input.html"),
    ]
    made = [article_html(story("mutated", number)).encode() for number in range(40)]
    return (*(file.read_bytes() for file in sorted(files)), *made)


def _mutated(number: int) -> bytes:
    pick = random.Random(number)
    data = bytearray(pick.choice(_originals()))
    for _ in range(pick.randrange(1, 4)):
        pick.choice((_flip, _tear, _mix, _splice))(data, pick)
    return bytes(data)


def _flip(data: bytearray, pick: random.Random) -> None:
    for _ in range(pick.choice((1, 10, 100, 1000))):
        data[pick.randrange(len(data))] = pick.randrange(256)


def _tear(data: bytearray, pick: random.Random) -> None:
    """Take away the ends of tags, or what is in them."""
    places = [match.span() for match in re.finditer(rb"<[^<>]*>", data)]
    for start, end in sorted(pick.sample(places, min(len(places), 20)), reverse=True):
        cut = pick.randrange(start, end)
        del data[cut : pick.choice((cut + 1, end))]


def _mix(data: bytearray, pick: random.Random) -> None:
    """Write a stretch in another encoding."""
    start = pick.randrange(len(data))
    stretch = bytes(data[start : start + pick.choice((10, 300, 10_000))])
    data[start : start + len(stretch)] = stretch.decode("utf-8", "replace").encode(
        pick.choice(ENCODINGS), "replace"
    )


def _splice(data: bytearray, pick: random.Random) -> None:
    """Put a piece of another page in, or end early."""
    other = pick.choice(_originals())
    at, start = pick.randrange(len(data)), pick.randrange(len(other))
    data[at : pick.choice((at, len(data)))] = other[start : start + 5_000]
    data += b" "


@dataclass
class Part:
    articles: int = 0
    crashes: list[tuple[int, str]] = field(default_factory=list)
    slow: list[tuple[int, float]] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def _read(part: int) -> Part:
    done = Part()
    for number in range(part, PAGES, PARTS):
        page = Document(f"http://news.example.com/{number}.html", _mutated(number), "text/html", 0, 0)
        began = time.process_time()
        try:
            done.articles += len(reader.read(page))
        except Exception as error:
            if "unionkb failed on it" in reading.failure(error):
                done.crashes.append((number, reading.failure(error)))
        if (seconds := time.process_time() - began) > MOST_SECONDS:
            done.slow.append((number, seconds))
    done.memory = [multiprocessing.current_process().pid or 0, resident_mb("self")]
    return done


def test_mutated_pages() -> None:
    with multiprocessing.get_context("spawn").Pool(cores()) as pool:
        parts = pool.map(_read, range(PARTS), chunksize=1)
    assert [each for part in parts for each in part.crashes] == []
    assert [each for part in parts for each in part.slow] == []
    # Many are refused, or hold no article any more; enough are read.
    assert sum(part.articles for part in parts) > PAGES / 5
    for pid in {part.memory[0] for part in parts}:
        # Each process has read several parts; at the end of half of them it holds what it ever will.
        seen = [part.memory[1] for part in parts if part.memory[0] == pid]
        assert max(seen[len(seen) // 2 :]) < max(seen[: len(seen) // 2]) + MOST_GROWTH_MB, seen
