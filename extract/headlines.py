"""Headline blocks: which line is the kicker (引题), the headline, the deck (副题)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from extract import words
from extract.lines import Line, fold, letters, unfinished

_BODY_NAME: Final = re.compile(
    r"[一-龥A-Za-z“”]{1,16}(?:工会|总工会|省总|市总|区总|县总|工联会|[市区县旗州镇乡]|街道|社区|公司|集团|局|厂|矿|院|校|站|协会|委员会|办事处)$"
)
_UNION_DOES: Final = re.compile(r"总?工会(?![联委工女经])[^)）]{2}")
_UNION_OPENS: Final = re.compile(
    r"[^\W\d]{0,6}(?:[总省市区县州旗镇乡村局厂矿院校站司段所委]|街道|集团)工会(?!员)"
)
_VERB: Final = re.compile(words.alternation(words.terms("line_words", kind="verb")))
_MOVES: Final = re.compile(words.alternation(words.terms("line_words", kind="moves")) + "|“")
_DECK_WORD: Final = re.compile(words.alternation(words.terms("line_words", kind="deck")))
_COLUMNS: Final = frozenset(words.terms("line_words", kind="column"))
_BOXED: Final = re.compile(r"【[^】]*】$|\[[^\]]*\]$|〔[^〕]*〕$")
_LIST: Final = re.compile(r"\S{2,8}(?:[\s、]+\S{2,8}){2,}$")
_MOST: Final = 5
"""Lines a headline block may have."""


@dataclass(slots=True, unsafe_hash=True)
class Block:
    """A headline block: each entry is one line as it is to be printed, made of one or more source lines."""

    rows: tuple[tuple[Line, ...], ...]
    title: int | None
    kicker: int | None
    deck: int | None

    def text(self, row: int | None) -> str | None:
        """The row's text, None for no row."""
        return None if row is None else "".join(line.text for line in self.rows[row])


def block(lines: Sequence[Line], evidence: frozenset[str] = frozenset()) -> Block:
    """Sorts the lines above a story. `evidence`: letters of headlines named elsewhere on the page."""
    rows = _merge(_distinct(lines), evidence)
    while rows and len(rows[0]) == 1 and names_body(rows[0][0].plain):
        rows = rows[1:]
    if not rows:
        return Block((), None, None, None)
    if all(is_boxed(row[0].plain) for row in rows):
        return Block(tuple(tuple(row) for row in rows), None, None, None)
    title = _title(rows, evidence)
    kicker = title - 1 if title > 0 else None
    deck = title + 1 if title + 1 < len(rows) else None
    return Block(tuple(tuple(row) for row in rows), title, kicker, deck)


def named(lines: Sequence[Line], headline: str) -> Block:
    """The block where the headline is known: each line by its side of it."""
    rows = tuple((line,) for line in lines)
    key = letters(fold(headline))
    title = next((i for i, line in enumerate(lines) if line.letters == key), None)
    if title is None:
        return Block(rows, None, None, None)
    return Block(rows, title, title - 1 if title else None, title + 1 if title + 1 < len(rows) else None)


def is_boxed(plain: str) -> bool:
    """True for a column name in brackets."""
    return _BOXED.match(plain) is not None or is_column(plain)


def is_column(plain: str) -> bool:
    """True for the name of a column: `短评`, `■图片新闻`."""
    return plain.strip("■□●◆▲· ") in _COLUMNS


def names_body(plain: str) -> bool:
    """True for a line that is only the name of an organisation or place."""
    # 甲县总工会送岗到镇 and 班车开进园区 are headlines.
    told = _UNION_DOES.search(plain) is not None or _MOVES.search(plain, 2) is not None
    return _BODY_NAME.match(plain) is not None and not _VERB.match(plain) and not told


def _distinct(lines: Sequence[Line]) -> list[Line]:
    """Lines without repeats; the last printing stays, as it stands next to the story."""
    seen: set[str] = set()
    kept = []
    for line in reversed(lines[-_MOST:]):
        key = line.letters
        if key and key not in seen:
            seen.add(key)
            kept.append(line)
    return kept[::-1]


def _merge(lines: Sequence[Line], evidence: frozenset[str]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in lines:
        above = rows[-1][-1] if rows else None
        whole = above is not None and (above.letters in evidence or line.letters in evidence)
        if above is not None and not whole and _runs_on(above, line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _runs_on(above: Line, line: Line) -> bool:
    if is_boxed(above.plain) or is_boxed(line.plain) or line.plain.startswith(("—", "-")):
        return False
    if line.level and not above.level:
        return False
    if names_body(above.plain):
        if "工会" in line.plain and ("工会" in above.plain or _UNION_OPENS.match(line.plain)):
            return False
        return line.gap <= 1 and not names_body(line.plain) and above.plain[:2] not in line.plain[:8]
    if above.plain.endswith(("—", "-")):
        return False
    split = line.gap == 0 and _split_headline(len(above.letters), len(line.letters))
    if split and " " not in above.plain and not names_body(line.plain):
        return True
    return unfinished(above.plain) and not above.plain.endswith((":", "："))


def _split_headline(upper: int, lower: int) -> bool:
    """Whether two adjacent lines of so many letters are one headline set in two lines: two halves of one
    length, two short lines, or a remainder. A column name above a headline is shorter still."""
    if upper < 5:
        return False
    return upper == lower <= 14 or max(upper, lower) <= 10 or (lower <= 7 and upper <= 22)


def _size(row: Sequence[Line]) -> int:
    return sum(len(line.letters) for line in row)


def _title(rows: Sequence[Sequence[Line]], evidence: frozenset[str]) -> int:
    texts = ["".join(line.plain for line in row) for row in rows]
    last = len(rows) - 1
    if last == 0:
        return 0
    named = [i for i, text in enumerate(texts) if letters(text) in evidence] if evidence else []
    if len(named) == 1:
        return named[0]
    levels = [row[0].level or 9 for row in rows]
    if min(levels) < 9 and levels.count(min(levels)) == 1:
        return levels.index(min(levels))
    first = 0
    while first < last and (is_boxed(texts[first]) or _size(rows[first]) <= 6 or texts[first].endswith("—")):
        first += 1
    for i in range(first + 1, len(rows)):
        if texts[i].startswith(("—", "--")):
            return i - 1
    if first == last:
        return first
    lower = rows[first + 1]
    weight = _weight(rows[first], lower, texts[first], texts[first + 1])
    if last - first == 1:
        # Two lines set close together are mostly headline and deck.
        return first if weight >= (0 if lower[0].gap else -6) else last
    return first if weight >= 0 and lower[0].gap == 0 else first + 1


def _weight(upper: Sequence[Line], lower: Sequence[Line], above: str, below: str) -> int:
    """What speaks for headline and deck, as against kicker and headline: the headline is the shorter line and
    the one without figures, and more likely to be set in two lines."""
    if len(lower) != len(upper):
        return 99 if len(upper) > len(lower) else -99
    if _LIST.match(above) and not _LIST.match(below):
        return -99
    weight = _size(lower) - _size(upper)
    weight += 3 * (
        bool(re.search(r"\d", below)) + bool(re.search(r"[,，]", below)) + bool(_DECK_WORD.match(below))
    )
    weight -= 3 * (bool(re.search(r"\d", above)) + bool(re.search(r"[,，]", above)))
    return weight
