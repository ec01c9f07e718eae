"""Reads stored pages from the archive: those no one has read yet, or all that an older extractor has read.

A page says which extractor read it, and each document is one transaction. So this can be stopped at any
moment, and goes on where it was.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import crawler.sources
from crawler import archive
from crawler.sources import Source
from unionkb import load, reading
from unionkb.changes import Changes, compare, content
from unionkb.errors import UserError
from unionkb.extractor import extractor_version
from unionkb.load import Page
from unionkb.reading import Reader, Text, Unreadable
from unionkb.run import Listener, Run
from unionkb.store import Store

UNREAD = ""
"""The extractor version of a page that was fetched and not yet read."""

_BATCH = 200

# Of a document that was fetched the frontier knows the newest version, whatever was stored before.
_NEWEST = "superseded_by IS NULL AND (frontier.page_id IS NULL OR frontier.page_id = page.page_id)"
_COLUMNS = """
    page.page_id, page.document, page.source_id, page.place, page.media_type, page.encoding, page.digest,
    page.byte_length, page.warc_file, page.warc_offset, page.warc_length, page.extractor_version, page.run_id,
    page.part_of, frontier.kind, frontier.hints, frontier.part_of AS part_of_url, source.cms
FROM page
JOIN source ON source.source_id = page.source_id
LEFT JOIN frontier ON frontier.url = page.document
"""
# In the order of the archive, so that a disk reads it from end to end.
_WORK = f"""
SELECT page.warc_file, page.warc_offset, page.page_id, page.document
FROM page LEFT JOIN frontier ON frontier.url = page.document
WHERE {_NEWEST} AND {{which}} AND (warc_file, warc_offset, page.page_id) > (?, ?, ?)
ORDER BY warc_file, warc_offset, page.page_id LIMIT {_BATCH}
"""
_COUNT = """
SELECT count(*) FROM page LEFT JOIN frontier ON frontier.url = page.document
WHERE {newest} AND {which} AND coalesce(page.part_of, frontier.part_of) IS NULL
"""
_FURTHER = f"""
WITH RECURSIVE part (url) AS (
    SELECT ? UNION SELECT frontier.url FROM frontier JOIN part ON frontier.part_of = part.url
    WHERE frontier.state <> 'gone'
)
SELECT {_COLUMNS} JOIN part ON part.url = frontier.url AND frontier.page_id = page.page_id
"""


class _Row(NamedTuple):
    page_id: str
    document: str
    source_id: str
    place: str
    media_type: str
    encoding: str
    digest: str
    byte_length: int
    warc_file: str
    warc_offset: int
    warc_length: int
    extractor_version: str
    run_id: int
    part_of: str | None
    kind: str | None
    hints: str | None
    part_of_url: str | None
    cms: str | None


def read_stored(
    kb: Store,
    listener: Listener,
    *,
    all_pages: bool,
    run_id: int,
    documents: Collection[str] = (),
    sources: Mapping[str, Source] | None = None,
    reader: Reader = reading.read_drafts,
    on_change: Callable[[str, Changes], None] = lambda document, changes: None,
) -> Changes:
    """Read what is stored and not read by today's extractor: pages that nobody has read yet, or with
    `all_pages` those that another version has read too. `documents` are read in any case, and then only they.
    `sources` are the outlets whose layouts are known; by default those that come with the program.

    A page that cannot be read is reported and the others go on. `on_change` is told of each document that is
    not what it was. What was done is added to the run `run_id`; what was read for the first time also to the
    figures of the run at its source that fetched it. Raises StoreError when the database cannot be written,
    UserError for a document that is not stored."""
    known = crawler.sources.load() if sources is None else sources
    work = _Work(Run(kb, listener, run_id), known, reader, on_change)
    if documents:
        found = [_named(kb.db.conn, document) for document in documents]
        listener.begin(len(found))
        for page_id in found:
            work.read(page_id)
        return work.total
    which = f"page.extractor_version {'<>' if all_pages else '='} ?"
    version = extractor_version() if all_pages else UNREAD
    listener.begin(kb.db.conn.execute(_COUNT.format(newest=_NEWEST, which=which), [version]).fetchone()[0])
    last: Sequence[Any] = ("", -1, "")
    while rows := kb.db.conn.execute(_WORK.format(which=which), [version, *last]).fetchall():
        for row in rows:
            work.read(row[2])
        last = rows[-1][:3]
    return work.total


def unread(kb: Store) -> int:
    """Documents that were fetched and not yet read."""
    sql = _COUNT.format(newest=_NEWEST, which="page.extractor_version = ?")
    count: int = kb.db.conn.execute(sql, [UNREAD]).fetchone()[0]
    return count


def _named(db: sqlite3.Connection, document: str) -> str:
    sql = f"SELECT page.page_id FROM page LEFT JOIN frontier ON frontier.url = page.document WHERE {_NEWEST}"
    row = db.execute(f"{sql} AND page.document = ?", [document]).fetchone()
    if row is None:
        raise UserError(f"{document}: no such document in the knowledge base")
    page_id: str = row[0]
    return page_id


@dataclass(slots=True)
class _Work:
    run: Run
    sources: Mapping[str, Source]
    reader: Reader
    on_change: Callable[[str, Changes], None]
    total: Changes = field(default_factory=Changes)
    done: set[str] = field(default_factory=set)
    """Pages read as further parts of a document, or that failed: no more to be done about them now."""

    def read(self, page_id: str) -> None:
        """Read the document to which a page belongs."""
        if page_id in self.done:
            self.done.discard(page_id)
            return
        rows = self._document(page_id)
        self.done.update(row.page_id for row in rows if row.page_id != page_id)
        document = rows[0].document
        try:
            changes = self._read(rows)
        except Exception as error:
            reason = reading.failure(error)
            self.total.failed += 1
            self.run.failed(document, reason)
            if not isinstance(error, _NoRecord):
                self._give_up(rows)
        else:
            self.total.add(changes)
            if changes:
                self.on_change(document, changes)
        self.run.listener.advance()

    def _document(self, page_id: str) -> list[_Row]:
        """The first page of the article on a page, and its further pages in order."""
        db = self.run.kb.db.conn
        first = _page(db, page_id)
        seen = {first.page_id}
        while above := _above(db, first):
            if above.page_id in seen:
                break
            seen.add(above.page_id)
            first = above
        further = [_Row(*row) for row in db.execute(_FURTHER, [first.document])] or [
            _Row(*row)
            for row in db.execute(
                f"SELECT {_COLUMNS} WHERE page.part_of = ? AND page.superseded_by IS NULL", [first.page_id]
            )
        ]
        rest = [row for row in further if row.page_id != first.page_id]
        return [first, *sorted(rest, key=lambda row: _in_order(row.document))]

    def _read(self, rows: Sequence[_Row]) -> Changes:
        db = self.run.kb.db.conn
        texts = [self._text(row) for row in rows]
        pages = [_as_page(row, text) for row, text in zip(rows, texts, strict=True)]
        readings = self.reader(reading.drafts(texts))
        places = [page.place for page in pages]
        with self.run.document() as done:
            before = content(db, places)
            loaded = load.load(
                db, pages, readings, run_id=self.run.run_id, extractor_version=extractor_version()
            )
            changes = compare(before, content(db, places))
            if rows[0].extractor_version == UNREAD and rows[0].kind is not None:
                _count_at_source(db, rows[0], loaded)
            done.update(documents=1, articles=loaded.articles, facts=loaded.facts)
        return changes

    def _text(self, row: _Row) -> Text:
        place = archive.Place(row.warc_file, row.warc_offset, row.warc_length)
        try:
            data = archive.read(archive.folder(self.run.kb.path), place)
        except archive.ArchiveError as error:
            raise _NoRecord(str(error)) from error
        hints = {key: str(value) for key, value in json.loads(row.hints or "{}").items() if value}
        return reading.text(
            data,
            row.document,
            media_type=row.media_type,
            # What the server said of the encoding went into it.
            charset=row.encoding if row.kind else None,
            cms=self._cms(row),
            hints=hints,
        )

    def _cms(self, row: _Row) -> str | None:
        """CMS family of a page: that of the layout its address has at its outlet."""
        source = self.sources.get(row.source_id)
        layout = source.layout_of(row.document) if source else None
        return layout[0].cms if layout else row.cms

    def _give_up(self, rows: Sequence[_Row]) -> None:
        """Mark new pages that cannot be read, so that each is reported once and tried again by the next
        version only. Those that were read before keep what was read, and the name of who read it."""
        with self.run.kb.transaction() as db:
            db.conn.executemany(
                "UPDATE page SET extractor_version = ? WHERE page_id = ? AND extractor_version = ?",
                [[extractor_version(), row.page_id, UNREAD] for row in rows],
            )


class _NoRecord(Unreadable):
    """The archive does not have the bytes. They may come back, so the page stays to be read."""


def _page(db: sqlite3.Connection, page_id: str) -> _Row:
    return _Row(*db.execute(f"SELECT {_COLUMNS} WHERE page.page_id = ?", [page_id]).fetchone())


def _above(db: sqlite3.Connection, row: _Row) -> _Row | None:
    """The page that a further page (下一页) goes on from, if it is stored."""
    if row.part_of_url is not None:
        condition, key = "frontier.url = ? AND frontier.page_id = page.page_id", row.part_of_url
    elif row.part_of is not None:
        condition, key = "page.page_id = ?", row.part_of
    else:
        return None
    found = db.execute(f"SELECT {_COLUMNS} WHERE {condition}", [key]).fetchone()
    return _Row(*found) if found else None


def _as_page(row: _Row, text: Text) -> Page:
    return Page(
        row.document, row.place, row.source_id, row.media_type, text.encoding, row.byte_length, row.digest
    )


def _count_at_source(db: sqlite3.Connection, row: _Row, loaded: load.Loaded) -> None:
    db.execute(
        """
        UPDATE run_source
        SET articles = articles + ?, undated = undated + ?, empty = empty + ?, facts = facts + ?
        WHERE run_id = ? AND source_id = ?
        """,
        [
            loaded.articles,
            loaded.undated,
            int(row.kind == "article" and not loaded.articles),
            loaded.facts,
            row.run_id,
            row.source_id,
        ],
    )


_DIGITS = re.compile(r"(\d+)")


def _in_order(document: str) -> list[tuple[int, int | str]]:
    """Sorts `a_2` before `a_10`."""
    return [(0, int(piece)) if piece.isdigit() else (1, piece) for piece in _DIGITS.split(document)]
