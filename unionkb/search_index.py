"""Keeps the search index in step with the articles that are shown.

Triggers put down in `search_pending` what is to be done (see schema/migrations); the store has it done here
before each commit.
"""

import sqlite3

from unionkb.search_text import tokens

_DAY_BITS = 20
"""Bits of a key that tell the articles of one day apart; above them stands the day."""
_BATCH = 500


def first_key(published: str | None) -> int:
    """The least key an article of this day can have. Without a date it comes before all that have one."""
    if not published:
        return 0
    year, month, day = map(int, published.split("-"))
    # Days need only be in order, not without gaps.
    return ((year * 12 + month - 1) * 31 + day) << _DAY_BITS


_INSERT = "INSERT INTO article_search (rowid, title, body) VALUES (?, ?, ?)"
_TAKE_OUT = "INSERT INTO article_search (article_search, rowid, title, body) VALUES ('delete', ?, ?, ?)"
# A key whose entry is still to be taken out is not free.
_LAST_KEY = """
    SELECT max(key) FROM (
        SELECT max(key) AS key FROM search_key WHERE key >= :first AND key < :end
        UNION ALL SELECT max(key) FROM search_pending WHERE key IS NOT NULL AND key >= :first AND key < :end
    )
"""
_SHOWN = """
    SELECT article.title, article.body, article.published, article.is_reprint
    FROM article CROSS JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
    WHERE article.article_id = ?
"""


def pending(connection: sqlite3.Connection) -> int:
    """Changes of articles that the index does not know of."""
    number: int = connection.execute("SELECT count(*) FROM search_pending").fetchone()[0]
    return number


def settle(connection: sqlite3.Connection, most: int = -1) -> int:
    """Bring the index up to date with the articles, inside the transaction that is open: all that is to be
    done, or at most so many changes. Returns how many were done."""
    rows = connection.execute(
        "SELECT number, article_id, key, title, body FROM search_pending ORDER BY number LIMIT ?", [most]
    ).fetchall()
    if not rows:
        return 0
    removed: dict[str, tuple[int, str | None, str]] = {}
    for _, article_id, key, title, body in rows:
        if key is not None:
            removed[article_id] = key, title, body
    added: list[tuple[int, str, str | None, str, int]] = []
    for article_id in dict.fromkeys(row[1] for row in rows):
        shown = connection.execute(_SHOWN, [article_id]).fetchone()
        known = connection.execute("SELECT 1 FROM search_key WHERE article_id = ?", [article_id]).fetchone()
        if shown is None or known:
            continue
        title, body, published, is_reprint = shown
        first = first_key(published)
        before = removed.get(article_id)
        if before and before[1:] == (title, body) and first <= before[0] < first + (1 << _DAY_BITS):
            del removed[article_id]
            connection.execute("INSERT INTO search_key VALUES (?, ?, ?)", [before[0], article_id, is_reprint])
        else:
            added.append((first, article_id, title, body, is_reprint))
    connection.executemany(
        _TAKE_OUT, [(key, tokens(title), tokens(body)) for key, title, body in sorted(removed.values())]
    )
    # In the order of keys: FTS5 writes a piece of its index whenever they fall.
    for first, article_id, title, body, is_reprint in sorted(added, key=lambda each: each[:2]):
        (last,) = connection.execute(_LAST_KEY, {"first": first, "end": first + (1 << _DAY_BITS)}).fetchone()
        key = first if last is None else last + 1
        connection.execute("INSERT INTO search_key VALUES (?, ?, ?)", [key, article_id, is_reprint])
        connection.execute(_INSERT, [key, tokens(title), tokens(body)])
    connection.executemany("DELETE FROM search_pending WHERE number = ?", [[row[0]] for row in rows])
    return len(rows)


def rebuild(connection: sqlite3.Connection) -> None:
    """Empty the index and put all articles down to be indexed, inside the transaction that is open."""
    connection.execute("INSERT INTO article_search (article_search) VALUES ('delete-all')")
    connection.execute("DELETE FROM search_key")
    connection.execute("DELETE FROM search_pending")
    connection.execute(
        "INSERT INTO search_pending (article_id) "
        "SELECT article_id FROM article ORDER BY published, article_id"
    )


def faults(connection: sqlite3.Connection) -> list[str]:
    """Where index and articles are not the same, a line each."""
    found = []
    for what, sql in _FAULTS.items():
        (number,) = connection.execute(sql).fetchone()
        if number:
            found.append(f"search: {what}: {number}; mend it with: unionkb search --rebuild")
    return found


_FAULTS = {
    "articles that are not in the index": """
        SELECT count(*) FROM article JOIN page USING (page_id)
        WHERE superseded_by IS NULL AND article_id NOT IN (SELECT article_id FROM search_key)
    """,
    "articles in the index that are not shown any more": """
        SELECT count(*) FROM search_key WHERE article_id NOT IN (
            SELECT article_id FROM article JOIN page USING (page_id) WHERE superseded_by IS NULL
        )
    """,
    "entries of the index that are damaged": """
        SELECT count(*) FROM (
            SELECT key FROM search_key WHERE key NOT IN (SELECT id FROM article_search_docsize)
            UNION ALL SELECT id FROM article_search_docsize WHERE id NOT IN (SELECT key FROM search_key)
        )
    """,
}
