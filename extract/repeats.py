"""One fact for one quantity: headline, lead and body repeat what they report."""

from collections.abc import Sequence

from extract.model import Quantity

_ROUNDING = 0.1
"""A headline rounds: `近600名` above a text that says 583."""


def _same_thing(one: Quantity, other: Quantity) -> bool:
    same = (one.kind, one.value, one.value_max) == (other.kind, other.value, other.value_max)
    counted = one.counted in other.counted or other.counted in one.counted
    return same and one.unit == other.unit and counted and one.per == other.per


def _rounds(headline: Quantity, body: Quantity) -> bool:
    if headline.kind != body.kind or body.value_max is not None:
        return False
    return abs(headline.value - body.value) <= _ROUNDING * body.value


def without_repeats(quantities: Sequence[Quantity], lead: int) -> list[Quantity]:
    """Quantities of an article in text order, each stated one once.

    The running text (from offset `lead`) is preferred to the headline block, and the first mention that says
    what is counted to later ones.
    """
    headline = [q for q in quantities if q.start < lead]
    kept: list[Quantity] = []
    for quantity in quantities:
        if quantity.start < lead:
            continue
        twin = next((i for i, k in enumerate(kept) if k.counted and _same_thing(k, quantity)), None)
        if twin is None:
            kept.append(quantity)
    for quantity in headline:
        if not any(_same_thing(k, quantity) or _rounds(quantity, k) for k in kept):
            kept.append(quantity)
    return sorted(kept, key=lambda q: q.start)
