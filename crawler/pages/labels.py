"""The words that news pages print around an article, from labels.tsv, and the fields that they open."""

import csv
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

FOLD: dict[str, str] = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
FOLD |= {"\u3000": " ", "\xa0": " ", "\u2236": ":"}
"""Full-width letters, digits and punctuation as half-width ones; one character stays one character."""

SEEN = 512
"""Lines of which is remembered what was made of them: more than one rule asks about each line of a page."""

_WIDE = re.compile("[\uff01-\uff5e\u3000\xa0\u2236]")
_CHINESE_NAME = re.compile(r"(?<![\u4e00-\u9fff·•])[\u4e00-\u9fff·•]{2,4}(?![\u4e00-\u9fff·•])")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z.]{0,15}(?: [A-Za-z]{1,15}){0,2}")
_ASIDE = re.compile(r"[(（][^()（）]{0,20}[)）]")
_NAMES_END = re.compile(r"\s{3,}|[|｜/)）】\]。]")
_PICTURE = re.compile(r"[\w\-.]{1,60}\.(?:jpe?g|png|gif|bmp|webp)$", re.I)
_VALUE_END = re.compile(r"\s{2,}|\u3000|[|｜\[【]|\s\d{4}[-年/.]|(?<=[》\u4e00-\u9fff])\s+(?=\d)")


@cache
def terms(use: str) -> tuple[str, ...]:
    """Words of one use (`source`, `editor`, `related`, `furniture`, ...), in file order."""
    text = (files("crawler.pages") / "labels.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(
        (line for line in text.splitlines() if line and not line.startswith("#")),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
    return tuple(row["term"] for row in rows if row["use"] == use)


@lru_cache(SEEN)
def fold(text: str) -> str:
    """Text with full-width forms made half-width; offsets stay."""
    # Few characters change: this takes a fifth of the time of str.translate.
    return _WIDE.sub(lambda match: FOLD[match.group()], text)


def joined(words: Iterable[str]) -> str:
    """Words as a regex group for folded text, longest first."""
    return "(?:" + "|".join(re.escape(fold(w)) for w in sorted(set(words), key=lambda w: (-len(w), w))) + ")"


@cache
def _use_of() -> dict[str, str]:
    uses = ("stop", "published", "author", "correspondent", "editor", "source")
    return {word: use for use in uses for word in terms(use)}


@cache
def _field() -> re.Pattern[str]:
    """A label and its colon. Short labels may end other words (`开会时间：`); long ones and those listed as
    glued may follow the value before them without a gap."""
    glued = [word for word in _use_of() if len(word) > 2 or word in terms("glued")]
    return re.compile(rf"((?<![\u4e00-\u9fff/]){joined(_use_of())}|{joined(glued)})\s?:\s?")


@lru_cache(SEEN)
def fields(line: str) -> tuple[tuple[str, str], ...]:
    """What the labels of one line open: (`source`, `湖滨日报`), (`editor`, `林岚`). Values are as printed."""
    plain = fold(line)
    if ":" not in plain:
        return ()
    marks = list(_field().finditer(plain))
    found = []
    for mark, end in zip(marks, [*(after.start() for after in marks[1:]), len(line)], strict=False):
        found.append((_use_of()[mark.group(1)], line[mark.end() : end].strip(" \u3000\xa0|/[]【】()（）")))
    return tuple(found)


def first_value(value: str) -> str | None:
    """The value itself where other words follow it on the line: up to a wide gap, a bar or a date."""
    value = _VALUE_END.split(value)[0].strip()
    while button := next((w for w in terms("button") if value.endswith(w) and len(value) > len(w) + 1), None):
        value = value[: -len(button)].strip()
    return value.strip("()（）[]【】,，;；。 ") or None


def names(value: str) -> str | None:
    """Names of persons joined by one space: `记者 林岚、季文博` -> `林岚 季文博`. Latin names count only
    where there are no Chinese ones, since editors' codes stand beside those."""
    value = _ASIDE.sub(" ", value)
    value = _roles().sub(" ", _NAMES_END.split(value)[0])
    found = _CHINESE_NAME.findall(value) or _LATIN_NAME.findall(value)
    return " ".join(dict.fromkeys(name.strip() for name in found)) or None


@cache
def _roles() -> re.Pattern[str]:
    return re.compile(rf"(?<![\u4e00-\u9fff]){joined(terms('role'))}")


@cache
def _opening(use: str) -> re.Pattern[str]:
    return re.compile(rf"[\s\[(<>【〖·•|■◆▪*]{{0,4}}{joined(terms(use))}")


@cache
def _anywhere() -> re.Pattern[str]:
    return re.compile(joined(terms("anywhere")), re.I)


@cache
def _only_words() -> re.Pattern[str]:
    return re.compile(rf"(?:{joined(terms('word'))}|[\s\d|/\[\]()【】<>:·,.+×-])+$")


def heads_related(line: str) -> bool:
    """True for a line that heads a list of other stories."""
    plain = fold(line)
    match = _opening("related").match(plain)
    return match is not None and len(plain) - match.end() <= 6


@cache
def _crumb() -> re.Pattern[str]:
    return re.compile(rf"\s?{joined(terms('word'))}\s?[->|·/]")


def is_crumb(line: str) -> bool:
    """True for a path from the home page: `首页 - 新闻动态`."""
    return _crumb().match(fold(line)) is not None


@cache
def _path_mark() -> re.Pattern[str]:
    return re.compile(r"\s{0,2}(?:>{1,3}|»|→|›|\s[-/|]\s|\s·\s)\s{0,2}")


def crumb_end(line: str) -> str | None:
    """The column that a path from the home page ends with: `首页 > 工会要闻 > 正文` -> `工会要闻`."""
    plain = fold(line)
    parts = [part.strip(" :") for part in _path_mark().split(plain)] if len(plain) <= 100 else []
    if len(parts) < 2 or not _home().search(parts[0]):
        return None
    steps = [part for part in parts[1:] if 2 <= len(part) <= 12 and not _only_words().match(part)]
    return steps[-1] if steps else None


@cache
def _home() -> re.Pattern[str]:
    return re.compile(joined(terms("home")) + r"\s?$")


@lru_cache(SEEN)
def is_furniture(line: str) -> bool:
    """True for a line of buttons, counters, navigation or labels and nothing else."""
    plain = fold(line)
    if len(plain) > 200:
        return False
    if _anywhere().search(plain) or _opening("notice").match(plain) or _PICTURE.match(plain):
        return True
    if _only_words().match(plain) or (_opening("furniture").match(plain) and not plain.endswith("。")):
        return True
    mark = _field().match(plain.lstrip(" [(【"))
    return bool(mark) and len(plain) <= 60 and not plain.rstrip(")】] ").endswith("。")


def is_label_line(line: str) -> bool:
    """True for a line with two fields or more: date, source, counter."""
    return len(fields(line)) >= 2 and len(line) <= 160
