"""What a time expression can date, judged by the words around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from extract.model import DateMention, Span
from extract.offsets import Row
from extract.words import alternation, terms

_BEGINNING: Final = re.compile(
    rf"[^,，。；;！!？?\n]{{0,12}}?{alternation(terms('time_cues', meaning='beginning'))}"
)
_LAUNCHES: Final = (*terms("time_cues", meaning="beginning"), *terms("time_cues", meaning="launch"))
_LAUNCH: Final = re.compile(rf"[^,，。；;！!？?\n]{{0,12}}?{alternation(_LAUNCHES)}")
_BEGUN_IN: Final = tuple(f"{term}于" for term in terms("time_cues", meaning="beginning"))
_EDGES: Final = terms("time_cues", meaning="edge")
_HOLDS: Final = terms("time_cues", meaning="holds")
_SEASONS: Final = terms("time_cues", meaning="season")
_TELLING: Final = re.compile(
    r"[^。；;\n]{0,14}?(?:获悉|了解到|获知|记者从|发布的?(?:消息|通报|数据)|对外[公发]布)|[,，]?记者(?![^，,。]{0,14}?[看见走来])"
    r"|[^。；;\n]{0,30}?(?:新闻发布会|新闻通气会|媒体通气会)"
)
"""Behind a day: `24日,记者从市总工会获悉` is the day of the telling, not of what is told."""
_SCENE: Final = re.compile(r"的[^，,。；;\d的]{1,8}[，,]")
_CLAUSE_END: Final = re.compile(r"[,，。；;！!？?\n]")
_CLAUSE_REACH: Final = 100
_LEADS: Final = frozenset(',，。；;：:、（("“‘《 \t\u3000\n')
"""What stands before a time that stands by itself; a year behind anything else may be part of a name."""
_PASSING: Final = frozenset({"compared", "festival", "dateline", "same", "total"})
"""Rules of `dates` whose mentions date their own sentence only."""
_SPEECH: Final = 60
_TITLE: Final = 12
_OWN: Final = re.compile(
    r"(?:同期)?(?:的|为|是|只有|仅为|仅有|仅|才)?(?:约|近|超|不足|不到|逾)?(?:\d|(?<=[的为是有仅才约近超足到逾])[一二三四五六七八九十百千万两])"
)
"""Behind a time of comparison: `上年为1.09万家`, `2018年的612万人`. It dates that number alone."""
_NUMBER: Final = re.compile(r"\d")
_RATED: Final = re.compile(r"[^,，。；;\n]{0,4}?(?:人均|每人|每[户名位个])")
"""Behind a year whose rate is told: `全年人均不超过2000元`."""
_CONDITION: Final = re.compile(r"[^,，。；;\n\d]{1,16}的")
"""Behind a stretch of time within which something is asked for: `近五年没有参加过的优先`."""
_FROM: Final = "由从自"
_POINTS: Final = frozenset({"year", "month", "day"})


@dataclass(slots=True, unsafe_hash=True)
class Dated(Span):
    """A time expression with what it can date."""

    mention: DateMention
    usable: bool
    """Whether it can date anything."""
    carries: bool
    """Whether later sentences go on at its time."""
    telling: bool
    """Whether it is the day on which the news was told."""
    reach: int
    """Offset behind which it dates nothing, though its sentence goes on."""
    begun: bool = False
    """Whether something began in it that later sentences tell of: they are of the time since then."""


def clause_end(text: str, start: int) -> int:
    """Where the clause that `start` stands in ends; a clause of great length is cut."""
    limit = start + _CLAUSE_REACH
    stop = _CLAUSE_END.search(text, start, limit)
    return stop.start() if stop else limit


def judge(
    text: str, sentences: Row[Span], mentions: Sequence[DateMention], published: date | None
) -> list[Dated]:
    """Each mention, in text order, with what it can date."""
    found: list[Dated] = []
    days: list[DateMention] = []
    sentence = -1
    before = False
    for mention in mentions:
        if (here := sentences.at(mention.start)) != sentence:
            sentence, days, before = here, [], False
        telling = mention.precision == "day" and _TELLING.match(text, mention.end) is not None
        usable = _usable(mention)
        short = usable and (
            _is_beginning(text, mention, published)
            or _is_of_a_name(text, mention, days)
            or (bool(before) and _is_attribute(text, mention))
            or _is_scene(text, mention)
            or (mention.rule == "span" and _CONDITION.match(text, mention.end) is not None)
        )
        edge = text.endswith(_EDGES, mention.start, mention.end)
        own = _OWN.match(text, mention.end) if usable and (edge or _is_past(mention, published)) else None
        carries = (
            usable
            and not short
            and own is None
            and mention.kind in ("event", "cumulative")
            and mention.rule not in _PASSING
            and (mention.rule == "range" or not edge)
            and not _is_spoken(text, mention.start)
            and not _RATED.match(text, mention.end)
            and not (mention.rule == "span" and _is_behind_numbers(text, sentences.spans[here], mention))
        )
        reach = clause_end(text, mention.end) if short else len(text)
        if own and text[max(0, mention.start - 1) : mention.start] in _FROM:
            reach = own.end()  # 从2018年的612万人增加到731万人
        begun = carries and _has_begun(text, mention, published)
        found.append(Dated(mention.start, mention.end, mention, usable, carries, telling, reach, begun))
        if usable and mention.precision == "day" and mention.rule != "compared" and not telling:
            days.append(mention)
        before = before or (usable and mention.kind == "event")
    return found


def _usable(mention: DateMention) -> bool:
    """Whether a mention can date a fact. `截至目前` can also where the publication date is unknown."""
    if mention.kind == "recurring":
        return False
    return bool(mention.date_start or mention.date_end) or mention.kind in ("cumulative", "recent")


def _is_scene(text: str, mention: DateMention) -> bool:
    """Whether the mention paints the scene: `10月的河池，板栗开了口`."""
    return mention.precision in ("month", "season") and _SCENE.match(text, mention.end) is not None


def _is_titled(text: str, mention: DateMention) -> bool:
    """Whether a year in figures opens the name of an event: `2024年全省“春风行动”招聘会`."""
    return mention.basis == "printed" and text.find("“", mention.end, mention.end + _TITLE) > 0


def _is_behind_numbers(text: str, sentence: Span, mention: DateMention) -> bool:
    """Whether its sentence has told of something before the mention: `每人缴费80元，三年来代缴640万元`."""
    return _NUMBER.search(text, sentence.start, mention.start) is not None


def _is_attribute(text: str, mention: DateMention) -> bool:
    """Whether the mention belongs to a noun that is spoken of: `把2024年的工作通报一遍`, `转入10月的班次`."""
    if mention.precision == "day" or not text.startswith("的", mention.end):
        return False
    return text[mention.start - 1] not in _LEADS


def _is_past(mention: DateMention, published: date | None) -> bool:
    """Whether the mention is of a period of an earlier year than that of the publication date."""
    if mention.kind != "event" or mention.precision == "day" or mention.date_end is None:
        return False
    return published is not None and mention.date_end.year < published.year


def _is_spoken(text: str, at: int) -> bool:
    """Whether a place is inside quotation marks that opened not far before it."""
    first = max(0, at - _SPEECH)
    return text.rfind("“", first, at) > text.rfind("”", first, at)


def _is_beginning(text: str, mention: DateMention, published: date | None) -> bool:
    """Whether the mention says when something of an earlier year began: `2019年成立，会员4260名`."""
    if mention.precision not in _POINTS or mention.date_end is None:
        return False
    if published is not None and mention.date_end.year >= published.year:
        return False
    return _BEGINNING.match(text, mention.end) is not None or text.endswith(_BEGUN_IN, 0, mention.start)


def _has_begun(text: str, mention: DateMention, published: date | None) -> bool:
    """Whether something began in a month gone by: `今年6月建成，…。驿站接待了600人次`."""
    end = mention.date_end
    if mention.precision != "month" or published is None or end is None or end >= published:
        return False
    return _LAUNCH.match(text, mention.end) is not None


def _is_of_a_name(text: str, mention: DateMention, days: Sequence[DateMention]) -> bool:
    """Whether a year or festival is part of the name of what happens on a day that its sentence has named
    before: `3月5日，全省2026年春季招聘会开幕`, `1月18日，启动“两节”送温暖`."""
    if not days:
        return False
    if mention.rule == "festival":
        return not text.endswith(_SEASONS, mention.start, mention.end)
    if mention.kind == "event" and mention.precision != "day" and text.endswith(_HOLDS, 0, mention.start):
        return True
    start, end = mention.date_start, mention.date_end
    if mention.precision != "year" or start is None or end is None:
        return False
    if mention.start == 0 or (text[mention.start - 1] in _LEADS and not _is_titled(text, mention)):
        return False
    return any(day.date_start is not None and start <= day.date_start <= end for day in days)
