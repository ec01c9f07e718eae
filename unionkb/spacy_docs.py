"""What was read, as spaCy knows it: entities of a Doc, the span group `facts`, and `doc._.facts`.

Importing this registers `doc._.facts` (a tuple of facts, each a mapping with the columns of facts.csv that
one page can fill; offsets count in `doc.text`) and `doc._.published` (the date of publication, a date or ISO
8601).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import get_words_and_spaces

from extract.model import Reading
from extract.model import Span as Place
from extract.tokens import segment
from unionkb.errors import UserError

ORGANISATION, DATE, PROGRAMME = "ORG", "DATE", "PROGRAMME"
ADDED = frozenset({"ORG", "PERSON"})
"""Entities taken from a trained pipeline."""
FACTS = "facts"
"""Name of the span group."""
_PIECE = 5_000
"""Characters that a trained pipeline gets at a time; it ends at a line, where there is one."""

for _name, _default in ((FACTS, ()), ("published", None)):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=_default)


class Mark(NamedTuple):
    """A labelled stretch of text, in characters."""

    start: int
    end: int
    label: str


def fact_label(kind: str) -> str:
    """`people` -> PEOPLE, `money` -> MONEY ..."""
    return kind.upper()


def mentions(reading: Reading) -> list[Mark]:
    """Organisations, dates and programmes by name, not facts; offsets count in the article's body."""
    found: list[tuple[str, Sequence[Place]]] = [
        (ORGANISATION, reading.organisations),
        (DATE, reading.dates),
        (PROGRAMME, [each for each in reading.programmes if each.name]),
    ]
    return [Mark(each.start, each.end, label) for label, marks in found for each in marks]


def annotate(doc: Doc, facts: Sequence[dict[str, Any]], *marks: Iterable[Mark]) -> None:
    """Set `doc._.facts`, `doc.spans["facts"]` and `doc.ents`.

    The spans of the group stand in the order of the facts. Entities do not overlap: facts come first, then
    the groups of marks in their order, the longest of each before the shorter ones, then what `doc.ents` held
    before. A span covers all tokens that its characters touch.
    """
    stated = [Mark(fact["char_start"], fact["char_end"], fact_label(fact["kind"])) for fact in facts]
    spans = [_span(doc, mark) for mark in stated]
    doc._.set(FACTS, tuple(facts))
    doc.spans[FACTS] = SpanGroup(doc, name=FACTS, spans=spans)
    entities: list[Span] = []
    taken: set[int] = set()
    for group in (spans, *([_span(doc, mark) for mark in each] for each in marks), doc.ents):
        for span in sorted(group, key=lambda span: (span.start - span.end, span.start)):
            place = range(span.start, span.end)
            if taken.isdisjoint(place):
                taken.update(place)
                entities.append(span)
    doc.ents = sorted(entities, key=lambda span: span.start)


def _span(doc: Doc, mark: Mark) -> Span:
    span = doc.char_span(mark.start, mark.end, label=mark.label, alignment_mode="expand")
    assert span is not None  # Only for characters outside the text.
    return span


def words(text: str, marks: Iterable[Mark]) -> tuple[list[str], list[bool]]:
    """Words of the text, cut at the ends of marks besides, so that these align; and whether a space
    follows."""
    edges = {edge for mark in marks for edge in mark[:2]}
    for word in segment(text):
        edges.update((word.start, word.end))
    places = sorted(edges)
    found = (text[start:end] for start, end in pairwise(places))
    spelled, spaces = get_words_and_spaces([word for word in found if not word.isspace()], text)
    return list(spelled), list(spaces)


def load_pipeline(name: str) -> Language:
    """A trained pipeline that is installed, by its name or folder. Raises UserError."""
    try:
        return spacy.load(name)
    except (OSError, ImportError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{name}: no pipeline of spaCy that can be loaded here: {reason}") from error


def added(pipeline: Language, text: str) -> list[Mark]:
    """Organisations and persons that a trained pipeline finds in a text. It gets the text piece by piece, so
    that long ones do not fill the memory."""
    at, found = 0, []
    for piece, doc in zip(_pieces(text), pipeline.pipe(_pieces(text)), strict=True):
        found += [
            Mark(at + entity.start_char, at + entity.end_char, entity.label_)
            for entity in doc.ents
            if entity.label_ in ADDED
        ]
        at += len(piece)
    return found


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = start + _PIECE
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or end
        yield text[start:end]
        start = max(end, start + 1)
