"""Dates and stretches of time in an article, resolved against its publication date.

`find` reads an article, `resolve` one expression. Where the publication date is unknown the year is the one
the article gives away (`publication_year`), and an end that would be the publication date is None.
"""

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import date
from typing import Final

from extract import calendars, date_bounds
from extract.date_atoms import Atom, parse
from extract.date_bounds import AFTER, FROM_BEFORE, SINCE_BEFORE, UNTIL_BEFORE
from extract.date_context import Context
from extract.date_patterns import candidates, normalise, words
from extract.date_year import publication_year, year_of
from extract.model import DateMention
from extract.words import alternation

__all__ = ["cut_to", "find", "publication_year", "resolve"]

_STOP: Final = re.compile(r"[。!?\n]")
_NOT_DAY_AFTER: Final = re.compile(rf"(?:{alternation(words('not-day-after'))})$")
_NOT_NEAR_AFTER: Final = re.compile(rf"(?:{alternation(words('not-near-after'))})$")
_NOT_FORMER_AFTER: Final = re.compile(rf"(?:{alternation(words('not-former-after'))})$")
_WEEKDAY_FOLLOWS: Final = re.compile(rf"(?:{alternation(words('weekday-follows'))}|$)")
_EDITION: Final = re.compile(
    r"(?![(]星期[一二三四五六日天][)][^ \n0-9])"
    rf"[ (]{{0,3}}(?:第?[0-9A-Z]{{1,3}}版|[0-2]?[0-9]:[0-5][0-9]|{alternation(words('imprint-follows'))})"
)
_ISSUE: Final = re.compile(r" ?第?[0-9]{1,4}期")
_STAMPED: Final = re.compile(rf"(?:{alternation(words('imprint-label'))})[: ]{{0,2}}$")
_LINE: Final = re.compile(r" {0,4}(?:\n|$)")
_DATELINE: Final = re.compile(r"[ (]{0,2}[电讯](?![话视信])")
_COMPARED: Final = re.compile(rf"(?:[比较同与]|{alternation(words('compared-before'))})$")
_COMPARED_BEHIND: Final = ("相比", "比较", "同期相比", "全年相比")
_CALENDAR_BEFORE: Final = re.compile(r"(?<![农阴夏])历$")
_DIGIT: Final = re.compile(r"[0-9一二三四五六七八九十百千万]")


def _usable(text: str, atom: Atom, context: Context) -> bool:
    """Whether an expression that may be something else is a time here."""
    before = text[max(0, atom.start - 4) : atom.start]
    if context.loose:
        return True
    if atom.form == "festival" and _CALENDAR_BEFORE.search(before):
        return False
    match atom.form:
        case "festival":
            alone = atom.year is None and not atom.part and not calendars.stands_alone(atom.name)
            return not alone or _framed(text, atom)
        case "calendar" if atom.year is None and atom.month is None and atom.day is not None:
            return not _NOT_DAY_AFTER.search(before)
        case "span" if atom.part == "近" and not atom.name:
            # 近三年: no span in 工作近三年 (nearly three years).
            return not _NOT_NEAR_AFTER.search(before) and not text.startswith(("时间", "之久"), atom.end)
        case "span" if atom.part == "前":
            # 前三天 may be the first three days.
            return atom.unit in ("year", "week") and not _NOT_FORMER_AFTER.search(before)
        case "span" if atom.name == "间" and not atom.part:
            return before[-1:] in ("", ",", "。", "\n", " ", ";", "这", "的")
        case "weekday":
            return bool(atom.unit) or bool(_WEEKDAY_FOLLOWS.match(text, atom.end))
        case "ago":
            return before[-1:] not in tuple("每满提到")
    return True


def _framed(text: str, atom: Atom) -> bool:
    """Whether the words around a festival's name make a time of it: 春节以来, 自春节, but not 春节慰问品."""
    before = text[max(0, atom.start - 4) : atom.start]
    marked = AFTER.match(text, atom.end)
    if marked and any(marked[name] for name in ("since", "before", "after", "from")):
        return True
    if UNTIL_BEFORE.search(before) or SINCE_BEFORE.search(before) or FROM_BEFORE.search(before):
        return True
    return before[-1:] in ("", ",", "。", "\n", " ", ";") and text.startswith(",", atom.end)


def _scan(text: str, context: Context) -> list[DateMention]:
    """Mentions in normalised text, in order, without overlaps."""
    context.stops = [m.start() for m in _STOP.finditer(text)]
    found: list[DateMention] = []
    position = 0
    recurring_until = -1
    mode = "whole" if context.loose else "news"
    for start in candidates(text):
        if start < position:
            continue
        atom = parse(text, start, mode)
        if atom is None:
            continue
        if atom.form == "invalid":
            position = atom.end
            continue
        if not _usable(text, atom, context):
            continue
        try:
            mention, used = date_bounds.mention(text, atom, context, _sentence(context, atom.start))
            end = mention.end
        except (ValueError, OverflowError):
            position = atom.end
            continue
        position = end
        recurring = mention.kind == "recurring" or text[start - 1 : start] == "每" or start == recurring_until
        if recurring:
            recurring_until = end
            mention = DateMention(start, end, None, None, "open", "printed", "recurring", "recurring")
        elif not context.loose and _is_imprint(text, mention):
            weekday = _EDITION.match(text, end)
            position = weekday.end() if weekday else end
            continue
        elif atom.form == "word" and atom.part == "total" and _of_period(text, mention, found, context):
            continue
        else:
            if mention.precision == "day" and _DATELINE.match(text, end):
                mention = replace(mention, rule="dateline")
            if _COMPARED.search(text[max(0, start - 4) : start]) or text.startswith(_COMPARED_BEHIND, end):
                mention = replace(mention, rule="compared")
            else:
                _remember(used, mention, context)
        if _is_ahead(mention, context.reference):
            context.ahead = _sentence(context, mention.start)
        found.append(mention)
    return found


def _is_ahead(mention: DateMention, reference: date | None) -> bool:
    """Whether a time is to come: others of its sentence are likely so too."""
    day = mention.date_start or mention.date_end
    return mention.rule != "from" and reference is not None and day is not None and day > reference


def _of_period(text: str, total: DateMention, found: list[DateMention], context: Context) -> bool:
    """Whether 累计 sums up a period its sentence has just named (今年1至5月，全市累计走访)."""
    last = found[-1] if found else None
    if last is None or (last.date_start is None and (last.rule != "until" or last.date_end is None)):
        return False
    if _sentence(context, last.start) != _sentence(context, total.start) or last.precision == "day":
        return False
    return _DIGIT.search(text, last.end, total.start) is None


def _sentence(context: Context, offset: int) -> int:
    return bisect_right(context.stops, offset)


def _is_imprint(text: str, mention: DateMention) -> bool:
    """Whether a day is the page's own (发布时间, 02版), not one the article tells of."""
    if mention.precision == "year" and _ISSUE.match(text, mention.end):
        return True
    if mention.precision != "day" or mention.basis != "printed":
        return False
    if _EDITION.match(text, mention.end):
        return True
    if text[max(0, mention.start - 1) : mention.start] in ("", "\n") and _LINE.match(text, mention.end):
        return True
    return bool(_STAMPED.search(text[max(0, mention.start - 8) : mention.start]))


def _remember(atom: Atom, mention: DateMention, context: Context) -> None:
    """Keep what later expressions may refer to."""
    start, end = mention.date_start, mention.date_end
    if mention.kind in ("recent", "future") or atom.form in ("word", "same", "ago", "span"):
        return
    if context.last is None and mention.precision == "month" and start:
        context.opening = (start.year, start.month)
    context.last = (atom, mention)
    if start:
        context.begun.setdefault(start.year, start)
    if start is None or end is None:
        return
    if mention.precision == "day" and mention.rule in ("calendar", "shift", "weekday", "lunar", "festival"):
        context.day = start
    if (start.year, start.month) == (end.year, end.month):
        context.month = (start.year, start.month)
    relative = atom.year is not None and atom.year.base == "anchor"
    if start.year == end.year and not relative and (atom.year is not None or mention.rule == "range"):
        context.named_year = start.year
        context.sentence = _sentence(context, mention.start)
        context.named_in_figures = mention.basis == "printed"


def find(text: str, reference: date | None, year: int | None = None) -> list[DateMention]:
    """Time expressions of an article body, in order, not overlapping. `reference` is the publication date;
    where it is None, dates without a year take `year` or else `publication_year(text)`. Never raises.

    `rule` names the grammar: `calendar`, `lunar`, `festival`, `shift` (昨天, 当天, 上周), `weekday`, `range`,
    `since`, `from` (起), `after`, `until`, `before`, `span` (近三年), `ahead` (三年内), `ago`, `same` (同期),
    `plan`, `recent`, `total` (累计), `recurring`; `dateline` for the day of 新城5月12日电; `compared` for
    what stands right behind 比, 较, 同 or 与, whatever its grammar.
    """
    text = normalise(text)
    if reference is None and year is None:
        year = year_of(text)
    return _scan(text, Context(reference, year))


_SHORT: Final = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{2}|\d{4})")
_TRIPLE: Final = re.compile(r"(\d{3,4}) *[-/. ] *(\d{1,2}) *[-/. ] *(\d{1,2})")
_PAIR: Final = re.compile(r"(\d{1,2})/(\d{1,2})")


def _numeric(text: str, context: Context) -> date | None:
    """Dates in figures alone: 2023 05 12, 12/5/2023, 23-5-12, 5/12."""
    if match := _TRIPLE.fullmatch(text):
        return date(*map(int, match.groups()))
    if match := _SHORT.fullmatch(text):
        a, b, c = int(match[1]), int(match[3]), int(match[4])
        if len(match[4]) == 2 and len(match[1]) == 2:
            try:
                return date(_century(a), b, c)
            except ValueError:
                pass
        return date(c if c > 99 else _century(c), b, a)
    if (match := _PAIR.fullmatch(text)) and context.reference:
        month, day = int(match[1]), int(match[2])
        days = (date(y, month, day) for y in (context.reference.year, context.reference.year - 1))
        return next((d for d in days if d <= context.reference), None)
    return None


def _century(year: int) -> int:
    return year + (2000 if year < 50 else 1900)


def resolve(text: str, reference: date | None, prefer: str = "past") -> DateMention:
    """The one expression that `text` is, e.g. 去年12月 or 从5月9日到12日. `prefer` ("past", "future") decides
    between years that would both fit. Raises ValueError for what is no date or names one that cannot be."""
    plain = normalise(text).strip()
    context = Context(reference, reference.year if reference else None, prefer, loose=True)
    day = _numeric(plain, context)
    if day:
        return DateMention(0, len(text), day, day, "day", "printed", "event", "figures")
    core = re.sub(r"^[从自在于]", "", plain)
    if re.fullmatch(r"(?:19|20)[0-9]{2}", core):
        core += "年"
    mentions = _scan(core + "\n", context)
    left = re.sub(r"^的|之间$", "", core[mentions[0].end :]) if len(mentions) == 1 else "?"
    if len(mentions) != 1 or mentions[0].start or left:
        raise ValueError(f"not a date: {text!r}")
    return replace(mentions[0], start=0, end=len(text))


def cut_to(mention: DateMention, reference: date | None) -> DateMention:
    """The mention ended at the reference where it runs on beyond it: 今年 with what has been done so far."""
    start, end = mention.date_start, mention.date_end
    if reference is None or start is None or end is None or not start <= reference < end:
        return mention
    return replace(mention, date_end=reference, precision="span", basis="inferred from publication date")
