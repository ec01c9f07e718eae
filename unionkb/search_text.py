"""Text -> the tokens by which it is searched; a search -> the FTS5 expression that finds it; where its words
stand in a text. Knows no database.

A text is folded: full-width forms, compatibility characters and capitals become plain ones, white space goes.
Its overlapping bigrams (困难职工 -> 困难 难职 职工 工) are its tokens. A word of two characters or more is
the phrase of its bigrams, a single character is a prefix. So nothing is found that is not there, and
nothing that is there is missed.
"""

import re
from collections.abc import Iterator, Sequence
from unicodedata import category, normalize

Span = tuple[int, int]

_CONSIDERED = 50
"""Places in a text from which a snippet is chosen."""


class _Folded(dict[int, str]):
    """Folds characters one by one, so that their places can be told."""

    def __missing__(self, code: int) -> str:
        if 0xD800 <= code < 0xE000:  # Half a character, which no stored text has.
            folded = chr(code)
        else:
            folded = normalize("NFKC", normalize("NFKC", chr(code)).casefold())
        folded = "".join(c for c in folded if not c.isspace() and category(c) not in ("Cf", "Cc"))
        self[code] = folded
        return folded


class _Codes(dict[str, str]):
    """A character as SQLite's tokenizer leaves it alone: common Han, digits and a-z as they are, others as
    the letter ω and four digits to the base 36. No code is the beginning of another."""

    def __missing__(self, character: str) -> str:
        if "\u4e00" <= character <= "\u9fa5" or "a" <= character <= "z" or "0" <= character <= "9":
            code = character
        else:
            number, code = ord(character), ""
            for _ in range(4):
                number, digit = divmod(number, 36)
                code = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + code
            code = "ω" + code
        self[character] = code
        return code


_folded, _codes = _Folded(), _Codes()


def fold(text: str) -> str:
    """The text as it is compared: `Ａ 座\\n１２楼` -> `a座12楼`."""
    return text.translate(_folded)


def tokens(text: str | None) -> str:
    """The tokens of a text, with spaces between: its bigrams, and its last character."""
    folded = fold(text or "")
    if not folded:
        return ""
    # Each character, the next one and a space, written in three passes over all of them: a good deal faster
    # than one by one. What a character is coded as takes its place behind that; of all codes only those of
    # others begin with ω, so it comes first.
    plain = folded.encode("utf-32-le", "surrogatepass")
    spread = bytearray(b" \0\0\0" * (3 * len(folded)))
    for byte in range(4):
        spread[byte::12] = plain[byte::4]
        spread[byte + 4 :: 12] = plain[byte + 4 :: 4] + b" \0\0\0"[byte : byte + 1]
    found = spread.decode("utf-32-le", "surrogatepass").rstrip(" ")
    others = {character for character in set(folded) if _codes[character] != character}
    for character in sorted(others, key=lambda each: each != "ω"):
        found = found.replace(character, _codes[character])
    return found


_WORDS = re.compile(r"[\"“”＂]([^\"“”＂]*)[\"“”＂]|([^\s\"“”＂]+)")


def words(text: str) -> list[str]:
    """What is searched for, folded: words with spaces between; what stands in quotation marks is one."""
    found = (fold(match[1] or match[2] or "") for match in _WORDS.finditer(text))
    return list(dict.fromkeys(word for word in found if word))


def search_query(text: str) -> str:
    """The FTS5 expression that finds all the words of a search. Without words it finds nothing."""
    return " AND ".join(map(phrase, words(text))) or '""'


def phrase(word: str) -> str:
    """The FTS5 expression that finds one word, folded."""
    if len(word) == 1:
        return f'"{_codes[word]}" *'
    return f'"{tokens(word).rpartition(" ")[0]}"'


def marks(text: str, sought: Sequence[str]) -> list[Span]:
    """Where the words (folded, as `words` gives them) stand in a text: spans in order, those that touch
    joined."""
    pieces = list(map(_folded.__getitem__, map(ord, text)))
    folded = "".join(pieces)
    if not any(word in folded for word in sought):
        return []
    place = [number for number, piece in enumerate(pieces) for _ in piece]
    found = sorted(
        (place[start], place[start + len(word) - 1] + 1) for word in sought for start in _starts(folded, word)
    )
    joined: list[Span] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _starts(text: str, word: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + 1)


def snippet(text: str, sought: Sequence[str], around: int = 30) -> tuple[str, list[Span]]:
    """A piece of the text with a hit, in one line, and where in it the words stand: the piece in which most
    of the words are, else the beginning."""
    spans = marks(text, sought)
    width = 2 * around + max([len(word) for word in sought], default=0)
    if not spans:
        return _one_line(text[:width]), []
    best: list[Span] = []
    most = 0
    for start, _ in spans[:_CONSIDERED]:
        inside = [span for span in spans if start <= span[0] and span[1] <= start + width]
        inside = inside or [(start, start + width)]  # Words that overlap can go on for long.
        marked_text = [fold(text[a:b]) for a, b in inside]
        has = sum(any(word in piece for piece in marked_text) for word in sought)
        if has > most or not best:
            best, most = inside, has
    start = max(0, best[0][0] - around)
    end = min(len(text), max(best[-1][1], start + width) + around // 2)
    chosen = [(a, b) for a, b in spans if start <= a and b <= end] or best
    before, after = "…" * (start > 0), "…" * (end < len(text))
    moved = [(a - start + len(before), b - start + len(before)) for a, b in chosen]
    return before + _one_line(text[start:end]) + after, moved


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n\t]", " ", text)


def marked(text: str, spans: Sequence[Span], left: str = "[", right: str = "]") -> str:
    """The text with marks set around the spans."""
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], left, text[start:end], right]
        last = end
    return "".join([*pieces, text[last:]])


def search_snippet(text: str | None, searched: str, left: str = "[", right: str = "]") -> str:
    """A piece of the text with the words of a search marked."""
    return marked(*snippet(text or "", words(searched)), left, right)
