"""Patterns of time expressions, and where in a text they may begin. They run over normalised text."""

import re
from functools import cache
from typing import Final

from extract.calendars import festivals, solar_terms
from extract.words import alternation, table

_FULL: Final = "".join(chr(c) for c in range(0xFF01, 0xFF5F))
_HALF: Final = "".join(chr(c) for c in range(0x21, 0x7F))
_NORMAL: Final = dict(
    zip(
        _FULL + "　\t\r－—–―─‐‑−〜∼○◯O" + "“”„‟「」『』",
        _HALF + "   --------~~〇〇〇" + '""""""""',
        strict=True,
    )
)
_TO_NORMALISE: Final = re.compile("[" + re.escape("".join(_NORMAL)) + "]")
_DIGITS: Final = {c: i % 10 for i, c in enumerate("〇一二三四五六七八九0123456789")} | {"零": 0, "两": 2}


def normalise(text: str) -> str:
    """Half-width digits and marks, one kind of dash and quotation mark. The length does not change."""
    return _TO_NORMALISE.sub(lambda mark: _NORMAL[mark[0]], text)


def integer(text: str) -> int:
    """Value of an arabic or Chinese numeral below 1000; digit strings (二〇二三) are read digit by digit."""
    if "百" in text:
        head, _, tail = text.partition("百")
        return _DIGITS.get(head[-1:], 1) * 100 + (integer(tail.lstrip("零")) if tail.strip("零") else 0)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        head, _, tail = text.partition("十")
        return _DIGITS.get(head, 1) * 10 + _DIGITS.get(tail, 0)
    value = 0
    for char in text:
        value = value * 10 + _DIGITS[char]
    return value


def words(meaning: str) -> tuple[str, ...]:
    """Words of a class in lexicon/date_words.tsv."""
    return tuple(row["term"] for row in table("date_words") if row["meaning"] == meaning)


@cache
def values(meaning: str) -> dict[str, int]:
    """Words of a class with their offsets."""
    return {row["term"]: int(row["value"] or 0) for row in table("date_words") if row["meaning"] == meaning}


def guarded(*meanings: str) -> str:
    """A pattern for the words of some classes, with the lexicon's conditions on what stands around them."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in table("date_words"):
        if row["meaning"] in meanings:
            groups.setdefault((row["not_after"], row["not_before"]), []).append(row["term"])
    parts: list[str] = []
    for (after, before), found in groups.items():
        parts += [
            (f"(?<![{after}])" if after else "") + re.escape(term) + (f"(?!{before})" if before else "")
            for term in found
        ]
    parts.sort(key=lambda part: -len(re.sub(r"\(\?.*?\)", "", part)))
    first = "".join(sorted({term[0] for found in groups.values() for term in found}))
    # One look at the first character spares a try at each word.
    return f"(?:(?=[{first}])(?:" + "|".join(parts) + "))"


# --- parts of patterns -------------------------------------------------------------------------------------

W: Final = r"[ \n]?"
SEPARATOR: Final = rf"{W}(?:[-~]{{1,2}}|至|到){W}"
_CN9: Final = "[一二三四五六七八九]"
_CN12: Final = "(?:十[一二]?|[一二三四五六七八九])"
_CN31: Final = f"(?:[二三]?十{_CN9}?|廿{_CN9}?|卅一?|{_CN9})"
_COUNT: Final = "(?:[0-9]{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]|半)"
_YEAR4: Final = "(?:19|20)[0-9]{2}"


def _bare_year() -> str:
    """A year in a headline, without 年: 数说2023, 2023回眸. To stand behind the figures."""
    before = "|".join(f"(?<={word}{_YEAR4})" for word in words("bare-year-after"))
    behind = alternation(words("bare-year-before"))
    return rf"(?![0-9年名人位个家户元场次件条份万余多%]|{W}年)(?:{before}|(?=[,·!]?{behind}))"


def _year(bare: bool) -> str:
    not_before = guarded("not-year-before")
    forms = [
        rf"(?P<y4>{_YEAR4}){W}年(?:度(?!{not_before})|(?!{not_before}|度))",
        rf"(?P<yb>{_YEAR4})(?:(?=(?:{SEPARATOR}|、){_YEAR4}{W}年|[上下]半年|第?[一二三四]季度)|{_bare_year()})",
        r"(?P<yc>[一二][〇零一二三四五六七八九]{3})年度?",
        r"(?P<y2>[0-3][0-9])年(?=[0-9]{1,2}月|度|底|初|末|[上下]半年)|(?P<y0>0[0-9])年",
        rf"(?P<yw>{guarded('year', 'year-before')}|今(?=[春夏秋冬]))",
    ]
    if bare:
        forms = [
            rf"(?P<yn>{_YEAR4})(?![0-9年]|{W}年)",
            r"(?P<yt>两千)年|(?P<ys>[〇零一二三四五六七八九]{2,3}|[0-9]{2}){W}年".replace("{W}", W),
            *forms,
        ]
    return "(?:" + "|".join(forms) + ")"


def _calendar(cn_day: bool, bare: bool) -> str:
    not_day = alternation(words("not-day-before"))
    not_month = guarded("not-month-before")
    month = (
        rf"(?P<m>[0-9]{{1,2}}|{_CN12}){W}月份?(?!{not_month})"
        rf"|(?P<mb>[0-9]{{1,2}}|{_CN12})(?={SEPARATOR}(?:[0-9]{{1,2}}|{_CN12})月)"
        rf"|(?P<mw>{guarded('month', 'month-anchor')})"
    )
    day_end = r"(?:[日号]|(?=$))" if bare else "[日号]"
    day = (
        rf"(?P<d>[0-9]{{1,2}}|{_CN31}){W}{day_end}"
        rf"|(?P<db>[0-9]{{1,2}}|{_CN31})(?={SEPARATOR}(?:[0-9]{{1,2}}月)?(?:[0-9]{{1,2}}|{_CN31})[日号])"
    )
    part = r"(?P<mp>上中旬|中下旬|[上中下]旬|初(?![一二三四五六七八九十中])|底|末(?!端))"
    week = r"的?第(?P<mk>[一二三四五])个?(?:周|星期)"
    end = "|$" if bare else ""
    digits = "[0-9]{1,2}" + (f"|{_CN31}" if cn_day else "")
    alone = (
        rf"(?P<do>{digits}){W}(?:日(?!{not_day})"
        rf"|号(?=上午|下午|早|晚|当天|开始|起|{SEPARATOR}{end}))"
        rf"|(?P<dz>{digits})(?={SEPARATOR}[0-9]{{1,2}}日(?!{not_day}))"
    )
    return rf"(?:{month})(?:的?{W}(?:{day})|{W}{part}|{week})?|{alone}|(?P<po>[上中下]旬|月[初底末])"


def _part_of_year() -> str:
    digit = "[一二三四1-4]"
    not_after = "".join(words("not-former-after")).replace("年", "")
    return (
        rf"(?P<half>[上下])半年|第?(?P<qa>{digit}|首)(?:[-至到、](?P<qb>{digit}))?{W}季度(?P<qe>末|底)?"
        rf"|前(?P<qf>[两二三23])个?季度"
        rf"|(?<![{not_after}])[前头](?P<fm>[0-9]{{1,2}}|{_CN12}|两)个?月(?![前内来])"
    )


def _named() -> str:
    names = alternation(name for name in (*festivals(), *solar_terms()) if len(name) > 1)
    tail = "(?:国际)?(?:劳动|儿童|青年|妇女)?(?:佳节|节)?"
    marks = "|".join(rf"(?P<f{key}>{guarded(key.replace('_', '-'))})" for key in ("eve", "on_day", "during"))
    not_before = alternation(words("not-festival-before"))
    # 今春, 去年春: a season in one character needs a boundary behind it, lest 春风行动 be one.
    season = r"[春夏秋冬](?:(?<=今.)|(?![一-鿿]))"
    return rf"(?P<fn>{names}|{season})(?!\"?(?:{not_before}))\"?{tail}\"?(?:{marks})?"


_LUNAR_DAY: Final = rf"(?:初(?:十|{_CN9})|[二三]?十{_CN9}?|廿{_CN9}?|{_CN9})(?:日|(?![0-9年月个多余几]))"
_LUNAR: Final = (
    rf"(?:农历|阴历|夏历){W}闰?(?P<la>正|腊|冬|{_CN12})月(?P<lb>{_LUNAR_DAY})?"
    rf"|(?P<lc>正|腊|冬)月(?P<ld>{_LUNAR_DAY})?|(?P<le>{_CN12})月(?P<lf>初(?:十|{_CN9}))"
    rf"|(?:大年|年)初(?P<ln>十|{_CN9})"
)
_ISO: Final = (
    rf"(?P<iy>{_YEAR4})(?P<is>[-./])(?P<im>[0-9]{{1,2}})(?P=is)(?P<id>[0-9]{{1,2}})"
    r"(?![0-9]|[-./][0-9]{1,3}(?![0-9]))日?"
)
_UNIT: Final = "(?P<{0}u>个月|年|周|个?星期|天|日)"


def _amounts() -> str:
    near = (
        rf"(?P<nw>近|最近|过去的?|前(?!{W}{_COUNT}个?月)){W}(?P<nn>{_COUNT}){W}(?P<nm>多|余)?{_UNIT.format('n')}多?"
        rf"(?P<nt>以来|来|间|里(?!程))?"
    )
    since = (
        rf"(?P<sn>{_COUNT}){W}(?P<sm>多|余)?{_UNIT.format('s')}(?P<sx>多)?"
        r"(?P<st>以来|来(?![自到访])|下来|间(?![隔断歇]))"
    )
    ahead = (
        rf"(?:未来|今后|往后|接下来的?)的?(?P<an>{_COUNT}){W}{_UNIT.format('a')}(?:之内|以内|内|里)?"
        rf"|(?<=[用过])(?P<cn>{_COUNT}){W}{_UNIT.format('c')}(?:左右)?的?时间"
        rf"|(?P<bn>{_COUNT}){W}{_UNIT.format('b')}(?:之内|以内|内(?!容|部|外|心)|(?<=[年月])(?=要|将|拟|力争|计划))"
    )
    ago = rf"(?P<gn>{_COUNT}){W}{_UNIT.format('g')}(?P<gm>多)?(?:之前|以前|前(?![期后往来景沿列身述提十三]))"
    return rf"{near}|{since}|{ahead}|{ago}"


def _periods() -> str:
    plans = alternation(row["term"] for row in table("periods") if row["meaning"] == "plan")
    events = alternation(row["term"] for row in table("periods") if row["meaning"] == "event")
    tail = r"(?:规划)?(?P<pt>期间|时期|以来|末|开局之年|开局|收官之年|收官|规划)"
    return (
        rf"\"?(?P<plan>{plans})(?:\"(?:{tail.replace('pt', 'pq')})?|{tail})"
        rf"|(?P<event>{events})(?:召开|胜利召开|成立)?(?=以来)"
    )


_WEEKDAY: Final = (
    r"(?P<ww>(?<!以)上上?|本|这|(?<!以)下下?)?(?<![每逢])个?(?:周|星期|礼拜)"
    r"(?P<wd>[一二三四五六日天])(?![一二三四五六日天年岁期元度边围])"
)
_WHOLE_YEAR: Final = "全年(?!龄|级|任务|目标|计划数)"
_YEAR_PART: Final = (
    r"(?P<yp>年?(?:初(?!中|[一二三四五六七八九十级])|底|末(?!端)|尾|内(?!容|部|外|蒙|地))"
    rf"|年?中(?=[,、。])|岁末|{_WHOLE_YEAR}|一年)"
)
_YEAR_PART_ALONE: Final = (
    r"(?P<ya>(?<![0-9一二两三四五六七八九十几半多近往少同])年(?:初(?!中)|底|末|尾|内)"
    rf"|岁末|{_WHOLE_YEAR})"
)


def _point(cn_day: bool = False, bare: bool = False) -> re.Pattern[str]:
    calendar = _calendar(cn_day, bare)
    inner = rf"{_LUNAR}|{calendar}|{_part_of_year()}|{_named()}"
    # The same inner pattern follows a year and stands alone; either may be missing, not both.
    return re.compile(
        rf"(?:(?P<iso>{_ISO})|(?P<period>{_periods()})|(?P<amount>{_amounts()})"
        rf"|(?P<word>(?P<same>{guarded('same-period')})"
        rf"|(?P<recent>{guarded('recent')})|(?P<untilnow>{guarded('until-now')})|(?P<total>{guarded('running-total')})"
        rf"|(?P<recurring>{guarded('recurring')})|(?P<opensince>{guarded('open-since')})"
        rf"|(?P<dayw>{guarded('day')})|(?P<anchorw>{guarded('day-anchor')})"
        rf"|{_WEEKDAY}|(?P<week>{guarded('week')}))"
        rf"|(?P<year>{_year(bare)})?"
        rf"(?:(?(year){W}的?{W}\"?)(?:{inner}|(?(year){_YEAR_PART}|{_YEAR_PART_ALONE}))|(?(year)|(?!))))"
    )


POINT: Final = {"news": _point(), "second": _point(cn_day=True), "whole": _point(cn_day=True, bare=True)}
"""`news`: in running text; `second`: behind a range's dash; `whole`: the text is known to be a date."""


# --- where to look -----------------------------------------------------------------------------------------

_STARTING: Final = (
    *("year", "year-before", "month", "month-anchor", "week", "day", "day-anchor", "recent", "until-now"),
    *("running-total", "recurring", "open-since", "same-period", "first-word"),
)
_NUMERALS: Final = "一二三四五六七八九十两半廿卅〇零"


def _starts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What time expressions begin with: in figures, and in words. Each matches little else. The first opens
    with a class and all branches of the second with a letter, so that `re` runs over other text quickly."""
    terms = [*festivals(), *solar_terms(), *(row["term"] for row in table("periods"))]
    terms += [term for meaning in _STARTING for term in words(meaning)]
    behind: dict[str, list[str]] = {}
    for term in terms:
        if len(term) > 1:
            behind.setdefault(term[0], []).append(re.escape(term[1:]))
    unit = "(?:个?[月周星]|[年日号天])"
    amount = rf"{W}(?:[多余]{{0,2}}{unit}|{SEPARATOR}[0-9{_NUMERALS}])|[季上下第]|、(?:19|20)[0-9]{{2}}年"
    for letter in _NUMERALS:
        behind.setdefault(letter, []).append(rf"[{_NUMERALS}]{{0,3}}(?:{amount})")
    for letter in "前近头":
        behind.setdefault(letter, []).append(rf"[{_NUMERALS}0-9 \n]")
    for letter in "上下本这":
        behind.setdefault(letter, []).append("[上下]?个?(?:周|星期|礼拜)")
    behind.setdefault("第", []).append(rf"[首一二三四1-4]{W}[-至到、季]")
    behind.setdefault("首", []).append("季")
    behind.setdefault("周", []).append("[一二三四五六日天]")
    behind['"'] = [alternation(row["term"] for row in table("periods") if row["meaning"] == "plan")]
    figure = (
        rf"[0-9](?<![0-9][0-9])(?<![0-9]\.[0-9])[0-9]{{0,3}}(?:(?={amount})|(?=[-./][0-9])|{_bare_year()})"
    )
    word = "|".join(f"{letter}(?={'|'.join(follow)})" for letter, follow in behind.items())
    return re.compile(figure), re.compile(word)


_FIGURE, _WORD = _starts()


def candidates(text: str) -> list[int]:
    """Offsets at which a time expression may begin, in order."""
    found = [match.start() for match in _FIGURE.finditer(text)]
    found += [match.start() for match in _WORD.finditer(text)]
    return sorted(found)
