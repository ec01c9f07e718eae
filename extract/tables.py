"""Bare numbers in the cells of a table that survives as lines of text: `城东区 | 35 | 31`.

Their unit stands in the head of the column, in a cell before the number, in a line above (单位：人), or in
the sentence that leads to the table.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from extract import units
from extract.beginnings import meanings
from extract.model import Kind, Quantity
from extract.numbers import ARABIC, DIGITS, evaluate, tidy
from extract.words import alternation, terms

_BLANK: Final = "[ \u3000]{0,4}"
_GAP: Final = rf"{_BLANK}[|｜\t \u3000]{_BLANK}"
_CELL: Final = re.compile(r"[ \u3000]*[|｜\t][ \u3000|｜\t]*|[ \u3000]+")
_EMPTY: Final = r"[-－—–/]{1,2}"
# A number before the first word is that of the row.
_ROW: Final = re.compile(
    rf"[ \u3000|｜]{{0,4}}(?:\d{{1,3}}[.、]?{_GAP})?(?P<name>[^\s|｜\d][^\n|｜\t]{{0,30}}?)"
    rf"(?P<unit>{_GAP}[^\s\d|｜]{{1,4}})??"
    rf"(?P<cells>(?:{_GAP}(?:{ARABIC}[%％]?|{_EMPTY})){{1,12}})[ |｜\t]{{0,4}}"
)
# Where a row may end before another one: most texts have no such place, which is seen fast.
_MAY_END_ROW: Final = re.compile(rf"\n(?<=[{DIGITS}%％|｜\t \-－—–/]\n)")
_NUMBER: Final = re.compile(
    rf"(?<=[|｜\t \u3000])(?:(?P<bare>{ARABIC})[%％]?|{_EMPTY})(?=[|｜\t \u3000]|$)", re.M
)
_SCALE: Final = "(?P<scale>[十百千万亿]{0,4})"
_UNIT_IN_HEAD: Final = re.compile(rf"[（(]{_SCALE}(?P<unit>[^\s（）()]{{1,4}})[)）]")
_UNIT_ABOVE: Final = re.compile(rf"单位[:：][ ]?{_SCALE}(?P<unit>[^\s（）()，,。；;]{{1,3}})")
_UNIT_ALONE: Final = re.compile(rf"[|｜\t \u3000]*{_SCALE}(?P<unit>\S{{1,4}})")
_HEADS: Final[dict[str, tuple[str, str, float]]] = {
    "headcount": ("people", "人", 1.0),
    "families": ("households", "户", 1.0),
    "rate": ("percent", "%", 1.0),
}
_HEAD, _MEANS = meanings({meaning: terms("counted_nouns", meaning=meaning) for meaning in _HEADS})
_OF_THINGS: Final = re.compile(rf"{alternation(terms('counted_nouns', meaning='number'))}$")
_NO_QUANTITY: Final = re.compile(alternation(terms("not_facts", meaning="column")))
_NAMES: Final = 4
"""Columns that may stand before those of numbers: the row's number, a name, a firm, a place."""
_NEAR: Final = 80
_COUNTABLE: Final = ("people", "households", "money", "count", "percent")


class _Column(NamedTuple):
    kind: str
    unit: str
    factor: float
    head: str


def find(text: str, stated: Sequence[Quantity]) -> list[Quantity]:
    """Quantities of bare table cells, given those already `stated` in the running text."""
    if _MAY_END_ROW.search(text) is None:
        return []
    found: list[Quantity] = []
    rows: list[re.Match[str]] = []
    for end in [*(match.start() for match in _MAY_END_ROW.finditer(text)), len(text)]:
        start = text.rfind("\n", 0, end) + 1
        row = _ROW.fullmatch(text, start, end)
        if row is None:
            continue
        if rows and row.start() != rows[-1].end() + 1:
            found += _table(text, rows, stated)
            rows = []
        rows.append(row)
    return found + _table(text, rows, stated)


def _table(text: str, rows: Sequence[re.Match[str]], stated: Sequence[Quantity]) -> list[Quantity]:
    """The cells of consecutive rows; none for a single row, uneven ones, or where no unit is to be had."""
    cells = [list(_NUMBER.finditer(text, row.start("cells"), row.end())) for row in rows]
    if len(rows) < 2 or len({len(row) for row in cells}) != 1 or not cells[0]:
        return []
    columns = _columns(text, rows[0].start(), len(cells[0]), stated)
    found = []
    for row, numbers in zip(rows, cells, strict=True):
        own = _unit(_UNIT_ALONE.fullmatch(row["unit"])) if row["unit"] else None
        for cell, column in zip(numbers, columns, strict=True):
            if own is not None:
                column = _Column(*own, row["name"])
            value = evaluate(cell["bare"]) if cell["bare"] == cell[0] else None
            if column is None or value is None or value.low == 0:
                continue
            kind, amount = cast(Kind, column.kind), tidy(value.low * column.factor)
            found.append(
                Quantity(
                    *cell.span(), kind, amount, None, column.unit, "exact", column.head, None, "table", 0.7
                )
            )
    return found


def _columns(text: str, start: int, width: int, stated: Sequence[Quantity]) -> list[_Column | None]:
    """What each column of numbers counts, from its head and from what stands above."""
    above = text.rfind("\n", 0, max(0, start - 1)) + 1
    line = text[above : max(above, start - 1)]
    heads = [head for head in _CELL.split(line.strip(" \u3000|｜\t")) if head]
    headed = width <= len(heads) <= width + _NAMES
    names = heads[-width:] if headed else [""] * width
    common = _unit(_UNIT_ABOVE.search(text, max(0, start - len(line) - _NEAR), start)) or _stated(
        [q for q in stated if 0 <= start - q.end <= len(line) + _NEAR]
    )
    columns: list[_Column | None] = []
    for name in names:
        unit = _unit(_UNIT_IN_HEAD.search(name)) or _said(name) or common
        columns.append(None if unit is None or _NO_QUANTITY.search(name) else _Column(*unit, name))
    return columns


def _said(head: str) -> tuple[str, str, float] | None:
    """What a head says that prints no unit: 会员数, 建会率, 站点数."""
    if words := _HEAD.findall(head):  # the last: 会员入会率
        return _HEADS[_MEANS[words[-1]]]
    return ("count", "个", 1.0) if _OF_THINGS.search(head) else None


def _stated(near: Sequence[Quantity]) -> tuple[str, str, float] | None:
    """The unit of the last quantity before the table, where it counts things or people."""
    if not near or near[-1].kind not in ("people", "households", "count"):
        return None
    return near[-1].kind, near[-1].unit, 1.0


def _unit(match: re.Match[str] | None) -> tuple[str, str, float] | None:
    if match is None:
        return None
    if match["unit"] in "%％":
        return "percent", "%", 1.0
    unit = units.match(match["unit"], 0)
    if unit is None or unit.term != match["unit"] or unit.kind not in _COUNTABLE:
        return None
    scale = evaluate(match["scale"]) if match["scale"] else None
    return unit.kind, unit.name, unit.factor * (scale.low if scale else 1.0)
