"""An article: its text with every fact where it stands, its imprint, its reprints."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from unionkb.web.pages.rows import Row, first, rows


class Piece(NamedTuple):
    """A stretch of text, and the fact whose words it is."""

    text: str
    fact: Row | None = None


_SUPERSEDED = """
    SELECT article.*, page.document, page.superseded_by
    FROM article JOIN page USING (page_id) WHERE article_id = ? AND superseded_by IS NOT NULL
"""
# The article of the newest version that stands in the same place of the page, else the first one there.
_SUCCESSOR = """
    WITH RECURSIVE version (page_id) AS (
        SELECT :superseded_by
        UNION SELECT superseded_by FROM version JOIN page USING (page_id) WHERE superseded_by IS NOT NULL
    )
    SELECT article_id, title, published FROM version JOIN page USING (page_id) JOIN article USING (page_id)
    WHERE page.superseded_by IS NULL
    ORDER BY article.sequence = :sequence DESC, article.sequence LIMIT 1
"""


def load(db: sqlite3.Connection, article_id: str) -> Row | None:
    """An article with its facts; None for an unknown id.

    One of a page that a later version took the place of comes without facts, and with its `successor`; one
    that is gone with its `tombstone` alone."""
    article = first(db, "SELECT * FROM articles WHERE article_id = ?", [article_id])
    successor = None
    if article is None:
        article = first(db, _SUPERSEDED, [article_id])
        successor = article and first(db, _SUCCESSOR, article)
    if article is None:
        gone = first(db, "SELECT * FROM tombstone WHERE id = ? AND kind = 'article'", [article_id])
        return gone and {"article": None, "tombstone": gone}
    found = rows(
        db,
        "SELECT * FROM facts WHERE article_id = ? ORDER BY char_start, char_end, fact_id",
        [article_id],
    )
    return {
        "article": article,
        "is_superseded": article.get("superseded_by") is not None,
        "successor": successor,
        "address": address(article["document"]),
        "paragraphs": paragraphs(article["body"], article["lead"], found),
        "facts": found,
        "reprints": rows(
            db,
            "SELECT article_id, title, published, newspaper, is_reprint FROM article"
            " WHERE cluster_id = ? AND article_id <> ? ORDER BY published, article_id LIMIT 100",
            [article["cluster_id"], article_id],
        ),
    }


def address(document: str) -> str | None:
    """The address of a document that was fetched; None for files. Nothing but http and https is a link."""
    return document if document.startswith(("http://", "https://")) else None


def paragraphs(body: str, lead: int, facts: Sequence[Row]) -> list[tuple[bool, list[Piece]]]:
    """The lines of a body in pieces; True for those of the headline block. Of facts that overlap the earlier
    one is marked, of those that begin together the longer."""
    marks: list[Row] = []
    for fact in sorted(facts, key=lambda fact: (fact["char_start"], -fact["char_end"])):
        if not marks or fact["char_start"] >= marks[-1]["char_end"]:
            marks.append(fact)
    lines = []
    start = 0
    for line in body.split("\n"):
        end = start + len(line)
        if line:
            inside = [mark for mark in marks if mark["char_start"] < end and mark["char_end"] > start]
            lines.append((start < lead, list(_pieces(body, start, end, inside))))
        start = end + 1
    return lines


def _pieces(body: str, start: int, end: int, marks: Sequence[Row]) -> Iterator[Piece]:
    for mark in marks:
        if mark["char_start"] > start:
            yield Piece(body[start : mark["char_start"]])
        yield Piece(body[max(start, mark["char_start"]) : min(end, mark["char_end"])], mark)
        start = mark["char_end"]
    if start < end:
        yield Piece(body[start:end])
