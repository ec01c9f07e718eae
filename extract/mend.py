"""Numbers that a line break or a stray space has split, put together again."""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Final

from extract.numbers import DIGITS, MORE, SCALES

_COMMON: Final = "万亿千百元名人户家个场件次条项%％"
# 481.⏎64万元, 23⏎00人, 100⏎名; 3 000元; 5. 4万.
_SPLIT: Final = re.compile(
    rf"[{DIGITS}]{{1,9}}(?:"
    rf"(?P<line>[.．]?\n[.．]?[{DIGITS}]{{1,9}}(?:[.．][{DIGITS}]{{1,4}})?(?=[{MORE}]?[{_COMMON}])"
    rf"|(?:[.．][{DIGITS}]{{1,4}})?[{SCALES}]?\n(?=[{MORE}]?[{_COMMON}](?![民住为报])))"
    rf"|(?: [{DIGITS}]{{3}}){{1,3}}(?=[{MORE}]?[{_COMMON}])"
    rf"|(?:[.．] {{1,2}}| {{1,2}}[.．] ?)[{DIGITS}]{{1,4}}(?=[万亿%％]))"
)
# What every split has: most texts have none, which is seen far faster so.
_MAY_SPLIT: Final = re.compile(rf"[\n ](?<=[{DIGITS}{SCALES}.．][\n ])")


def mend(text: str) -> tuple[str, Callable[[int], int] | None]:
    """The text with split numbers joined, and a function from its offsets to those of the text as given.

    The function is None where nothing was joined, which is nearly always.
    """
    if _MAY_SPLIT.search(text) is None:
        return text, None
    parts: list[str] = []
    joins: list[int] = []  # offset in the mended text of the first character after each join
    done = length = 0
    for match in _SPLIT.finditer(text):
        # Running text stands before a broken line; a list number (1. 5万元) stands at the head of one.
        before = text[match.start() - 1 : match.start()]
        if not "\u4e00" <= before <= "\u9fff" and (match["line"] or before in "\n.．"):
            continue
        for at in range(match.start(), match.end()):
            if text[at].isspace():
                parts.append(text[done:at])
                length += at - done
                done = at + 1
                joins.append(length)
    if not joins:
        return text, None
    return "".join([*parts, text[done:]]), lambda offset: offset + bisect_right(joins, offset)
