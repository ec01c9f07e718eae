"""What was read of a shard, as Parquet: one row an article, its facts in a list; counts beside them."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extract.model import Article, Reading
from unionkb.bulk import arrow

ROWS = 500
CHARACTERS = 4_000_000
"""Articles that are written at once, and held in memory until then, are no more and no longer."""
_ABOUT = b"unionkb"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article is from."""

    document: str
    source: str | None
    """A configured outlet whose page it is; None where none is known."""
    media_type: str
    encoding: str
    byte_length: int
    digest: str
    """SHA-256 of the bytes read."""
    fetched: str | None
    """When they were fetched, as the input says."""
    offset: int
    length: int
    """Where the record lies in the input; 0 bytes long where it cannot be read from there alone."""
    sequence: int
    """Which article of its page, from 1."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that could not be read."""

    offset: int
    document: str
    reason: str


@dataclass(slots=True)
class Counts:
    """What became of the records of a shard."""

    records: int = 0
    passed: int = 0
    """No pages: requests, pictures, answers other than 200."""
    dropped: int = 0
    """Pages in which no word of trade unions stands."""
    empty: int = 0
    """Pages without an article: lists, front pages."""
    documents: int = 0
    """Pages with one."""
    articles: int = 0
    facts: int = 0
    failed: int = 0

    def add(self, other: "Counts") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass(frozen=True, slots=True)
class About:
    """What a result says of itself."""

    extractor_version: str
    first: int | None
    """Offset of the first record; None where there is none."""
    following: int | None
    """Offset at which the last record ends; None where that is not known."""
    counts: Counts = field(default_factory=Counts)
    failures: Sequence[Failure] = ()


SCHEMA = pa.schema(
    [
        *arrow.columns(Origin),
        *arrow.columns(Article),
        *(each for each in arrow.columns(Reading) if each.name != "article"),
    ]
)


class Writer:
    """Writes a result. Nothing is there under its name until `close` has said what it is about. Only one
    writer of a name may be at work (`tries.Tries` sees to that)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._sink = self._part.open("wb")
        try:
            self._file = pq.ParquetWriter(self._sink, SCHEMA, compression="zstd")
        except BaseException:
            self._sink.close()
            self._part.unlink(missing_ok=True)
            raise
        self._rows: list[dict[str, Any]] = []
        self._characters = 0

    def add(self, origin: Origin, reading: Reading) -> None:
        row = arrow.encode(reading)
        self._rows.append(arrow.encode(origin) | row.pop("article") | row)
        self._characters += len(reading.article.body)
        if len(self._rows) >= ROWS or self._characters >= CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(pa.Table.from_pylist(self._rows, SCHEMA))
            self._rows.clear()
            self._characters = 0

    def close(self, about: About) -> None:
        """Finish the file, which appears whole or not at all. Raises OSError."""
        self._flush()
        self._file.add_key_value_metadata({_ABOUT: json.dumps(asdict(about), ensure_ascii=False).encode()})
        self._file.close()
        self._sink.flush()
        os.fsync(self._sink.fileno())
        self._sink.close()
        os.replace(self._part, self._path)

    def drop(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError, pa.ArrowException):
            self._file.close()
        with suppress(OSError):
            self._sink.close()
        self._part.unlink(missing_ok=True)


def about(path: Path) -> About | None:
    """What a result says of itself; None where there is none, or none that is whole."""
    try:
        told = json.loads((pq.read_metadata(path).metadata or {})[_ABOUT])
        told["counts"] = Counts(**told["counts"])
        told["failures"] = tuple(Failure(**each) for each in told["failures"])
        return About(**told)
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        return None


def rows(path: Path) -> Iterator[tuple[Origin, Reading]]:
    """The articles of a result, in the order they were read, a row group in memory at a time."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            for row in file.read_row_group(group).to_pylist():
                row["article"] = row
                yield arrow.decode(Origin, row), arrow.decode(Reading, row)
