"""Puts broken lines together again: hard-wrapped columns, sentences cut by a blank line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract import bylines, words
from extract.lines import Line, ends_sentence, letters, open_pair, unfinished

_COMMA = re.compile(r"[，,。；;、：:]")
_STOP = re.compile(r"[。!?！？]")
_CONTINUES = re.compile(r"[，,。、；;：:）)”’》】！？!?%％]")
_OPENER = re.compile(words.alternation(words.terms("line_words", kind="opener")))
_LIST_MARK = re.compile(
    r"(?:\d{1,2}[.、)](?!\d)|[(（]?[一二三四五六七八九十]{1,3}[、)）]|[·•●◆■□▪※★○—\-]"
    r"|第[一二三四五六七八九十]{1,3}[章节条、，,])"
)
_WIDEST = 130
_WIDEST_SPACED = 60
_SLACK = 8
"""Cells by which a full line may fall short of the column: a mark or a long number moves down whole."""


@dataclass(frozen=True, slots=True)
class Column:
    """A run of hard-wrapped lines."""

    width: int
    margin: int
    """Indent of lines that do not open a paragraph."""


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
            if (
                pair
                and usual.width - _SLACK <= lines[i].width <= usual.width
                and _surely_prose(lines[i].plain)
            ):
                found[i] = found[i + 1] = usual
    return found


def _surely_prose(plain: str) -> bool:
    return running(plain) or bylines.opens_story(plain) is not None


def _runs(lines: Sequence[Line], text: Sequence[bool], spaced: bool) -> list[tuple[int, int]]:
    """Runs of adjacent lines; `spaced`: of narrow lines each set off by a blank one."""
    runs = []
    start = 0
    for i in range(1, len(lines) + 1):
        if i < len(lines) and text[i] and text[i - 1]:
            if not spaced and lines[i].gap == 0:
                continue
            if spaced and lines[i].gap == 1 and max(lines[i].width, lines[i - 1].width) <= _WIDEST_SPACED:
                continue
        if i - start > 1 and text[start]:
            runs.append((start, i))
        start = i
    return runs


def _column(run: Sequence[Line], least: int, widest: int) -> Column | None:
    width = max(line.width for line in run)
    if not 16 <= width <= widest or len(run) < 3:
        return None
    full = sum(line.width >= width - _SLACK and not ends_sentence(line.plain) for line in run[:-1])
    if full < least or full * 2 < len(run) - 1 or not any(_COMMA.search(line.plain) for line in run):
        return None
    return Column(width, min(line.indent for line in run))


def prose_like(plain: str) -> bool:
    """True for text with sentence punctuation inside, as against headlines and table rows."""
    return len(letters(plain)) >= 12 and _COMMA.search(plain) is not None


def running(plain: str) -> bool:
    """True for a line that can only be running text: it holds a full stop, several commas, or is long."""
    stops = sum(plain[:-1].count(stop) for stop in "。！？!?；;")
    return stops > 0 or sum(plain.count(comma) for comma in "，,") > 1 or len(letters(plain)) >= 45


def is_sentence(plain: str) -> bool:
    """True for a paragraph that is running text. A lone question or exclamation is taken for a headline."""
    size = len(letters(plain))
    if size <= 32 and "。" not in plain and plain.rstrip("”’」』)").endswith(("?", "!", "？", "！")):
        return False
    return (size >= 12 and _STOP.search(plain) is not None) or (size >= 40 and prose_like(plain))


def heading_like(line: Line) -> bool:
    """True for a short line that is no sentence."""
    plain = line.plain
    asks = plain.rstrip("”’」』)").endswith(("?", "!")) and len(letters(plain)) <= 32
    return (asks or not ends_sentence(plain)) and len(letters(plain)) <= 45 and "。" not in plain


def join(
    above: Line, line: Line, column: tuple[Column | None, Column | None], loose: bool, in_prose: bool
) -> bool:
    """Whether `line` goes on where `above`, the last line of a paragraph, stops. `column`: those of the two;
    `loose`: unpunctuated lines of this page may be taken for unfinished ones; `in_prose`: the paragraph is
    known to be running text."""
    if above.level or line.level or bylines.opens_story(line.plain):
        return False
    if column[0] is not None and column[0] is column[1]:
        return _join_wrapped(above, line, column[0])
    if ends_sentence(above.plain) or not in_prose:
        return False
    if bylines.is_credit(above.plain) or bylines.ends_signed(above.plain):
        return False
    if line.gap == 0:
        return above.plain[-1:] in ",，、" and prose_like(line.plain) and not _LIST_MARK.match(line.plain)
    fragment = ends_sentence(line.plain) and line.plain[-1:] not in ";；"
    if not (fragment or prose_like(line.plain)) or _LIST_MARK.match(line.plain):
        return False
    cut = above.plain[-1:].isdigit() and line.plain[:1].isdigit()
    strong = cut or unfinished(above.plain) or bool(_CONTINUES.match(line.plain))
    if strong and line.indent <= above.indent:
        return True
    weak = loose and not _OPENER.match(line.plain) and above.plain[-1:] not in ":："
    return weak and line.indent == 0 and (fragment or len(line.plain) > 20)


def _join_wrapped(above: Line, line: Line, column: Column) -> bool:
    if line.indent >= column.margin + 2 and not open_pair(above.plain):
        return False
    if above.width >= column.width - _SLACK:
        return line.gap == 0 or not ends_sentence(above.plain)
    if ends_sentence(above.plain):
        return False
    return above.width * 10 >= column.width * 7 and prose_like(above.plain)


def loose(lines: Sequence[Line], text: Sequence[bool]) -> bool:
    """Whether most long lines of a page end as sentences, so that one which does not is a broken one."""
    long = [line for line, is_text in zip(lines, text, strict=True) if is_text and len(line.plain) >= 40]
    return not long or sum(ends_sentence(line.plain) for line in long) * 10 >= len(long) * 4
