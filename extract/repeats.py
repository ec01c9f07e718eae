"""One fact for one quantity: headline, lead and body repeat what they report."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from extract.model import Quantity, Span
from extract.sentences import MOST, starting
from extract.sentences import at as index_at

_TELLING_DIGITS = 3
"""A number as odd as 2690 is hardly said of two things in one article."""
_ROUNDING = 0.1
"""A headline rounds: `近600名` above a text that says 583."""


def _said(quantity: Quantity) -> tuple[object, ...]:
    q = quantity
    return q.kind, q.value, q.value_max, q.bound


def _one_thing(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities that say the same number count the same thing, as far as they say what."""
    if len(f"{one.value:.12g}".replace(".", "").strip("0")) >= _TELLING_DIGITS:
        return True
    alike = one.counted in other.counted or other.counted in one.counted
    return alike and bool(one.counted) and (one.unit, one.per) == (other.unit, other.per)


def _of_text(quantities: Sequence[Quantity], sentences: Sequence[Span]) -> list[Quantity]:
    kept: defaultdict[tuple[object, ...], list[Quantity]] = defaultdict(list)
    for quantity in quantities:
        alike = kept[_said(quantity)]
        sentence = sentences[index_at(sentences, quantity.start)]
        if not any(k.start < sentence.start and _one_thing(k, quantity) for k in alike[-MOST:]):
            alike.append(quantity)
    return [quantity for alike in kept.values() for quantity in alike]


def without_repeats(quantities: Sequence[Quantity], lead: int, sentences: Sequence[Span]) -> list[Quantity]:
    """Quantities of an article in text order, each stated one once.

    The running text (from offset `lead`) is preferred to the headline block, and the first mention that says
    what is counted to later ones. What one sentence says twice are two facts: `10家单位与10家单位签约`.
    """
    headline = starting(quantities, 0, lead)
    kept = _of_text(quantities[bisect_left(quantities, lead, key=lambda q: q.start) :], sentences)
    values: defaultdict[str, list[float]] = defaultdict(list)
    for quantity in kept:
        if quantity.value_max is None:
            values[quantity.kind].append(quantity.value)
    for quantity in headline:
        said = any(_said(k) == _said(quantity) for k in kept)
        rounded = any(abs(quantity.value - v) <= _ROUNDING * v for v in values[quantity.kind])
        if not said and not rounded:
            kept.append(quantity)
            values[quantity.kind].append(quantity.value)
    return sorted(kept, key=lambda q: q.start)
