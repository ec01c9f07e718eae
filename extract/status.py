"""Status (actual or planned) and rate (each, per year) of a quantity, by the words that govern it.

Whether a number is planned is weighed: each word of intention, of time to come, of completion or of time gone
by counts according to where it stands: in the clause of the number, in the sentence, in the paragraph before
it, in the heading above. The rest of the document counts as well: a notice lays down, a report tells.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from extract import words
from extract.model import Per, Quantity, Span, Status
from extract.scan import Scanner
from extract.sentences import at as index_at
from extract.sentences import paragraphs as split_paragraphs
from extract.sentences import sentences as split_sentences

_ROLES = ("intend", "quota", "must", "later", "section", "done", "past", "perfect", "rule", "allot", "mask")
_AHEAD = frozenset({"intend", "will", "later", "section"})
_BACK = frozenset({"done", "past"})
_SETTLING = _AHEAD | _BACK
_OPENING = 300
_HEADING_LENGTH = 30
_HEADING_STOPS = "。；;！!？?，,"
_PLAN_DOCUMENT = 0.05
_SENTENCE_REACH = 400
_PARAGRAPH_REACH = 1000
_RULE_REACH = 4
_FROM = re.compile(r"[由从自]\D{0,2}\Z")
# `比去年的86人` gives a number of last year; `比去年多86人` does not.
_THAT_TIME = re.compile(r"(?:同期|全年|同口径|一年)?(?:的|是|为)?")

# Evidence for `planned` (above 0) and for `actual` (below 0): place and role of the word.
_WEIGHTS: dict[str, float] = {
    "always": -2.0,
    "clause:intend": 4.0,
    "clause:will": 4.0,
    "clause:later": 3.5,
    "clause:section": 4.0,
    "clause:done": -2.5,
    "clause:past": -2.5,
    "clause:quota": 3.0,
    "clause:allot": -1.2,
    "clause:must": 2.0,
    "clause:perfect": -1.5,
    "clause:from": -6.0,
    "clause:compared": -6.0,
    "sentence:intend": 3.5,
    "sentence:will": 3.5,
    "sentence:later": 3.0,
    "sentence:section": 4.0,
    "sentence:done": -0.5,
    "sentence:past": -1.2,
    "sentence:mixed": 0.3,
    "sentence:quota": 2.6,
    "sentence:must": 0.8,
    "after:will": 4.0,
    "after:intend": 3.5,
    "after:later": 3.0,
    "after:must": 2.5,
    "after:quota": 1.5,
    "after:done": -1.0,
    "after:past": -1.0,
    "after:perfect": -1.5,
    "series:ahead": 2.8,
    "series:back": -0.5,
    "previous:ahead": 1.0,
    "previous:back": -0.3,
    "paragraph:ahead": 0.5,
    "paragraph:back": -0.2,
    "passage": 2.5,
    "column:ahead": 6.0,
    "column:back": -4.0,
    "heading": 2.0,
    "near:rule": 3.5,
    "rate": 0.8,
    "document": 1.5,
    "plan document": 2.4,
}


@dataclass(frozen=True, slots=True)
class _Marker(Span):
    role: str
    """A role of the word list, `will` (将), `compared` (a past time in a comparison) or a year."""

    def at_time(self, year: int | None) -> "_Marker":
        """The marker as it reads in an article of that year."""
        if not self.role.isdigit():
            return self
        said = int(self.role)
        role = "year" if year is None or said == year else "past" if said < year else "later"
        return _Marker(self.start, self.end, role)


# ---------------------------------------------------------------- markers


@cache
def _roles() -> dict[str, str]:
    return {row["term"]: row["role"] for row in words.table("status_words") if row["role"] in _ROLES}


@cache
def _scanner() -> Scanner:
    return Scanner([*_roles(), _WILL])


_WILL = "将"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")


@cache
def _role_pattern(role: str) -> re.Pattern[str]:
    return re.compile(words.alternation(words.terms("status_words", role=role)))


@cache
def _carried() -> re.Pattern[str]:
    carry = words.alternation(words.terms("status_words", role="carry"))
    return re.compile(f"[^，,。；;：:！!？?\\n]{{1,40}}?{carry}")


def _is_will(text: str, end: int) -> bool:
    """Whether the 将 that ends there is the one of the future: `将组织20场`, not `将12万元送到`."""
    if _role_pattern("after").match(text, end):
        return True
    return not _carried().match(text, end) and bool(_role_pattern("after_noun").match(text, end))


@cache
def _rise() -> re.Pattern[str]:
    return re.compile(r"[^，,。；;\d]{0,6}?" + words.alternation(words.terms("status_words", role="rise")))


@cache
def _compared() -> tuple[str, ...]:
    return words.terms("status_words", role="compare")


def _markers(text: str) -> list[_Marker]:
    roles = _roles()
    found = [_Marker(*match.span(), str(int(match[0]))) for match in _YEAR.finditer(text)]
    for start, end in _scanner().spans(text):
        term = text[start:end]
        if term == _WILL:
            role = "will" if _is_will(text, end) else "mask"
        else:
            role = roles[term]
        if role == "past" and text.endswith(_compared(), max(0, start - 2), start):
            role = "compared"
        if role != "mask":
            found.append(_Marker(start, end, role))
    found.sort(key=lambda marker: marker.start)
    return found


# ---------------------------------------------------------------- outline of a text


@dataclass(frozen=True, slots=True)
class _Outline:
    """What a text says about time, once for all its quantities."""

    markers: tuple[_Marker, ...]
    starts: tuple[int, ...]
    sentences: tuple[Span, ...]
    paragraphs: tuple[Span, ...]
    heading: tuple[bool, ...]
    """For each paragraph, whether the heading above it looks ahead."""
    ahead: float
    """How far the document looks ahead: -1 (a report) .. 1 (a plan)."""
    notice: bool

    def within(self, start: int, end: int, year: int | None = None) -> list[_Marker]:
        """Markers that begin in the stretch, as they read in an article of that year."""
        found = self.markers[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        return [marker.at_time(year) for marker in found]

    def paragraph(self, offset: int) -> Span | None:
        """The paragraph that holds the offset."""
        index = index_at(self.paragraphs, offset)
        return self.paragraphs[index] if index >= 0 else None

    def heading_ahead(self, offset: int) -> bool:
        """Whether the heading above the paragraph looks ahead."""
        index = index_at(self.paragraphs, offset)
        return index >= 0 and self.heading[index]


def _is_heading(line: str) -> bool:
    return len(line) <= _HEADING_LENGTH and not any(stop in line for stop in _HEADING_STOPS)


@lru_cache(maxsize=4)
def _outline(text: str) -> _Outline:
    markers = tuple(_markers(text))
    starts = tuple(marker.start for marker in markers)
    sentences, paragraphs = tuple(split_sentences(text)), tuple(split_paragraphs(text))
    ahead = back = 0
    for sentence in sentences:
        low, high = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
        roles = {marker.role for marker in markers[low:high]}
        ahead += bool(roles & (_AHEAD | {"rule", "must", "quota"}))
        back += bool(roles & (_BACK | {"perfect"}))
    heading, above = [], False
    for paragraph in paragraphs:
        if _is_heading(text[paragraph.start : paragraph.end]):
            low, high = bisect_left(starts, paragraph.start), bisect_left(starts, paragraph.end)
            above = any(marker.role in _AHEAD for marker in markers[low:high])
        heading.append(above)
    first = paragraphs[0].end if paragraphs else 0
    titled = any(marker.role in _AHEAD for marker in markers[: bisect_left(starts, min(first, _OPENING))])
    notice = titled or bool(_role_pattern("notice").search(text, 0, _OPENING))
    return _Outline(
        markers,
        starts,
        sentences,
        paragraphs,
        tuple(heading),
        (ahead - back) / (ahead + back + 3),
        notice,
    )


# ---------------------------------------------------------------- status

_CLAUSE_END = re.compile(r"[，,。；;：:！!？?\n]")


def _clause(text: str, at: Span, sentence: Span) -> Span:
    """The clause around a quantity."""
    start = sentence.start
    for match in _CLAUSE_END.finditer(text, sentence.start, at.start):
        start = match.end()
    stop = _CLAUSE_END.search(text, at.end, max(sentence.end, at.end))
    return Span(start, stop.start() if stop else max(sentence.end, at.end))


def _place(last: _Marker, clause: Span) -> str:
    return "clause" if last.start >= clause.start else "sentence"


_BAR = re.compile(r"[|｜\t]")
_ROWS = 40
_ROW_LENGTH = 300


def _column_head(text: str, at: Span) -> Span | None:
    """The cell at the head of the column that holds the number, where the text keeps a table as lines."""
    start = text.rfind("\n", max(0, at.start - _ROW_LENGTH), at.start) + 1
    column = len(_BAR.findall(text, start, at.start)) if start else 0
    for _ in range(_ROWS if column else 0):
        end = start - 1
        start = text.rfind("\n", max(0, end - _ROW_LENGTH), end) + 1
        row = text[start:end]
        cells = [match.start() for match in _BAR.finditer(row)]
        if end <= 0 or len(cells) < column:
            return None
        if not any(letter.isdigit() for letter in row):
            edges = [0, *cells, len(row)]
            return Span(start + edges[column], start + edges[column + 1])
    return None


def _distance(text: str, marker: Span, sentence: Span) -> str:
    """Where a word of the paragraph stands: in the same series (`；`), in the sentence before, or farther."""
    stops = text.count("。", marker.end, sentence.start)
    if not stops and text.endswith(("；", ";"), 0, sentence.start):
        return "series"
    return "previous" if stops <= 1 else "paragraph"


def _evidence(
    text: str, quantity: Quantity, sentence: Span, outline: _Outline, year: int | None
) -> Iterator[tuple[str, float]]:
    """Names of what speaks for or against a plan, each with its size."""
    yield "always", 1.0
    clause = _clause(text, quantity, sentence)
    before = outline.within(sentence.start, quantity.start, year)
    after = outline.within(quantity.end, clause.end, year)
    settled = [marker for marker in before if marker.role in _SETTLING]
    paragraph = outline.paragraph(quantity.start) or sentence
    opening = max(paragraph.start, sentence.start - _PARAGRAPH_REACH)
    above = [m for m in outline.within(opening, sentence.start, year) if m.role in _SETTLING]
    if settled:
        yield f"{_place(settled[-1], clause)}:{settled[-1].role}", 1.0
        if settled[-1].role in _BACK and any(marker.role in _AHEAD for marker in settled):
            yield "sentence:mixed", 1.0
    elif above:
        yield f"{_distance(text, above[-1], sentence)}:{'ahead' if above[-1].role in _AHEAD else 'back'}", 1.0
    if any(marker.role == "section" for marker in above):
        yield "passage", 1.0
    for role in ("quota", "must"):
        weak = [marker for marker in before if marker.role == role]
        if weak:
            yield f"{_place(weak[-1], clause)}:{role}", 1.0
    for role in {marker.role for marker in after}:
        yield f"after:{role}", 1.0
    own = [marker for marker in before if marker.start >= clause.start]
    if any(marker.role == "perfect" for marker in own):
        yield "clause:perfect", 1.0
    if quantity.kind == "money" and any(marker.role == "allot" for marker in own):
        yield "clause:allot", 1.0
    if any(m.role == "compared" and _THAT_TIME.fullmatch(text, m.end, quantity.start) for m in own):
        yield "clause:compared", 1.0
    if _FROM.search(text, max(clause.start, quantity.start - 3), quantity.start) and _rise().match(
        text, quantity.end, quantity.end + 12
    ):
        yield "clause:from", 1.0
    near_by = outline.within(
        max(clause.start, quantity.start - _RULE_REACH), min(clause.end, quantity.end + _RULE_REACH)
    )
    if any(marker.role == "rule" for marker in near_by):
        yield "near:rule", 1.0
    head = _column_head(text, quantity)
    for role in {m.role for m in outline.within(head.start, head.end, year)} if head else ():
        yield f"column:{'ahead' if role in _AHEAD | {'quota'} else 'back'}", 1.0
    if outline.heading_ahead(quantity.start):
        yield "heading", 1.0
    yield "document", outline.ahead
    if quantity.kind == "money" and outline.ahead > 0 and _per(text, quantity, sentence) == "each":
        yield "rate", 1.0
    if outline.notice and outline.ahead > _PLAN_DOCUMENT:
        yield "plan document", 1.0


def _score(text: str, quantity: Quantity, sentence: Span, outline: _Outline, year: int | None) -> float:
    found = _evidence(text, quantity, sentence, outline, year)
    return sum(_WEIGHTS.get(name, 0.0) * size for name, size in found)


# ---------------------------------------------------------------- per

_DIGITS = "0-9０-９一二两三四五六七八九十百千半"
_EVERY = rf"每[{_DIGITS}]{{0,3}}(?![年{_DIGITS}])[一-鿿]"
_PER_UNIT = re.compile(rf"\s*(?:[/／](?!年)[一-鿿]|每(?!年)[一-鿿](?![约近{_DIGITS}]))")
_PER_YEAR_UNIT = re.compile(r"\s*(?:[/／]|每)年")
_ANY_NUMBER = re.compile(r"[0-9０-９]|[一二两三四五六七八九十百]{2}")
_ONE_OF = re.compile(r"一[份张个件套袋盒桶箱只条本]\Z")
_OF_THE_STANDARD = re.compile(r"[^，,。；;]{0,10}的标准")
_SMALL = 10_000
_PRIZE = 100_000
_EVERY_REACH = 20
_SERIES_REACH = 200
_GRANTED = 200_000


@cache
def _per_words(role: str) -> str:
    return words.alternation(words.terms("per_words", role=role))


@cache
def _per_pattern() -> re.Pattern[str]:
    groups = [
        f"(?P<{role}>{_per_words(role)})" for role in ("mask", "year", "total", "reset", "rate", "each")
    ]
    return re.compile("|".join([*groups, f"(?P<every>{_EVERY})"]))


@cache
def _beside(role: str) -> re.Pattern[str]:
    """A word of the role right before the end, with at most a few letters between."""
    reach = {
        "award": r"[^，,。；;、0-9]{0,4}",
        "cap": r"",
        "price": r"[为约近是达]{0,2}",
        "share": r"[了约近]{0,2}",
    }
    return re.compile(_per_words(role) + reach[role] + r"\Z")


@cache
def _distributed() -> re.Pattern[str]:
    """`两队各6场`, `双方各承担一半`: at most a verb and a bound between."""
    verbs = f"(?:{_per_words('share')}|{_per_words('grant')})?"
    return re.compile(f"各自?{verbs}[约近超达不低于少至]{{0,3}}\\Z")


@cache
def _granted() -> re.Pattern[str]:
    return re.compile(f"的[^，,。；;的]{{0,3}}?{_per_words('grant')}[了约近]{{0,2}}\\Z")


def _one_of_many(text: str, quantity: Quantity, clause: Span) -> bool:
    """Whether the words beside a sum of money say that it is for one: a prize, a cap, a range, a price."""
    if quantity.value_max is not None:
        return True
    small = quantity.value < _SMALL

    def beside(pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(text, max(clause.start, quantity.start - 16), quantity.start))

    surface = text[quantity.start : quantity.end]
    capped = beside(_beside("cap")) or bool(re.match(_per_words("cap"), surface))
    return (
        (beside(_beside("award")) and quantity.value <= _PRIZE)
        or bool(_OF_THE_STANDARD.match(text, quantity.end))
        or (capped and quantity.value <= _GRANTED)
        or (beside(_granted()) and quantity.value <= _GRANTED)
        or (small and (beside(_beside("price")) or beside(_ONE_OF)))
    )


def _carries_year(text: str, sentence: Span) -> bool:
    """Whether 每年 in an earlier member of the series (`；`) still holds."""
    start = max(0, sentence.start - _SERIES_REACH)
    stop = max(text.rfind(mark, start, sentence.start) for mark in "。\n")
    series = text[max(stop + 1, start) : sentence.start]
    if not series.rstrip().endswith(("；", ";")):
        return False
    year = False
    for match in _per_pattern().finditer(series):
        year = match.lastgroup == "year" or (year and match.lastgroup != "reset")
    return year


def _per(text: str, quantity: Quantity, sentence: Span) -> Per | None:
    if quantity.per:
        return quantity.per
    clause = _clause(text, quantity, sentence)
    if _distributed().search(text, max(clause.start, quantity.start - 12), quantity.start):
        return "each"
    if quantity.kind == "percent":
        return None
    if quantity.kind == "money" and _PER_UNIT.match(text, quantity.end):
        return "each"
    if _PER_YEAR_UNIT.match(text, quantity.end):
        return "year"
    money = quantity.kind == "money"
    each = shared = False
    every = -1
    year = _carries_year(text, sentence)
    for match in _per_pattern().finditer(text, sentence.start, quantity.start):
        role = match.lastgroup
        if role == "year":
            year = True
        elif role in ("reset", "total"):
            each = shared = False
            every = -1
            year = year and role == "total"
        elif role in ("every", "each") or (role == "rate" and money):
            each = match.start() >= clause.start
            shared = shared or money
            if role == "every":
                every = match.end()
    # `每名会员凭卡可领2张`: the number is the first after 每.
    if not each and every >= 0 and quantity.start - every <= _EVERY_REACH:
        each = not _ANY_NUMBER.search(text, every, quantity.start)
    if money and not each:
        each = _one_of_many(text, quantity, clause) or (
            shared
            and quantity.value < _SMALL
            and bool(_beside("share").search(text, clause.start, quantity.start))
        )
    return "each" if each else "year" if year else None


def decide(
    text: str, quantity: Quantity, sentence: Span, published: date | None = None
) -> tuple[Status, Per | None]:
    """Status and rate of a quantity that stands in a sentence of the text. Never raises.

    With the day of publication, years that are printed are told as gone by or to come. The rate is the
    quantity's own where its words say it (`800元/人`), else read from the sentence.
    """
    outline = _outline(text)
    # Sentences are bounded so that a text without stops is read in linear time.
    sentence = Span(
        max(sentence.start, quantity.start - _SENTENCE_REACH),
        min(sentence.end, quantity.end + _SENTENCE_REACH),
    )
    planned = _score(text, quantity, sentence, outline, published.year if published else None) > 0
    return "planned" if planned else "actual", _per(text, quantity, sentence)
