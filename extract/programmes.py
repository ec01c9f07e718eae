"""Programmes: words that place a text under a category, their names, and which one a number belongs to.

`find` reads the mentions of a text; `decide` weighs those around a number. The weighing is a sum over levels:
what is counted, the sentence, the paragraph, the heading above, the headline, the whole article. Near words
count more than far ones, words before the number more than words after it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import groupby

from extract import words
from extract.model import ProgrammeMention, Span
from extract.scan import Scanner
from extract.sentences import MOST

GENERAL = "general"

# How much a term of weight 1 says at each level.
_COUNTED = 1.6
_SENTENCE = 1.3
_PARAGRAPH = 0.42
_HEADING = 0.5
_HEADLINE = 0.7
_ARTICLE = 6.7
# Characters over which what a word says falls to a half.
_SENTENCE_REACH = 50.0
_PARAGRAPH_REACH = 120.0
_CLAUSE = 1.6
_AFTER = 0.75
_REPEATED = 0.8
_OWN = 0.07
# The beginning of an article says what it is about.
_LEAD = 3.5
_LEAD_LENGTH = 250
_SHARPNESS = 2.5
# A few weak words make no topic.
_DOUBT = 60.0
_HEADING_REACH = 800
_LEAST = 0.5
_NAME_LENGTH = 40
_BEFORE = 12
_SHORT = 4

_HAN = "一-鿿"


@cache
def categories() -> tuple[str, ...]:
    """Category keys in their usual order; `general` is last."""
    return words.terms("programme_categories")


# ---------------------------------------------------------------- terms


@dataclass(frozen=True, slots=True)
class _Term:
    category: str
    weight: float
    names: bool


@cache
def _terms() -> tuple[dict[str, tuple[_Term, ...]], Scanner]:
    """What each term says, and the scanner that finds the terms."""
    found: dict[str, list[_Term]] = {}
    for row in words.table("programme_terms"):
        senses = found.setdefault(row["term"], [])
        if row["category"]:
            senses.append(_Term(row["category"], float(row["weight"]), row["role"] == "programme"))
    return {term: tuple(senses) for term, senses in found.items()}, Scanner(found)


def _matches(text: str) -> Iterator[tuple[int, int, tuple[_Term, ...]]]:
    """Terms from left to right, the longest at each place, without overlap."""
    senses, scanner = _terms()
    for start, end in scanner.spans(text):
        yield start, end, senses[text[start:end]]


# ---------------------------------------------------------------- names

_QUOTED = re.compile(
    "|".join(f"{a}(?P<{k}>[^{a}{b}\\n]{{2,{_NAME_LENGTH}}}){b}" for k, a, b in (
        ("double", "“", "”"), ("corner", "「", "」"), ("white", "『", "』"), ("title", "《", "》"),
        ("straight", '"', '"'), ("single", "‘", "’"),
    ))
)  # fmt: skip


@cache
def _suffix() -> str:
    return words.alternation(words.terms("programme_name_words", role="suffix"))


@cache
def _ends_name() -> re.Pattern[str]:
    return re.compile(_suffix() + r"\Z")


@cache
def _tail() -> re.Pattern[str]:
    """What may stand between a name in quotation marks, or a term, and the word that says it is one."""
    return re.compile(f"[{_HAN}]{{0,6}}?{_suffix()}")


@cache
def _modifiers() -> re.Pattern[str]:
    """Words before a term that belong to the name, read backwards from its end."""
    known = (word[::-1] for word in words.terms("programme_name_words", role="modifier"))
    return re.compile(words.alternation(known))


def _strongest(text: str) -> _Term | None:
    senses = [sense for _, _, found in _matches(text) for sense in found]
    return max(senses, key=lambda sense: sense.weight, default=None)


def _quoted(text: str) -> Iterator[ProgrammeMention]:
    for match in _QUOTED.finditer(text):
        name = match[match.lastgroup or 0]
        after = _tail().match(text, match.end(), match.end() + 14)
        inside = _strongest(name)
        itself = bool(_ends_name().search(name))
        named = itself or (inside is not None and inside.names)
        # A document in book-title marks is a programme only when it calls itself one.
        if match.lastgroup == "title":
            named, after = itself, None
        if named or after:
            sense = inside or (_strongest(after[0]) if after else None)
            yield ProgrammeMention(
                match.start(),
                match.end(),
                category=sense.category if sense else None,
                # `两节` alone says too little: `两节送温暖`.
                name=name.strip() + (after[0] if after and not itself and len(name) < _SHORT else ""),
                weight=0.5 * sense.weight if sense else 0.0,
                rule="quoted",
            )


def _full_name(text: str, start: int, end: int) -> str:
    """The term with the words that belong to it on both sides: `职工乡村` + 疗休养 + `示范性活动`."""
    before = text[max(0, start - _BEFORE) : start][::-1]
    first = 0
    while found := _modifiers().match(before, first):
        first = found.end()
    after = _tail().match(text, end, end + 10)
    return text[start - first : end] + (after[0] if after else "")


# ---------------------------------------------------------------- find

_LINE = re.compile(r"[^\n]+")
_ITEM = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}(?:[、.．]|[）)])|第[一二三四五六七八九十]{1,3}[，,、]|[—－-]{1,2}|[●■◆▲★※·○]|【)"
)
_CLAUSE_END = re.compile(r"[，,。；;：:！!？?\n]")
_ITEM_LENGTH = 30
_HEADING_LENGTH = 36
_STOPS = "。；;！!？?"


def _headings(text: str) -> list[tuple[int, int, str]]:
    """Stretches that announce what follows: lines without a stop, and the short first sentence of an item."""
    found = []
    for line in _LINE.finditer(text):
        start, end = line.span()
        body = line[0].rstrip()
        if len(body) <= _HEADING_LENGTH and body[-1:] not in _STOPS:
            found.append((start, end, "heading"))
        elif _ITEM.match(body):
            stop = re.search(f"[{_STOPS}：:】]", body[:_ITEM_LENGTH])
            if stop:
                found.append((start, start + stop.end(), "item"))
    return found


class Mentions(list[ProgrammeMention]):
    """What `find` gives: mentions by place, with the offsets at which clauses of the text end."""

    breaks: tuple[int, ...] = ()

    @cached_property
    def profile(self) -> "Profile":
        """The mentions prepared for many decisions; made once, so the list must not change afterwards."""
        return _profile(self, self.breaks)


def find(text: str) -> Mentions:
    """Mentions of programmes, by place. A term of two categories gives two mentions of one span.

    The `rule` of a mention is `quoted` (a name in quotation marks), `heading` or `item` (a term in a line or
    in the first words of a paragraph that announce what follows) or `term`. Never raises.
    """
    found = Mentions()
    found.breaks = tuple(match.start() for match in _CLAUSE_END.finditer(text))
    headings = _headings(text)
    turn = 0
    for start, end, senses in _matches(text):
        while turn < len(headings) and headings[turn][1] <= start:
            turn += 1
        inside = turn < len(headings) and headings[turn][0] <= start
        rule = headings[turn][2] if inside else "term"
        for sense in senses:
            name = _full_name(text, start, end) if sense.names else None
            found.append(ProgrammeMention(start, end, sense.category, name, sense.weight, rule))
    found.extend(_quoted(text))
    found.sort(key=lambda mention: (mention.start, mention.end))
    return found


# ---------------------------------------------------------------- decide

Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class Profile:
    """Mentions of one article, prepared for many decisions."""

    mentions: tuple[ProgrammeMention, ...]
    starts: tuple[int, ...]
    breaks: tuple[int, ...]
    shares: tuple[tuple[str, float], ...]
    """Share of each category in the weight of all mentions, largest first."""
    name: str | None
    """First name of the category with the largest share."""
    headings: tuple[tuple[int, int], ...]
    """First index of the mentions of each heading or item, and the index after the last."""

    @property
    def topic(self) -> str:
        """Category with the largest share; empty when there are no mentions."""
        return self.shares[0][0] if self.shares else ""

    def within(self, start: int, end: int, near: int | None = None) -> Sequence[ProgrammeMention]:
        """Mentions that begin in the stretch; of very many only those next to `near`, or to its start."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        middle = first if near is None else bisect_left(self.starts, near)
        return self.mentions[max(first, middle - MOST) : min(last, middle + MOST)]


def _profile(mentions: Iterable[ProgrammeMention], breaks: tuple[int, ...] = ()) -> Profile:
    ordered = tuple(sorted(mentions, key=lambda mention: (mention.start, mention.end)))
    sums: Scores = {}
    for mention in ordered:
        if mention.category:
            weight = mention.weight**_SHARPNESS * (_LEAD if mention.start < _LEAD_LENGTH else 1.0)
            sums[mention.category] = sums.get(mention.category, 0.0) + weight
    total = sum(sums.values()) + _DOUBT
    ranked = sorted(sums.items(), key=lambda item: -item[1])
    headings = []
    at = 0
    for rule, group in groupby(ordered, key=lambda mention: mention.rule):
        size = sum(1 for _ in group)
        if rule in ("heading", "item"):
            headings.append((at, at + size))
        at += size
    return Profile(
        ordered,
        tuple(mention.start for mention in ordered),
        breaks,
        tuple((category, part / total) for category, part in ranked),
        next((m.name for m in ordered if m.name and ranked and m.category == ranked[0][0]), None),
        tuple(headings),
    )


@lru_cache(maxsize=4096)
def _noun(counted: str) -> tuple[ProgrammeMention, ...]:
    return tuple(find(counted))


def _gap(mention: Span, at: Span) -> int:
    return max(mention.start - at.end, at.start - mention.end, 0)


def _level(scores: Scores, said: Iterable[tuple[str | None, float]], factor: float) -> None:
    """Add what a level says: for each category its best word in full, the others in part."""
    best: Scores = {}
    rest: Scores = {}
    for category, weight in said:
        if category:
            rest[category] = rest.get(category, 0.0) + weight
            best[category] = max(best.get(category, 0.0), weight)
    for category, top in best.items():
        scores[category] = scores.get(category, 0.0) + factor * (top + _REPEATED * (rest[category] - top))


def _near(
    known: Profile, mentions: Iterable[ProgrammeMention], at: Span, reach: float
) -> Iterator[tuple[str | None, float]]:
    clause = bisect_left(known.breaks, at.start)
    first = known.breaks[clause - 1] if clause else -1
    last = known.breaks[clause] if clause < len(known.breaks) else at.end
    for mention in mentions:
        side = 1.0 if mention.start <= at.start else _AFTER
        if known.breaks and first < mention.start < last:
            side *= _CLAUSE
        yield mention.category, mention.weight * side / (1.0 + _gap(mention, at) / reach)


def _scores(
    known: Profile, at: Span, sentence: Span, paragraph: Span, headline: Span | None, counted: str
) -> Scores:
    scores: Scores = {}
    _level(scores, ((m.category, m.weight) for m in _noun(counted)), _COUNTED)
    _level(
        scores,
        _near(known, known.within(sentence.start, sentence.end, at.start), at, _SENTENCE_REACH),
        _SENTENCE,
    )
    # A sentence that speaks of another programme, and not of the article's own, is about the other.
    own = max(scores.values(), default=0.0) - scores.get(known.topic, 0.0)
    around = (
        *known.within(paragraph.start, sentence.start, sentence.start),
        *known.within(sentence.end, paragraph.end, sentence.end),
    )
    _level(scores, _near(known, around, at, _PARAGRAPH_REACH), _PARAGRAPH)
    above = bisect_left(known.headings, (bisect_left(known.starts, at.start), 0)) - 1
    if above >= 0:
        first, last = known.headings[above]
        lines = known.mentions[max(first, last - MOST) : last]
        if at.start - lines[-1].end <= _HEADING_REACH and not (headline and lines[-1].start < headline.end):
            _level(scores, ((m.category, m.weight) for m in lines), _HEADING)
    background = 1.0 / (1.0 + _OWN * own)
    if headline:
        titles = known.within(headline.start, headline.end)
        _level(scores, ((m.category, m.weight) for m in titles), _HEADLINE * background)
    for category, share in known.shares:
        scores[category] = scores.get(category, 0.0) + _ARTICLE * background * share
    return scores


def _name(known: Profile, category: str, at: Span, stretches: Iterable[Span]) -> str | None:
    """The nearest name of the category in the smallest stretch that has one; else an unplaced quoted name;
    else the name that stands first in the article, for its own topic."""
    for stretch in stretches:
        named = [m for m in known.within(stretch.start, stretch.end, at.start) if m.name]
        for wanted in (category, None):
            fit = [m for m in named if m.category == wanted]
            if fit:
                return min(fit, key=lambda m: (m.rule != "quoted", _gap(m, at))).name
    return known.name if category == known.topic else None


def decide(
    mentions: Sequence[ProgrammeMention],
    at: Span,
    sentence: Span,
    paragraph: Span,
    headline: Span | None,
    counted: str,
) -> tuple[str, str | None, float]:
    """Category key, name of the programme as printed (or None) and confidence in 0..1 for the number at `at`.

    `counted` is the noun that is counted and may be empty. `general` when nothing places the number. What
    `find` gave serves many numbers at little cost; any other sequence is prepared anew each time and knows
    no clauses.
    """
    known = mentions.profile if isinstance(mentions, Mentions) else _profile(mentions)
    scores = _scores(known, at, sentence, paragraph, headline, counted)
    if not scores:
        return GENERAL, None, 0.0
    ranked = sorted(scores.items(), key=lambda item: (-item[1], categories().index(item[0])))
    category, top = ranked[0]
    if top < _LEAST:
        return GENERAL, None, 0.3
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    stretches = [sentence, paragraph, *([headline] if headline else [])]
    return category, _name(known, category, at, stretches), round(top / (top + second), 3)
