"""Which organisation a quantity belongs to: the union that acts, pays or is described."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from extract import words
from extract.localities import ITEM, TOPIC
from extract.model import Level, OrganisationMention, Span
from extract.offsets import Row

_ITEM_END: Final = re.compile(r"[、，,；;。\n]")
_SHORT_LINE: Final = re.compile(
    r"^[^\w\n“《（(]{0,4}(?P<words>[^\s。；;！？!?，,][^\n。；;]{0,28}[^\s。；;：:！？!?，,])】?[ 　]{0,8}$",
    re.M,
)
"""A line that is no sentence."""
_AND: Final = "、和及与同跟"
_STOPS: Final = "。；;！？!?\n"
_PAYS, _ACTS, _JOINS, _NONE = 3, 2, 1, 0
_SPEECH: Final = 200
"""Characters before a quantity and behind it in which its speech must begin and end."""
_RANKS: Final[tuple[Level, ...]] = ("national", "province", "city", "county", "township", "village")


@cache
def _roles(position: str) -> dict[str, str]:
    rows = words.table("organisation_roles")
    return {row["term"]: row["meaning"] for row in rows if row["position"] == position}


@cache
def _before() -> re.Pattern[str]:
    """The word right before a name, read backwards."""
    return re.compile(words.alternation(term[::-1] for term in _roles("before")))


@cache
def _after() -> re.Pattern[str]:
    return re.compile(words.alternation(_roles("after")))


@cache
def _pays() -> re.Pattern[str]:
    """What a body that is no union does with its own money, after at most three characters: 又, 累计."""
    verbs = words.terms("organisation_roles", position="after", meaning="payer")
    return re.compile(rf"[^\W\d_的]{{0,3}}?{words.alternation(verbs)}(?!的)")


class Actors:
    """Who acts where in an article. `mentions` in text order, `home` the article's own organisation."""

    def __init__(
        self, text: str, mentions: Sequence[OrganisationMention], home: OrganisationMention | None
    ) -> None:
        self._text, self._home = text, home
        self._nationwide = home is not None and home.level == "national"
        self._row = Row(mentions)
        self._mentions = self._row.spans
        self._parts: list[int] = []
        self._heads: list[tuple[int, int | None]] | None = None
        self._listed = any(mention.rule == ITEM for mention in mentions)
        self._unions = {mention.name: mention for mention in mentions if mention.union}

    def choose(self, at: Span, sentence: Span, paragraph: Span) -> OrganisationMention | None:
        """The organisation of the quantity at `at`.

        Looked for in the quantity's item of a list of places, before it in its sentence, then as an agent
        behind it (`由...`), then backwards in its paragraph, then in the head of its section; otherwise the
        article's own.
        """
        text, mentions, between = self._text, self._mentions, self._row.last_indexes
        before = between(sentence.start, at.start + 1)
        for i in reversed(before) if self._listed else ():
            if mentions[i].rule == ITEM:
                if not _ITEM_END.search(text, mentions[i].end, at.start):
                    return mentions[i]
                break
        found = self._last(before, _ACTS, _PAYS)
        if found is None:
            found = self._agent(between(at.end, sentence.end))
        if found is None:
            found = self._speaker(at, paragraph)
        if found is None:
            found = self._last(between(paragraph.start, sentence.start), _ACTS)
        if found is None:
            found = self._section(at.start)
        if found is None and self._home is None:
            found = self._first(before)
        if found is None:
            return self._home or (mentions[before[0]] if before else None)
        if self._part(found) == _ACTS and not mentions[found].union:
            # A firm whose union the article names speaks for it.
            return self._unions[mentions[found].name + "工会"]
        return mentions[found]

    def _section(self, at: int) -> int | None:
        """The union or place that heads the section in which the quantity stands."""
        if self._heads is None:
            self._heads = list(self._read_heads())
        index = bisect_right(self._heads, at, key=lambda head: head[0]) - 1
        return self._heads[index][1] if index >= 0 else None

    def _read_heads(self) -> Iterator[tuple[int, int | None]]:
        """Where a section begins and the mention that heads it on a short line: `永兴镇总工会`,
        `新乡：助企有力度`. A short line that does not begin with a name ends the section."""
        for line in _SHORT_LINE.finditer(self._text):
            start = line.start("words")
            index = self._row.first(start)
            mention = self._mentions[index] if index < len(self._mentions) else None
            if mention is None or mention.start != start or not (mention.union or mention.rule == TOPIC):
                yield line.end(), None
            elif mention.end == line.end("words") or self._text[mention.end] in "：:":
                yield line.end(), index

    def _last(self, indexes: range, *parts: int) -> int | None:
        for i in reversed(indexes):
            if self._part(i) in parts:
                return i
        return None

    def _first(self, indexes: range) -> int | None:
        for i in indexes:
            if self._part(i) == _JOINS:
                return i
        return None

    def _agent(self, indexes: range) -> int | None:
        for i in indexes:
            if self._mentions[i].union and self._text[self._mentions[i].start - 1] == "由":
                return i
        return None

    def _speaker(self, at: Span, paragraph: Span) -> int | None:
        """The union that is named as the speaker right behind the speech that opens a paragraph and in which
        the quantity stands: `“去年办班20期。”镇总工会主席说`."""
        text, opening = self._text, paragraph.start
        if not text.startswith("“", opening) or at.start > opening + _SPEECH:
            return None
        if "”" in text[opening : at.start]:
            return None
        close = text.find("”", at.end, min(at.end + _SPEECH, paragraph.end))
        index = self._row.first(close)
        if close < 0 or index == len(self._mentions) or self._mentions[index].start > close + 2:
            return None
        return index if self._mentions[index].union and self._part(index) == _ACTS else None

    def _part(self, index: int) -> int:
        while len(self._parts) <= index:
            self._parts.append(self._read(len(self._parts)))
        return self._parts[index]

    def _read(self, index: int) -> int:
        """How much of an actor a mention is, by the words around it."""
        text, mention = self._text, self._mentions[index]
        if mention.rule == TOPIC:
            return _ACTS
        if mention.rule == ITEM:
            return _NONE
        if not mention.union:
            by = text[max(0, mention.start - 1) : mention.start]
            if by not in _AND and _pays().match(text, mention.end):
                return _PAYS
            opens = not by or by in _STOPS
            return _ACTS if opens and mention.name + "工会" in self._unions else _NONE
        roles, before = (
            _roles("before"),
            _before().match(text[max(0, mention.start - 4) : mention.start][::-1]),
        )
        after = _after().match(text, mention.end)
        role = roles[before[0][::-1]] if before else "actor"
        told = _roles("after")[after[0]] if after else ""
        if told == "teller":
            return _ACTS
        if told and role in ("actor", "companion"):
            role = told
        listed = (
            before is not None and before[0] in _AND and self._mentions[index - 1].end == mention.start - 1
        )
        if listed and index and self._parts[index - 1] == _NONE:
            # 向甲县总工会、乙县总工会拨款: the second takes the part of the first.
            return _NONE
        if role in ("actor", "payer"):
            # 全国总工会 gives money and praise; whoever received it acts.
            return _JOINS if mention.level == "national" and not self._nationwide else _ACTS
        return _JOINS if role == "companion" or (role == "giver" and not self._above(mention)) else _NONE

    def _above(self, mention: OrganisationMention) -> bool:
        """Whether a union stands above the article's own: what comes from it is done below."""
        if self._home is None or self._home.level not in _RANKS or mention.level not in _RANKS:
            return False
        return _RANKS.index(mention.level) < _RANKS.index(self._home.level)
