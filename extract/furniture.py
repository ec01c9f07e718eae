"""What stands around an article: navigation, counters, buttons, licences, other stories."""

import re
from enum import Enum
from typing import Final

from extract import words
from extract.lines import Line, ends_sentence

_TOKEN_SET: Final = frozenset(words.terms("furniture", place="token"))
_TOKENS: Final = re.compile(
    rf"(?>{words.alternation(_TOKEN_SET)}|[\s|/·•>»→<«←\-—_\[\]【】():,、.。×+*&^~\d])*+$"
)
"""Nothing but known words and what sets them apart."""
_LABEL_WORD: Final = words.alternation(words.terms("furniture", place="label"))
_LABEL: Final = re.compile(rf"[\[【(※·•\s]{{0,4}}(?:{_LABEL_WORD})(?:[:>\s/\]】@]|\d+次?$|$)")
_LABELS_INSIDE: Final = re.compile(rf"{_LABEL_WORD}\s{{0,3}}:")
_START: Final = re.compile(
    rf"[\[【(※·•↑↓\s]{{0,4}}{words.alternation(words.terms('furniture', place='start'))}"
)
_ANYWHERE: Final = re.compile(words.alternation(words.terms("furniture", place="anywhere")))
_RELATED_WORDS: Final = words.terms("furniture", place="related")
_RELATED: Final = re.compile(
    rf"[\[【(○·•※\s]{{0,4}}(?:{words.alternation(_RELATED_WORDS)}(?:\s*$|[\]】):>])"
    rf"|{words.alternation(word for word in _RELATED_WORDS if len(word) > 3)}[^。,]{{0,12}}:?$)"
)
_CLOSING: Final = re.compile(rf"[^。]{{0,20}}?{words.alternation(words.terms('furniture', place='closing'))}")
_ARROW: Final = re.compile("[>»→]")
_MARK: Final = re.compile(r"[\s:>»→]")
"""What parts labels, steps and names of columns."""
_CRUMB: Final = re.compile(r"[^。]{1,30}?\s{0,4}(?:>{1,2}|»|→)\s{0,4}[^。]{0,80}$")
_MENU: Final = re.compile(r"[^\s。,|]{1,12}(?:\s{0,4}\|\s{0,4}[^\s。,|]{0,12}){1,20}$")
_RUNNING: Final = re.compile(r"[^。,“”]{2,24}\s(?:-|\|)\s[^。,“”]{2,24}$")
_HEADLINE: Final = 16
"""Characters from which on a line of two parts is a headline, unless it ends in a site's name."""
_SITE_END: Final = re.compile("(?:[网报台社会]|网站|平台|频道|公司|集团|医院|大学|学院)$")
_BULLET: Final = re.compile(r"[·•●◆▪○☆★※\-*]\s{0,3}\S|\d{1,2}(?:[.、]|\s{1,3})[^\d\s.]")
_FILE: Final = re.compile(r"[\w\-]\.(?:jpe?g|png|gif|bmp|webp|pdf|mp4)$")
_LONGEST_ENDING: Final = 6
_URL: Final = re.compile(r"(?:https?:)?//[\w.\-]{3,80}\S{0,200}$|www\.\S{3,200}$")
_CLOCK: Final = re.compile(r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)?\s{0,4}(?:\d{1,2}:\d{2}(?::\d{2})?)?$")
_FIRST: Final = frozenset(
    row["term"][0]
    for row in words.table("furniture")
    if row["place"] in ("token", "label", "start", "related")
)
"""The letters with which the words of labels, lists and menus begin."""
_TURN: Final = re.compile(r"^[^。]{0,6}上一[版篇页期条].{0,40}下一[版篇页期条].{0,12}$")


class Role(Enum):
    """What a line is, judged by its own words."""

    TEXT = "text"
    FURNITURE = "furniture"
    RELATED = "related"
    """Heads a list of other stories."""
    CLOSING = "closing"
    """Closes the page."""
    CLOCK = "clock"
    """A date or time and nothing else."""
    IMPRINT = "imprint"
    """Holds date, newspaper, source, editor and the like."""
    AUTHOR = "author"


def role(line: Line) -> Role:
    """Role of one line as far as furniture goes; TEXT when it is none of it."""
    plain, sentence = line.plain, line.ends
    first = plain[0]
    odd = first in _FIRST or not first.isalpha()
    if odd and (found := _listed(plain, sentence)):
        return found
    if _ANYWHERE.search(plain):
        return Role.CLOSING if _CLOSING.match(plain) else Role.FURNITURE
    if "![" in plain or "图片:" in plain or (first in "h/w" and _URL.match(plain)):
        return Role.FURNITURE
    if sentence and len(plain) > 30:
        return Role.TEXT
    marked = _MARK.search(plain)
    if not sentence and (
        (odd and (_LABEL.match(plain) or _START.match(plain)))
        or (plain[-1].isascii() and _FILE.search(plain, max(0, len(plain) - _LONGEST_ENDING)))
        or (marked and (_is_labelled(plain) or _is_path(plain)))
    ):
        return Role.FURNITURE
    if (odd and _TOKENS.match(plain)) or (marked and _is_menu(plain)):
        return Role.FURNITURE
    return Role.FURNITURE if "上一" in plain and _TURN.match(plain) else Role.TEXT


def _listed(plain: str, sentence: bool) -> Role | None:
    """CLOCK, or RELATED for the head of a list."""
    if _CLOCK.match(plain):
        return Role.CLOCK
    if len(plain) <= 40 and not sentence and _RELATED.match(plain):
        return Role.RELATED
    boxed = plain.startswith(("【", "[", "○"))
    return Role.RELATED if boxed and (box := _RELATED.match(plain)) and box.end() > 2 else None


def _is_labelled(plain: str) -> bool:
    """True for several labels in one line: `点击:31 字号:大`."""
    return plain.count(":") > 1 and len(_LABELS_INSIDE.findall(plain)) > 1


def _is_path(plain: str) -> bool:
    """True for the steps that lead to the page: `首页 > 要闻 > 正文`."""
    return _ARROW.search(plain) is not None and _CRUMB.match(plain) is not None


def _is_menu(plain: str) -> bool:
    """True for a row of short names of columns, at least one of them known."""
    parts = plain.split()
    if len(parts) < 3 or max(map(len, parts)) > 6:
        return False
    return any(part in _TOKEN_SET for part in parts[:12])


def is_masthead(line: Line) -> bool:
    """True for `site | section`, `site - section`: a menu or a running title. A table row looks the same, so
    ask only above the first story."""
    plain = line.plain
    if _MENU.match(plain):
        # `七一特辑 | 党旗下的“老班长”` is a headline with the name of its column.
        return "“" not in plain
    # `爱心助学 | 某镇总工会为学子圆梦` is a headline with the name of its column.
    return bool(_RUNNING.match(plain)) and (len(plain) < _HEADLINE or _SITE_END.search(plain) is not None)


def is_bulleted(line: Line) -> bool:
    """True for a line that opens with a list mark and does not end as a sentence."""
    return bool(_BULLET.match(line.plain)) and not ends_sentence(line.plain)
