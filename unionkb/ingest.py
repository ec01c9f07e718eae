"""Reads files into the knowledge base, one transaction each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawler import archive
from unionkb import documents, ids, load, reading
from unionkb.documents import File, Part
from unionkb.errors import StoreError
from unionkb.extractor import extractor_version
from unionkb.load import Page
from unionkb.reading import Reader, Unreadable
from unionkb.run import Listener, Run, Summary, recorded
from unionkb.sql import upsert
from unionkb.store import Store

SOURCE = {"source_id": "files", "name": "Files read from disk", "kind": "files"}


def ingest(
    kb: Store,
    paths: Sequence[Path],
    listener: Listener,
    *,
    max_bytes: int = documents.MAX_BYTES,
    skip_lists: bool = False,
    reader: Reader = reading.read_drafts,
) -> Summary:
    """Read the files among `paths` and in folders below them.

    A document that cannot be read is reported and the others go on; so is one without an article, unless
    `skip_lists` passes over web pages of that sort, which a saved site is full of. Raises StoreError when the
    database or the archive cannot be written; then nothing of the document at hand is stored."""
    with recorded(kb, "ingest", listener) as run:
        with kb.transaction() as db:
            upsert(db.conn, "source", "source_id", SOURCE)
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
    run: Run
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
        except Exception as error:
            self.run.failed(str(file.path), reading.failure(error))

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
        with run.document() as done:
            if self._is_known(pages):  # Another process was quicker.
                return
            loaded = load.load(
                connection, pages, readings, run_id=run.run_id, extractor_version=extractor_version()
            )
            for page, part in zip(pages, parts, strict=True):
                load.point(connection, page, self._keep(page, part.data))
            done.update(documents=1, articles=loaded.articles, facts=loaded.facts)

    def _is_known(self, pages: Sequence[Page]) -> bool:
        """Whether there is nothing to be done about a document, and then counts it."""
        if not all(load.is_known(self.run.kb.db.conn, page, extractor_version()) for page in pages):
            return False
        self.run.unchanged()
        return True

    def _page(self, part: Part) -> Page:
        address = str(part.file.path.resolve())
        name = load.document_name(self.run.kb.db.conn, address) or part.file.name
        return Page(
            name,
            ids.place(address),
            str(SOURCE["source_id"]),
            part.text.media_type,
            part.text.encoding,
            len(part.data),
            ids.digest(part.data),
        )

    def _keep(self, page: Page, data: bytes) -> archive.Place:
        """Where the bytes lie in the archive, to which they are added if they are new."""
        try:
            known = load.archived(self.run.kb.db.conn, page.digest) or self.kept.find(page.digest)
            uri = reading.document_uri(page.document)
            return known or self.kept.add(data, digest=page.digest, uri=uri, media_type=page.media_type)
        except archive.ArchiveError as error:
            raise StoreError(str(error)) from error
