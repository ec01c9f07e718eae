"""Small numbers that are said in passing and state no fact: 两条主线, 分成三份, 跑了两趟, 两项合计.

A number up to ten, above all one in Chinese characters, is as often a way of speaking as a count. It is taken
for a count where what is counted can be counted in earnest, or where a verb of giving or holding leads to it.
"""

import re
from typing import Final

from extract import bounds
from extract.beginnings import any_of
from extract.sentences import sentence_start
from extract.units import Unit
from extract.words import alternation, terms

MOST: Final = 10
"""Numbers above this are hardly ever said in passing."""

_MARKS: Final = r"，,。；;：:、！？!?\s\d０-９（）()“”"
_REACH: Final = 70


def _words(*meanings: str) -> list[str]:
    return [term for meaning in meanings for term in terms("not_facts", meaning=meaning)]


# Up to the next verb: not 两三个电话给工会.
_THING: Final = re.compile(
    rf"[^{_MARKS}给让把被向由跟居在是有为将到]{{0,8}}?{any_of(terms('counted_nouns', meaning='thing'))}"
)
_THING_BEFORE: Final = re.compile(
    rf"{alternation(terms('counted_nouns', meaning='thing'))}[”共已达有等只约]{{0,3}}$"
)
_EVENT: Final = re.compile(rf"[^{_MARKS}]{{0,6}}?{any_of(_words('event'))}")
_HOLDING: Final = re.compile(rf"{alternation(_words('event', 'holding'))}[^{_MARKS}]{{0,3}}$")
_GIVING: Final = re.compile(alternation(_words("giving")))
_DIVIDED: Final = re.compile(rf"{alternation(_words('divide'))}[^。；;\d]{{0,16}}$")
_PART_UNITS: Final = frozenset("份拨步块档类路头段级层等种截次")
_FORCE: Final = re.compile(rf"[^{_MARKS}]{{0,6}}?[组队批期班场团]")
_TOGETHER: Final = re.compile(any_of(_words("together")))
_OPENS: Final = frozenset("，,。；;：:、！？!?\n“”（(》 \u3000")
_QUOTES: Final = frozenset('“‘「"')
_ASPECT: Final = frozenset(("", "了", "着", "过", *_OPENS))
_OWN: Final = re.compile(rf"{alternation(_words('own'))}[^，,。；;\d]{{0,4}}$")
_DOES: Final = frozenset(_words("doing"))
# 一天要焊300多个, 跑了76单
_DOING: Final = re.compile(
    rf"(?P<habit>{any_of(_words('habit'))})?(?:要|能|得|就|大约|大概|差不多){{0,2}}"
    rf"{any_of(_words('doing'))}[了过着上掉坏完满]{{0,2}}[约近满超]?$"
)
_PAIR: Final = re.compile(rf"{alternation(_words('pair'))}$")
# 替她交了 is what somebody else did for her.
_COVERBS: Final = frozenset("替给为向帮对把让与和同")
_SURNAME: Final = alternation(term for term in terms("surnames") if len(term) == 1)
_NOT_PERSONA: Final = frozenset(_words("not persona"))
# One flat list of words, which is searched far faster than groups of them are.
_PERSONA: Final = re.compile(
    "|".join(sorted(_NOT_PERSONA, key=len, reverse=True) + sorted(_words("persona"), key=len, reverse=True))
    + rf"|[老小]{_SURNAME}(?!年)|{_SURNAME}(?:某|{alternation(_words('address'))})"
)
_SOMEONE: Final = re.compile(r"[一有这那该][位名]|我(?![们市省县区州校院厂矿局镇乡村司会国])")
_UNION: Final = re.compile("工会|总工会|市总|县总|区总|省总|单位|公司|企业")
_RUNNING: Final = frozenset("跑了过")
_MOVING: Final = frozenset("遍趟回番顿跤")


def count(text: str, start: int, end: int, unit: Unit, arabic: bool) -> bool:
    """Whether a number up to ten with a unit of things, `start`..`end`, is only said in passing."""
    if (unit.sort and _own_story(text, start)) or _divides(text, start, end, unit.term):
        return True
    if (
        unit.sort == "act"
        and text[start - 1 : start] in _RUNNING
        and text[start - 2 : start].strip("了过")[-1:] == "跑"
    ):
        return True
    if arabic and unit.sort == "object" and _spoken(text, start):
        return not (
            _GIVING.search(text, sentence_start(text, start, _REACH), start)
            or _THING.match(text, end, end + 10)
        )
    if arabic or bounds.before(text, start)[1] is not None:
        return False
    if _spoken(text, start) or _sums_up(text, start, end):
        return True
    match unit.sort:
        case "abstract":
            return not (
                _THING.match(text, end + (text[end : end + 1] in _QUOTES), end + 16)
                or _THING_BEFORE.search(text, max(0, start - 10), start)
            )
        case "act":
            return unit.term in _MOVING or not (
                _EVENT.match(text, end, end + 12) or _HOLDING.search(text, max(0, start - 8), start)
            )
        case "object":
            return not (
                _GIVING.search(text, max(start - 24, sentence_start(text, start, _REACH)), start)
                or _THING.match(text, end, end + 10)
                or _closes(text, start, end)
            )
    return False


def people(text: str, start: int, end: int, arabic: bool) -> bool:
    """Whether up to ten people are persons named before, or part of somebody's own story."""
    if arabic:
        return False
    return (
        _PAIR.search(text, max(0, start - 3), start) is not None
        or _spoken(text, start)
        or _sums_up(text, start, end, 0)
        or _own_story(text, start)
    )


def money(text: str, start: int, end: int) -> bool:
    """Whether a sum is what the person whose story is told earns, owes or spends, in this way of speaking
    or by the sentence: 挣了52块钱, 她每月挣3000元."""
    if _OWN.search(text, max(0, start - 8), start) is None:
        return False
    return text.startswith("块钱", end - 2) or _own_story(text, start) or _of_someone(text, start)


def _of_someone(text: str, at: int) -> bool:
    """Whether the sentence tells of somebody without a name (一位保洁员花费9万元) or of its speaker."""
    low = sentence_start(text, at, _REACH)
    someone = _SOMEONE.search(text, low, at)
    return someone is not None and _UNION.search(text, someone.end(), at) is None


def toil(text: str, start: int) -> bool:
    """Whether the number at `start` is what somebody does, uses or makes all day: 一天要焊300多个接头."""
    if _DOES.isdisjoint(text[max(0, start - 4) : start]):
        return False
    match = _DOING.search(text, max(0, start - 10), start)
    return match is not None and (match["habit"] is not None or _own_story(text, start))


def _closes(text: str, start: int, end: int) -> bool:
    """菜籽油两吨，: the number ends the phrase of what it counts. Not 写了五本。"""
    return (end == len(text) or text[end] in _OPENS) and text[max(0, start - 1) : start] not in _ASPECT


def _spoken(text: str, at: int) -> bool:
    """Whether the number stands in quoted speech."""
    low = sentence_start(text, at, _REACH)
    return text.rfind("“", low, at) > text.rfind("”", low, at)


def _own_story(text: str, at: int) -> bool:
    """Whether a person, and no union or employer after the person, is whom the sentence tells of; what stands
    before a colon only leads to it."""
    story = False
    low = sentence_start(text, at, _REACH)
    low = max(low, text.rfind("：", low, at), text.rfind(":", low, at))
    for match in _PERSONA.finditer(text, low, at):
        if match[0] not in _NOT_PERSONA and text[match.start() - 1 : match.start()] not in _COVERBS:
            story, low = True, match.end()
    return story and _UNION.search(text, low, at) is None


def _divides(text: str, start: int, end: int, unit: str) -> bool:
    """分成三份, 分两步: the parts of one whole. Groups that are formed are counted: 分成8个组."""
    if unit in _PART_UNITS and text[start - 1 : start] == "分":
        return True
    if _DIVIDED.search(text, max(0, start - 20), start) is None:
        return False
    return _FORCE.match(text, end - len(unit), end + 4) is None


def _sums_up(text: str, start: int, end: int, noun: int = 3) -> bool:
    """两项合计, 三个项目各有各的难: opens its clause and takes together what was named before."""
    opens = start == 0 or text[start - 1] in _OPENS
    return opens and any(_TOGETHER.match(text, at, at + 3) for at in range(end, end + noun + 1))
