"""The rule of counting one event once: which facts claim the same quantity, and which stands for all.

All claims are kept. Two steps put them into groups, both conservative: a false merge hides a number, a
missed one shows it twice.

1. *Reprints.* Articles of one cluster (see reprints.py) are one text. A fact of a reprint repeats the fact of
   the cluster's first article with the same words and value, in the same sentence if there is one. A repeat
   belongs to the group of what it repeats, and is no claim of its own.
2. *Other articles.* Claims of different clusters are the same quantity when they agree in all of:

   - *organisation*: the same one. Where both say the same exact number of WIDE digits or more, also a
     federation and one above it, since a city's paper credits the county's work to the city.
   - *programme category, kind, status, per, unit*: equal; units of one family (lexicon/unit_families) are.
   - *value*: the values that one admits (`interval`) lie within those that the other admits: 54321人 in
     5.4万余人. Ranges only where both ends are equal.
   - *what is counted*: equal, or the one ends with the other (困难职工, 职工). One of them may not say it
     where a number has SPECIFIC digits, and they may differ where the exact number has WIDE digits.
   - *time*: both have one, of the same sort (`_Sort`). Events of up to SHORT days overlap. Longer periods and
     cumulative figures begin and end within SLACK days of each other. A fact without a time counts as of
     the week before its publication, and needs SPECIFIC digits. An exact number of one digit (5名, 300人) is
     the same only in exactly the same period.
   - *publication*: within WINDOW days, unless both print exactly the same period.

   Agreeing is not transitive: 54100 and 54321 both agree with 5.4万余, and contradict each other. So claims
   are taken in order, the most precise first, and each joins the group nearest to its value all of whose
   claims it agrees with; a group has one claim of a cluster at most. What a claim is grouped with depends
   only on those it is connected with by agreement, so a change is worked out among these, and the groups
   are those of a full rebuild whichever way the documents came in.

The identifier of a group is a hash of that of its first claim, the one published first.
"""

import hashlib
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, Literal, NamedTuple

from extract import words
from unionkb import resolve

WINDOW = 60
"""Days between the publication of two claims of one event, at most."""
SHORT = 31
"""Days up to which a period is that of an event."""
SLACK = 14
"""Days by which longer periods may differ at either end."""
RECENT = 14
"""Days back that 近日 reaches, counted from its last day."""
UNDATED = 7
"""Days before its publication in which a fact without a time is taken to have happened."""
SPECIFIC, WIDE = 3, 4
"""Significant digits from which a number is hardly met twice by chance, and hardly at all."""
WIDEST_FLOOR, WIDEST_ABOUT = 0.2, 0.1
"""Shares of a value by which 超 and 余, 约 and 近 may be off, at most."""

Reason = Literal["only claim", "most specific", "most sources", "latest"]
_Sort = Literal["event", "period", "cumulative", "future", "recurring"]

_NUMERAL = re.compile(r"([0-9][0-9,]*)(?:\.([0-9]+))?\s?(?:余|多)?([十百千万亿]*)")
_ROUNDED = re.compile(r"[.十百千万亿]")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_LETTERS = re.compile(r"[\W_]+")


class Interval(NamedTuple):
    """The values that the words of a quantity admit, both ends included, and how many digits it has."""

    low: float
    high: float
    digits: int


@lru_cache(maxsize=100_000)  # A large load comes back to its claims.
def interval(value: float, value_max: float | None, bound: str, quote: str) -> Interval:
    """What a quantity admits: 5.4万余人 is 54000 to just below 55000, 5.4万人 is 53500 to 54500, 54321人
    itself only. A number written out in full is exact, a scale or decimals say how it was rounded."""
    digits = significant(value)
    if bound == "range" or value <= 0:
        return Interval(value, value if value_max is None else value_max, digits)
    printed = _printed_step(value, quote)
    if bound == "exact":
        # 5万 of one digit may be rounded anyhow, so it is taken by its word.
        half = printed / 2 if printed and printed > 1 and digits > 1 else 0.0
        return Interval(value - half, value + half, digits)
    step = printed or 10.0 ** _zeros(value)
    if bound == "over":
        return Interval(value, _below(value + min(step, WIDEST_FLOOR * value)), digits)
    if bound == "under":
        return Interval(_above(value - min(step, WIDEST_ABOUT * value)), value, digits)
    half = min(step / 2, WIDEST_ABOUT * value)
    return Interval(value - half, value + half, digits)


def significant(value: float) -> int:
    """Digits of a number without the zeros at its ends: 54000 has 2."""
    return max(1, len(f"{value:.6f}".replace(".", "").strip("0")))


def _zeros(value: float) -> int:
    """Power of ten of the last digit that is not zero."""
    text = f"{value:.6f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    return -len(decimals) if decimals else len(whole) - len(whole.rstrip("0"))


def _printed_step(value: float, quote: str) -> float | None:
    """What one more in the last digit would add, for a number printed in digits with a scale or decimals."""
    plain = unicodedata.normalize("NFKC", quote)
    if not _ROUNDED.search(plain):
        return None
    for whole, decimals, scale in _NUMERAL.findall(plain):
        size = math.prod(_SCALES[each] for each in scale)
        if math.isclose(float(f"{whole.replace(',', '')}.{decimals or 0}") * size, value, rel_tol=1e-9):
            return float(size * 10.0 ** -len(decimals)) if scale or decimals else None
    return None


def _below(value: float) -> float:
    return value * (1 - 1e-9)


def _above(value: float) -> float:
    return value * (1 + 1e-9)


class Claim(NamedTuple):
    """A fact as it is compared with others."""

    fact_id: str
    article_id: str
    cluster_id: str
    outlet: str
    """Newspaper, or the source where none is named."""
    published: str | None
    organisation_id: str | None
    programme: str
    kind: str
    unit: str
    status: str
    per: str | None
    value: float
    value_max: float | None
    bound: str
    counted: str | None
    date_start: str | None
    date_end: str | None
    date_kind: str | None
    quote: str
    char_start: int
    sentence: str

    def interval(self) -> Interval:
        return interval(self.value, self.value_max, self.bound, self.quote)

    @property
    def is_weak(self) -> bool:
        """Whether the number is one that is met by chance: 5名, 300人."""
        return self.bound == "exact" and self.interval().digits == 1


class Time(NamedTuple):
    """When a claim is about, as ordinals of days; an end of 0 is open."""

    sort: _Sort
    start: int
    end: int


@lru_cache(maxsize=10_000)
def _ordinal(day: str | None) -> int:
    return date.fromisoformat(day).toordinal() if day else 0


def time(claim: Claim) -> Time | None:
    """When a claim is about; None where neither its words nor its publication tell."""
    start, end = _ordinal(claim.date_start), _ordinal(claim.date_end)
    if not start and not end:
        published = _ordinal(claim.published)
        return Time("event", published - UNDATED, published) if published else None
    if claim.date_kind == "cumulative":
        return Time("cumulative", start, end)
    if claim.date_kind == "recurring":
        return Time("recurring", start, end)
    if not end:
        return Time("future", start, 0)
    if not start:
        return Time("event", end - RECENT, end)
    return Time("event" if end - start < SHORT else "period", start, end)


def agree(one: Claim, other: Claim) -> bool:
    """Whether two claims are of the same quantity, by the rule above."""
    if one.cluster_id == other.cluster_id or _kind_of(one) != _kind_of(other) or one.is_weak != other.is_weak:
        return False
    mine, its = one.interval(), other.interval()
    same = one.value == other.value and one.bound == other.bound == "exact" and mine.digits >= WIDE
    if one.organisation_id is None or other.organisation_id is None:
        return False
    if one.organisation_id != other.organisation_id and not (
        same and _in_line(one.organisation_id, other.organisation_id)
    ):
        return False
    if not _compatible(one, other):
        return False
    digits = max(mine.digits, its.digits)
    return (same or _same_noun(one.counted, other.counted, digits)) and _same_time(one, other, digits)


def _compatible(one: Claim, other: Claim) -> bool:
    mine, its = one.interval(), other.interval()
    if "range" in (one.bound, other.bound):
        return one.bound == other.bound and mine[:2] == its[:2]
    within = mine.low >= its.low and mine.high <= its.high
    return within or (its.low >= mine.low and its.high <= mine.high)


@lru_cache(maxsize=10_000)
def _noun(counted: str | None) -> str:
    return _LETTERS.sub("", counted or "")


def _same_noun(one: str | None, other: str | None, digits: int) -> bool:
    mine, its = _noun(one), _noun(other)
    if not mine or not its:
        return digits >= SPECIFIC
    return mine.endswith(its) or its.endswith(mine)


def _same_time(one: Claim, other: Claim, digits: int) -> bool:
    printed = one.date_start or one.date_end
    same = printed and (one.date_start, one.date_end) == (other.date_start, other.date_end)
    if one.is_weak:
        return bool(same) and (_near_in_print(one, other) or bool(one.date_start and one.date_end))
    mine, its = time(one), time(other)
    if mine is None or its is None or mine.sort != its.sort:
        return False
    undated = not printed or not (other.date_start or other.date_end)
    if undated and digits < SPECIFIC:
        return False
    if same and one.date_start and one.date_end and digits >= SPECIFIC:
        return True
    if not _near_in_print(one, other):
        return False
    if mine.sort == "event":
        return mine.start <= its.end and its.start <= mine.end
    return all(abs(a - b) <= SLACK if a and b else a == b for a, b in zip(mine[1:], its[1:], strict=True))


def _near_in_print(one: Claim, other: Claim) -> bool:
    mine, its = _ordinal(one.published), _ordinal(other.published)
    return bool(mine and its) and abs(mine - its) <= WINDOW


@cache
def _families() -> dict[str, str]:
    return {row["term"]: row["meaning"] for row in words.table("unit_families")}


def _kind_of(claim: Claim) -> tuple[str | None, ...]:
    unit = _families().get(claim.unit, claim.unit) if claim.kind == "count" else claim.unit
    return claim.programme, claim.kind, unit, claim.status, claim.per


@cache
def _federations() -> dict[str, str]:
    return resolve.federations()


def _in_line(one: str, other: str) -> bool:
    """Whether one of two federations stands above the other. Asks the gazetteer and not the database, which
    may learn of a parent later."""
    return other in _line(one) or one in _line(other)


@lru_cache(maxsize=10_000)
def _line(organisation_id: str) -> frozenset[str]:
    above: list[str] = []
    while organisation_id := _federations().get(organisation_id, ""):
        above.append(organisation_id)
    return frozenset(above)


class Keys(NamedTuple):
    """Under which a claim is found again; equal keys are needed to agree, or to contradict each other."""

    match: int | None
    wide: int | None
    period: int | None


def keys(claim: Claim) -> Keys:
    """Keys of a claim: of those that may agree in the same organisation, of those that may agree in another,
    and of those that speak of the same thing and time."""
    if claim.organisation_id is None:
        return Keys(None, None, None)
    kind = (claim.organisation_id, *_kind_of(claim))
    low, high, digits = claim.interval()
    weak = (low, high, claim.date_start, claim.date_end) if claim.is_weak else ()
    wide = claim.bound == "exact" and digits >= WIDE and claim.organisation_id in _federations()
    dated = claim.date_end and claim.counted and claim.bound != "range"
    has_time = claim.date_start or claim.date_end or claim.published
    return Keys(
        (_hash(f"{_text_of(kind)}\x1f{_text_of(weak)}") if weak else _hash_of(kind)) if has_time else None,
        _hash(f"{_text_of(kind[1:])}\x1f{claim.value}") if wide else None,
        _hash(f"{_text_of(kind)}\x1f{_noun(claim.counted)}\x1f{claim.date_start}\x1f{claim.date_end}")
        if dated
        else None,
    )


@lru_cache(maxsize=100_000)
def _hash_of(kind: tuple[str | None, ...]) -> int:
    return _hash(_text_of(kind))


@lru_cache(maxsize=100_000)
def _text_of(parts: tuple[Any, ...]) -> str:
    return "\x1f".join(map(str, parts))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


def repeats(facts: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """The facts of one cluster, each with the one it repeats, or with itself. `facts` have those of the
    cluster's first article first, and in each article those that are printed first."""
    known: dict[tuple[Any, ...], list[Claim]] = {}
    for _, of_article in groupby(facts, key=lambda claim: claim.article_id):
        alike: dict[tuple[Any, ...], list[Claim]] = {}
        for claim in of_article:
            key = (claim.kind, claim.value, claim.value_max, claim.unit, claim.quote)
            alike.setdefault(key, []).append(claim)
        for key, mine in alike.items():
            free = known.setdefault(key, [])
            new = []
            for claim, original in _pair(mine, free):
                yield claim, original or claim
                new += [] if original else [claim]
            free += new


def _pair(claims: Sequence[Claim], free: Sequence[Claim]) -> Iterator[tuple[Claim, Claim | None]]:
    """Claims with the ones they repeat: that of the same sentence, or else the next that no other repeats."""
    left = list(free)
    found: dict[str, Claim] = {}
    for claim in claims:
        sentence = _LETTERS.sub("", claim.sentence)
        original = next((each for each in left if _LETTERS.sub("", each.sentence) == sentence), None)
        if original:
            found[claim.fact_id] = original
            left.remove(original)
    for claim in claims:
        yield claim, found.get(claim.fact_id) or (left.pop(0) if left else None)


def precedence(claim: Claim) -> tuple[Any, ...]:
    """Order in which claims look for a group: the most precise first."""
    low, high, digits = claim.interval()
    return (_width(low, high), -digits, *first(claim))


def first(claim: Claim) -> tuple[Any, ...]:
    """Order of publication. One without a date comes last."""
    return claim.published is None, claim.published or "", claim.fact_id


def _width(low: float, high: float) -> float:
    return round((high - low) / high, 6) if high > 0 else 0.0


def partition(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Groups of claims that are connected by agreement."""
    groups: list[list[Claim]] = []
    for claim in sorted(claims, key=precedence):
        fitting = [group for group in groups if all(agree(claim, each) for each in group)]
        if fitting:
            min(fitting, key=lambda group: abs(group[0].value - claim.value)).append(claim)
        else:
            groups.append([claim])
    return groups


def pick(claims: Sequence[Claim], outlets: Callable[[Claim], int]) -> tuple[Claim, Reason]:
    """The claim that stands for a group, and why: the only one; the most specific one (the narrowest value,
    then the shortest time); the one whose value most outlets print; the latest. `outlets` counts those that
    print a claim, reprints included."""
    left = list(claims)
    if len(left) == 1:
        return left[0], "only claim"
    sources: dict[tuple[float, str], int] = {}
    for claim in left:
        said = (claim.value, claim.bound)
        sources[said] = sources.get(said, 0) + outlets(claim)

    def specific(claim: Claim) -> tuple[float, int]:
        low, high, _ = claim.interval()
        when = time(claim)
        days = when.end - when.start if when and when.start and when.end else 10**6
        return _width(low, high), days

    orders: tuple[tuple[Reason, Callable[[Claim], Any]], ...] = (
        ("most specific", specific),
        ("most sources", lambda claim: (-sources[claim.value, claim.bound], -outlets(claim))),
        ("latest", lambda claim: (-_ordinal(claim.published), claim.fact_id)),
    )
    for reason, order in orders:
        best = min(map(order, left))
        left = [claim for claim in left if order(claim) == best]
        if len(left) == 1:
            return left[0], reason
    raise AssertionError("claims of one identifier")
