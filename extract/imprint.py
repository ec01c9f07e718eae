"""What a page prints about itself: date, newspaper, page, section, source, author, editor."""

import re
from functools import lru_cache
from typing import Final

from extract import bylines, words
from extract.imprint_dates import find_date, find_in_path, without_dates
from extract.imprint_record import Imprint
from extract.lines import Line

_FIELD: Final = {row["term"]: row["field"] for row in words.table("page_labels")}
_LABELS: Final = words.alternation(_FIELD)
_LABEL: Final = re.compile(rf"(?P<label>{_LABELS})\s{{0,4}}(?:[:/]\s{{0,4}}|(?=\d)|\s{{1,3}}(?=[一-龥]))")
_OPENS: Final = re.compile(rf"[\s\[【(〔（—□·○●■\-]{{0,6}}{_LABELS}\s{{0,4}}(?:[:/]|\d|\s|$)")
_FIRST: Final = frozenset(label[0] for label in _FIELD)
"""The letters with which labels begin."""
_BEFORE: Final = re.compile(r"[\s\[【(|\]】)\d:>/,、—□·○●■]")
_FOLLOWS: Final = re.compile(r"[:/\d\s]")
"""What may stand behind a label."""
_FIRST_LABEL: Final = re.compile(rf"{_LABELS}[:\s]")
_VALUE_END: Final = re.compile(r"\s{2,}|[\]】|)（(〕\t]|\s(?=\d{4}[-年/.]\d)|[\s]\d{1,4}评论")

_URL: Final = re.compile(r"(?:https?:)?//\S{3,300}")
_CITED: Final = re.compile(
    r"《(?P<paper>[^《》]{2,20})》\s?[(]\s?"
    r"(?P<date>\d{4}\s?(?:年|[-/.])\s?\d{1,2}\s?(?:月|[-/.])\s?\d{1,2}日?)[\s,]{0,3}(?:星期.)?[\s,]{0,3}"
    r"(?:第?\s?(?P<page>[A-Z]{0,2}\d{1,5})\s?版)?[^()]{0,12}[)]"
)
_PAPER: Final = (
    r"[一-龥]{1,8}?(?:日报|晚报|早报|晨报|时报|工人报|工报|午报|导报|商报|都市报|法制报|法治报|政协报|妇女报|民族报|"
    r"青年报|邮政报|经济报|油田报|矿工报|铁道报|教育报|农民报|信息报|周报|报)"
)
_MASTHEAD: Final = re.compile(rf"(?P<paper>{_PAPER})(?=\s|·|$|数字|电子|官方|\d|[:：|])")
_NO_NEWSPAPERS: Final = frozenset(words.terms("line_words", kind="not_newspaper"))
_CREDITS: Final = {"published", "source", "author", "reporter", "editor", "time"}
_PAGE_SIGN: Final = re.compile("[版A-Z]")
_PAGE: Final = re.compile(
    r"(?:第\s{0,2}(?P<a>[A-Z]{0,2}\d{1,5}|[一二三四五六七八九十]{1,3})\s{0,2}版|(?<![A-Z\d.])(?P<b>[A-Z]{0,2}\d{1,5})\s?版(?![本])|"
    r"版次[:\s]{1,3}(?P<c>[A-Z]{0,2}\d{1,5})|Page\s(?P<d>\d{1,4})|(?<![A-Z\d])(?P<e>[A-Z]\d{1,3})(?=[\s·:]|$))"
    r"(?:\s{0,2}[:·)]?\s{0,3}(?P<section>(?!上一|下一|星期|总第)[一-龥·/]{2,12}))?"
)
_OUTLET_END: Final = re.compile(r"\S{2,24}?(?:[报网社台会局部]|频道|客户端|公司|中心)(?=\s)")
_SIGNED: Final = re.compile(r"[(]([一-龥]{1,4}(?:[\s、,]{1,2}[一-龥]{1,4}){0,4})[)]\s")
_TRAINEE: Final = re.compile(r"[(](?:实习生?|见习|实习编辑)[)]")
_ISSUED: Final = re.compile(
    r"(?P<by>[一-龥“”()]{1,24}(?:工会|工委|总|办|办公室|办公厅|委员会|编辑部|部|处|中心))\s?[编印主办发]{0,2}\s{1,20}(?=\d{4}|[二一])"
)
"""Who issues a bulletin, before the day: `海州市总工会办公室编　2023年7月28日`."""
_NUMBERED: Final = re.compile(r"[(\[〔]?(?:\d{4}年)?(?:度?总?第\s?\d{1,5}\s?期[()\[\]〔〕\s,]{0,3}){1,2}$")
"""The number of a bulletin, alone on its line."""
_TIME: Final = re.compile(r"\d{1,2}:\d{2}")
_POSTED: Final = re.compile(
    r"(?P<who>[^\d。,，:：]{2,40}?)\s{1,4}\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?\s{1,4}\d{1,2}:\d{2}"
    r"(?:\s{0,4}(?:发表于)?\s{0,2}[一-龥]{2,4})?$"
)
"""Who posted it on a social network, the account last, with the minute and the place."""
_PATH: Final = re.compile(r"(?:https?:)?//\S+/")
_STOCK: Final = re.compile(
    r"第?\s?\d{1,6}期|总第\s?\d{1,6}期|数字报纸?|电子版|当前版|文章字数|日?\s?\d{1,2}:\d{2}(?::\d{2})?"
)
_NO_WORDS: Final = re.compile(r"[\W\d_]+")
_WEEKDAY: Final = re.compile(r"星期[一二三四五六日天]|周[一二三四五六日]|农历[^\s]{2,10}")
_SIGN: Final = re.compile(r"[\d\s:/报版年]")
"""A line without any of these tells nothing about the page."""
_CRUMB: Final = re.compile(r"\s{0,4}(?:>{1,2}|→|»|/)\s{0,4}")
_NOT_SECTION: Final = frozenset(words.terms("furniture", place="token"))
_LONG: Final = 160
_REMEMBERED: Final = 256
"""Lines whose reading is kept: a line is asked about several times."""


def _paged(plain: str) -> re.Match[str] | None:
    return _PAGE.search(plain) if _PAGE_SIGN.search(plain) else None


def is_imprint(line: Line) -> bool:
    """True for a line that only tells about the page or the article."""
    plain = line.plain
    if len(plain) > _LONG or (line.ends and plain[-1] not in ")]】") or not _SIGN.search(plain):
        return False
    if _CITED.fullmatch(plain):
        return True
    if (plain[0] in _FIRST or not plain[0].isalpha()) and _OPENS.match(plain):
        label = _LABEL.search(plain)
        return bool(label) and ("。" not in plain) and _believable(plain)
    if "。" in plain:
        return False
    if _URL.match(plain) or _POSTED.match(plain):
        return True
    dated = find_date(plain) is not None
    paged = _paged(plain) is not None
    masthead = "报" in plain and _MASTHEAD.match(plain) is not None
    if not (dated or paged or masthead):
        return "期" in plain and _NUMBERED.match(plain) is not None
    rest = _strip_known(plain)
    if dated:
        bare = 12 if _WEEKDAY.search(plain) or _TIME.search(plain) else 4
        allowed = 60 if masthead else 40 if _fields(plain) else 24 if paged else bare
        issued = _ISSUED.match(plain)
        return len(rest) <= max(allowed, issued.end() if issued else 0)
    return (paged and len(rest) <= 8) or (masthead and len(rest) <= 6)


def _believable(plain: str) -> bool:
    """A lone `时间:` or `编辑` opens lines of prose too; a label that is kept must have a short value."""
    fields = _fields(plain)
    kept = [name for name, value in fields if name != "time" and len(value) <= 60]
    timed = [name for name, value in fields if name == "time" and find_date(value)]
    return bool(kept) or (bool(timed) and (len(fields) > 1 or re.search(r"\d:\d\d", plain) is not None))


def _strip_known(plain: str) -> str:
    rest = _URL.sub("", plain)
    rest = without_dates(rest)
    rest = _WEEKDAY.sub("", rest)
    rest = _MASTHEAD.sub("", rest)
    rest = _PAGE.sub("", rest)
    rest = _STOCK.sub("", rest)
    return _NO_WORDS.sub("", rest)


@lru_cache(maxsize=_REMEMBERED)
def _fields(plain: str) -> list[tuple[str, str]]:
    """Labels of a line with their values, in order."""
    if not _FOLLOWS.search(plain):
        return []
    plain = _TRAINEE.sub("", plain)
    glued = find_date(plain) is not None or _OPENS.match(plain) is not None
    marks = [
        mark
        for mark in _LABEL.finditer(plain)
        if mark.start() == 0 or _BEFORE.match(plain, mark.start() - 1) or (glued and ":" in mark[0])
    ]
    found = []
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        value = plain[mark.end() : following.start() if following else len(plain)].strip()
        cut = _VALUE_END.search(value)
        found.append((_FIELD[mark["label"]], value[: cut.start()].strip() if cut else value))
    return found


def read(line: Line) -> Imprint:
    """Everything the line says about the page or article. The record is shared: do not change it."""
    return _read(line.plain)


@lru_cache(maxsize=_REMEMBERED)
def _read(plain: str) -> Imprint:
    out = Imprint()
    fields = _fields(plain)
    for name, value in fields:
        value = value.strip(" 。;；,，-—|[]【】·□")
        if not value:
            continue
        out.labels.add(name)
        if name == "published" and out.strength < 3 and (found := find_date(value)):
            out.published, out.strength = found, 3
        elif name == "source" and out.source is None and len(value) <= 40:
            out.source = _source(value)
        elif name in ("author", "reporter"):
            _add_people(out, plain, value)
        elif name == "correspondent":
            out.correspondent = out.correspondent or bylines.names(value)
        elif name == "editor" and out.editor is None:
            out.editor = _editor(value)
        elif name == "section" and out.section is None and len(value) <= 20:
            out.section = re.split(r"\s", value)[0]
    if out.author is None and (signed := _SIGNED.match(plain)):
        out.author = bylines.names(signed[1])
    if not out.labels and (posted := _POSTED.match(plain)):
        out.source = posted["who"].split()[-1]
    if not out.labels and out.source is None and (issued := _ISSUED.match(plain)):
        out.source = issued["by"]
    cited = _CITED.search(plain)
    if cited:
        out.newspaper, out.page_number = cited["paper"], cited["page"]
        if found := find_date(cited["date"]):
            out.published, out.strength = found, 3
    else:
        if "source" not in out.labels:
            out.newspaper = _newspaper(plain)
        if page := _paged(plain):
            out.page_number = page["a"] or page["b"] or page["c"] or page["d"] or page["e"]
            out.section = page["section"] or out.section
    if out.published is None:
        _undeclared_date(out, plain, bool(fields))
    return out


def credits(line: Line) -> bool:
    """True for a line that tells when and by whom an article was published, as it stands below a headline; a
    newspaper's page and day stand above."""
    found = read(line)
    told = bool(found.labels & _CREDITS) or found.source is not None
    return found.published is not None and found.page_number is None and told


def _newspaper(plain: str) -> str | None:
    """The newspaper named before the first label."""
    if "报" not in plain:
        return None
    label = _FIRST_LABEL.search(plain)
    masthead = _MASTHEAD.search(plain[: label.start()] if label else plain)
    return masthead["paper"] if masthead and masthead["paper"] not in _NO_NEWSPAPERS else None


def _undeclared_date(out: Imprint, plain: str, labelled: bool) -> None:
    text = _URL.sub(" ", plain) if _PATH.match(plain) else plain
    if found := find_date(text):
        out.published, out.strength = found, 2 if labelled or out.page_number or out.newspaper else 1
        return
    if found := find_in_path(plain):
        out.published, out.strength, out.from_url = found, 1, True


def _add_people(out: Imprint, plain: str, value: str) -> None:
    if out.author:
        return
    author, correspondent = bylines.people(value)
    bare = re.split(r"\s{2,}|(?:全媒体|本报|见习|特约)?(?:记者|通讯员|实习生)", value)[0]
    out.author = " ".join(filter(None, [bylines.names(bare) if bare else None, author])) or None
    out.correspondent = out.correspondent or correspondent


def _source(value: str) -> str:
    """The outlet without the words that happen to stand behind it."""
    outlet = _OUTLET_END.match(value)
    value = outlet[0] if outlet else value
    return value.strip("《》") if value.startswith("《") else value


def _editor(value: str) -> str | None:
    value = re.split(r"\s{2,}|[|·□/]", value)[0]
    value = re.sub(r"[(][^()]*[)]?", " ", value)
    found = bylines.names(value)
    if found is None or len(found) > 30:
        return None
    return found


def crumb_section(plain: str) -> str | None:
    """Last step of a navigation path that names a column."""
    if ">" not in plain:
        return None
    parts = [part.strip() for part in _CRUMB.split(plain) if part.strip()]
    parts = [part for part in parts[1:] if part not in _NOT_SECTION and 1 < len(part) <= 12]
    return parts[-1] if parts else None


def of_author(plain: str) -> Imprint:
    """Who wrote it, from a byline, author line or signature."""
    author, correspondent = bylines.people(plain)
    if not author and not correspondent:
        author = bylines.bracketed_names(plain)
    return Imprint(author=author, correspondent=correspondent)
