"""Text that a page prints twice: a repeated body, a repeated or scrambled column."""

from collections.abc import Sequence

from extract.lines import letters

_GRAM = 8
_RUN = 24
"""Letters that a run of repeated lines must hold: shorter ones are stock phrases."""


def repeated(lines: Sequence[str], prose: Sequence[bool]) -> list[bool]:
    """Which lines only say again what earlier lines said. `prose` tells which lines are running text; the
    others (headlines) count as repeated only where they continue a repeat. Linear in the length."""
    texts = [letters(line) for line in lines]
    where: dict[str, int] = {}
    length = 0
    flags = [False] * len(lines)
    whole = "".join(texts)
    expected = -1
    for i, text in enumerate(texts):
        at = _continues(whole, length, expected, text)
        if at < 0 and prose[i]:
            at = _covered(text, where, whole, length)
        flags[i] = at >= 0 and bool(text)
        expected = at if flags[i] else -1
        for p in range(max(0, length - _GRAM + 1), length + len(text) - _GRAM + 1):
            where.setdefault(whole[p : p + _GRAM], p)
        length += len(text)
    return _long_runs(flags, texts)


def _continues(whole: str, length: int, expected: int, text: str) -> int:
    """Where earlier text goes on if the line stands at the expected place in it; -1 if it does not."""
    if expected < 0 or not text or expected + len(text) > length:
        return -1
    return expected + len(text) if whole.startswith(text, expected) else -1


def _covered(text: str, where: dict[str, int], whole: str, length: int) -> int:
    """Where earlier text goes on after the line if it covers nine tenths of it and every digit; else -1."""
    if len(text) < _GRAM:
        return -1
    i = missed = 0
    end = -1
    while i < len(text):
        start = where.get(text[i : i + _GRAM], -1) if i + _GRAM <= len(text) else -1
        if start < 0 or start + _GRAM > length:
            if end >= 0 and end < length and whole[end] == text[i]:
                i, end = i + 1, end + 1
                continue
            missed += 1
            if text[i].isdigit() or missed * 10 > len(text):
                return -1
            i, end = i + 1, -1
            continue
        n = _GRAM
        while i + n < len(text) and start + n < length and whole[start + n] == text[i + n]:
            n += 1
        i, end = i + n, start + n
    return end if end >= 0 else -1


def _long_runs(flags: list[bool], texts: Sequence[str]) -> list[bool]:
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
