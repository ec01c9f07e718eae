"""How likely a fact is right in every field, judged by how its fields were found."""

from collections.abc import Iterable, Iterator
from functools import cache
from math import exp

from extract.model import DateMention, OrganisationMention, Per, Quantity, Span, Status
from extract.words import table

_INFERRED = frozenset({"undated", "plan"})
"""Rules of `when` for times that no words of the article state."""
_CLEAR = 0.8
"""Share of the words for a programme from which it is taken for clear."""
_FEW = 3


def features(
    quantity: Quantity,
    organisation: OrganisationMention | None,
    programme: str,
    share: float,
    when: DateMention | None,
    status: Status,
    per: Per | None,
    sentence: Span,
    paragraph: Span,
) -> Iterator[str]:
    """Names of what speaks for or against a fact that stands in `sentence` and `paragraph`; `share` says how
    clearly its programme was told (0..1)."""
    yield "any"
    yield f"kind {quantity.kind}"
    if quantity.kind == "count" and quantity.value <= _FEW:
        yield "few things"
    yield f"organisation {_place(organisation, sentence, paragraph)}"
    if programme == "general":
        yield "programme general"
    else:
        yield "programme clear" if share >= _CLEAR else "programme unclear"
    yield f"time {_place_of_time(when, sentence, paragraph)}"
    yield status
    if per:
        yield f"per {per}"


def _place_of_time(when: DateMention | None, sentence: Span, paragraph: Span) -> str:
    if when is None:
        return "unknown"
    if when.rule in _INFERRED:
        return "inferred"
    place = _place(when, sentence, paragraph)
    is_open = when.date_start is None or when.date_end is None or when.kind != "event"
    return f"{place} open" if is_open else f"{place} {when.basis}"


def _place(mention: Span | None, sentence: Span, paragraph: Span) -> str:
    """Where a mention stands, seen from the fact."""
    if mention is None:
        return "unknown"
    for name, span in (("sentence", sentence), ("paragraph", paragraph)):
        if span.start <= mention.start < span.end:
            return name
    return "article"


@cache
def _weights() -> dict[str, float]:
    return {row["term"]: float(row["value"]) for row in table("confidence_weights")}


def estimate(found: Iterable[str]) -> float:
    """Probability, 0..1, that all fields are right: a logistic function of the sum of the weights in
    lexicon/confidence_weights.tsv, which scripts/fit_confidence.py fits to gold."""
    weights = _weights()
    return 1 / (1 + exp(-sum(weights.get(name, 0.0) for name in found)))
