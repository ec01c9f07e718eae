"""Identifiers: hashes of content, so that building a knowledge base again gives the same ones."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

SHORTEST_TEXT = 30
"""Characters from which equal running texts are taken for reprints; captions can be equal by chance."""


def digest(content: bytes) -> str:
    """SHA-256 of raw bytes, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _identifier(*parts: str) -> str:
    # Each part is hashed by itself: no choice of separator can make two lists of parts look alike.
    return digest(b"".join(hashlib.sha256(part.encode("utf-8")).digest() for part in parts))[:16]


@lru_cache(maxsize=10_000)  # The parts of facts come again and again.
def _part(part: str) -> bytes:
    return hashlib.sha256(part.encode("utf-8")).digest()


@lru_cache(maxsize=100)
def page(document: str, raw_digest: str) -> str:
    """Of a version of a document."""
    return _identifier("page", document, raw_digest)


def place(address: str) -> str:
    """Of where a document was found (absolute path or URL), without telling it."""
    return _identifier("place", address)


def article(document: str, body: str) -> str:
    """Of an article in a document."""
    return _identifier("article", document, body)


def fact(article_id: str, start: int, end: int, kind: str, value: float) -> str:
    """Of a quantity at its place."""
    parts = ("fact", article_id, str(start), str(end), kind, repr(float(value)))
    return digest(b"".join(map(_part, parts)))[:16]


def claim_group(first_fact_id: str) -> str:
    """Of a quantity, by the claim that was published first."""
    return digest(_part("claim group") + hashlib.sha256(first_fact_id.encode("utf-8")).digest())[:16]


def organisation(name: str) -> str:
    """Of an organisation by its canonical name."""
    return _identifier("organisation", name)


@lru_cache(maxsize=10_000)
def programme(category: str, name: str | None) -> str:
    """Of a category as a whole (no name), or of a named programme in it."""
    return _identifier("programme", category, name or "")


def review(row: Mapping[str, Any]) -> str:
    """Of a review, by all that it says."""
    return _identifier("review", json.dumps(row, ensure_ascii=False, sort_keys=True))


_SYMBOLS = re.compile(r"[\W_]+")  # All but what str.isalnum tells.
_SIGNATURE = re.compile(r"\([^()\n]{1,30}\)\s{0,8}\Z")


def letters(running_text: str) -> str:
    """A running text without space, punctuation and the signature at its end, in one width and case."""
    plain = _SIGNATURE.sub("", unicodedata.normalize("NFKC", running_text))
    return _SYMBOLS.sub("", plain.casefold())


def text(article_id: str, running_text: str) -> str:
    """Shared by articles whose running text is the same but for space, punctuation, width of characters and
    the signature at its end. An article with hardly any text shares its with no other."""
    return text_of(article_id, letters(running_text))


def text_of(article_id: str, letters: str) -> str:
    """The same from the letters of a running text."""
    # The word `cluster` is in the hash since the first databases: identifiers outlive the names of things.
    return _identifier("cluster", letters if len(letters) >= SHORTEST_TEXT else article_id)
