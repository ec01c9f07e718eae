"""Paragraphs and sentences of an article body, as spans."""

import re
from typing import Final

from extract.model import Span

_STOP: Final = re.compile("[。！？!?；;\n]")
_CLOSERS: Final = "”’」』）)】》"
_SENTENCE: Final = re.compile(rf"[^。！？!?；;\n]*(?:[。！？!?；;]+[{_CLOSERS}]*|\n|$)")


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    found = []
    for match in pattern.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            found.append(Span(start, end))
    return found


def sentences(text: str) -> list[Span]:
    """Sentences in order, without surrounding space; a newline always ends one. A semicolon ends one too:
    in this prose it separates statements that each have their own subject."""
    return _spans(_SENTENCE, text)


def paragraphs(text: str) -> list[Span]:
    """Lines of the body that hold something."""
    return _spans(re.compile(r"[^\n]+"), text)


def sentence_start(text: str, at: int, reach: int) -> int:
    """Where the sentence that `at` stands in begins, or `reach` characters before where it is longer."""
    low = max(0, at - reach)
    for stop in _STOP.finditer(text, low, at):
        low = stop.end()
    return low
