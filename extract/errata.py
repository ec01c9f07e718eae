"""What a correction prints: in “X”应为“Y” the quotation Y states a fact and X none."""

import re
from collections.abc import Sequence
from typing import Final

from extract.model import Span
from extract.numbers import DIGITS
from extract.words import alternation, terms

_ERRATUM: Final = re.compile(alternation(terms("not_facts", meaning="erratum")))
_RIGHT: Final = re.compile(rf"{alternation(terms('not_facts', meaning='right'))}[:：]?$")
_BEFORE: Final = alternation(terms("not_facts", meaning="wrong before"))
_AFTER: Final = rf"[，,]?(?:一句|一处)?[，,]?{alternation(terms('not_facts', meaning='wrong after'))}"
# A number counts as wrong from the character before it.
_WRONG: Final = re.compile(
    rf"“[^“”\n]{{1,80}}”(?={_AFTER})|{_BEFORE}“[^“”\n]{{1,80}}”"
    rf"|(?:{_BEFORE}|(?<![{DIGITS}.．,，])[^{DIGITS}\n](?=[{DIGITS}.．,，]{{1,12}}[^{DIGITS}，,。；;：:“”\n]{{1,12}}{_AFTER}))"
    rf"[{DIGITS}]"
)
_WORD: Final = 6


def names(text: str, found: Sequence[Span]) -> Sequence[Span]:
    """Stretches in which numbers state nothing, where `found` are those that are names: of a correction what
    was wrong, and not the quotation that is right. As given for any other text."""
    if _ERRATUM.search(text) is None:
        return found
    wrong = [Span(*match.span()) for match in _WRONG.finditer(text)]
    kept = [name for name in found if not _RIGHT.search(text, max(0, name.start - _WORD), name.start)]
    return sorted([*kept, *wrong], key=lambda span: span.start)
