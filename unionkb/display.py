"""Facts and articles for the eye: tables and highlighted text. Knows neither files nor the database.

A fact is a mapping with the columns of facts.csv.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

Row = Mapping[str, Any]

KIND_STYLES = {
    "people": "bold cyan",
    "households": "bold blue",
    "money": "bold green",
    "count": "bold yellow",
    "percent": "bold magenta",
    "duration": "bold white",
}
_BOUND_SIGNS = {"about": "~", "over": "≥", "under": "≤"}
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


_WIDE = 110
"""Cells from which a terminal has room for whole words and dates."""
_ROOMY = [14, 12, 16, 19, 22, 7, 16]


def printable(text: str) -> str:
    """The text with control characters replaced one for one: a page must not move the cursor, and offsets
    must hold."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def number(value: float) -> str:
    """A number with thousands separators and no more decimals than it needs: 3125000 -> `3,125,000`."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6f}".rstrip("0").rstrip(".")


def amount(row: Row) -> str:
    """Value, unit, bound and per of a fact: `≥1,200人`, `5-10场`, `500元 each`."""
    text = _BOUND_SIGNS.get(row["bound"], "") + number(row["value"])
    if row["value_max"] is not None:
        text += "-" + number(row["value_max"])
    text += row["unit"] or ""
    return f"{text} {row['per']}" if row["per"] else text


def _ends_a_month(day: str) -> bool:
    year, month, number = map(int, day.split("-"))
    return number == monthrange(year, month)[1]


def period(start: str | None, end: str | None) -> str:
    """Two ISO dates, as short as can be: `2023`, `2023-05`, `2023-05-01..2023-06-03`, `..2023-06-03`."""
    if start and end:
        if start == end:
            return start
        if start == f"{end[:4]}-01-01" and end[5:] == "12-31":
            return end[:4]
        if start == f"{end[:7]}-01" and _ends_a_month(end):
            return end[:7]
    return f"{start or ''}..{end or ''}" if start or end else ""


def _broken(text: str, before: str, narrow: bool) -> str:
    """In a narrow table, the text with its line ends where a reader would put them, not where it is full."""
    return re.sub(before, "\n", text) if narrow else text


def _widths(needs: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """Column widths: `least` of each that needs it, then cell by cell to whichever is given the smallest part
    of its need, until all have what they need or `width` is used up."""
    widths = [min(pair) for pair in zip(needs, least, strict=True)]
    for _ in range(width - sum(widths)):
        short = [i for i, need in enumerate(needs) if widths[i] < need]
        if not short:
            break
        widths[min(short, key=lambda i: widths[i] / needs[i])] += 1
    return widths


def _cells(row: Row, narrow: bool) -> list[Text]:
    programme = row["programme"] or ""
    when = period(row["date_start"], row["date_end"])
    return [
        Text(printable(amount(row)), style=KIND_STYLES.get(row["kind"], "")),
        Text(printable(row["counted"] or "")),
        Text(printable(row["organisation"] or "")),
        Text(_broken(programme, "(?<=_)", narrow and len(programme) > 12)),
        Text(_broken(when, r"(?<=.)(?=\.\.)", narrow)),
        Text(row["status"] or "", style="yellow" if row["status"] == "planned" else ""),
    ]


def _needs(lines: Sequence[Sequence[Text]]) -> list[int]:
    columns = zip(*lines, strict=True)
    return [max(cell_len(part) for cell in column for part in cell.plain.split("\n")) for column in columns]


def _articles(rows: Sequence[Row]) -> list[Text]:
    """Of each row the title of its article, where it is another than that of the row above."""
    above = [None, *(row["article_id"] for row in rows)]
    return [
        Text("" if row["article_id"] == last else printable(row["article_title"] or row["document"]))
        for row, last in zip(rows, above, strict=False)
    ]


def facts_table(rows: Iterable[Row], width: int, *, article: bool = False) -> Table:
    """A table of facts, one row each, for a terminal of `width` cells; `article` adds the article's title
    to the first row of each run of facts from one article."""
    rows = list(rows)
    headers = ["value", "counted", "organisation", "programme", "when", "status"] + ["article"] * article
    gaps = 2 * (len(headers) - 1)
    for narrow in (False, True):
        head = [Text("org" if narrow and name == "organisation" else name) for name in headers]
        lines = [_cells(row, narrow) for row in rows]
        if article:
            for line, title in zip(lines, _articles(rows), strict=True):
                line.append(title)
        needs = _needs([head, *lines])
        if width >= _WIDE or sum(needs) + gaps <= width:
            break
    least = ([10, 8, 10, 12, 12, 7, 9] if article else [12, 8, 12, 12, 12, 7]) if narrow else _ROOMY
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name, cells in zip(head, _widths(needs, least[: len(needs)], width - gaps), strict=True):
        table.add_column(name, width=cells, overflow="fold")
    for line in lines:
        table.add_row(*line)
    return table


def highlighted(body: str, lead: int, facts: Sequence[Row]) -> Text:
    """The body with the headline block in bold and every fact coloured by its kind."""
    text = Text(printable(body))
    if lead:
        text.stylize("bold", 0, lead)
    for fact in facts:
        style = f"{KIND_STYLES.get(fact['kind'], 'bold')} underline"
        text.stylize(style, fact["char_start"], fact["char_end"])
    return text


def legend() -> Text:
    """The kinds in their colours."""
    return Text(" ").join(Text(kind, style=style) for kind, style in KIND_STYLES.items())
