"""Dates and stretches of time in an article, resolved against its publication date.

`find` reads an article, `resolve` one expression. Where the publication date is unknown the year is the one
the article gives away (`publication_year`), and an end that would be the publication date is None.
"""

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import date, timedelta

from extract import calendars
from extract.date_atoms import Atom, Ref, parse
from extract.date_days import Context, days
from extract.date_patterns import SEPARATOR, W, candidates, guarded, normalise, words
from extract.date_year import publication_year
from extract.model import Basis, DateMention, Precision
from extract.words import alternation

__all__ = ["cut_to", "find", "publication_year", "resolve"]

_STOP = re.compile(r"[。!?\n]")
_CLOCK = alternation(words("clock"))
_AFTER = re.compile(
    rf"(?:{W}{_CLOCK}|[(](?:周|星期)[一二三四五六日天][)])*"
    rf"(?:(?P<since>[^,。;:!?()\n0-9、年月日近昨]{{0,10}}?以来|{W}(?:{guarded('since')}))"
    rf"|(?P<from>{guarded('from')})|(?P<before>{guarded('before')})|(?P<after>{guarded('after')}))?"
)
_UNTIL_BEFORE = re.compile(rf"(?:{alternation(words('until-prefix'))}){W}$")
_TO_BEFORE = re.compile(rf"(?<!{')(?<!'.join(words('no-prefix'))})(?:{alternation(words('to-prefix'))})$")
_SINCE_BEFORE = re.compile(rf"(?<!来)(?:{alternation(words('since-prefix'))}){W}$")
_FROM_BEFORE = re.compile(rf"(?:{alternation(words('from-prefix'))}){W}$")
_NOT_DAY_AFTER = re.compile(rf"(?:{alternation(words('not-day-after'))})$")
_FUTURE = re.compile(alternation(words("future")))
_RANGE = re.compile(rf"起?{SEPARATOR}|(?:以来)?,?截[至止]到?{W}")
_FILLED_RANGE = re.compile(r"[^,。;:!?\n0-9、年月日]{0,8}?[到至]")
_BETWEEN = re.compile(r"[与和]")
_EDITION = re.compile(
    rf"[ (]{{0,3}}(?:第?[0-9A-Z]{{1,3}}版|[0-2]?[0-9]:[0-5][0-9]|{alternation(words('imprint-follows'))})"
)
_ISSUE = re.compile(r" ?第?[0-9]{1,4}期")
_STAMPED = re.compile(rf"(?:{alternation(words('imprint-label'))})[: ]{{0,2}}$")
_LINE = re.compile(r" {0,4}(?:\n|$)")
_DATELINE = re.compile(r"[ (]{0,2}[电讯](?=[ ()\n]|[^话视信])")
_COMPARED = re.compile(r"(?:比|较|同|与|和|于)$")
_CALENDAR_BEFORE = re.compile(r"(?<![农阴夏])历$")
_DIGIT = re.compile(r"[0-9一二三四五六七八九十百千万]")


def _usable(text: str, atom: Atom, context: Context) -> bool:
    """Whether an expression that may be something else is a time here."""
    before, after = text[max(0, atom.start - 4) : atom.start], text[atom.end : atom.end + 1]
    if context.loose:
        return True
    if atom.form == "festival" and _CALENDAR_BEFORE.search(before):
        return False
    if (
        atom.form == "festival"
        and atom.year is None
        and not atom.part
        and not calendars.stands_alone(atom.name)
    ):
        marked = _AFTER.match(text, atom.end)
        if marked and any(marked[k] for k in ("since", "before", "after", "from")):
            return True
        if _UNTIL_BEFORE.search(before) or _SINCE_BEFORE.search(before) or _FROM_BEFORE.search(before):
            return True
        return before[-1:] in ("", ",", "。", "\n", " ", ";") and after == ","
    if atom.form == "calendar" and atom.year is None and atom.month is None and atom.day is not None:
        return not _NOT_DAY_AFTER.search(before)
    if atom.form == "span" and atom.part == "前" and atom.unit in ("day", "month"):
        return False
    if atom.form == "span" and (atom.part, atom.name) in (("近", ""), ("前", ""), ("", "间")):
        # 近三年: not a span in 有近三年 (nearly three years' worth) unless a stop follows.
        return before[-1:] in ("", ",", "。", "\n", " ", ";", ":", '"', "(", "、") or after in (",", "、")
    if atom.form == "weekday":
        return bool(re.match(r"[,。、]|上午|下午|早|晚|起|将|举|,|$", text[atom.end : atom.end + 2])) or bool(
            atom.unit
        )
    if atom.form == "ago":
        return not re.search(r"[每满提到]$", before)
    return True


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
            mention, end, used = _mention(text, atom, context)
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
            if not _COMPARED.search(text[max(0, start - 1) : start]):
                _remember(used, mention, context)
        found.append(mention)
    return found


def _of_period(text: str, total: DateMention, found: list[DateMention], context: Context) -> bool:
    """Whether 累计 sums up a period its sentence has just named (今年1至5月，全市累计走访)."""
    if not found or found[-1].date_start is None:
        return False
    last = found[-1]
    if _sentence(context, last.start) != _sentence(context, total.start) or last.precision == "day":
        return False
    return _DIGIT.search(text, last.end, total.start) is None


def _sentence(context: Context, offset: int) -> int:
    return bisect_right(context.stops, offset)


def _mention(text: str, atom: Atom, context: Context) -> tuple[DateMention, int, Atom]:
    """The mention that an atom begins: a range, a beginning, an end or the atom alone; where it ends; and the
    atom that stands for it when a later expression refers back."""
    sentence = _sentence(context, atom.start)
    before = text[max(0, atom.start - 6) : atom.start]
    around = re.split(r"[。;!?\n]", text[max(0, atom.start - 12) : atom.start])[-1]
    behind = re.split(r"[。;!?\n]", text[atom.end : atom.end + 16])[0]
    suffix = _AFTER.match(text, atom.end)
    assert suffix is not None
    future = bool(_FUTURE.search(around) or _FUTURE.search(behind)) or bool(
        suffix["from"] or suffix["before"]
    )

    if atom.form == "word":
        return _word(atom, context), atom.end, atom
    span = _range(text, atom, context, sentence, future)
    if span:
        return span[0], span[0].end, span[1]

    (start, end), precision, basis = days(atom, context, sentence, future)
    rule, kind, stop = atom.form, "event", atom.end
    reference = context.reference
    if atom.form == "span":
        kind = "cumulative"
    elif atom.form == "ahead":
        kind = "future"
    elif (
        suffix["since"]
        or (atom.form == "plan" and atom.part == "以来")
        or (_SINCE_BEFORE.search(before) and not (suffix["before"] or suffix["from"]))
    ):
        if suffix["since"]:
            stop = suffix.end()
        rule, kind = "since", "cumulative"
        start, end, precision, basis = _since(start, context, basis)
    elif suffix["from"] and atom.form != "same":
        stop = suffix.end()
        rule = "from"
        if end and reference and end < reference:
            kind = "cumulative"
            start, end, precision, basis = _since(start, context, basis)
        else:
            kind, end, precision = "future", None, "open"
    elif suffix["before"]:
        stop = suffix.end()
        rule = "before"
        if atom.form == "festival" or (atom.form == "calendar" and precision in ("month", "year")):
            end = start - timedelta(1) if start else None
        start, precision = None, "open"
        kind = "future" if end and reference and end > reference else "cumulative"
    elif suffix["after"] and atom.form in ("festival", "lunar"):
        stop = suffix.end()
        rule, kind = "after", "future"
        if start and reference and start <= reference:
            kind = "cumulative"
            start, end, precision, basis = _since(start, context, basis)
        else:
            end, precision = None, "open"
    elif _UNTIL_BEFORE.search(before) or (_TO_BEFORE.search(before) and _ends(atom, precision, end, context)):
        rule = "until"
        start, precision = None, "open"
        kind = "future" if end and reference and end > reference else "cumulative"
    mention = DateMention(atom.start, stop, start, end, precision, basis, kind, rule)
    return mention, stop, atom


def _ends(atom: Atom, precision: Precision, end: date | None, context: Context) -> bool:
    """Whether 到 before the atom makes it an end: 到2月底, 到2025年, but not 到5月9日 nor a year gone by."""
    now = context.reference or (date(context.year, 12, 31) if context.year else None)
    if precision == "year" and end and now and end <= now:
        return False
    return atom.form in ("calendar", "plan") and (atom.day is None or precision != "day")


def _since(
    start: date | None, context: Context, basis: Basis
) -> tuple[date | None, date | None, Precision, Basis]:
    """From a day up to the publication date."""
    reference = context.reference
    if reference is None or (start and start > reference):
        return start, None, "open", basis
    return start, reference, "span", "inferred from publication date"


def _word(atom: Atom, context: Context) -> DateMention:
    kind = atom.part if atom.part in ("recurring", "recent") else "cumulative"
    end = None if kind == "recurring" else context.reference
    return DateMention(atom.start, atom.end, None, end, "open", context.basis, kind, atom.part)


def _range(
    text: str, first: Atom, context: Context, sentence: int, future: bool
) -> tuple[DateMention, Atom] | None:
    """`first` and what stands behind its dash or 至, as one span."""
    if first.form not in ("calendar", "lunar", "festival", "shift", "weekday"):
        return None
    match = _RANGE.match(text, first.end)
    between = None if match else _BETWEEN.match(text, first.end)
    filled = None
    if match is None and between is None and _FROM_BEFORE.search(text[max(0, first.start - 3) : first.start]):
        filled = _FILLED_RANGE.match(text, first.end)
    match = match or between or filled
    if match is None:
        return None
    second = parse(text, match.end(), "whole" if context.loose else "second")
    if second is None or second.form not in ("calendar", "lunar", "festival", "shift"):
        return None
    stop = second.end
    if between:
        if not text.startswith("之间", stop):
            return None
        stop += 2
    until = "截" in match.group()
    if until and first.month is not None:
        return None
    if second.form == "calendar" and first.form == "calendar":
        second = _completed(second, first)
        if first.year is None and second.year is not None and first.month is not None:
            first = replace(first, year=second.year)
    start, end, basis = _ends_of(first, second, context, sentence, future)
    years = first.form == "calendar" == second.form and not (
        first.month or second.month or first.part or second.part
    )
    precision: Precision = "years" if years and first.day is None else "span"
    if start is None or end is None:
        precision = "open"
    return DateMention(first.start, stop, start, end, precision, basis, "event", "range"), second


def _ends_of(
    first: Atom, second: Atom, context: Context, sentence: int, future: bool
) -> tuple[date | None, date | None, Basis]:
    """First and last day of a range. Raises ValueError where it would end before it begins."""
    (start, _), _, basis = days(first, context, sentence, future)
    if start is None:
        return None, days(second, context, sentence, future)[0][1], basis
    end = days(second, _behind(context, start, sentence), sentence, future)[0][1]
    if end is None or end >= start:
        return start, end, basis
    if second.month is None and second.day is not None:
        # 即日起至6日, printed on the 20th: of the next month.
        end = calendars.add_months(end, 1)
    elif second.month and second.year == first.year:
        # December to January: the range runs over the turn of the year.
        later = days(_of_year(second, start.year + 1), context, sentence, future)[0][1]
        past = first.year is None and not future
        if past and later and context.reference and later > context.reference:
            start = days(_of_year(first, end.year - 1), context, sentence, future)[0][0]
        else:
            end = later
    if start and end and end < start:
        raise ValueError("a range that ends before it begins")
    return start, end, basis


def _behind(context: Context, start: date, sentence: int) -> Context:
    """The context behind the first day of a range."""
    return replace(
        context, day=start, month=(start.year, start.month), named_year=start.year, sentence=sentence
    )


def _of_year(atom: Atom, year: int) -> Atom:
    """The atom in a given year."""
    return replace(atom, year=Ref("printed", year))


def _completed(second: Atom, first: Atom) -> Atom:
    """The end of a range with the parts it leaves out."""
    if second.year is None:
        second = replace(second, year=first.year)
    if second.month is None and second.day is not None:
        second = replace(second, month=first.month)
    return second


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
    context.last = (atom, mention)
    if start and (atom.month or atom.day):
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


def find(text: str, reference: date | None, year: int | None = None) -> list[DateMention]:
    """Time expressions of an article body, in order, not overlapping. `reference` is the publication date;
    where it is None, dates without a year take `year` or else `publication_year(text)`. Never raises."""
    text = normalise(text)
    if reference is None and year is None:
        year = publication_year(text)
    return _scan(text, Context(reference, year))


_SHORT = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{2}|\d{4})")
_TRIPLE = re.compile(r"(\d{3,4}) *[-/. ] *(\d{1,2}) *[-/. ] *(\d{1,2})")
_PAIR = re.compile(r"(\d{1,2})/(\d{1,2})")


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
