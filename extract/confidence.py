"""How likely a fact is right in every field, judged by how its fields were found."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from math import exp
from typing import Final

from extract.model import DateMention, Kind, OrganisationMention, Per, Quantity, Span, Status
from extract.words import table

_INFERRED: Final = frozenset({"undated", "plan"})
"""Rules of `when` for times that no words of the article state."""
_CLEAR: Final = 0.8
"""Share of the words for a programme from which it is taken for clear."""
_FEW: Final = 3


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
) -> tuple[str, ...]:
    """Names of what speaks for or against a fact that stands in `sentence` and `paragraph`; `share` says how
    clearly its programme was told (0..1)."""
    few = quantity.kind == "count" and quantity.value <= _FEW
    told = "general" if programme == "general" else "clear" if share >= _CLEAR else "unclear"
    place = _place(organisation, sentence, paragraph)
    return _names(quantity.kind, few, place, told, _time(when, sentence, paragraph), status, per)


@cache
def _names(
    kind: Kind, few: bool, organisation: str, programme: str, time: str, status: Status, per: Per | None
) -> tuple[str, ...]:
    """The features by name: few different ones come up, again and again."""
    found = ["any", f"kind {kind}"]
    if few:
        found.append("few things")
    found += [f"organisation {organisation}", f"programme {programme}", f"time {time}", status]
    if per:
        found.append(f"per {per}")
    return tuple(found)


def _time(when: DateMention | None, sentence: Span, paragraph: Span) -> str:
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
    start = mention.start
    if sentence.start <= start < sentence.end:
        return "sentence"
    return "paragraph" if paragraph.start <= start < paragraph.end else "article"


@cache
def _weights() -> dict[str, float]:
    return {row["term"]: float(row["value"]) for row in table("confidence_weights")}


def probability(weights: Mapping[str, float], found: Sequence[str]) -> float:
    """Probability, 0..1, that all fields are right: a logistic function of the sum of the weights."""
    return 1 / (1 + exp(-sum(weights.get(name, 0.0) for name in found)))


@lru_cache(maxsize=4096)
def estimate(found: tuple[str, ...]) -> float:
    """`probability` by the weights in lexicon/confidence_weights.tsv, which scripts/fit_confidence.py fits to
    gold."""
    return probability(_weights(), found)
