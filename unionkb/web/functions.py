"""Functions of SQLite that work on a long text for longer than any time limit, in linear time or not at all.

SQLite asks whether time is up between the steps of a statement, never inside a function: `instr` of half a
megabyte in a megabyte took seconds, `trim` of as many characters minutes.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

LONGEST = 1_000_000
"""Bytes of a text or blob in a statement from the web, if no page in the knowledge base is longer."""
_PATTERN = 100
_REFUSED = ("json_patch",)
"""Compares each key with each; nobody needs it here."""
_HAS_PAGES = "SELECT 1 FROM sqlite_master WHERE name = 'page'"
_LONGEST_PAGE = "SELECT max(byte_length) FROM page"


def limit(db: sqlite3.Connection) -> None:
    """Limit what a connection works on in one step."""
    # A body may be longer than its page: two bytes in GB18030 are three here, several pages may be one text.
    longest = db.execute(_LONGEST_PAGE).fetchone()[0] if db.execute(_HAS_PAGES).fetchone() else None
    most = max(LONGEST, 4 * (longest or 0))
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, most)
    db.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, _PATTERN)

    def replace(text: str, old: str, new: str) -> str:
        if old and len(text) + text.count(old) * (len(new) - len(old)) > most:
            raise OverflowError("longer than allowed")
        return text.replace(old, new) if old else text

    for name, arity, function in (
        ("instr", 2, lambda text, part: text.find(part) + 1),
        ("replace", 3, replace),
        ("trim", 2, lambda text, characters: _trim(text, characters, True, True)),
        ("ltrim", 2, lambda text, characters: _trim(text, characters, True, False)),
        ("rtrim", 2, lambda text, characters: _trim(text, characters, False, True)),
    ):
        db.create_function(name, arity, _of_texts(function), deterministic=True)
    db.set_authorizer(_authorize)


def unlimited(db: sqlite3.Connection) -> Callable[[], object]:
    """Take the limit of length off a connection, for statements of our own; what is returned puts it back."""
    before = db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, -1)
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2**31 - 1)
    return lambda: db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)


def _trim(text: str, characters: str, left: bool, right: bool) -> str:
    unwanted = set(characters)
    start, end = 0, len(text)
    while left and start < end and text[start] in unwanted:
        start += 1
    while right and end > start and text[end - 1] in unwanted:
        end -= 1
    return text[start:end]


def _of_texts(function: Callable[..., Any]) -> Callable[..., Any]:
    """As SQLite's functions take their arguments: anything as text, and NULL of NULL."""
    return lambda *values: None if None in values else function(*map(_text, values))


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float):
        short = f"{value:.15g}"
        return short if any(each in short for each in ".en") else f"{short}.0"
    return str(value)


def _authorize(action: int, _: str | None, function: str | None, *__: str | None) -> int:
    refused = action == sqlite3.SQLITE_FUNCTION and function in _REFUSED
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK
