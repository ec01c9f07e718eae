"""Single time expressions: what each says before it is known which year or month is meant.

extract/date_patterns.py says which characters form one; extract/date_days.py resolves them.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from extract.date_patterns import POINT, integer, values
from extract.words import table

Base = Literal["printed", "reference", "anchor"]


@dataclass(slots=True, unsafe_hash=True)
class Ref:
    """A year or month as written: a number, or an offset from the reference or from the last date read."""

    base: Base
    value: int


@dataclass(slots=True, unsafe_hash=True)
class Atom:
    """One time expression. `form` names its grammar; unset parts are open to the context.

    form      day parts
    calendar  year, month, day, part (of the year or month)
    lunar     year, month, day
    festival  year, name, side
    shift     unit and amount from the reference (昨天, 上周) or, with base anchor, the last day read (次日)
    weekday   unit "week", amount, day 1..7
    span      unit, amount: near past (近三年)
    ahead     unit, amount: near future (未来三年, 三年内)
    ago       unit, amount (三年前)
    plan      a five-year plan: year (first), amount (last)
    event     a dated event: only with 以来
    word      `part` says which class of words
    """

    start: int
    end: int
    form: str
    year: Ref | None = None
    month: Ref | None = None
    day: int | None = None
    part: str = ""
    name: str = ""
    unit: str = ""
    amount: int = 0
    base: Base = "reference"
    vague: bool = False


def parse(text: str, start: int, mode: str = "news") -> Atom | None:
    """The time expression that begins at `start` of normalised text; None where there is none.

    A calendar date that cannot be (13月, 2月30日) has the form `invalid`: it must not be read in part.
    """
    match = POINT[mode].match(text, start)
    if match is None or match.end() == start:
        return None
    return _read(match)


def _read(groups: re.Match[str]) -> Atom | None:
    # The family is the group that closes last.
    match groups.lastgroup:
        case "iso":
            y, m, d = int(groups["iy"]), int(groups["im"]), int(groups["id"])
            return _checked(Atom(*groups.span(), "calendar", Ref("printed", y), Ref("printed", m), d))
        case "period":
            return _read_period(groups)
        case "amount":
            return _read_amount(groups)
        case "word":
            return _read_word(groups)
    return _read_inner(groups, _read_year(groups))


def _checked(atom: Atom) -> Atom:
    month, day = atom.month, atom.day
    longest = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    bad_month = month is not None and month.base == "printed" and not 1 <= month.value <= 12
    bad_day = (
        day is not None
        and not bad_month
        and not (1 <= day <= (longest[month.value - 1] if month and month.base == "printed" else 31))
    )
    return Atom(atom.start, atom.end, "invalid") if bad_month or bad_day else atom


def _read_period(groups: re.Match[str]) -> Atom | None:
    term = groups["plan"] or groups["event"]
    if not term:
        return None
    row = next(row for row in table("periods") if row["term"] == term)
    first = int(row["valid_from"][:4])
    if groups["event"]:
        return Atom(*groups.span(), "event", name=row["valid_from"])
    tail = groups["pt"] or groups["pq"] or ""
    return Atom(*groups.span(), "plan", Ref("printed", first), amount=int(row["valid_to"][:4]), part=tail)


_AMOUNTS: Final = {"n": "span", "s": "span", "a": "ahead", "b": "ahead", "c": "ahead", "g": "ago"}
"""Groups of the pattern -> form."""
_VAGUE: Final = {"n": ("nm",), "s": ("sm", "sx"), "g": ("gm",)}
_UNITS: Final = {"年": "year", "月": "month", "周": "week", "星期": "week", "天": "day", "日": "day"}


def _read_amount(groups: re.Match[str]) -> Atom | None:
    for key, form in _AMOUNTS.items():
        number, unit = groups[key + "n"], groups[key + "u"]
        if number is None or unit is None:
            continue
        unit = _UNITS[unit.removeprefix("个")]
        vague = any(groups[group] for group in _VAGUE.get(key, ()))
        if number == "半":
            # Half a year is six months; of other units there is no such span.
            if unit != "year":
                return None
            unit, amount = "month", 6
        else:
            amount = integer(number)
        part = (groups["nw"] or "") if key == "n" else ""
        name = (groups[key + "t"] or "") if key in "ns" else ""
        return Atom(*groups.span(), form, unit=unit, amount=amount, part=part, name=name, vague=vague)
    return None


def _read_word(groups: re.Match[str]) -> Atom | None:
    if word := groups["same"]:
        return Atom(*groups.span(), "same", amount=values("same-period")[word])
    for key, part in (
        ("recent", "recent"),
        ("untilnow", "until"),
        ("total", "total"),
        ("recurring", "recurring"),
        ("opensince", "since"),
    ):
        if groups[key]:
            return Atom(*groups.span(), "word", part=part, name=groups[key] or "")
    if word := groups["dayw"]:
        return Atom(*groups.span(), "shift", unit="day", amount=values("day")[word], name=word)
    if word := groups["anchorw"]:
        return Atom(*groups.span(), "shift", unit="day", amount=values("day-anchor")[word], base="anchor")
    if groups["wd"]:
        weekday = "一二三四五六日".find((groups["wd"] or "").replace("天", "日")) + 1
        week = groups["ww"]
        unit = "week" if week else ""
        return Atom(
            *groups.span(),
            "weekday",
            day=weekday,
            unit=unit,
            amount=values("week")[week + "周"] if week else 0,
        )
    if word := groups["week"]:
        return Atom(*groups.span(), "shift", unit="week", amount=values("week")[word])
    return None


def _read_year(groups: re.Match[str]) -> Ref | None:
    if word := groups["yw"]:
        if word in values("year-before"):
            return Ref("anchor", values("year-before")[word])
        return Ref("reference", values("year").get(word, 0))
    if text := groups["y4"] or groups["yb"] or groups["yc"]:
        return Ref("printed", integer(text))
    if text := groups["y2"] or groups["y0"]:
        return Ref("printed", 2000 + int(text))
    if "yn" in groups.re.groupindex:
        if groups["yn"]:
            return Ref("printed", int(groups["yn"]))
        if groups["yt"]:
            return Ref("printed", 2000)
        if groups["ys"]:
            value = integer(groups["ys"])
            return Ref("printed", value if value > 99 else value + (2000 if value < 50 else 1900))
    return None


def _read_inner(groups: re.Match[str], year: Ref | None) -> Atom | None:
    if groups["ln"]:
        return Atom(*groups.span(), "lunar", year, Ref("printed", 1), integer(groups["ln"]))
    if text := groups["la"] or groups["lc"] or groups["le"]:
        month = {"正": 1, "冬": 11, "腊": 12}.get(text) or integer(text)
        text = groups["lb"] or groups["ld"] or groups["lf"]
        day = integer(text.removeprefix("初").removesuffix("日")) if text else None
        return Atom(*groups.span(), "lunar", year, Ref("printed", month), day)
    if name := groups["fn"]:
        side = (
            "eve" if groups["feve"] else "during" if groups["fduring"] else "day" if groups["fon_day"] else ""
        )
        return Atom(*groups.span(), "festival", year, name=name, part=side)
    if text := groups["do"] or groups["dz"]:
        return _checked(Atom(*groups.span(), "calendar", year, None, integer(text)))
    if text := groups["m"] or groups["mb"]:
        return _read_month(groups, year, Ref("printed", integer(text)))
    if word := groups["mw"]:
        base: Base = "anchor" if word in values("month-anchor") else "reference"
        shift = values("month-anchor" if base == "anchor" else "month")[word]
        return _read_month(groups, year, Ref(base, shift))
    if groups["po"]:
        return Atom(*groups.span(), "calendar", year, part=groups["po"].removeprefix("月"), unit="month")
    if part := _part(groups):
        return Atom(*groups.span(), "calendar", year, part=part, unit="year")
    return Atom(*groups.span(), "calendar", year) if year else None


def _read_month(groups: re.Match[str], year: Ref | None, month: Ref) -> Atom:
    if text := groups["d"] or groups["db"]:
        return _checked(Atom(*groups.span(), "calendar", year, month, integer(text)))
    part = groups["mp"] or (f"week{integer(groups['mk'])}" if groups["mk"] else "")
    return _checked(Atom(*groups.span(), "calendar", year, month, part=part, unit="month" if part else ""))


def _part(groups: re.Match[str]) -> str:
    """A stretch of a year as `months 1 6`, `end`, `start`, `whole`."""
    if half := groups["half"]:
        return "half 1 6" if half == "上" else "half 7 12"
    if groups["qf"]:
        return f"months 1 {3 * integer(groups['qf'])}"
    if groups["qa"]:
        first = 1 if groups["qa"] == "首" else integer(groups["qa"])
        last = integer(groups["qb"]) if groups["qb"] else first
        if groups["qe"]:
            return f"lastday {3 * last} {3 * last}"
        return f"{'quarter' if first == last else 'months'} {3 * first - 2} {3 * last}"
    if groups["fm"]:
        return f"months 1 {integer(groups['fm'])}"
    text = groups["yp"] or groups["ya"]
    if not text:
        return ""
    kind = text.removeprefix("年") or text
    return {"初": "start", "底": "end", "末": "end", "尾": "end", "岁末": "end", "中": "middle"}.get(
        kind, "whole"
    )
