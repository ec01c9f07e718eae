"""Reads documents into the knowledge base, one transaction each, and keeps a record of the run."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from extract.model import Draft, Reading
from unionkb import archive, documents, ids, load, regions
from unionkb.documents import File, Part, Unreadable
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
            load.prune(db.conn)
            self.count(self.summary)
            db.execute(
                "UPDATE run SET status = ?, finished_at = ? WHERE run_id = ?",
                [status, load.now(), self.run_id],
            )


def read_drafts(drafts: Sequence[Draft]) -> list[Reading]:
    """Articles and facts of a document; an empty list where there is no article."""
    # Here, because the rules and word lists take a moment to load, and errors in the paths should not wait.
    from extract.pipeline import read_page

    return read_page(drafts)


def ingest(
    kb: Store,
    paths: Sequence[Path],
    listener: Listener,
    *,
    max_bytes: int = documents.MAX_BYTES,
    skip_lists: bool = False,
    reader: Reader = read_drafts,
) -> Summary:
    """Read the files among `paths` and in folders below them.

    A document that cannot be read is reported and the others go on; so is one without an article, unless
    `skip_lists` passes over web pages of that sort, which a saved site is full of. Raises StoreError when the
    database or the archive cannot be written; then nothing of the document at hand is stored."""
    with _recorded(kb, listener) as run:
        work = _Work(run, _archive(kb, listener), max_bytes, skip_lists, reader)
        found = list(documents.find(paths))
        listener.begin(len(found))
        for file in found:
            if isinstance(file, File):
                work.read(file)
            else:
                run.failed(str(file[0]), file[1])
            listener.advance()
    return run.summary


def _archive(kb: Store, listener: Listener) -> archive.Archive:
    return archive.Archive(archive.folder(kb.path), load.archive_ends(kb.db.conn), notify=listener.notice)


@dataclass(slots=True)
class _Work:
    run: _Run
    kept: archive.Archive
    max_bytes: int
    skip_lists: bool
    reader: Reader
    parts_read: set[Path] = field(default_factory=set)
    """Files that were read as the continuation of another."""

    def read(self, file: File) -> None:
        if file.path in self.parts_read:
            return
        try:
            self._store(documents.read(file, self.max_bytes))
        except StoreError:
            raise
        except UserError as error:
            self.run.failed(str(file.path), str(error))
        except Exception as error:
            # A mistake of ours in one document must not cost a night's run.
            what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            self.run.failed(str(file.path), f"unionkb failed on it, please report this: {what}")

    def _store(self, parts: Sequence[Part]) -> None:
        run, connection = self.run, self.run.kb.db.conn
        self.parts_read.update(part.file.path for part in parts[1:])
        pages = [self._page(part) for part in parts]
        if self._is_known(pages):
            return
        readings = self.reader(documents.drafts(parts))
        if not readings:
            if self.skip_lists and pages[0].media_type == "text/html":
                return
            raise Unreadable("no article found")
        with run.kb.transaction():
            if self._is_known(pages):  # Another process was quicker.
                return
            loaded = load.load(
                connection, pages, readings, run_id=run.run_id, extractor_version=extractor_version()
            )
            for page, part in zip(pages, parts, strict=True):
                load.point(connection, page, self._keep(page, part.data))
            done = replace(
                run.summary,
                documents=run.summary.documents + 1,
                articles=run.summary.articles + loaded.articles,
                facts=run.summary.facts + loaded.facts,
            )
            run.count(done)
        run.summary = done

    def _is_known(self, pages: Sequence[Page]) -> bool:
        """Whether there is nothing to be done about a document, and then counts it."""
        run = self.run
        if not all(load.is_known(run.kb.db.conn, page, extractor_version()) for page in pages):
            return False
        run.summary = replace(run.summary, unchanged=run.summary.unchanged + 1)
        return True

    def _page(self, part: Part) -> Page:
        address = str(part.file.path.resolve())
        name = load.document_name(self.run.kb.db.conn, address) or part.file.name
        return Page(
            name,
            address,
            str(SOURCE["source_id"]),
            part.text.media_type,
            part.text.encoding,
            len(part.data),
            ids.digest(part.data),
        )

    def _keep(self, page: Page, data: bytes) -> archive.Place:
        """Where the bytes lie in the archive, to which they are added if they are new."""
        known = load.archived(self.run.kb.db.conn, page.digest) or self.kept.find(page.digest)
        uri = documents.document_uri(page.document)
        return known or self.kept.add(data, digest=page.digest, uri=uri, media_type=page.media_type)


@contextmanager
def _recorded(kb: Store, listener: Listener) -> Iterator[_Run]:
    """A row in `run` that says how the run ended, whichever way it did."""
    with kb.transaction() as db:
        regions.load(db.conn)
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
