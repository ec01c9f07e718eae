"""The full dates that pages print about themselves, in figures, in Chinese numerals, in addresses."""

import re
from datetime import date
from typing import Final

_DATE: Final = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})\s{0,2}(?:年|[-/.])\s{0,2}(?P<m>\d{1,2})\s{0,2}(?:月|[-/.])\s{0,2}(?P<d>\d{1,2})(?!\d{2,}(?!:))"
)
_HAN_DATE: Final = re.compile(
    r"(?P<y>[二一][〇○零0九][〇○零0一二三四五六七八九]{2})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日"
)
_HAN: Final = {"〇": 0, "○": 0, "零": 0, "0": 0} | {c: i + 1 for i, c in enumerate("一二三四五六七八九")}
_PATH_DATE: Final = re.compile(
    r"/(?P<y>(?:19|20)\d{2})[-/]?(?P<m>0[1-9]|1[0-2])[-/]?(?P<d>0[1-9]|[12]\d|3[01])(?=[/_\-.])"
)


def find_date(plain: str) -> date | None:
    """The first full date in the text, None where there is none or it is impossible."""
    match = _dated(plain)
    if not match:
        return None
    parts = [match["y"], match["m"], match["d"]]
    try:
        if not parts[1].isdigit():
            year = int("".join(str(_HAN[c]) for c in parts[0]))
            return date(year, _han(parts[1]), _han(parts[2]))
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except (ValueError, KeyError):
        return None


def _dated(plain: str) -> re.Match[str] | None:
    found = _DATE.search(plain) if "20" in plain or "19" in plain else None
    return found or (_HAN_DATE.search(plain) if "年" in plain and "月" in plain else None)


def find_in_path(plain: str) -> date | None:
    """The date in the path of an address: `/2023/05/06/`, `/20230506/`."""
    path = _PATH_DATE.search(plain) if "/" in plain else None
    if not path:
        return None
    try:
        return date(int(path["y"]), int(path["m"]), int(path["d"]))
    except ValueError:
        return None


def without_dates(plain: str) -> str:
    """The text without its full dates."""
    return _HAN_DATE.sub("", _DATE.sub("", plain))


def _han(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _HAN[text]
    return (_HAN[tens] if tens else 1) * 10 + (_HAN[ones] if ones else 0)
