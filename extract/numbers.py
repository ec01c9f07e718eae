"""Numbers as Chinese text prints them: arabic, full-width, Chinese, mixed, with ranges and fractions.

The value of a numeral and nothing else: what it counts is `quantities`' affair.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from extract.model import Bound, Number
from extract.words import table

_ROWS: Final = table("numerals")


def _role(role: str) -> dict[str, int]:
    return {row["term"]: int(row["meaning"]) for row in _ROWS if row["role"] == role}


_FORMAL_DIGIT, _FORMAL_SCALE = _role("formal digit"), _role("formal scale")
_DIGIT: Final = _role("digit") | _FORMAL_DIGIT
_SCALE: Final = _role("scale") | _FORMAL_SCALE
_MORE: Final[dict[str, Bound]] = {
    row["term"]: "about" if row["meaning"] == "about" else "over" for row in _ROWS if row["role"] == "more"
}
_FEW: Final = "".join(row["term"] for row in _ROWS if row["role"] == "few")

DIGITS: Final = "0-9０-９"
SCALES: Final = "".join(_role("scale"))
MORE: Final = "".join(_MORE)
_NAMED: Final = "".join(_role("digit"))
_LEADING: Final = _NAMED.replace("零", "").replace("〇", "")
_FORMAL: Final = "".join(_FORMAL_DIGIT)
_FORMAL_SCALES: Final = "".join(_FORMAL_SCALE)
_BLANK: Final = " \u00a0\u2009\u3000"

# Runs are capped: no printed number has more digits, and a page of digits must not cost more than its length.
_GROUPED: Final = (
    rf"[{DIGITS}]{{1,3}}(?:[,，][{DIGITS}]{{3}}){{1,5}}(?![{DIGITS}])(?:[.．][{DIGITS}]{{1,9}})?"
)
_PLAIN: Final = rf"[{DIGITS}]{{1,18}}(?:[.．][{DIGITS}]{{1,9}})?"
ARABIC: Final = rf"(?:{_GROUPED}|{_PLAIN})"
# 2万2千, 26.7余万, 1千零1: a number may go on after a scale when another scale follows it, or after 零.
_MIXED: Final = (
    rf"{ARABIC}(?:[{_BLANK}]{{0,2}}[{MORE}]?[{SCALES}]"
    rf"(?:{ARABIC}(?=[{SCALES}])|[零〇]{ARABIC}|[零〇]?[{_LEADING}](?=[{SCALES}]))?)*"
)
_CHINESE: Final = (
    rf"(?:[{_FEW}](?=[{SCALES}]))?[{_NAMED}{SCALES}](?:[{_NAMED}{SCALES}]|[{MORE}](?=[{SCALES}]))*"
    rf"(?:点[{_NAMED}]+(?![十分刻]))?"
)
# 伍 and 陆 are names more often than numbers: a formal numeral needs a scale at its second place.
_CHEQUE: Final = rf"[{_FORMAL}][{_FORMAL_SCALES}{SCALES}][{_FORMAL}{_FORMAL_SCALES}{_NAMED}{SCALES}]*"
NUMERAL: Final = rf"(?:{_MIXED}|{_CHINESE}|{_CHEQUE})"
"""Pattern of one numeral: no prefix, no unit, no range."""

RANGE_MARK: Final = r"[-－—–~～〜至到]"
NUMERAL_FIRST: Final = rf"{DIGITS}{_NAMED}{SCALES}{_FORMAL}"
"""Characters a numeral begins with, as the inside of a character class; a `FEW` one only before a scale."""
FEW: Final = _FEW
_MAX_LENGTH: Final = 48
_SHORT: Final = 8

_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９．，％＋／Ｋｋ", "0123456789.,%+/KK")
_DROP: Final = re.compile(rf"[{_BLANK}\s]+")
_PIECE: Final = re.compile(
    rf"(?P<arabic>[\d,]*\.?\d+)|(?P<digits>[{_NAMED}{_FORMAL}]+)"
    rf"|(?P<scale>[{SCALES}{_FORMAL_SCALES}])|(?P<more>[{MORE}{_FEW}])"
)
_PAIR: Final = re.compile(rf"(?<![{_NAMED}])([{_LEADING}])([{_LEADING}])(?![{_NAMED}])")


class Value(NamedTuple):
    """What a numeral is worth."""

    low: float
    high: float | None = None
    bound: Bound = "exact"
    spelled: bool = False
    """A string of digits in Chinese characters (二〇二三), which is more often a year or a name."""


def _fold(text: str) -> str:
    return _DROP.sub("", text.translate(_FULL_WIDTH))


def _add(pieces: list[tuple[str, str]]) -> tuple[float, bool] | None:
    """Sum of digits and scales (一万五千亿, 2万2千, 四百五), and whether digits were spelled out one by one.

    None where the pieces make no number.
    """
    total = section = group = 0.0  # what 亿, 万 and 十百千 have gathered
    current: float | None = None
    scale, closed, spelled = 0, False, False
    for kind, piece in pieces:
        if kind == "scale":
            size = _SCALE[piece]
            if size < 10**4:
                group += (1.0 if current is None else current) * size
            elif size == 10**4:
                section = (section + group + (current or 0.0) or 1.0) * size
                group = 0.0
            else:
                amount = section + group + (current or 0.0)
                if size > 10**8 or not amount:
                    amount, total = amount + total or 1.0, 0.0
                total += amount * size
                section = group = 0.0
            current, scale, closed = None, size, False
        elif current is not None:
            return None
        elif kind == "arabic":
            current, closed = float(piece.replace(",", "")), True
        else:
            named = piece.lstrip("零〇")
            closed = len(named) < len(piece)
            spelled = spelled or len(named) > 1
            current = float("".join(str(_DIGIT[c]) for c in piece)) if named or len(pieces) == 1 else None
    if current is not None and scale >= 100 and not closed and current < 10:
        current *= scale / 10  # 四百五 is 450, 九万四 is 94000
    return total + section + group + (current or 0.0), spelled


def _quick(numeral: str) -> float | None:
    """Value of digits with at most one scale (2690, 5.4万), which most numerals are; None for the rest."""
    scale = _SCALE.get(numeral[-1])
    digits = numeral if scale is None else numeral[:-1]
    if len(digits) > _MAX_LENGTH or not digits.replace(".", "", 1).isdecimal():
        return None
    return float(digits) if scale is None else tidy(float(digits) * scale)


def evaluate(numeral: str) -> Value | None:
    """Value of one numeral as `NUMERAL` matches it; None where the characters make no number."""
    return _evaluate(numeral) if len(numeral) > _SHORT else _evaluate_short(numeral)


def _evaluate(numeral: str) -> Value | None:
    if numeral[:1].isdecimal() and (quick := _quick(numeral)) is not None:
        return Value(quick)
    text = _fold(numeral)
    if not 0 < len(text) <= _MAX_LENGTH:
        return None
    if pair := _PAIR.search(text):
        first, second = _DIGIT[pair[1]], _DIGIT[pair[2]]
        if second - first == 1 or (first, second) == (3, 5):
            low = evaluate(text[: pair.start(2)] + text[pair.end(2) :])
            high = evaluate(text[: pair.start(1)] + text[pair.end(1) :])
            if low and high and low.low < high.low:
                return Value(low.low, high.low, "range")
    whole, dot, decimals = text.partition("点")
    bound: Bound = "exact"
    pieces: list[tuple[str, str]] = []
    at = 0
    while at < len(whole):
        match = _PIECE.match(whole, at)
        if match is None or match.lastgroup is None:
            return None
        at = match.end()
        if match.lastgroup == "more":
            bound = _MORE.get(match[0], "over")
        else:
            pieces.append((match.lastgroup, match[0]))
    if not pieces:
        return None
    if (added := _add(pieces)) is None:
        return None
    value, spelled = added
    if dot:
        if not decimals or any(c not in _DIGIT for c in decimals):
            return None
        value += float("0." + "".join(str(_DIGIT[c]) for c in decimals))
    return Value(tidy(value), None, bound, spelled)


# The same few hundred numerals make up most of what is printed.
_evaluate_short = lru_cache(maxsize=4096)(_evaluate)


def tidy(value: float) -> float:
    """5.97 * 10**8 is 597000000, not 596999999.9999999."""
    return value if value.is_integer() or value >= 1e12 else float(f"{value:.12g}")


_PER_CENT: Final = re.compile(r"(?P<base>[百千万亿]+)分之(?P<part>.+)")
_FRACTION: Final = re.compile(r"(?:(?P<whole>\d+)\s+)?(?P<part>[\d.]+)/(?P<base>[\d.]+)")
_FRACTION_IN_WORDS: Final = re.compile(r"(?:(?P<whole>.+?)又)?(?P<base>.+?)分之(?P<part>.+)")
_PERCENT: Final = re.compile(r"(?P<part>.+?)(?:%|‰|个百分点|個百分點|成半|成|折)")
_TIMES: Final = {"%": 1.0, "‰": 0.1, "成": 10.0, "折": 10.0}
_FIXED: Final = {term: float(value) for term, value in _role("percent").items()} | {"半": 0.5, "半百": 50.0}


def _plain(text: str) -> Value:
    factor = 1.0
    if text[-1:] in "Kk" and text[:-1]:
        text, factor = text[:-1], 1000.0
    more: Bound | None = None
    if len(text) > 1 and text[-1] in _MORE:
        text, more = text[:-1], _MORE[text[-1]]
    value = evaluate("0" + text if text.startswith(".") else text)
    if value is None or re.fullmatch(NUMERAL, "0" + text if text.startswith(".") else text) is None:
        raise ValueError(f"not a number: {text!r}")
    high = None if value.high is None else value.high * factor
    return Value(tidy(value.low * factor), high, more or value.bound)


def _parse(text: str) -> Value:
    if fraction := _FRACTION.fullmatch(text.strip().translate(_FULL_WIDTH)):
        if not (base := _plain(fraction["base"]).low):
            raise ValueError(f"division by zero: {text!r}")
        return Value(float(fraction["whole"] or 0) + _plain(fraction["part"]).low / base)
    text = _fold(text)
    if text in _FIXED:
        return Value(_FIXED[text])
    if percent := _PER_CENT.fullmatch(text):
        base, part = _plain(percent["base"]).low, _plain(percent["part"])
        high = None if part.high is None else tidy(part.high * 100 / base)
        return Value(tidy(part.low * 100 / base), high, part.bound)
    if fraction := _FRACTION_IN_WORDS.fullmatch(text):
        if not (base := _plain(fraction["base"]).low):
            raise ValueError(f"division by zero: {text!r}")
        whole = _plain(fraction["whole"]).low if fraction["whole"] else 0.0
        return Value(whole + _plain(fraction["part"]).low / base)
    if percent := _PERCENT.fullmatch(text):
        value = _plain(percent["part"])
        if text.endswith("成半"):
            return Value(tidy(value.low * 10 + 5))
        factor = _TIMES.get(text[-1], 1.0)
        if text[-1] == "折" and value.low >= 10:
            factor = 1.0
        return Value(tidy(value.low * factor), value.high and tidy(value.high * factor), value.bound)
    parts = re.split(RANGE_MARK, text)
    if len(parts) == 2 and all(parts):
        low, high_value = _plain(parts[0]), _plain(parts[1])
        return Value(low.low, high_value.low, "range")
    return _plain(text)


def parse(text: str) -> Number:
    """The value of a string that is one number and nothing else.

    Besides plain numbers: ranges (`5-10`, `三至五`, `十三四`), fractions as their quotient (`3/5`, `五分之一`
    = 0.2), and percent forms in percent: `95%`, `百分之五` = 5, `千分之一` = 0.1, `三成` = 30, `2.9折` = 29.
    余, 多, 几 and 来 are dropped from the value and kept as `bound`. Raises ValueError for anything else.
    """
    value = _parse(text)
    return Number(0, len(text), value.low, value.high, value.bound)


_FIND: Final = re.compile(rf"(?P<low>{NUMERAL})(?:{RANGE_MARK}(?P<high>{NUMERAL}))?(?P<more>[{MORE}])?")


def find(text: str) -> list[Number]:
    """Every number in a text, units left out, in order. Never raises; linear in the length of the text."""
    found = []
    for match in _FIND.finditer(text):
        low = evaluate(match["low"])
        if low is None:
            continue
        high = evaluate(match["high"]) if match["high"] else None
        bound = _MORE[match["more"]] if match["more"] else low.bound
        if high is not None and high.low > low.low:
            found.append(Number(match.start(), match.end(), low.low, high.low, "range"))
        elif high is not None:
            found.append(Number(match.start("low"), match.end("low"), low.low, low.high, low.bound))
            found.append(Number(match.start("high"), match.end("high"), high.low, high.high, high.bound))
        else:
            found.append(Number(match.start(), match.end(), low.low, low.high, bound))
    return found
