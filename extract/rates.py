"""Whether a quantity is that of each (每户, 人均, 一等奖8000元) or of each year, by the words around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Final

from extract import words
from extract.beginnings import any_of
from extract.model import Per, Quantity, Span
from extract.offsets import Row
from extract.scan import Scanner

_DIGITS: Final = "0-9０-９一二两三四五六七八九十百千半"
_EVERY: Final = re.compile(rf"每[{_DIGITS}]{{0,3}}(?![年{_DIGITS}])[一-鿿]")
_PER_UNIT: Final = re.compile(rf"\s*(?:[/／](?!年)[一-鿿]|每(?!年)[一-鿿](?![约近{_DIGITS}]))")
_PER_YEAR_UNIT: Final = re.compile(r"\s*(?:[/／]|每)年")
_PER_SIGNS: Final = frozenset("/／每")
_ANY_NUMBER: Final = re.compile(r"[0-9０-９]|[一二两三四五六七八九十百]{2}")
# `企业年产值`; not `2023年服务`, `全年服务`.
_NO_YEARLY: Final = (
    "0-9０-９〇零一二两三四五六七八九十百全今去明后翌上当本半往多几前次同近逐历每来新青老少成周中壮童常"
)
# `每位选手都全力以赴，10人获奖`: said of all, not of each.
_OF_ALL: Final = re.compile("[都均][^，,]*[，,]")
# `超过2000元的部分`, `25人以下的小微企业`: a threshold is one of each that it is asked of.
_THRESHOLD: Final = re.compile(
    r"[超不低高未达满]\S{0,2}?[\d一二三四五六七八九十百千]|\S{2,12}(?:以[上下内]|及以上|及以下)\Z"
)
# `，年借阅9万人次`, not `，年底`.
_YEARLY_CLAUSE: Final = (
    r"(?<=[，,。；;、：:])年(?![内底初末中终前后轻龄度均会货味夜级青老关近过])[一-鿿]{2,4}(?=[约近超达逾]?\d)"
)
_ONE_OF: Final = re.compile(r"一[份张个件套袋盒桶箱只条本]\Z")
_OF_THE_STANDARD: Final = re.compile(r"[^，,。；;]{0,10}的标准")
_ROLES: Final = ("mask", "one", "average", "built", "year", "total", "reset", "rate", "each")
_SMALL: Final = 10_000
_PRIZE: Final = 100_000
_GRANTED: Final = 200_000
_EVERY_REACH: Final = 20
_SERIES_REACH: Final = 200
_BESIDE: Final = 16
_EACH_REACH: Final = 20
_PRIZE_REACH: Final = 24


@dataclass(slots=True, unsafe_hash=True)
class _Word(Span):
    role: str
    """A role of the word list, `every` (每 with what it counts) or `yearly` (年 with what it measures)."""


@cache
def _roles() -> dict[str, str]:
    # Of a word with two roles the first counts.
    return {row["term"]: row["role"] for row in reversed(words.table("per_words")) if row["role"] in _ROLES}


@cache
def _scanner() -> Scanner:
    return Scanner(_roles())


def _words(text: str) -> Iterator[_Word]:
    """Words that make a number one of each or end that, in order, without overlap."""
    roles = _roles()
    found = [_Word(start, end, roles[text[start:end]]) for start, end in _scanner().spans(text)]
    found += [_Word(*match.span(), "every") for match in _EVERY.finditer(text)]
    found += [_Word(*match.span(), "yearly") for match in _yearly().finditer(text)]
    found.sort(key=attrgetter("start"))  # The words of the list come first where two begin.
    free = 0
    for word in found:
        if word.start >= free:
            free = word.end
            yield word


@cache
def _yearly() -> re.Pattern[str]:
    # Every word of the role begins with 年, which rules most places out.
    rest = [term.removeprefix("年") for term in words.terms("per_words", role="yearly")]
    named = f"年(?<![{_NO_YEARLY}]年){words.alternation(rest)}"
    return re.compile(f"{named}|{_YEARLY_CLAUSE}")


def _any_of(role: str) -> str:
    return any_of(words.terms("per_words", role=role))


@cache
def _beside(role: str) -> re.Pattern[str]:
    """A word of the role right before the end, with at most a few letters between."""
    reach = {
        "award": r"[^，,。；;、0-9]{0,4}",
        "cap": r"",
        "price": r"[为约近是达]{0,2}",
        "share": r"[了约近]{0,2}",
    }
    return re.compile(_any_of(role) + reach[role] + r"\Z")


@cache
def _prize() -> re.Pattern[str]:
    """`一等奖2名，奖金5000元`: the prize of each winner."""
    return re.compile(_any_of("award") + r"[^，,。；;、]{1,6}[，,](?:每人|各)?(?:奖金|奖励|各?奖)[为各]?\Z")


@cache
def _limits() -> re.Pattern[str]:
    """What follows a threshold: the end of its clause or what it is asked of."""
    return re.compile(f"的(?:[、，,。；;]|{_any_of('limited')})|部分")


@cache
def _caps() -> tuple[str, ...]:
    return words.terms("per_words", role="cap")


@cache
def _distributed() -> re.Pattern[str]:
    """`两队各6场`, `双方各承担一半`: at most a verb and a bound between."""
    verbs = f"(?:{_any_of('share')}|{_any_of('grant')})?"
    return re.compile(f"各自?{verbs}[约近超达不低于少至]{{0,3}}\\Z")


@cache
def _granted() -> re.Pattern[str]:
    return re.compile(f"的[^，,。；;的]{{0,3}}?{_any_of('grant')}[了约近]{{0,2}}\\Z")


@cache
def _on_condition() -> re.Pattern[str]:
    """`会员住院的，发放慰问金1000元`, `一次性补助5000元`: what each gets who meets the condition."""
    grant = _any_of("grant")
    return re.compile(
        f"(?:的[，,][^，,。；;、\\d]{{0,6}}?{grant}[^，,。；;、\\d的]{{0,4}}|一次性{grant}[了约近]{{0,2}})\\Z"
    )


# `各县至少培育1家`: what is laid down for each of them.
_QUOTA: Final = re.compile(
    r"各[^，,。；;级\d]{1,10}(?:至少|不少于|不低于|不超过|限报|限|设)[^，,。；;、\d]{0,8}\Z"
)
_FIRST_DIGIT: Final = re.compile(rf"[{_DIGITS}]")
# 每季对账一次 says nothing of what follows the next mark.
# 标准为：本科5000元，专科3000元
_LISTED: Final = re.compile("[为是]?[:：]")
# 按人均2200元安排1200人: nobody is counted by the head.
_HEADS: Final = frozenset({"people", "households"})
_TIMES: Final = frozenset("天日周月季年次期届")


@dataclass(slots=True)
class _Sentence:
    """What holds for all numbers of a sentence."""

    start: int
    end: int
    words: Sequence[_Word]
    every_year: bool
    """Whether 每年 of a sentence before still holds."""


class Rates:
    """One text, prepared for the many questions about its numbers."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = Row(_words(text))
        self._around: _Sentence | None = None

    def of(self, quantity: Quantity, sentence: Span, clause: Span) -> Per | None:
        """The rate of a quantity by the words of its sentence; its own where its surface says it."""
        if quantity.per:
            return quantity.per
        text, start, end, money = self._text, quantity.start, quantity.end, quantity.kind == "money"
        near = max(clause.start, start - _EACH_REACH)
        if text.find("各", near, start) >= 0:
            number = _FIRST_DIGIT.search(text, start, end)
            if _distributed().search(text, near, start) or (
                number and _QUOTA.search(text, near, number.start())
            ):
                return "each"
        if quantity.kind == "percent":
            return None
        following = text[end : end + 1]
        if following in _PER_SIGNS or following.isspace():
            if money and _PER_UNIT.match(text, end):
                return "each"
            if _PER_YEAR_UNIT.match(text, end):
                return "year"
        if _limits().match(text, end) and _THRESHOLD.match(text[start:end]):
            return "each"
        around = self._around
        if around is None or around.start != sentence.start or around.end != sentence.end:
            around = self._around = self._read(sentence)
        each = shared = False
        every = yearly = since = -1
        year = around.every_year
        for word in around.words:
            if word.end > start:  # Also where the number belongs to the word: `每2个月`.
                break
            role = word.role
            if role == "average":
                role = "" if quantity.kind in _HEADS else "each"
            if role == "year":
                year, since = True, word.start
            elif role == "built":
                year = year and since >= clause.start
            elif role in ("reset", "total"):
                each = shared = False
                every = -1
                year = year and role == "total"
            elif role in ("every", "each") or (role == "rate" and money):
                each = word.start >= clause.start or (
                    role == "rate" and _LISTED.match(text, word.end) is not None
                )
                shared = shared or money
                if role == "every":
                    every = word.end if text[word.end - 1] not in _TIMES else -1
            elif role == "one":
                shared = shared or money
            elif role == "yearly":
                yearly = word.end
        # `每名会员凭卡可领2张`: the number is the first after 每.
        if not each and every >= 0 and start - every <= _EVERY_REACH:
            each = not (_ANY_NUMBER.search(text, every, start) or _OF_ALL.search(text, every, start))
        if money and not each:
            each = self._of_one(quantity, clause) or (
                shared
                and quantity.value < _SMALL
                and bool(_beside("share").search(text, max(clause.start, start - _BESIDE), start))
            )
        if yearly >= clause.start and not each:
            year = year or not _ANY_NUMBER.search(text, yearly, start)
        return "each" if each else "year" if year else None

    def _read(self, sentence: Span) -> _Sentence:
        start, end = sentence.start, sentence.end
        return _Sentence(start, end, self._words.within(start, end), self._carries_year(start))

    def _carries_year(self, end: int) -> bool:
        """Whether 每年 in an earlier member of the series (`；`) holds in the sentence that begins there."""
        start = max(0, end - _SERIES_REACH)
        if not self._words.within(start, end):
            return False
        start = max(start, 1 + max(self._text.rfind("。", start, end), self._text.rfind("\n", start, end)))
        if not self._text[start:end].rstrip().endswith(("；", ";")):
            return False
        year = False
        for word in self._words.within(start, end):
            year = word.role == "year" or (year and word.role != "reset")
        return year

    def _of_one(self, quantity: Quantity, clause: Span) -> bool:
        """Whether the words beside a sum of money say that it is for one: a prize, cap, range or price."""
        text, value, end = self._text, quantity.value, quantity.start
        start = max(clause.start, end - _BESIDE)
        if quantity.value_max is not None or _OF_THE_STANDARD.match(text, quantity.end):
            return True
        number = _FIRST_DIGIT.search(text, end, quantity.end)
        first = number.start() if number else end
        if value < _SMALL and (
            _beside("price").search(text, start, first) or _ONE_OF.search(text, start, end)
        ):
            return True
        if value <= _PRIZE and (
            _beside("award").search(text, start, end)
            or _prize().search(text, max(0, end - _PRIZE_REACH), end)
        ):
            return True
        return value <= _GRANTED and (
            text.startswith(_caps(), end)
            or _beside("cap").search(text, start, end) is not None
            or _granted().search(text, start, end) is not None
            or _on_condition().search(text, max(0, end - _BESIDE), end) is not None
        )
