"""Reads documents into the knowledge base, one transaction each, and keeps a record of the run."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from extract.model import Draft, Reading
from unionkb import archive, documents, ids, load, regions
from unionkb.documents import File, Unreadable
from unionkb.errors import StoreError, UserError
from unionkb.extractor import extractor_version
from unionkb.load import Page
from unionkb.sql import upsert
from unionkb.store import Store

Reader = Callable[[Sequence[Draft]], list[Reading]]
"""Drafts of a document -> its articles with their facts."""

SOURCE = {"source_id": "files", "name": "Files read from disk", "kind": "files"}


class Listener(Protocol):
    """Is told how the work goes."""

    def begin(self, total: int) -> None:
        """Before the first document."""

    def advance(self) -> None:
        """After each document, read or not."""

    def failed(self, document: str, reason: str) -> None:
        """A document could not be read."""

    def notice(self, message: str) -> None:
        """Something the user should know of that is no failure."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did. The fields are those of the table `run`."""

    documents: int = 0
    unchanged: int = 0
    failed: int = 0
    articles: int = 0
    facts: int = 0


@dataclass(slots=True)
class _Run:
    kb: Store
    listener: Listener
    run_id: int
    summary: Summary = field(default_factory=Summary)

    def failed(self, document: str, reason: str) -> None:
        done = replace(self.summary, failed=self.summary.failed + 1)
        with self.kb.transaction() as db:
            db.execute(
                "INSERT INTO run_error (run_id, document, reason, happened_at) VALUES (?, ?, ?, ?)",
                [self.run_id, document, reason, load.now()],
            )
            self.count(done)
        self.summary = done
        self.listener.failed(document, reason)

    def count(self, done: Summary) -> None:
        """Bring the row up to date. Done with each document, so that a killed run tells how far it came."""
        self.kb.db.execute(
            "UPDATE run SET documents = ?, unchanged = ?, failed = ?, articles = ?, facts = ? "
            "WHERE run_id = ?",
            [done.documents, done.unchanged, done.failed, done.articles, done.facts, self.run_id],
        )

    def end(self, status: str) -> None:
        with self.kb.transaction() as db:
            self.count(self.summary)
            db.execute(
                "UPDATE run SET status = ?, finished_at = ? WHERE run_id = ?",
                [status, load.now(), self.run_id],
            )


def read_drafts(drafts: Sequence[Draft]) -> list[Reading]:
    """Articles and facts of a document. Raises Unreadable where there is no article."""
    # Here, because the rules and word lists take a moment to load, and errors in the paths should not wait.
    from extract import layout, pipeline

    articles = [article for draft in drafts for article in layout.split(draft)]
    if not articles:
        raise Unreadable("no article found")
    return [pipeline.read(article) for article in articles]


def ingest(
    kb: Store,
    paths: Sequence[Path],
    listener: Listener,
    *,
    max_bytes: int = documents.MAX_BYTES,
    reader: Reader = read_drafts,
) -> Summary:
    """Read the files among `paths` and in folders below them.

    A document that cannot be read is reported and the others go on. Raises StoreError when the database or
    the archive cannot be written; then nothing of the document at hand is stored."""
    with _recorded(kb, listener) as run:
        kept = archive.Archive(archive.folder(kb.path), load.archive_ends(kb.db.conn), notify=listener.notice)
        found = list(documents.find(paths))
        listener.begin(len(found))
        for file in found:
            if isinstance(file, File):
                _one(run, kept, file, max_bytes, reader)
            else:
                run.failed(str(file[0]), file[1])
            listener.advance()
    return run.summary


def _one(
    run: _Run,
    kept: archive.Archive,
    file: File,
    max_bytes: int,
    reader: Reader,
) -> None:
    try:
        _store(run, kept, file, documents.content(file, max_bytes), reader)
    except StoreError:
        raise
    except UserError as error:
        run.failed(str(file.path), str(error))
    except Exception as error:
        # A mistake of ours in one document must not cost a night's run.
        message = " ".join(str(error).split())[:200]
        run.failed(
            str(file.path), f"unionkb failed on it, please report this: {type(error).__name__}: {message}"
        )


def _store(
    run: _Run,
    kept: archive.Archive,
    file: File,
    content: bytes,
    reader: Reader,
) -> None:
    address = str(file.path.resolve())
    digest = ids.digest(content)
    name = load.document_name(run.kb.db.conn, address) or file.name
    if load.is_known(run.kb.db.conn, name, digest, extractor_version()):
        run.summary = replace(run.summary, unchanged=run.summary.unchanged + 1)
        return
    document = documents.read(content, file.name)
    readings = reader(document.drafts)
    page = Page(
        name, address, SOURCE["source_id"], document.media_type, document.encoding, len(content), digest
    )
    with run.kb.transaction() as db:
        place = load.archived(db.conn, digest) or kept.find(digest)
        if place is None:
            uri = archive.document_uri(name)
            place = kept.add(content, digest=digest, uri=uri, media_type=document.media_type)
        loaded = load.load(
            db.conn, page, place, readings, run_id=run.run_id, extractor_version=extractor_version()
        )
        done = replace(
            run.summary,
            documents=run.summary.documents + 1,
            articles=run.summary.articles + loaded.articles,
            facts=run.summary.facts + loaded.facts,
        )
        run.count(done)
    run.summary = done


@contextmanager
def _recorded(kb: Store, listener: Listener) -> Iterator[_Run]:
    """A row in `run` that says how the run ended, whichever way it did."""
    with kb.transaction() as db:
        regions.load(db)
        upsert(db.conn, "source", "source_id", SOURCE)
        cursor = db.execute(
            "INSERT INTO run (command, extractor_version, started_at) VALUES ('ingest', ?, ?)",
            [extractor_version(), load.now()],
        )
    run = _Run(kb, listener, cursor.lastrowid or 0)
    try:
        yield run
    except BaseException as error:
        # The disk may be full: then the row keeps saying `running`, and the error goes on.
        with suppress(StoreError):
            run.end("interrupted" if isinstance(error, KeyboardInterrupt) else "failed")
        raise
    run.end("failed" if run.summary.failed else "done")
