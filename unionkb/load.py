"""Writes what was read of one page: its row, its articles and their facts, and what is gone since last time.

Everything here runs inside the one transaction of its document.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from crawler.archive import Place
from extract.model import Article, Reading
from unionkb import claims, ids, load_facts, reprints
from unionkb.review import replay
from unionkb.sql import upsert


@dataclass(frozen=True, slots=True)
class Page:
    """A version of a document, as bytes in the archive."""

    document: str
    place: str
    """Where the bytes were found: `ids.place` of an absolute path or URL."""
    source_id: str
    media_type: str
    encoding: str
    byte_length: int
    digest: str
    """SHA-256 of the bytes."""

    @property
    def page_id(self) -> str:
        return ids.page(self.document, self.digest)


class Loaded(NamedTuple):
    """How much of a page was stored."""

    articles: int
    facts: int
    undated: int = 0
    """Articles without a date of publication."""


def now() -> str:
    """The moment, UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def document_name(db: sqlite3.Connection, address: str) -> str | None:
    """The name under which a document from this place is known, and which it keeps."""
    row = db.execute(
        "SELECT document FROM page WHERE place = ? AND superseded_by IS NULL", [ids.place(address)]
    ).fetchone()
    return row[0] if row else None


def is_known(db: sqlite3.Connection, page: Page, extractor_version: str) -> bool:
    """Whether this very version of the document was read by this very extractor and is the newest."""
    return bool(
        db.execute(
            "SELECT 1 FROM page WHERE page_id = ? AND extractor_version = ? AND superseded_by IS NULL",
            [page.page_id, extractor_version],
        ).fetchone()
    )


def archived(db: sqlite3.Connection, digest: str) -> Place | None:
    """Where bytes already lie in the archive."""
    row = db.execute(
        "SELECT warc_file, warc_offset, warc_length FROM page WHERE digest = ? AND warc_length > 0", [digest]
    ).fetchone()
    return Place(*row) if row else None


def point(db: sqlite3.Connection, page: Page, place: Place) -> None:
    """Say where the bytes of a page lie. The last step before the commit: whatever may be wrong with a
    document shows before its bytes are archived."""
    db.execute(
        "UPDATE page SET warc_file = ?, warc_offset = ?, warc_length = ? WHERE page_id = ?",
        [*place, page.page_id],
    )


def archive_ends(db: sqlite3.Connection) -> dict[str, int]:
    """For each file of the archive the end of the last record that a row points at."""
    return dict(db.execute("SELECT warc_file, max(warc_offset + warc_length) FROM page GROUP BY warc_file"))


def load(
    db: sqlite3.Connection,
    pages: Sequence[Page],
    readings: Sequence[Reading],
    *,
    run_id: int,
    extractor_version: str,
) -> Loaded:
    """Store a document with its articles and facts, in place of what an earlier reading or version gave.

    It is a page, or several over which its article runs; the articles go with the first. Say with `point`
    where the bytes lie. Raises load_facts.BrokenFact."""
    page = pages[0]
    before = {key: kind for each in pages for key, kind in _visible(db, each).items()}
    texts, clusters = set(), set()
    for each in pages:
        for text_id, cluster_id in db.execute(_TEXTS_OF_PLACE, [each.place, each.page_id]):
            texts.add(text_id)
            clusters.add(cluster_id)
    groups = claims.Update(db)
    groups.touch(key for key, kind in before.items() if kind == "article")
    for each in pages:
        _put_page(db, each, None if each is page else page.page_id, run_id, extractor_version)
    article_ids: list[str] = []
    fact_ids: list[str] = []
    undated = 0
    for reading in readings:
        article_id = ids.article(page.document, reading.article.body)
        if article_id in article_ids:  # Printed twice on the page.
            continue
        article_ids.append(article_id)
        undated += reading.article.meta.published is None
        texts.add(_put_article(db, page.page_id, article_id, len(article_ids), reading.article))
        fact_ids += load_facts.put(db, article_id, reading)
    for each in pages:
        _drop_unread(db, each.page_id, article_ids)
    reviewed = replay.apply(db, article_ids)
    groups.settle(reprints.update(db, texts, clusters))
    found = {*article_ids, *fact_ids, *reviewed}
    _bury(db, {key: kind for key, kind in before.items() if key not in found}, page.document, run_id)
    db.executemany("DELETE FROM tombstone WHERE id = ?", [[key] for key in found])
    return Loaded(len(article_ids), len(fact_ids), undated)


def prune(db: sqlite3.Connection) -> None:
    """Take out organisations and programmes that no fact names any more, nor anything below them."""
    while db.execute(_UNNAMED_ORGANISATIONS).rowcount:  # A parent may be free to go after its children.
        pass
    db.execute(_UNNAMED_PROGRAMMES)


_UNNAMED_ORGANISATIONS = """
    DELETE FROM organisation
    WHERE NOT EXISTS (SELECT 1 FROM fact WHERE fact.organisation_id = organisation.organisation_id)
    AND NOT EXISTS (SELECT 1 FROM fact_original AS f WHERE f.organisation_id = organisation.organisation_id)
    AND NOT EXISTS (SELECT 1 FROM organisation AS below WHERE below.parent_id = organisation.organisation_id)
"""
_UNNAMED_PROGRAMMES = """
    DELETE FROM programme
    WHERE category NOT IN (
        SELECT category FROM programme JOIN (
            SELECT programme_id FROM fact UNION ALL SELECT programme_id FROM fact_original
        ) USING (programme_id)
    )
    OR name IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM fact WHERE fact.programme_id = programme.programme_id)
    AND NOT EXISTS (SELECT 1 FROM fact_original AS own WHERE own.programme_id = programme.programme_id)
"""
_TEXTS_OF_PLACE = """
    SELECT DISTINCT text_id, cluster_id FROM article JOIN page USING (page_id)
    WHERE page.place = ? OR page.page_id = ?
"""


def _visible(db: sqlite3.Connection, page: Page) -> dict[str, str]:
    """Articles and facts that were last read of this place (or of this page elsewhere): of whichever version,
    those without a tombstone. A crawl may have stored versions since that nobody has read."""
    pages = "SELECT page_id FROM page WHERE place = :place OR page_id = :page_id"
    articles = f"SELECT article_id FROM article WHERE page_id IN ({pages})"
    facts = f"SELECT fact_id FROM fact WHERE article_id IN ({articles})"
    arguments = {"place": page.place, "page_id": page.page_id}
    return {
        row[0]: kind
        for kind, ids_of in (("article", articles), ("fact", facts))
        for row in db.execute(f"{ids_of} AND {kind}_id NOT IN (SELECT id FROM tombstone)", arguments)
    }


def _put_page(
    db: sqlite3.Connection, page: Page, part_of: str | None, run_id: int, extractor_version: str
) -> None:
    upsert(
        db,
        "page",
        "page_id",
        {
            "page_id": page.page_id,
            "source_id": page.source_id,
            "document": page.document,
            "place": page.place,
            "media_type": page.media_type,
            "encoding": page.encoding,
            "byte_length": page.byte_length,
            "digest": page.digest,
            "warc_file": "",
            "warc_offset": 0,
            "warc_length": 0,
            "stored_at": now(),
            "run_id": run_id,
            "extractor_version": extractor_version,
            "part_of": part_of,
            "superseded_by": None,
        },
        keep=("stored_at", "warc_file", "warc_offset", "warc_length"),
    )
    db.execute(
        "UPDATE page SET superseded_by = :page_id WHERE place = :place AND page_id <> :page_id",
        {"place": page.place, "page_id": page.page_id},
    )


def _put_article(
    db: sqlite3.Connection, page_id: str, article_id: str, sequence: int, article: Article
) -> str:
    meta = article.meta
    text_id = ids.text(article_id, article.body[article.lead :])
    known = db.execute("SELECT text_id FROM article WHERE article_id = ?", [article_id]).fetchone()
    upsert(
        db,
        "article",
        "article_id",
        {
            "article_id": article_id,
            "page_id": page_id,
            "sequence": sequence,
            "title": meta.title,
            "kicker": meta.kicker,
            "deck": meta.deck,
            "published": meta.published.isoformat() if meta.published else None,
            "published_basis": meta.published_basis,
            "newspaper": meta.newspaper,
            "page_number": meta.page_number,
            "section": meta.section,
            "source": meta.source,
            "author": meta.author,
            "correspondent": meta.correspondent,
            "editor": meta.editor,
            "body": article.body,
            "lead": article.lead,
            "source_map": json.dumps([[s.body, s.source, s.length] for s in article.source_map]),
            "text_id": text_id,
            "cluster_id": text_id,
        },
        # As long as the text is the same so is the cluster, unless reprints.update finds otherwise.
        keep=("cluster_id",) if known and known[0] == text_id else (),
    )
    return text_id


def _drop_unread(db: sqlite3.Connection, page_id: str, read: Sequence[str]) -> None:
    """Articles that an earlier reading of the same bytes found and this one does not."""
    marks = ", ".join("?" * len(read))
    db.execute(f"DELETE FROM article WHERE page_id = ? AND article_id NOT IN ({marks})", [page_id, *read])


def _bury(db: sqlite3.Connection, gone: dict[str, str], document: str, run_id: int) -> None:
    when = now()
    db.executemany(
        "INSERT INTO tombstone (id, kind, document, reason, run_id, gone_at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO NOTHING",
        [[key, kind, document, "no longer read in the document", run_id, when] for key, kind in gone.items()],
    )
