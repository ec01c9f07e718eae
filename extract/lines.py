"""Source text as lines: where each stands, how wide it is, whether it ends a sentence."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from extract import bylines, words

_SPACE: Final = " \t\u3000\xa0\u200b\u200c\u200d\u2060\ufeff\u2002\u2003\u2009"
_SPACE_OR_BREAK: Final = _SPACE + "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LEFT_OVER: Final = "/enp"
_HEADING: Final = re.compile(r"(#{1,6})[ \t\u3000]+")
_FOLDED: Final = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    "\u3000": " ",
    "\xa0": " ",
    "∶": ":",
}
_FULL_WIDTH: Final = re.compile("[\uff01-\uff5e\u3000\xa0∶]")
_CLOSERS: Final = "”’」』)）]】》〉\"'"
_STOPS: Final = frozenset("。!?;…！？；｡")
_MAY_FOLLOW_STOP: Final = frozenset(_CLOSERS + _SPACE)
_LETTERS: Final = re.compile(r"[^\W_]+")
_UNFINISHED: Final = tuple(words.terms("line_words", kind="unfinished"))
_PAIRS: Final = {"“": "”", "‘": "’", "(": ")", "《": "》", "【": "】", "「": "」"}


@dataclass(slots=True, eq=False)
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
    ends: bool = field(init=False)
    """Whether it ends a sentence."""
    _width: int = field(default=-1, init=False)
    _opens: bool | None = field(default=None, init=False)
    _letters: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.ends = ends_sentence(self.plain)

    @property
    def width(self) -> int:
        """Cells from the margin to the last character."""
        if self._width < 0:
            self._width = self.indent + cells(self.text)
        return self._width

    @property
    def opens_story(self) -> bool:
        """Whether it begins with the byline that opens a story."""
        if self._opens is None:
            self._opens = bylines.opens_story(self.plain) is not None
        return self._opens

    @property
    def letters(self) -> str:
        """Letters and digits of `plain`."""
        if self._letters is None:
            self._letters = letters(self.plain)
        return self._letters

    def wider(self, most: int) -> bool:
        """Whether the line is wider than so many cells."""
        length = len(self.text)
        if self.indent + 2 * length <= most:
            return False
        return length > most or self.width > most


class _Cells(dict[str, int]):
    """Width of each character; those of common planes are remembered."""

    def __missing__(self, character: str) -> int:
        width = 2 if unicodedata.east_asian_width(character) in "WFA" else 1
        if character <= "\uffff":
            self[character] = width
        return width


_CELLS: Final = _Cells()


def fold(text: str) -> str:
    """Full-width letters, digits and punctuation as half-width ones, character by character."""
    for wide in set(_FULL_WIDTH.findall(text)):
        text = text.replace(wide, _FOLDED[wide])
    return text


def cells(text: str) -> int:
    """Width in half-width cells."""
    return sum(map(_CELLS.__getitem__, text))


def letters(text: str) -> str:
    """Letters and digits only: what two printings of one text have in common."""
    return "".join(_LETTERS.findall(text))


def holds(text: str, least: int) -> bool:
    """True for a text of at least so many letters and digits."""
    if len(text) < least:
        return False
    if text[:least].isalnum():
        return True
    return len(letters(text[: 2 * least])) >= least or len(letters(text)) >= least


def split_lines(text: str) -> list[Line]:
    """Lines that hold something, in order."""
    found: list[Line] = []
    gap = position = 0
    text = _masked(text)
    folded = fold(text)
    for raw in text.splitlines(keepends=True):
        line = None if raw.isspace() else _line(raw, position, folded, gap)
        position += len(raw)
        if line:
            found.append(line)
            gap = 0
        else:
            gap += 1
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


def _line(raw: str, start: int, folded: str, gap: int) -> Line | None:
    """The line that begins at `start` of the text; `folded` is the whole text."""
    body = raw.lstrip(_SPACE)
    indent = 0
    if len(body) < len(raw):
        indent = cells(raw[: len(raw) - len(body)].expandtabs(4))
        start += len(raw) - len(body)
    level = 0
    if body.startswith("#") and (heading := _HEADING.match(body)):
        level = len(heading[1])
        start += heading.end()
        body = body[heading.end() :]
    body = body.rstrip(_SPACE_OR_BREAK)
    if body.startswith("**") and level == 0 and body.endswith("**") and len(body) > 4:
        start, body, level = start + 2, body[2:-2], 3
    if not body or body.isspace():
        return None
    end = start + len(body)
    return Line(start, end, body, folded[start:end], indent, gap, level)


def ends_sentence(text: str) -> bool:
    """True when the last character, closing marks aside, is a full stop or its like."""
    last = text[-1:]
    if last not in _MAY_FOLLOW_STOP:
        return last in _STOPS
    before = text.rstrip(_CLOSERS + _SPACE)
    return before[-1:] in _STOPS or not (before or text.isspace())


def unfinished(text: str) -> bool:
    """True when the line cannot end here: it ends in a function word or comma, or leaves a bracket open."""
    return text.rstrip(_SPACE).endswith(_UNFINISHED) or open_pair(text)


def open_pair(text: str) -> bool:
    """True when a quotation mark or bracket is opened and not closed."""
    folded = fold(text)
    return any(folded.rfind(a) > folded.rfind(b) for a, b in _PAIRS.items())
