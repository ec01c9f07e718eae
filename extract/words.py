"""Reads the word lists in lexicon/. Each is a TSV with a header line; lines that begin with `#` are comments.

Columns every list has: `term`, `meaning`, `valid_from`, `valid_to` (ISO dates, empty = always), `source`.
"""

import csv
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

Row = dict[str, str]


@cache
def table(name: str) -> tuple[Row, ...]:
    """Rows of lexicon/<name>.tsv, in file order. Raises FileNotFoundError for an unknown list."""
    text = (files("extract") / "lexicon" / f"{name}.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def terms(name: str, **where: str) -> tuple[str, ...]:
    """The `term` column of a list, kept to the rows whose columns equal `where`."""
    return tuple(row["term"] for row in table(name) if all(row[k] == v for k, v in where.items()))


def alternation(words: Iterable[str]) -> str:
    """A regex group that matches any of the words, longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=lambda w: (-len(w), w)))) + ")"
