"""Where in a text a review belongs: by the words, so that another row, page or reading does not lose it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

CONTEXT = 32
"""Characters kept on each side of the quote."""
ENOUGH = 8
"""Characters around the quote that must be as they were in a text that is not the same."""


class Place(NamedTuple):
    """A stretch of a body, and how many characters around it are as they were."""

    start: int
    end: int
    agreed: int


def make(body: str, start: int, end: int) -> dict[str, Any]:
    """The columns of `review` that say where a stretch of a body stands."""
    return {
        "quote": body[start:end],
        "text_before": body[max(0, start - CONTEXT) : start],
        "text_after": body[end : end + CONTEXT],
        "char_start": start,
    }


def find(review: Mapping[str, Any], body: str, *, same: bool) -> Place | None:
    """Where the quote of a review stands in a body: of all places the one around which most is as it was; of
    several alike, the nearest to where it stood. `same` says that the running text is the same, so that the
    quote is enough; else ENOUGH characters around it must agree, or all there were."""
    quote, before, after = review["quote"], review["text_before"], review["text_after"]
    best: tuple[int, int, int] | None = None
    at = body.find(quote)
    while at >= 0:
        end = at + len(quote)
        agreed = _alike(before[::-1], body[max(0, at - CONTEXT) : at][::-1])
        agreed += _alike(after, body[end : end + CONTEXT])
        score = (agreed, -abs(at - review["char_start"]), -at)
        best = score if best is None else max(best, score)
        at = body.find(quote, at + 1)
    if best is None or not (same or best[0] >= min(ENOUGH, len(before) + len(after))):
        return None
    return Place(-best[2], -best[2] + len(quote), best[0])


def _alike(one: str, other: str) -> int:
    """Length of the common beginning."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
