"""Text that a page prints twice: a repeated body, a repeated or scrambled column."""

from collections.abc import Mapping, Sequence
from typing import Final

_GRAM: Final = 8
_COARSE: Final = 8
"""Every how many letters earlier text is indexed at first: few pages print anything twice, and a full index
costs most of the time."""
_RUN: Final = 24
"""Letters that a run of repeated lines must hold: shorter ones are stock phrases."""


def repeated(texts: Sequence[str], prose: Sequence[bool]) -> list[bool]:
    """Which lines only say again what earlier lines said, given the letters and digits of each. `prose` tells
    which lines are running text; the others (headlines) count as repeated only where they continue a repeat.
    Linear in the length."""
    flags = _flags(texts, prose, _COARSE)
    return _long_runs(_flags(texts, prose, 1), texts) if any(flags) else flags


def _flags(texts: Sequence[str], prose: Sequence[bool], step: int) -> list[bool]:
    """Lines that earlier ones cover; surely seen are repeats of _GRAM + step - 1 letters."""
    whole = "".join(texts)
    where: dict[str, int] = {}
    indexed = length = 0
    flags = [False] * len(texts)
    expected = -1
    for i, text in enumerate(texts):
        at = _continues(whole, length, expected, text) if expected >= 0 else -1
        if at < 0 and prose[i]:
            at = _covered(text, where, whole, length)
        if at >= 0:
            flags[i] = True
        expected = at
        length += len(text)
        for p in range(indexed, length - _GRAM + 1, step):
            # Of several places the first stays.
            where.setdefault(whole[p : p + _GRAM], p)
            indexed = p + step
    return flags


def _continues(whole: str, length: int, expected: int, text: str) -> int:
    """Where earlier text goes on if the line stands at the expected place in it; -1 if it does not."""
    if not text or expected + len(text) > length:
        return -1
    return expected + len(text) if whole.startswith(text, expected) else -1


def _covered(text: str, where: Mapping[str, int], whole: str, length: int) -> int:
    """Where earlier text, the first `length` letters, goes on after the line if it covers nine tenths of it,
    every digit and the end; else -1."""
    most = len(text) // 10
    begins = range(min(most + _COARSE, len(text) - _GRAM + 1))
    if where.keys().isdisjoint([text[i : i + _GRAM] for i in begins]):
        return -1
    i = done = missed = 0
    end = -1
    while i + _GRAM <= len(text) and missed + i - done < most + _COARSE:
        start = where.get(text[i : i + _GRAM], -1)
        if start < 0:
            i += 1
            continue
        stop, end = i + _GRAM, start + _GRAM
        while i > done and start > 0 and text[i - 1] == whole[start - 1]:
            i, start = i - 1, start - 1
        while stop < len(text) and end < length and text[stop] == whole[end]:
            stop, end = stop + 1, end + 1
        missed += i - done
        if missed > most or any(letter.isdigit() for letter in text[done:i]):
            return -1
        i = done = stop
    return end if done == len(text) else -1


def _long_runs(flags: Sequence[bool], texts: Sequence[str]) -> list[bool]:
    out = [False] * len(flags)
    i = 0
    while i < len(flags):
        j, size = i, 0
        while j < len(flags) and flags[j]:
            size += len(texts[j])
            j += 1
        if size >= _RUN:
            out[i:j] = [True] * (j - i)
        i = max(j, i + 1)
    return out
