"""Writes what was read of documents: the rows of their pages, articles and facts, and what is gone since last
time; then brings up to date what follows from it.

Many documents are written together (`Batch`): the rows of those of which nothing is stored are written at
once; clusters of reprints and groups of claims are made once for all. What is stored in the end is the same
for any batches and any order, but for numbers that only count rows.

Everything here runs inside the one transaction of its documents.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

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
    """Store one document, see `Batch`."""
    batch = Batch(db, run_id=run_id, extractor_version=extractor_version)
    loaded = batch.add(pages, readings)
    batch.settle()
    return loaded


class Batch:
    """Documents that are stored in one transaction. `add` them, and `settle` before the commit. It keeps
    their texts and claims in memory until then, some ten kilobytes a document."""

    def __init__(self, db: sqlite3.Connection, *, run_id: int, extractor_version: str) -> None:
        self._db = db
        self._run_id = run_id
        self._version = extractor_version
        self._groups = claims.Update(db)
        self._letters: dict[str, str] = {}
        """Of the texts that came."""
        self._texts: set[str] = set()
        self._clusters: set[tuple[str, str]] = set()
        """Texts, with the clusters they were in."""
        self._fresh: set[str] = set()
        """Articles that came."""
        self._facts = load_facts.Facts(db)
        # What is taken in and not yet written.
        self._pages: list[tuple[Any, ...]] = []
        self._articles: list[tuple[Any, ...]] = []
        self._documents: list[list[str]] = []
        self._taken: set[str] = set()
        """Places, pages and articles of these."""

    def add(self, pages: Sequence[Page], readings: Sequence[Reading]) -> Loaded:
        """Store a document with its articles and facts, in place of what an earlier reading or version gave.

        It is a page, or several over which its article runs; the articles go with the first. Say with `point`
        where the bytes lie. Raises load_facts.BrokenFact, and then has stored nothing of the document."""
        page = pages[0]
        articles: dict[str, Reading] = {}
        for reading in readings:  # One may be printed twice on the page.
            articles.setdefault(ids.article(page.document, reading.article.body), reading)
        for reading in articles.values():
            load_facts.check(reading)
        if self._is_new(pages, articles):
            fact_ids = self._take(pages, articles)
        else:
            self.write()
            fact_ids = self._replace(pages, articles)
        if len(self._facts) >= _MOST_FACTS:
            self.write()
        undated = sum(reading.article.meta.published is None for reading in articles.values())
        return Loaded(len(articles), len(fact_ids), undated)

    def settle(self) -> None:
        """Write all, and bring clusters and groups up to date."""
        self.write()
        clusters = reprints.update(self._db, self._texts, self._clusters, self._letters)
        self._groups.settle(clusters, self._fresh)

    def _is_new(self, pages: Sequence[Page], articles: Collection[str]) -> bool:
        """Whether nothing was read before at these places, nor these articles elsewhere."""
        taken = self._taken
        if not taken.isdisjoint(articles):
            return False
        for each in pages:
            if each.place in taken or each.page_id in taken:
                return False
            if self._db.execute(_HAS_ARTICLES, (each.place, each.page_id)).fetchone():
                return False
        return not any(self._db.execute(_IS_ARTICLE, (each,)).fetchone() for each in articles)

    def _take(self, pages: Sequence[Page], articles: Mapping[str, Reading]) -> list[str]:
        """Take in a document of which nothing is stored but perhaps its pages."""
        for each in pages:
            part_of = None if each is pages[0] else pages[0].page_id
            if self._db.execute(_IS_PAGE, (each.place, each.page_id)).fetchone():
                if part_of:
                    self.write()
                self._put_page(each, part_of)
            else:
                self._pages.append(self._page_row(each, part_of))
            self._taken.update((each.place, each.page_id))
        fact_ids: list[str] = []
        for sequence, (article_id, reading) in enumerate(articles.items(), 1):
            row = self._article_row(pages[0].page_id, article_id, sequence, reading.article)
            self._articles.append(row)
            fact_ids += self._facts.add(article_id, reading)
        self._documents.append(list(articles))
        self._taken.update(articles)
        self._fresh.update(articles)
        return fact_ids

    def write(self) -> None:
        """Write what was taken in."""
        db = self._db
        if not self._documents and not self._pages:
            return
        db.executemany(_PUT_PAGE, self._pages)
        db.executemany(_PUT_ARTICLE, self._articles)
        self._facts.write()
        if db.execute("SELECT 1 FROM review LIMIT 1").fetchone():
            for articles in self._documents:
                replay.apply(db, articles)
        if db.execute("SELECT 1 FROM tombstone LIMIT 1").fetchone():
            for articles in self._documents:
                found = [row[0] for each in articles for row in db.execute(_FACTS_OF, (each,))]
                _raise(db, [*articles, *found])
        self._pages, self._articles, self._documents, self._taken = [], [], [], set()

    def _replace(self, pages: Sequence[Page], articles: Mapping[str, Reading]) -> list[str]:
        """Store a document of which something is stored."""
        db, page = self._db, pages[0]
        before = {key: kind for each in pages for key, kind in _visible(db, each).items()}
        for each in pages:
            self._clusters.update(db.execute(_TEXTS_OF_PLACE, [each.place, each.page_id]))
        known = [key for key in articles if db.execute(_IS_ARTICLE, (key,)).fetchone()]
        self._groups.touch({*known, *(key for key, kind in before.items() if kind == "article")})
        for each in pages:
            self._put_page(each, None if each is page else page.page_id)
        fact_ids: list[str] = []
        for sequence, (article_id, reading) in enumerate(articles.items(), 1):
            self._put_article(page.page_id, article_id, sequence, reading.article)
            db.execute("DELETE FROM fact WHERE article_id = ?", [article_id])
            fact_ids += self._facts.add(article_id, reading)
        self._facts.write()
        for each in pages:
            _drop_unread(db, each.page_id, list(articles))
        reviewed = replay.apply(db, list(articles))
        self._fresh.difference_update(articles)
        found = {*articles, *fact_ids, *reviewed}
        gone = {key: kind for key, kind in before.items() if key not in found}
        self._fresh.difference_update(gone)
        _bury(db, gone, page.document, self._run_id)
        _raise(db, found)
        return fact_ids

    def _put_page(self, page: Page, part_of: str | None) -> None:
        row = dict(zip(_PAGE, self._page_row(page, part_of), strict=True))
        upsert(
            self._db, "page", "page_id", row, keep=("stored_at", "warc_file", "warc_offset", "warc_length")
        )
        self._db.execute(
            "UPDATE page SET superseded_by = :page_id WHERE place = :place AND page_id <> :page_id",
            {"place": page.place, "page_id": page.page_id},
        )

    def _put_article(self, page_id: str, article_id: str, sequence: int, article: Article) -> None:
        row = dict(zip(_ARTICLE, self._article_row(page_id, article_id, sequence, article), strict=True))
        known = self._db.execute(_CLUSTER_OF, (article_id,)).fetchone()
        # As long as the text is the same so is the cluster, unless reprints.update finds otherwise.
        keep = ("cluster_id",) if known and known[0] == row["text_id"] else ()
        if known and not keep:
            self._clusters.add(known)
        upsert(self._db, "article", "article_id", row, keep=keep)

    def _page_row(self, page: Page, part_of: str | None) -> tuple[Any, ...]:
        """A row of `page`, in the order of _PAGE."""
        return (
            *(page.page_id, page.source_id, page.document, page.place, page.media_type, page.encoding),
            *(page.byte_length, page.digest, "", 0, 0, now(), self._run_id, self._version, part_of, None),
        )

    def _article_row(self, page_id: str, article_id: str, sequence: int, article: Article) -> tuple[Any, ...]:
        """A row of `article`, in the order of _ARTICLE."""
        meta = article.meta
        letters = ids.letters(article.body[article.lead :])
        text_id = ids.text_of(article_id, letters)
        self._texts.add(text_id)
        self._letters[text_id] = letters
        return (
            article_id,
            page_id,
            sequence,
            meta.title,
            meta.kicker,
            meta.deck,
            meta.published.isoformat() if meta.published else None,
            meta.published_basis,
            meta.newspaper,
            meta.page_number,
            meta.section,
            meta.source,
            meta.author,
            meta.correspondent,
            meta.editor,
            article.body,
            article.lead,
            json.dumps([[s.body, s.source, s.length] for s in article.source_map]),
            text_id,
            text_id,
        )


_MOST_FACTS = 20_000
"""Facts that are kept in memory before they are written."""
_PAGE = (
    *("page_id", "source_id", "document", "place", "media_type", "encoding", "byte_length", "digest"),
    *("warc_file", "warc_offset", "warc_length", "stored_at", "run_id", "extractor_version", "part_of"),
    "superseded_by",
)
_ARTICLE = (
    *("article_id", "page_id", "sequence", "title", "kicker", "deck", "published", "published_basis"),
    *("newspaper", "page_number", "section", "source", "author", "correspondent", "editor", "body", "lead"),
    *("source_map", "text_id", "cluster_id"),
)
_PUT_PAGE = f"INSERT INTO page ({', '.join(_PAGE)}) VALUES ({', '.join('?' * len(_PAGE))})"
_PUT_ARTICLE = f"INSERT INTO article ({', '.join(_ARTICLE)}) VALUES ({', '.join('?' * len(_ARTICLE))})"
_IS_PAGE = "SELECT 1 FROM page WHERE place = ?1 UNION ALL SELECT 1 FROM page WHERE page_id = ?2 LIMIT 1"
_IS_ARTICLE = "SELECT 1 FROM article WHERE article_id = ?"
_HAS_ARTICLES = """
    SELECT 1 FROM page CROSS JOIN article USING (page_id) WHERE page.place = ?1
    UNION ALL SELECT 1 FROM article WHERE page_id = ?2 LIMIT 1
"""
_CLUSTER_OF = "SELECT text_id, cluster_id FROM article WHERE article_id = ?"
_FACTS_OF = "SELECT fact_id FROM fact WHERE article_id = ?"


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


def _raise(db: sqlite3.Connection, found: Iterable[str]) -> None:
    """What is there again has no tombstone."""
    db.executemany("DELETE FROM tombstone WHERE id = ?", [[key] for key in found])
