"""Numbers that are no quantities: parts of names, ordinals, list numerals, suppositions."""

import re
from string import ascii_letters, digits
from typing import Final

from extract.beginnings import any_of, by_pair
from extract.model import Span
from extract.words import alternation, terms

_PHRASES: Final = by_pair(
    (term, term) for term in sorted(terms("not_facts", meaning="phrase"), key=len, reverse=True)
)
PHONES: Final = frozenset(terms("not_facts", meaning="phone"))
"""Hotlines, and emergency numbers of three digits, which only are ones where no unit follows."""

# A title, or a short quotation without a stop: a name. A long quotation is speech, and speech states facts.
_NAME_LENGTH: Final = 14
_NAMES: Final = re.compile(
    r"《[^《》\n]{1,60}》"
    + "".join(
        rf"|{left}[^{left}{right}。！？!?，,；;…\n]{{1,{_NAME_LENGTH}}}{right}"
        for left, right in ("“”", "「」", '""', "‘’", "##")
    )
)
_ORDINAL: Final = re.compile(r"第(?:[一二三四五六七八九十\d０-９]{1,4}[、至到和与及-]){1,4}$")
BODIES: Final = frozenset("所院局厂处冶室部队航矿公建地")
"""Characters of which one follows the number of an institute or works that is `numbered`."""
_NUMBERED: Final = re.compile(
    rf"{alternation(terms('not_facts', meaning='numbered'))}(?:[一二三四五六七八九十]{{1,2}}院)?第?$"
)
_FIRST_FEW: Final = re.compile("(?<![目此年以日提之先当眼空])前$")
_LASTING: Final = re.compile("(?:为期|历时|历经|为时|连续|持续|长达|时长)$")
_JOINERS: Final = frozenset("、至到和与及-")
_SPLICES: Final = frozenset("∶.．/／")
_SPLICES_OF_CODES: Final = frozenset(":：-－·•×")
_CODES: Final = frozenset(ascii_letters + digits)
LEADS: Final = _JOINERS | _SPLICES | _SPLICES_OF_CODES | _CODES | frozenset("第届前含")
"""Characters before a number of which one is needed for it to be `ordinal` or `joined`."""
_LIST_UNITS: Final = frozenset("个项条大种类件样桩篇块把份")
_MARKS: Final = r"，,。；;：:、！？!?\s\d０-９（）()“”"
_LIST_NOUN: Final = re.compile(rf"[^{_MARKS}]{{0,5}}?{any_of(terms('not_facts', meaning='list'))}")
_THEMES: Final = any_of(terms("not_facts", meaning="theme"))
_PART_NOUN: Final = re.compile(rf"[^{_MARKS}]{{0,3}}?{any_of(terms('not_facts', meaning='parts'))}")
_THEME_ALONE: Final = re.compile(rf"[^{_MARKS}]{{0,4}}?{_THEMES}(?=[{_MARKS}]|$)")
_PROGRAMME: Final = re.compile(rf"[^{_MARKS}]{{0,12}}?{any_of(terms('not_facts', meaning='programme'))}")
_ONE_OF: Final = re.compile(rf"[^{_MARKS}]{{0,8}}?之一")
_BACK: Final = re.compile(rf"{alternation(terms('not_facts', meaning='back'))}$")
_HYPOTHESIS: Final = re.compile(
    rf"{alternation(terms('not_facts', meaning='hypothesis'))}[^，,。！？；\n]{{0,16}}$"
)
# 如果自付6800元，可获赔3000元
_CONSEQUENCE: Final = re.compile(
    rf"{alternation(terms('not_facts', meaning='if'))}[^。！？；\n]{{0,30}}[，,]"
    r"[^，,。；\n]{0,3}[就则便即可能需要][^，,。；\n]{0,10}$"
)


def names(text: str) -> list[Span]:
    """Stretches in which a number is part of a name, in order."""
    return [Span(*match.span()) for match in _NAMES.finditer(text)]


def phrase_end(text: str, at: int) -> int | None:
    """End of the name or set phrase that begins with the numeral at `at` (五一劳动奖章), if one does."""
    pair = text[at : at + 2]
    for phrase in _PHRASES.get(pair) or _PHRASES.get(pair[:1], ()):
        if text.startswith(phrase, at):
            return at + len(phrase)
    return None


def ordinal(text: str, at: int) -> bool:
    """Whether the number at `at` is an ordinal: 第三, 第二、三名."""
    before = text[at - 1 : at]
    if before in ("第", "届"):  # 十一届三次全会
        return True
    if before == "前":  # 前三批, 前10名; not 目前3家
        return _FIRST_FEW.search(text, max(0, at - 2), at) is not None
    if before == "含":  # 30人以上（含30人）
        return text[at - 2 : at - 1] in ("（", "(") and at > 1
    return before in _JOINERS and _ORDINAL.search(text, max(0, at - 12), at) is not None


def numbered(text: str, at: int) -> bool:
    """Whether the number at `at` names a part of a concern: 中铁12局, 中电科29所."""
    return _NUMBERED.search(text, max(0, at - 6), at) is not None


def announces(text: str, unit: str, at: int, arabic: bool) -> bool:
    """Whether a numeral with this unit only announces a list: what follows at `at` names its parts."""
    if unit not in _LIST_UNITS:
        return False
    return (
        _LIST_NOUN.match(text, at, at + 10) is not None
        or _THEME_ALONE.match(text, at, at + 14) is not None
        or (not arabic and _PART_NOUN.match(text, at, at + 6) is not None)
    )


def one_of(text: str, at: int) -> bool:
    """Whether 之一 follows: one of several, whose number is said in passing."""
    return _ONE_OF.match(text, at, at + 11) is not None


def programme(text: str, at: int) -> bool:
    """Whether what follows a bare scale makes it part of a programme's name: 百万职工消费帮扶行动."""
    return _PROGRAMME.match(text, at, at + 18) is not None


def refers_back(text: str, at: int, more: str = "") -> bool:
    """Whether the number at `at` points back to what was counted before: 这两项, 上述三个. `more` holds
    further characters that do so."""
    if more and text[at - 1 : at] in more and at:
        return True
    return _BACK.search(text, max(0, at - 2), at) is not None


def supposed(text: str, at: int) -> bool:
    """Whether the number at `at` stands in a supposition: 如果……100元."""
    return (
        _HYPOTHESIS.search(text, max(0, at - 18), at) is not None
        or _CONSEQUENCE.search(text, max(0, at - 52), at) is not None
    )


def lasting(text: str, at: int) -> bool:
    """Whether a word before `at` says that the number is a stretch of time: 为期3年."""
    return _LASTING.search(text, max(0, at - 2), at) is not None


def is_date(text: str, start: int, end: int) -> bool:
    """Whether arabic digits before 年, 月 or 日 are a date and not a stretch of time (为期3年) or yen."""
    return (
        text[start].isdecimal() and text[end + 1 : end + 2] not in ("度", "元") and not lasting(text, start)
    )


def joined(text: str, start: int) -> bool:
    """Whether the number is the tail of something else: 9:30, 5∶3, 2023-08, B12, 1/2."""
    previous = text[start - 1 : start]
    if previous in _SPLICES_OF_CODES:
        return text[start - 2 : start - 1] in _CODES
    return previous in _SPLICES or previous in _CODES
