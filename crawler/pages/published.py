"""The day a page was published, and where that was read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from htmldate import find_date
from lxml import etree
from lxml.html import HtmlElement

from crawler.pages import labels

META = (
    *("pubdate", "publishdate", "publish_date", "publish-date", "publishtime", "publish_time", "pubtime"),
    *(
        "article:published_time",
        "og:published_time",
        "datepublished",
        "firstpublishedtime",
        "og:release_date",
    ),
    *("dc.date", "dc.date.issued", "dcterms.created", "releasedate", "apub:time", "weibo:article:create_at"),
    *("createdate", "contentdate", "docpubtime", "date"),
)
LONGEST = 48
"""Chinese characters beside a date without label from which it dates something else; a third of that where no
clock time follows it."""
SECOND = "htmldate"
"""How the basis names htmldate, which is asked where our own readers find no day, or one of them alone."""
EARLIEST = date(1949, 10, 1)

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?(?:年|[-/.])\s?(\d{1,2})\s?(?:月|[-/.])\s?(\d{1,2})(?!\d)\s?日?")
_URL_DAYS = (
    re.compile(r"(?<!\d)((?:19|20)\d\d)[-/]?(\d\d)[-/](\d\d)(?=[/_.?]|$)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)/(\d{1,2})[-/](\d{1,2})(?=/)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)/(\d\d)(\d\d)(?=/)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?=[/_.]|$|\d{6}(?!\d))"),
)
_URL_CLOCK = re.compile(r"/(\d\d)(\d\d)(\d\d)[012]\d[0-5]\d[0-5]\d\d{3,6}(?=[._]|$)")
_SCRIPT_DAY = re.compile(
    r"[\"']?\b(?:datePublished|publish_?time|publish_?date|pub_?date|pubtime)[\"']?\s?[:=]\s?[\"'](.{8,30}?)[\"']",
    re.I,
)
_SCRIPT_SECONDS = re.compile(
    r"\b(?:ct|publish_?time|pub_?time)[\"']?\s?[:=]\s?[\"']?(1\d{9})(?:\d{3})?\b", re.I
)
_SECONDS = re.compile(r"1\d{9}")
CHINA = timezone(timedelta(hours=8))
_LETTER = re.compile(r"[\u4e00-\u9fff]")
_TODAY = re.compile(r"今天|今日|版权|copyright|©|备案|许可证", re.I)
_CLOCK_AFTER = re.compile(r"\s{0,3}(?:星期.|周.)?\s{0,3}\d{1,2}:\d\d")


def day(year: str, month: str, number: str) -> date | None:
    """A date of the calendar since the founding of the republic's press; None for anything else."""
    try:
        found = date(int(year), int(month), int(number))
    except ValueError:
        return None
    return found if found >= EARLIEST else None


def in_text(text: str) -> date | None:
    """The first full date of a text."""
    for match in _DAY.finditer(labels.fold(text)):
        if found := day(*match.groups()):
            return found
    return None


def in_instant(text: str) -> date | None:
    """The day in China of an ISO date with time; a time without zone is Chinese already."""
    try:
        moment = datetime.fromisoformat(text.strip())
        found = (moment.astimezone(CHINA) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        return None
    return found if found >= EARLIEST else None


def in_url(url: str | None) -> date | None:
    """The day that the address of a page names: `/2024-05/17/`, `t20240517_`, `/2024/0517/` ..."""
    if not url:
        return None
    for pattern in _URL_DAYS:
        for match in pattern.finditer(url):
            if found := day(*match.groups()):
                return found
    # Old portals name files by the second of entry: 15 digits and more that begin with YYMMDDhhmmss.
    entry = _URL_CLOCK.search(url)
    return day("20" + entry.group(1), entry.group(2), entry.group(3)) if entry else None


def in_meta(tree: HtmlElement) -> date | None:
    """The date that the head of the page states."""
    stated: dict[str, date] = {}
    for element in tree.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").lower()
        if name in META and (found := in_text((element.get("content") or "")[:40])):
            stated.setdefault(name, found)
    return next((stated[name] for name in META if name in stated), None)


def in_scripts(tree: HtmlElement) -> date | None:
    """The date that a script of the page states, as text or in seconds since 1970 (China time)."""
    for script in tree.iter("script"):
        text = (script.text or "")[:200_000]
        # What both patterns need; most scripts have neither.
        for match in _SCRIPT_DAY.finditer(text) if "pub" in text.lower() else ():
            if found := in_text(match.group(1)):
                return found
        if _SECONDS.search(text) and (seconds := _SCRIPT_SECONDS.search(text)):
            return datetime.fromtimestamp(int(seconds.group(1)), CHINA).date()
    return None


@dataclass(frozen=True, slots=True)
class Printed:
    """A date that readers of the page see; `labelled` where a label says that it is that of publication."""

    day: date | None
    labelled: bool


def in_lines(lines: Iterable[str]) -> Printed | None:
    """The date printed in lines that stand near the headline: after its label, or alone with a clock time."""
    near = [line for line in lines if len(line) <= 200]
    for line in near:
        for use, value in labels.fields(line):
            if use == "published" and (found := in_text(value[:40])):
                return Printed(found, True)
    bare = []
    for line in near:
        if _TODAY.search(line):
            continue
        plain = labels.fold(line)
        for match in _DAY.finditer(plain):
            found = day(*match.groups())
            clock = bool(_CLOCK_AFTER.match(plain, match.end()))
            words = len(_LETTER.findall(plain[: match.start()] + plain[match.end() :]))
            if found and (labels.fields(line) or words <= (LONGEST if clock else LONGEST // 3)):
                bare.append((clock, found))
    if not bare:
        return None
    return Printed(next((found for clock, found in bare if clock), bare[0][1]), False)


def guessed(tree: HtmlElement, url: str | None) -> date | None:
    """What htmldate finds in the markup. Its search of the whole text is off: that takes the year of a
    copyright line or any date of the story for the day of publication."""
    copy = etree.ElementTree(tree)
    try:
        found = find_date(
            copy.getroot(), extensive_search=False, original_date=True, url=url, outputformat="%Y-%m-%d"
        )
    except (ValueError, TypeError, AttributeError):
        return None
    return in_text(found) if found else None


def seconded(day: date | None, basis: str | None, tree: HtmlElement) -> str | None:
    """The basis of a day that one reader alone found; htmldate is named beside it where it finds the same."""
    if day is None or basis is None or basis == SECOND or " and " in basis:
        return basis
    return f"{basis} and {SECOND}" if guessed(tree, None) == day else basis


def settle(
    printed: Printed, *, meta: date | None, url: date | None, listed: date | None
) -> tuple[date | None, str | None]:
    """The day of publication and its basis, which names all that agree: `printed, meta and url`.

    What is printed comes first, since readers see it and editors correct it: an address keeps the day of
    entry. Only where no label marks the printed date, and head and address agree on another day, do those two
    win. `listed` is the day beside the link on a list.
    """
    bare = printed.day is not None and not printed.labelled
    outvoted = bare and meta is not None and meta == url != printed.day
    found = (None if outvoted else printed.day) or meta or url or listed
    if found is None:
        return None, None
    readers = (("printed", printed.day), ("meta", meta), ("url", url), ("list", listed))
    basis = [name for name, stated in readers if stated == found]
    return found, ", ".join(basis[:-1]) + (" and " if basis[:-1] else "") + basis[-1]
