"""A cheap test on raw bytes: may this be a page about trade unions?

Most pages of a web archive are not, and finding out costs a small part of reading them. The words of kin.tsv
are looked for in every encoding and notation in which a page may hold them. A page that passes may
still hold no fact; a page that does not pass holds none of the words.
"""

import csv
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")


def may_be_of_unions(data: bytes) -> bool:
    """Whether one of the words stands among the bytes, in whichever encoding. Linear."""
    return any(needle in data for needle in _needles())


@cache
def version() -> str:
    """Changes with the words and the notations, so that results read with others are told apart."""
    return hashlib.sha256(b"\0".join(_needles())).hexdigest()[:8]


@cache
def _needles() -> tuple[bytes, ...]:
    """As bytes, those that are met most first; none that holds another."""
    found: dict[bytes, None] = {}
    for term in _terms():
        for needle in _written(term):
            if not any(shorter in needle for shorter in found):
                found[needle] = None
    return tuple(found)


def _terms() -> list[str]:
    text = (files("unionkb.bulk") / "kin.tsv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return [row["term"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _written(term: str) -> Iterator[bytes]:
    """How a page may hold a word: in each encoding, as character references, as escapes of a script."""
    for encoding in ENCODINGS:
        try:
            yield term.encode(encoding)
        except UnicodeEncodeError:  # Big5 has no simplified characters.
            continue
    codes = [ord(character) for character in term]
    yield "".join(f"&#{code};" for code in codes).encode()
    for digits in ("x", "X"):
        yield "".join(f"&#x{code:{digits}};" for code in codes).encode()
        yield "".join(f"\\u{code:04{digits}}" for code in codes).encode()
