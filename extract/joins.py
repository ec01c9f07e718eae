"""Puts broken lines together again: hard-wrapped columns, sentences cut by a blank line."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add
from typing import Final

from extract import bylines, words
from extract.lines import Line, holds, open_pair, unfinished

_COMMA: Final = re.compile(r"[,。;、:]")
_CONTINUES: Final = re.compile(r"[，,。、；;：:）)”’》】！？!?%％]")
_OPENER: Final = re.compile(words.alternation(words.terms("line_words", kind="opener")))
_LIST_MARK: Final = re.compile(
    r"(?:\d{1,2}[.、)](?!\d)|[(（]?[一二三四五六七八九十]{1,3}[、)）]|[·•●◆■□▪※★○—\-]"
    r"|第[一二三四五六七八九十]{1,3}[章节条、，,])"
)
_WIDEST: Final = 130
_WIDEST_SPACED: Final = 90
_SLACK: Final = 8
"""Cells by which a full line may fall short of the column: a mark or a long number moves down whole."""


@dataclass(slots=True, unsafe_hash=True)
class Column:
    """A run of hard-wrapped lines."""

    width: int
    margin: int
    """Indent of lines that do not open a paragraph."""
    indented: bool = False
    """Paragraphs open with an indent."""


def columns(lines: Sequence[Line], text: Sequence[bool]) -> list[Column | None]:
    """The column each line belongs to, if any. `text` tells which lines may be running text."""
    found: list[Column | None] = [None] * len(lines)
    for start, stop in _runs(lines, text, spaced=False):
        column = _column(lines[start:stop], least=2, widest=_WIDEST)
        found[start:stop] = [column] * (stop - start)
    for start, stop in _runs(lines, text, spaced=True):
        column = _column(lines[start:stop], least=4, widest=_WIDEST_SPACED)
        if column and not any(found[start:stop]):
            found[start:stop] = [column] * (stop - start)
    usual = next((c for c in found if c), None)
    if usual:
        for i in range(len(lines) - 1):
            pair = found[i] is found[i + 1] is None and text[i] and text[i + 1] and lines[i + 1].gap == 0
            if pair and usual.width - _SLACK <= lines[i].width <= usual.width and surely_prose(lines[i]):
                found[i] = found[i + 1] = usual
    return found


def surely_prose(line: Line) -> bool:
    """True for a line of running text, by its words or its byline."""
    return line.opens_story or running(line.plain)


def _runs(lines: Sequence[Line], text: Sequence[bool], spaced: bool) -> list[tuple[int, int]]:
    """Runs of three adjacent lines or more; `spaced`: of narrow lines each set off by a blank one."""
    runs = []
    start = 0
    gap = 1 if spaced else 0
    for i, line in enumerate(lines):
        adjacent = line.gap == gap and text[i] and i > 0 and text[i - 1]
        if adjacent and not (spaced and (line.wider(_WIDEST_SPACED) or lines[i - 1].wider(_WIDEST_SPACED))):
            continue
        if i - start > 2:
            runs.append((start, i))
        start = i
    if len(lines) - start > 2:
        runs.append((start, len(lines)))
    return runs


def _column(run: Sequence[Line], least: int, widest: int) -> Column | None:
    if len(run) < 3:
        return None
    cut = [line for line in run[:-1] if not line.ends]
    if len(cut) < least or any(line.wider(widest) for line in run):
        return None
    width = max(line.width for line in run)
    if width < 16:
        return None
    full = sum(line.width * 4 >= width * 3 for line in cut)
    if full < least or full * 2 < len(cut) or not any("。" in line.plain for line in run):
        return None
    margin = min(line.indent for line in run)
    return Column(width, margin, sum(line.indent >= margin + 2 for line in run) > 1)


def prose_like(line: Line) -> bool:
    """True for text with sentence punctuation inside, as against headlines and table rows."""
    return len(line.plain) > 12 and _COMMA.search(line.plain) is not None and len(line.letters) >= 12


def running(plain: str) -> bool:
    """True for a line that can only be running text: it holds a full stop, several commas, or is long."""
    inside = plain[:-1]
    if "。" in inside or ";" in inside or plain.count(",") > 1:
        return True
    if plain.endswith("。") and ("!" in inside or "?" in inside):
        return True
    return holds(plain, 28 if _COMMA.search(plain) else 35 if "!" in inside or "?" in inside else 45)


def is_sentence(plain: str) -> bool:
    """True for a paragraph that is running text. A lone question or exclamation is taken for a headline."""
    if "。" in plain:
        return holds(plain, 12)
    if "!" in plain or "?" in plain:
        return holds(plain, 35)
    return _COMMA.search(plain) is not None and holds(plain, 40)


def heading_like(line: Line) -> bool:
    """True for a short line that is no sentence."""
    plain = line.plain
    asks = plain.rstrip("”’」』)").endswith(("?", "!"))
    most = 33 if asks else 46
    return "。" not in plain and (asks or not line.ends) and not holds(plain, most)


@dataclass(slots=True)
class Above:
    """What stands above a line that may go on with it."""

    first: Line
    """The first line of the paragraph."""
    line: Line
    """The last line of the paragraph so far."""
    column: Column | None
    in_story: bool
    """A story has begun above: the line is not one of the headline at the top of the page."""
    in_prose: bool
    """The paragraph is known to be running text."""


class Joiner:
    """Tells for the lines of one page which of them go on with the paragraph above."""

    def __init__(self, lines: Sequence[Line], text: Sequence[bool]) -> None:
        self._lines = lines
        self._loose = _loose(lines, text)
        self._pairs: Counter[str] | None = None

    def joins(self, above: Above, line: Line, column: Column | None) -> bool:
        """Whether `line` goes on where the last line of the paragraph above stops."""
        last = above.line
        if last.level or line.level:
            return False
        if column is not None and above.column is column:
            if line.opens_story:
                return False
            headline = column.indented and above.first.indent < column.margin + 2 and not above.in_prose
            return not headline and _join_wrapped(last, line, column, above.in_prose)
        if last.ends or last.plain[-1] == ":":
            return False
        fragment = line.ends and line.plain[-1] != ";"
        if line.gap == 0:
            may = last.plain[-1] in ",、" and above.in_prose and prose_like(line)
        else:
            may = above.in_story and (fragment or prose_like(line))
        if not may or _LIST_MARK.match(line.plain) or line.opens_story:
            return False
        if bylines.is_credit(last.plain) or bylines.ends_signed(last.plain):
            return False
        if line.gap == 0:
            return True
        if self._strong(last, line) and line.indent <= last.indent:
            return True
        if line.indent > 0 or _OPENER.match(line.plain) or not (fragment or len(line.plain) > 20):
            return False
        return (above.in_prose and self._loose) or self._one_word(last.plain, line.plain)

    def _strong(self, last: Line, line: Line) -> bool:
        cut = last.plain[-1:].isdigit() and line.plain[:1].isdigit()
        rest = line.ends and not holds(line.plain, 11) and prose_like(last)
        return cut or rest or unfinished(last.plain) or bool(_CONTINUES.match(line.plain))

    def _one_word(self, last: str, line: str) -> bool:
        """A line with a comma whose last character makes a word of this page with the first one below."""
        pair = last[-1:] + line[:1]
        if not pair.isalpha() or not _COMMA.search(last) or not holds(last, 6):
            return False
        if self._pairs is None:
            text = "\n".join(each.plain for each in self._lines)
            self._pairs = Counter(map(add, text, text[1:]))
        return self._pairs[pair] > 1


def _join_wrapped(above: Line, line: Line, column: Column, in_prose: bool) -> bool:
    if line.indent >= column.margin + 2 and not open_pair(above.plain):
        return False
    if above.ends:
        return line.gap == 0 and above.width >= column.width - _SLACK
    if not in_prose and above.width < column.width - 4 and not _COMMA.search(above.plain):
        return False
    return above.width >= column.width - _SLACK or above.width * 10 >= column.width * 7


def _loose(lines: Sequence[Line], text: Sequence[bool]) -> bool:
    """Whether most long lines of a page end as sentences, so that one which does not is a broken one."""
    long = [line for line, is_text in zip(lines, text, strict=True) if is_text and len(line.plain) >= 40]
    return not long or sum(line.ends for line in long) * 10 >= len(long) * 4
