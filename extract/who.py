"""Which organisation a quantity belongs to: the union that acts, pays or is described."""

import re
from collections.abc import Sequence
from functools import cache

from extract import words
from extract.localities import ITEM, TOPIC
from extract.model import OrganisationMention, Span
from extract.sentences import at as index_at
from extract.sentences import starting

_ITEM_END = re.compile(r"[、，,；;。\n]")
_ACTS, _JOINS, _OTHER = 2, 1, 0


@cache
def _roles(position: str) -> dict[str, str]:
    return {
        row["term"]: row["meaning"]
        for row in words.table("organisation_roles")
        if row["position"] == position
    }


def _part(text: str, mention: OrganisationMention) -> int:
    """How much of an actor a mention is, by the word before and the word after it."""
    if mention.rule == TOPIC:
        return _ACTS
    if mention.level == "national":
        # 全国总工会 gives money and praise; whoever received it acts.
        return _JOINS
    before = text[max(0, mention.start - 2) : mention.start]
    after = text[mention.end : mention.end + 2]
    role = _roles("after").get(after) or next(
        (r for term, r in _roles("before").items() if before.endswith(term)), "actor"
    )
    return {"actor": _ACTS, "companion": _JOINS, "giver": _JOINS}.get(role, _OTHER)


def _best(text: str, mentions: Sequence[OrganisationMention]) -> OrganisationMention | None:
    """The last actor among mentions in text order; failing that the first that takes part."""
    ranked = [(_part(text, m), m) for m in mentions if m.union and m.rule != ITEM]
    actors = [m for part, m in ranked if part == _ACTS]
    if actors:
        return actors[-1]
    return next((m for part, m in ranked if part == _JOINS), None)


def choose(
    text: str,
    at: Span,
    sentences: Sequence[Span],
    paragraphs: Sequence[Span],
    mentions: Sequence[OrganisationMention],
    home: OrganisationMention | None,
) -> OrganisationMention | None:
    """The organisation of the quantity at `at`; `mentions` in text order, `home` the article's own.

    Looked for in the quantity's item of a list of places, before it in its sentence, then as an agent behind
    it (`由...`), then backwards in its paragraph; otherwise the article's own.
    """
    sentence = sentences[index_at(sentences, at.start)]
    before = starting(mentions, sentence.start, at.start + 1)
    item = next((m for m in reversed(before) if m.rule == ITEM), None)
    if item and not _ITEM_END.search(text, item.end, at.start):
        return item
    found = _best(text, before)
    if found:
        return found
    behind = starting(mentions, at.end, sentence.end)
    agent = next((m for m in behind if m.union and text[m.start - 1] == "由"), None)
    if agent:
        return agent
    paragraph = paragraphs[index_at(paragraphs, at.start)]
    return _best(text, starting(mentions, paragraph.start, sentence.start)) or home
