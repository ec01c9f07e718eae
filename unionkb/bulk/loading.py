"""Results of shards -> knowledge base. Of several versions of a page the newest counts."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow.parquet as pq

import crawler.sources
from crawler.archive import Place
from extract.model import Reading
from unionkb import ids, keeper, load, reading
from unionkb.bulk import inputs, results
from unionkb.bulk.results import Origin
from unionkb.bulk.task import Done
from unionkb.errors import UserError
from unionkb.ingest import SOURCE
from unionkb.load import Page
from unionkb.run import Listener, Run, Summary, recorded
from unionkb.sql import upsert
from unionkb.store import Store

DOCUMENTS = 1000
"""Pages that are stored in one transaction, and held in memory until then."""
_KEYS = ["document", "digest", "fetched"]
_LATEST = """
    INSERT INTO latest VALUES (?, ?, ?) ON CONFLICT (document) DO UPDATE
    SET digest = excluded.digest, fetched = excluded.fetched
    WHERE (excluded.fetched, excluded.digest) > (fetched, digest)
"""


def load_results(kb: Store, folder: Path, done: Sequence[Done], listener: Listener) -> Summary:
    """Load what is not in the knowledge base yet, in order, many pages a transaction. It can be stopped, and
    goes on where it was. Raises StoreError."""
    with recorded(kb, "ingest", listener) as run, closing(_latest(folder, done)) as latest:
        listener.begin(sum(each.about.counts.documents for each in done))
        work = _Work(run, latest)
        for each in done:
            pages = _documents(folder / each.result)
            while some := list(islice(pages, DOCUMENTS)):
                work.load(each, some)
                for _ in some:
                    listener.advance()
    return run.summary


def _latest(folder: Path, done: Sequence[Done]) -> sqlite3.Connection:
    """A table, on the disk and for this run only, of the newest version of each page."""
    db = sqlite3.connect("")
    db.execute("CREATE TABLE latest (document TEXT PRIMARY KEY, digest TEXT, fetched TEXT) WITHOUT ROWID")
    for each in done:
        _note(db, folder / each.result)
    return db


def _note(db: sqlite3.Connection, path: Path) -> None:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=_KEYS):
            columns = [batch.column(name).to_pylist() for name in _KEYS]
            rows = (
                (document, digest, fetched or "") for document, digest, fetched in zip(*columns, strict=True)
            )
            db.executemany(_LATEST, rows)


def _documents(path: Path) -> Iterator[tuple[Origin, list[Reading]]]:
    """Pages in the order they were read, each with its articles."""
    for _, group in groupby(results.rows(path), lambda row: (row[0].document, row[0].offset)):
        articles = list(group)
        yield articles[0][0], [each for _, each in articles]


class _Work:
    def __init__(self, run: Run, latest: sqlite3.Connection) -> None:
        self._run = run
        self._latest = latest
        self._db = run.kb.db.conn
        self._outlets = crawler.sources.load()
        self._sources: set[str] = set()
        """Those that are in the database."""

    def load(self, result: Done, documents: Sequence[tuple[Origin, list[Reading]]]) -> None:
        """Put pages down, but for those that are there and those of which a newer version is among the
        results."""
        version = result.about.extractor_version
        new = []
        for origin, readings in documents:
            page = self._page(origin)
            if self._is_latest(origin) and not load.is_known(self._db, page, version):
                new.append((origin, page, readings))
            else:
                self._run.unchanged()
        if not new:
            return
        failures = []
        with self._run.document() as counted:
            batch = load.Batch(self._db, run_id=self._run.run_id, extractor_version=version)
            for origin, page, readings in new:
                try:
                    loaded = batch.add([page], readings)
                except UserError as error:
                    failures.append((origin.document, reading.failure(error)))
                else:
                    counted.update(documents=1, articles=loaded.articles, facts=loaded.facts)
            batch.settle()
            for origin, page, _ in new:
                if origin.length:
                    load.point(self._db, page, Place(result.shard.path, origin.offset, origin.length))
        for failure in failures:
            self._run.failed(*failure)

    def _page(self, origin: Origin) -> Page:
        return Page(
            origin.document,
            ids.place(origin.document),
            self._source(origin),
            origin.media_type,
            origin.encoding,
            origin.byte_length,
            origin.digest,
        )

    def _is_latest(self, origin: Origin) -> bool:
        row = self._latest.execute(
            "SELECT digest FROM latest WHERE document = ?", [origin.document]
        ).fetchone()
        return bool(row) and row[0] == origin.digest

    def _source(self, origin: Origin) -> str:
        """The outlet of a page, put down when it is new: one that is configured, or else its host."""
        host = urlsplit(origin.document).hostname if inputs.is_remote(origin.document) else None
        source_id = origin.source or host or str(SOURCE["source_id"])
        if source_id not in self._sources:
            with self._run.kb.transaction():
                if outlet := self._outlets.get(source_id):
                    keeper.add_source(self._db, outlet)
                else:
                    row = {"source_id": source_id, "name": host, "kind": "files", "url": f"http://{host}/"}
                    upsert(self._db, "source", "source_id", row if host else SOURCE)
            self._sources.add(source_id)
        return source_id
