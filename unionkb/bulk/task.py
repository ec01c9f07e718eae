"""Reads one shard: the same function whichever engine calls it, in whichever process and on which machine."""

import faulthandler
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from extract import tokens
from unionkb import reading
from unionkb.bulk import alone, inputs, prefilter, reader, records, results, shards
from unionkb.bulk.records import Bad, Document
from unionkb.bulk.results import About, Counts, Failure
from unionkb.bulk.shards import Settings, Shard
from unionkb.bulk.tries import Tries
from unionkb.extractor import extractor_version

TRIES = 2
"""Times that who reads a document may die of it before it is read in a process of its own."""
SECONDS = 60.0
"""How long a document may take before its reader is given up."""


@dataclass(frozen=True, slots=True)
class Done:
    """A shard whose result is there."""

    shard: Shard
    result: str
    """Name of its file."""
    about: About
    is_new: bool


def read_shard(shard: Shard, folder: str, settings: Settings, *, watched: bool = False) -> Done:
    """Read a shard, unless its result is in the folder already.

    A document that kills its reader is read apart from the third time on; what dies there is named among the
    failures. `watched` ends the process when a document takes longer than SECONDS: for workers only. Raises
    OSError where the input cannot be read or the result not be written; then there is no result."""
    with tokens.using(settings.segmenter):
        return _read(shard, Path(folder, shards.name(shard, settings)), settings, watched)


def _read(shard: Shard, path: Path, settings: Settings, watched: bool) -> Done:
    name = path.name
    with Tries(path.with_name(f".{name}.at")) as tries:
        about = results.about(path)
        if about is not None:
            return Done(shard, name, about, is_new=False)
        writer = results.Writer(path)
        try:
            about = _Work(shard, settings, writer, tries, watched).run()
            writer.close(about)
        except BaseException:
            writer.drop()
            raise
    return Done(shard, name, about, is_new=True)


@dataclass(slots=True)
class _Work:
    shard: Shard
    settings: Settings
    writer: results.Writer
    tries: Tries
    watched: bool
    counts: Counts = field(default_factory=Counts)
    failures: list[Failure] = field(default_factory=list)

    def run(self) -> About:
        shard = self.shard
        first = following = None
        with inputs.opened(shard.path, shard.form) as stream:
            found = records.read(
                stream, shard.form, longest=self.settings.longest, start=shard.start, stop=shard.stop
            )
            for number, item in enumerate(found):
                first = item.offset if first is None else first
                following = item.offset + item.length if item.length else None
                self.counts.records += 1
                if isinstance(item, Document):
                    self._document(number, item)
                elif isinstance(item, Bad):
                    self._failed(item.offset, item.name, item.reason)
                else:
                    self.counts.passed += 1
        return About(extractor_version(), first, following, self.counts, self.failures)

    def _document(self, number: int, document: Document) -> None:
        if self.settings.filter and not prefilter.may_be_of_unions(document.line or document.data):
            self.counts.dropped += 1
            return
        self.tries.begin(number)
        try:
            if self.tries.deaths[number] >= TRIES:
                found = alone.read(document)
            else:
                with _watch(self.watched):
                    found = reader.read(document)
        except Exception as error:
            self._failed(document.offset, document.name, reading.failure(error))
            return
        finally:
            self.tries.idle()
        self.counts.documents += bool(found)
        self.counts.empty += not found
        for origin, each in found:
            self.writer.add(origin, each)
            self.counts.articles += 1
            self.counts.facts += len(each.facts)

    def _failed(self, offset: int, document: str, reason: str) -> None:
        self.counts.failed += 1
        self.failures.append(Failure(offset, document, reason))


@contextmanager
def _watch(watched: bool) -> Iterator[None]:
    """A reader that hangs, in whatever code, ends; the next one finds what it was at."""
    if not watched:
        yield
        return
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(SECONDS, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
