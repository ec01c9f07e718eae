"""Words of the interface in Chinese and English: the catalogue in words/*.tsv; numbers as people read them.

Each list has the columns `key`, `zh`, `en`; a key stands in one list only. Values that a column of the
knowledge base can take have keys of the form `column.value`: `kind.people`, `status.planned`.
"""

import csv
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from extract import words

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_SHORT: Mapping[Language, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿"), (1e4, "万")),
    "en": ((1e9, "B"), (1e6, "M"), (1e3, "k")),
}


@cache
def catalogue() -> Mapping[str, Mapping[Language, str]]:
    """All words by key. Raises ValueError for a key that is there twice, or a word missing in a language."""
    found: dict[str, Mapping[Language, str]] = {}
    lists = (path for path in (files("unionkb") / "words").iterdir() if path.name.endswith(".tsv"))
    for path in sorted(lists, key=lambda path: path.name):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["key"] in found:
                raise ValueError(f"{path.name}: {row['key']} is there twice")
            if not (row["zh"] and row["en"]):
                raise ValueError(f"{path.name}: {row['key']} is missing in a language")
            found[row["key"]] = {"zh": row["zh"], "en": row["en"]}
    return found


def text(key: str, language: Language, **values: object) -> str:
    """The words of a key, with `{name}` in them replaced by values. Raises KeyError for an unknown key."""
    words_of_key = catalogue()[key][language]
    return words_of_key.format(**values) if values else words_of_key


def label(column: str, value: str | None, language: Language) -> str:
    """A value of a column in words (`kind`, `people` -> `人数`); the value itself where the catalogue has
    none, and nothing for None."""
    if value is None:
        return ""
    return catalogue().get(f"{column}.{value}", {}).get(language, value)


def category(key: str | None, language: Language) -> str:
    """The name of a programme category; the key itself where it is not one, and nothing for None."""
    return _categories().get(key, {}).get(language, key) if key else ""


@cache
def _categories() -> Mapping[str, Mapping[Language, str]]:
    return {row["term"]: {"zh": row["zh"], "en": row["en"]} for row in words.table("programme_categories")}


def number(value: float | None, language: Language, digits: int = 3) -> str:
    """A number in few characters: 12,340,000 is `1234万` or `12.3M`; nothing for None.

    At least `digits` significant ones are kept; numbers below ten thousand (`zh`) or a thousand (`en`) stay
    as they are."""
    if value is None:
        return ""
    rounded = abs(float(f"{value:.{digits - 1}e}"))
    for scale, sign in _SHORT[language]:
        if rounded >= scale:  # 99,999,999 is 1亿, not 10000万.
            return _significant(value / scale, digits) + sign
    return _significant(value, max(digits, 4))


def _significant(value: float, digits: int) -> str:
    if not value:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    shown = f"{value:.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def money(value: float | None, language: Language) -> str:
    """Yuan in few characters: `1234万元`, `CN¥12.3M`; nothing for None."""
    if value is None:
        return ""
    return f"{number(value, 'zh')}元" if language == "zh" else f"CN¥{number(value, 'en')}"
