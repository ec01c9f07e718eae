"""Source text as lines: where each stands, how wide it is, whether it ends a sentence."""

import re
import unicodedata
from dataclasses import dataclass

from extract import words

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACE = " \t\u3000\xa0\u200b\u200c\u200d\u2060\ufeff\u2002\u2003\u2009"
_LEFT_OVER = "/enp"
_HEADING = re.compile(r"(#{1,6})[ \t\u3000]+")
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2236: 0x3A}
_CLOSERS = "”’」』)）]】》〉\"'"
_STOPS = "。!?;…！？；｡"
_WORD = re.compile(r"[^\W_]")
_UNFINISHED = tuple(words.terms("line_words", kind="unfinished"))
_PAIRS = {"“": "”", "‘": "’", "(": ")", "《": "》", "【": "】", "「": "」"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line without the space around it. `plain` is `text` with full-width ASCII folded, equally long."""

    start: int
    end: int
    text: str
    plain: str
    indent: int
    """Cells of leading space; a Chinese character takes two."""
    gap: int
    """Blank lines above."""
    level: int
    """Markdown heading level; 0 for none."""

    @property
    def width(self) -> int:
        """Cells from the margin to the last character."""
        return self.indent + cells(self.text)


def fold(text: str) -> str:
    """Full-width letters, digits and punctuation as half-width ones, character by character."""
    return text.translate(_FOLD)


def cells(text: str) -> int:
    """Width in half-width cells."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def letters(text: str) -> str:
    """Letters and digits only: what two printings of one text have in common."""
    return "".join(_WORD.findall(text))


def split_lines(text: str) -> list[Line]:
    """Lines that hold something, in order."""
    found: list[Line] = []
    gap = position = 0
    text = _masked(text)
    for match in (*_BREAK.finditer(text), None):
        end = match.start() if match else len(text)
        line = _line(text, position, end, gap)
        if line:
            found.append(line)
        gap = 0 if line else gap + 1
        position = match.end() if match else end
    return found


def _masked(text: str) -> str:
    """Text with what the page system left in it blanked out, offsets unchanged: `<!--enpproperty ...-->`."""
    if _LEFT_OVER not in text and "&nbsp;" not in text:
        return text
    parts = []
    position = 0
    while (end := text.find("-->", position)) >= 0:
        end += 3
        start = text.find("<!--", position, end)
        if start < 0 and _LEFT_OVER in text[position:end]:
            # Its beginning is lost: the rest of it stands at the start of the line.
            start = max(position, text.rfind("\n", position, end) + 1)
        if start < 0:
            parts.append(text[position:end])
        else:
            parts.append(text[position:start])
            parts.append("\n" * (end - start))
        position = end
    parts.append(text[position:])
    return "".join(parts).replace("&nbsp;", "      ")


def _line(text: str, start: int, end: int, gap: int) -> Line | None:
    raw = text[start:end]
    stripped = raw.lstrip(_SPACE)
    indent = cells(raw[: len(raw) - len(stripped)].expandtabs(4))
    start = end - len(stripped)
    heading = _HEADING.match(stripped)
    level = len(heading[1]) if heading else 0
    if heading:
        start += heading.end()
    body = text[start:end].rstrip(_SPACE)
    if level == 0 and body.startswith("**") and body.endswith("**") and len(body) > 4:
        start, body, level = start + 2, body[2:-2], 3
    if not body.strip():
        return None
    return Line(start, start + len(body), body, fold(body), indent, gap, level)


def ends_sentence(text: str) -> bool:
    """True when the last character, closing marks aside, is a full stop or its like."""
    return text.rstrip(_CLOSERS + _SPACE)[-1:] in _STOPS and bool(text.strip())


def unfinished(text: str) -> bool:
    """True when the line cannot end here: it ends in a function word or comma, or leaves a bracket open."""
    return text.rstrip(_SPACE).endswith(_UNFINISHED) or open_pair(text)


def open_pair(text: str) -> bool:
    """True when a quotation mark or bracket is opened and not closed."""
    folded = fold(text)
    return any(folded.rfind(a) > folded.rfind(b) for a, b in _PAIRS.items())
