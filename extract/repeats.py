"""One fact for one quantity: headline, lead and body repeat what they report."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from extract.model import Quantity, Span
from extract.offsets import MOST, Row

_TELLING_DIGITS: Final = 3
"""A number as odd as 2690 is hardly said of two things in one article."""
_ROUNDING: Final = 0.1
"""A headline rounds: `近600名` above a text that says 583."""


def _said(quantity: Quantity) -> tuple[object, ...]:
    return quantity.kind, quantity.value, quantity.value_max


def _firm(one: Quantity, other: Quantity) -> bool:
    """Whether both may be one number: 800余名 may be said again as 800人, but not as 近800人."""
    return one.bound == other.bound or "exact" in (one.bound, other.bound)


def _digits(value: float) -> int:
    """Significant digits: 3 of 2690."""
    return len(f"{value:.12g}".replace(".", "").strip("0"))


def _alike(one: str, other: str) -> bool:
    """Whether two nouns may name one thing: one holds the other, the second is left out, or both end alike
    (一线职工, 外来职工)."""
    return bool(one) and (one in other or other in one or one[-2:] == other[-2:])


def _one_thing(one: Quantity, other: Quantity, opens: bool) -> bool:
    """Whether two quantities that say the same number count the same thing, as far as they say what.
    `opens`: the second opens its sentence, as what is known already does: `17家站点中，社区6家`."""
    if one.bound != other.bound and not (opens and _firm(one, other)):
        return False
    if _digits(one.value) >= _TELLING_DIGITS:
        return True
    if (one.unit, one.per) != (other.unit, other.per):
        return False
    silent = not one.counted and not other.counted and _digits(one.value) > 1
    return opens or silent or _alike(one.counted, other.counted)


def _of_text(quantities: Sequence[Quantity], sentences: Row[Span]) -> list[Quantity]:
    kept: defaultdict[tuple[object, ...], list[Quantity]] = defaultdict(list)
    for quantity in quantities:
        alike = kept[_said(quantity)]
        start = sentences.holding(quantity.start).start
        opens = quantity.start == start
        if not any(k.start < start and _one_thing(k, quantity, opens) for k in alike[-MOST:]):
            alike.append(quantity)
    return [quantity for alike in kept.values() for quantity in alike]


def without_repeats(quantities: Sequence[Quantity], lead: int, sentences: Row[Span]) -> list[Quantity]:
    """Quantities of an article in text order, each stated one once.

    The running text (from offset `lead`) is preferred to the headline block, and the first mention that says
    what is counted to later ones. What one sentence says twice are two facts: `10家单位与10家单位签约`.
    """
    row = Row(quantities)
    headline = row.last_within(0, lead)
    kept = _of_text(row.spans[row.first(lead) :], sentences)
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
