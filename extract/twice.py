"""Text that a page prints twice: a repeated body, a repeated or scrambled column."""

from collections.abc import Mapping, Sequence

from extract.lines import letters

_GRAM = 8
_COARSE = 8
"""Every how many letters earlier text is indexed at first: few pages print anything twice, and a full index
costs most of the time."""
_RUN = 24
"""Letters that a run of repeated lines must hold: shorter ones are stock phrases."""


def repeated(lines: Sequence[str], prose: Sequence[bool]) -> list[bool]:
    """Which lines only say again what earlier lines said. `prose` tells which lines are running text; the
    others (headlines) count as repeated only where they continue a repeat. Linear in the length."""
    texts = [letters(line) for line in lines]
    flags = _flags(texts, prose, _COARSE)
    return _long_runs(_flags(texts, prose, 1), texts) if any(flags) else flags


def _flags(texts: Sequence[str], prose: Sequence[bool], step: int) -> list[bool]:
    """Lines that earlier ones cover; surely seen are repeats of _GRAM + step - 1 letters."""
    whole = "".join(texts)
    last = max(0, len(whole) - _GRAM) // step * step
    # From the end, so that of several places the first stays.
    where = {whole[p : p + _GRAM]: p for p in range(last, -1, -step)}
    length = 0
    flags = [False] * len(texts)
    expected = -1
    for i, text in enumerate(texts):
        at = _continues(whole, length, expected, text)
        if at < 0 and prose[i]:
            at = _covered(text, where, whole, length)
        flags[i] = at >= 0 and bool(text)
        expected = at if flags[i] else -1
        length += len(text)
    return flags


def _continues(whole: str, length: int, expected: int, text: str) -> int:
    """Where earlier text goes on if the line stands at the expected place in it; -1 if it does not."""
    if expected < 0 or not text or expected + len(text) > length:
        return -1
    return expected + len(text) if whole.startswith(text, expected) else -1


def _covered(text: str, where: Mapping[str, int], whole: str, length: int) -> int:
    """Where earlier text, the first `length` letters, goes on after the line if it covers nine tenths of it,
    every digit and the end; else -1."""
    most = len(text) // 10
    i = done = missed = 0
    end = -1
    while i + _GRAM <= len(text) and missed + i - done < most + _COARSE:
        start = where.get(text[i : i + _GRAM], length)
        if start + _GRAM > length:
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
