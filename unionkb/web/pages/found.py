"""Search: articles that hold words, with the places where they stand."""

import sqlite3
from collections.abc import Mapping, Sequence

from unionkb import search
from unionkb.web.pages.rows import Row, page_of, rows

HITS = 20
MOST = 10_000
"""Hits beyond which nobody wants to know the number."""
FILTERS = ("organisation", "region", "programme", "year", "source")


def load(db: sqlite3.Connection, arguments: Mapping[str, str]) -> Row:
    """One page of hits; `problem` says why there can be none."""
    words = arguments.get("q", "").strip()
    asked = {name: arguments.get(name, "").strip() for name in FILTERS}
    page = page_of(arguments)
    shown: Row = {
        "words": words,
        "asked": asked,
        "page": page,
        "hits": [],
        "total": 0,
        "most": MOST,
        "more": False,
        "problem": None,
        "sources": rows(db, "SELECT source_id, name FROM source ORDER BY name"),
        "categories": rows(db, "SELECT DISTINCT category FROM programme ORDER BY category"),
    }
    if not words:
        return shown
    year = asked["year"]
    wanted = search.Filter(
        organisation=asked["organisation"] or None,
        region=asked["region"] or None,
        programme=asked["programme"] or None,
        year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
        source=asked["source"] or None,
    )
    try:
        hits, shown["total"] = search.page(db, words, wanted, HITS + 1, (page - 1) * HITS, MOST)
    except search.SearchError as error:
        shown["problem"] = str(error)
        return shown
    shown["more"] = len(hits) > HITS
    shown["hits"] = [
        {
            "article_id": hit.article_id,
            "published": hit.published,
            "outlet": hit.outlet,
            "facts": hit.facts,
            "title": marked(hit.title or "", hit.title_marks),
            "snippet": marked(hit.snippet, hit.snippet_marks),
        }
        for hit in hits[:HITS]
    ]
    return shown


def marked(text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text in pieces, and which of them are hits."""
    pieces = []
    done = 0
    for start, end in marks:
        pieces += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [piece for piece in [*pieces, (text[done:], False)] if piece[0]]
