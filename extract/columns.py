"""Tables that a text keeps as lines, their cells parted by bars or tabs."""

import re
from typing import Final

from extract.model import Span

_BAR: Final = re.compile(r"[|｜\t]")
_ROWS: Final = 40
_ROW_LENGTH: Final = 300


def is_tabular(text: str) -> bool:
    """Whether anything in the text parts cells."""
    return "|" in text or "｜" in text or "\t" in text


def head_of_column(text: str, at: Span) -> Span | None:
    """The cell at the head of the column that holds the number, where the text keeps a table as lines."""
    start = text.rfind("\n", max(0, at.start - _ROW_LENGTH), at.start) + 1
    column = len(_BAR.findall(text, start, at.start)) if start else 0
    for _ in range(_ROWS if column else 0):
        end = start - 1
        start = text.rfind("\n", max(0, end - _ROW_LENGTH), end) + 1
        row = text[start:end]
        cells = [match.start() for match in _BAR.finditer(row)]
        if end <= 0 or len(cells) < column:
            return None
        if not any(letter.isdigit() for letter in row):
            edges = [0, *cells, len(row)]
            return Span(start + edges[column], start + edges[column + 1])
    return None
