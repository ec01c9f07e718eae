"""Where numbers stand in a text: numerals, and shares in words (百分之五, 五分之一, 半数, 占1/3)."""

import re
from typing import Final

from extract.model import Bound
from extract.numbers import FEW, NUMERAL, NUMERAL_FIRST, SCALES, Value, evaluate
from extract.words import alternation, table, terms

_SHARES: Final = {row["term"]: float(row["meaning"]) for row in table("numerals") if row["role"] == "percent"}
_ANCHOR: Final = re.compile(
    rf"(?P<percent>百分之(?P<part>{NUMERAL}))|(?P<share>{alternation(_SHARES)}(?![年个天月小日]))"
    rf"|(?P<base>[二两三四五六七八九十百千万\d]{{1,3}})分之(?P<top>[一二两三四五六七八九十\d]{{1,3}})"
    rf"|(?P<number>{NUMERAL})"
)
_SHARE_FIRST: Final = "".join({share[0] for share in _SHARES} - set(NUMERAL_FIRST))
# Where an anchor may begin: one class of characters, which is searched far faster than the anchors are tried.
_MAY_BEGIN: Final = re.compile(
    rf"[{NUMERAL_FIRST}{FEW}{_SHARE_FIRST}]"
    rf"(?:(?<![{FEW}{_SHARE_FIRST}])|(?<=[{FEW}])(?=[{SCALES}])|(?<=[{_SHARE_FIRST}])(?=[半数]))"
)
_SLASH: Final = re.compile(r"[/／](?P<base>\d{1,3})(?![\d/／年月日])")
_SLASH_LEADS: Final = frozenset("占的超近约过")
_HALFWAY: Final = terms("not_facts", meaning="halfway")
_SHARE_BOUNDS: Final[dict[str, Bound]] = {"过": "over", "近": "under"}


def search(text: str, at: int) -> re.Match[str] | None:
    """The next anchor from `at` on. Its `lastgroup` is `number` for a numeral, else it is a share."""
    while may := _MAY_BEGIN.search(text, at):
        if match := _ANCHOR.match(text, may.start()):
            return match
        at = may.end()
    return None


def share(match: re.Match[str]) -> tuple[Value, str] | None:
    """Percentage of a share in words, and the rule that read it; None where it is none."""
    before = match.string[match.start() - 1 : match.start()]
    if match["percent"]:
        part = evaluate(match["part"])
        return None if part is None else (part, "percent-words")
    if words := match["share"]:
        # 另一半; 时间过半、任务过半
        if before in ("另", "前", "后") or match.string.endswith(_HALFWAY, 0, match.start()):
            return None
        return Value(_SHARES[words], None, _SHARE_BOUNDS.get(words[0], "exact")), "share"
    base, top = evaluate(match["base"]), evaluate(match["top"])
    if base is None or top is None or not base.low or before == "第":
        return None
    return Value(round(top.low * 100 / base.low, 2)), "fraction"


def slash(text: str, top: Value, start: int, end: int) -> tuple[Value, int] | None:
    """Percentage of 占1/3, 近2/3 and its end, where the word before says that it is no date."""
    if text[start - 1 : start] not in _SLASH_LEADS or not (rest := _SLASH.match(text, end)):
        return None
    base = evaluate(rest["base"])
    if base is None or not 0 < top.low < base.low:
        return None
    return Value(round(top.low * 100 / base.low, 2)), rest.end()
