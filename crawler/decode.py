"""Bytes of a page or text file -> str, for the encodings Chinese news comes in."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a WebP image or a sound file"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
)
NAMES = {"big5hkscs": "big5", "cp1252": "windows-1252", "gbk": "gb18030", "gb2312": "gb18030"}

LIKELY = 0.6
"""Mean plausibility of the characters from which an encoding is believed."""
DECLARED_BONUS = 0.15
"""What a declared charset is worth: it decides where the bytes leave a choice."""
DAMAGED = 0.005
"""Share of unreadable sequences among the non-ASCII characters that is put down to damage of the page."""
SAMPLE = 200_000
"""Characters looked at to judge a decoding."""

_ASCII = re.compile(r"[\x00-\x7f]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class NotText(ValueError):
    """The bytes are no text; the message says what they are."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page as text, and the encoding it was read with (`utf-8`, `gb18030`, `big5`, `utf-16-le` ...)."""

    text: str
    encoding: str


def decode(data: bytes, content_type: str | None = None) -> Decoded:
    """Text of `data`, without its byte order mark. `content_type` is the HTTP header, where there is one.

    A byte order mark decides; then validity as UTF-8, since pages that are UTF-8 and say gb2312 are common;
    then the declared charset (header, meta tag) and the characters that each encoding would give. Raises
    NotText for empty, binary and undecodable data."""
    if not data:
        raise NotText("empty")
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _checked(_with_bom(data[len(bom) :], encoding), encoding)
    _refuse_binary(data)
    if b"\0" in data:
        return _checked(*_best(data, _wide(), None, "binary data (NUL bytes)"))
    with suppress(UnicodeDecodeError, NotText):
        return _checked(data.decode("utf-8"), "utf-8")
    declared = _declared(data, content_type)
    candidates = ["utf-8", "gb18030", "big5hkscs", *_wide()]
    if declared and declared not in candidates:
        candidates.append(declared)
    try:
        return _checked(*_best(data, candidates, declared, "undecodable: no encoding gives readable text"))
    except NotText:
        other = _other(data, declared)
        if other is None:
            raise
        return other


def _checked(text: str, encoding: str) -> Decoded:
    if not text.strip():
        raise NotText("empty")
    if len(_CONTROLS.findall(text[:SAMPLE])) > max(1, len(text[:SAMPLE]) // 100):
        raise NotText("binary data (control characters)")
    return Decoded(text, NAMES.get(encoding, encoding))


def _with_bom(data: bytes, encoding: str) -> str:
    text = data.decode(encoding, "replace")
    if text.count("\ufffd") > 1 + len(text) * DAMAGED:
        raise NotText(f"undecodable: it begins with the mark of {encoding} and is not {encoding}")
    return text


def _refuse_binary(data: bytes) -> None:
    for magic, what in MAGIC:
        if data.startswith(magic):
            raise NotText(what)
    if data[4:8] == b"ftyp":
        raise NotText("a video")


def _declared(data: bytes, content_type: str | None) -> str | None:
    """Codec name of the charset that the header or the page declares; gb2312 and gbk widen to gb18030."""
    declared = http_content_type_encoding(content_type) if content_type else None
    declared = declared or html_body_declared_encoding(data[:4096])
    codec = resolve_encoding(declared) if declared else None
    return {"gbk": "gb18030", "gb2312": "gb18030", "big5": "big5hkscs"}.get(codec or "", codec)


def _wide() -> tuple[str, str]:
    return ("utf-16-le", "utf-16-be")


def _best(data: bytes, encodings: Sequence[str], declared: str | None, why: str) -> tuple[str, str]:
    """The most plausible decoding. GB18030 comes before Big5 where both are as good."""
    best, best_score = None, LIKELY
    for encoding in encodings:
        if encoding.startswith("utf-16") and len(data) % 2:
            continue
        text = data.decode(encoding, "replace")
        score = _plausibility(text, encoding) + (DECLARED_BONUS if encoding == declared else 0)
        if score > best_score:
            best, best_score = (text, encoding), score
    if best is None:
        raise NotText(why)
    return best


def _other(data: bytes, declared: str | None) -> Decoded | None:
    """Encodings of other scripts, for a page that is not Chinese."""
    for encoding in filter(None, [declared]):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _share_of_letters(text) > 0.9:
            return _checked(text, encoding)
    guess = from_bytes(data[:SAMPLE], threshold=0.1).best()
    if guess is None or guess.encoding.startswith("utf_"):
        return None
    try:
        text = data.decode(guess.encoding)
    except UnicodeDecodeError:
        return None
    return _checked(text, guess.encoding) if _share_of_letters(text) > 0.9 else None


def _share_of_letters(text: str) -> float:
    sample = text[:SAMPLE]
    good = sum(c.isalnum() or c.isspace() or " " <= c <= "~" for c in sample)
    return good / max(1, len(sample))


def _plausibility(text: str, encoding: str) -> float:
    """How well the non-ASCII characters fit Chinese news, in the mean; -1 where the decoding is broken."""
    sample = text if len(text) <= SAMPLE else text[:SAMPLE]
    wide = encoding.startswith("utf-16")
    characters = sample if wide else _ASCII.sub("", sample)
    if not characters:
        return 0.0
    broken = characters.count("\ufffd")
    # A page cut off in transit ends in half a character.
    if characters.endswith("\ufffd") and broken == 1 and len(characters) > 4:
        broken = 0
    if broken > len(characters) * DAMAGED:
        return -1.0
    standards = {"big5hkscs": ("big5",), "gb18030": ("gb18030",)}.get(encoding, ("gb18030", "big5"))
    common = frozenset().union(*map(_common, standards))
    rare = frozenset().union(*map(_rare, standards))
    return sum(_fit(c, common, rare) for c in characters) / len(characters)


def _fit(character: str, common: frozenset[str], rare: frozenset[str]) -> float:
    if character in common:
        return 1.0
    if character in rare:
        return 0.5
    if "\u3400" <= character <= "\u9fff" or character >= "\U00020000":
        return 0.1
    if " " <= character <= "~" or character in "\t\n\r":
        return 1.0
    if "\u2010" <= character <= "\u2049" or "\u3000" <= character <= "\u301f" or character in "©®\xa0":
        return 1.0
    return -0.5


@cache
def _common(standard: str) -> frozenset[str]:
    """The symbols of a standard and the characters that it puts in its level 1 by frequency of use: 3,755 of
    GB 2312 (the oldest part of GB18030), 5,401 of Big5."""
    level_one = (0xB0A1, 0xD7F9) if standard == "gb18030" else (0xA440, 0xC67E)
    return frozenset(
        (*_row(standard, (0xA1A1 if standard == "gb18030" else 0xA140), 0xA3FE), *_row(standard, *level_one))
    )


@cache
def _rare(standard: str) -> frozenset[str]:
    """The characters of level 2 of GB 2312 and Big5."""
    return frozenset(_row(standard, *((0xD8A1, 0xF7FE) if standard == "gb18030" else (0xC940, 0xF9D5))))


def _row(standard: str, first: int, last: int) -> Iterator[str]:
    trails = range(0xA1 if standard == "gb18030" else 0x40, 0xFF)
    for code in range(first, last + 1):
        if code & 0xFF in trails:
            yield from code.to_bytes(2, "big").decode(standard, "ignore")
