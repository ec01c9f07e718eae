"""Which kind of thing a number counts, where the unit alone does not say.

户 counts families or firms, 个 things or people, 块 is money or a thing, and 84万 has no unit at all. The
nouns of lexicon/counted_nouns.tsv beside the number decide.
"""

import re
from typing import Final, Literal

from extract.beginnings import any_of, meanings
from extract.sentences import sentence_start
from extract.words import alternation, terms

Understood = Literal["money", "people", "visits"]
_MARKS: Final = r"，,。；;：:、！？!?\s\d０-９（）()“”《》"


def _words(*meanings: str) -> list[str]:
    return [term for meaning in meanings for term in terms("counted_nouns", meaning=meaning)]


def _nouns(*meanings: str) -> str:
    return alternation(_words(*meanings))


_PEOPLE: Final = re.compile(any_of(_words("people")))
_PEOPLE_NEAR: Final = re.compile(rf"[^{_MARKS}的]{{0,6}}?{any_of(_words('people'))}")
_BODY: Final = re.compile(rf"[^{_MARKS}的]{{0,4}}?{any_of(_words('body'))}")
_PIECE_BEFORE: Final = re.compile(rf"{_nouns('piece')}$")
_PIECE_AFTER: Final = re.compile(rf"[^{_MARKS}]{{0,6}}?{any_of(_words('piece'))}")
_PEOPLE_BEFORE: Final = re.compile(rf"{_nouns('people')}[共约近达有]{{0,2}}$")
_OWNER, _OWNERS = meanings({"family": _words("family"), "firm": _words("firm")})
_PHRASE: Final = re.compile(rf"[^{_MARKS}]{{1,10}}")
_FAMILIES: Final = re.compile(rf"[^{_MARKS}]{{0,4}}?家庭(?!教育|成员|医生)")
_CLUE, _CLUES = meanings(
    {"money": _words("money"), "visits": _words("visits"), "people": _words("people", "headcount")}
)
_HEADCOUNT: Final = re.compile(
    rf"{_nouns('headcount')}(?:(?:已|共|约|近|超过|超|逾|突破|达到|达|增至|升至|为|是|有|共计|总计)|[:：]){{0,3}}$"
)
_AGAIN: Final = re.compile(rf"{_nouns('again')}[^，,。；;\n]{{0,8}}$")
_CHANGE: Final = re.compile(rf"{_nouns('change')}[了约近]{{0,2}}$")
_REACHED: Final = re.compile(rf"{_nouns('change', 'reach')}[了约近]{{0,2}}$")
_REACH: Final = 60


def people_after(text: str, at: int) -> str | None:
    """The people noun at `at`, unless a body's name goes on after it (职工 but not 职工书屋)."""
    match = _PEOPLE.match(text, at)
    return match[0] if match and not _BODY.match(text, match.end(), match.end() + 8) else None


def people_near(text: str, at: int) -> bool:
    """Whether a people noun with a short modifier follows at `at`: 一线职工."""
    match = _PEOPLE_NEAR.match(text, at, at + 14)
    return match is not None and not _BODY.match(text, match.end(), match.end() + 8)


def headcount_before(text: str, at: int) -> bool:
    """Whether a word for a number of people leads up to `at`: 参加人数达."""
    return _HEADCOUNT.search(text, max(0, at - 14), at) is not None


def piece(text: str, start: int, end: int) -> bool:
    """Whether 块 in `start`..`end` counts things (展板48块) rather than coins."""
    return (
        _PIECE_AFTER.match(text, end, end + 10) is not None
        or _PIECE_BEFORE.search(text, max(0, start - 6), start) is not None
    )


def firms(text: str, start: int, end: int) -> bool | None:
    """Whether 户 in `start`..`end` counts firms or families; None where no noun near it says."""
    phrase = _PHRASE.match(text, end)
    last = _last(_OWNER, text, end, phrase.end()) if phrase else None
    if last is None and (people_near(text, end) or _PEOPLE_BEFORE.search(text, max(0, start - 8), start)):
        return False
    last = last or _last(_OWNER, text, _paragraph(text, start), start)
    return None if last is None else _OWNERS[last[0]] == "firm"


def families_after(text: str, at: int) -> bool:
    """Whether 家庭 with a short modifier follows at `at`."""
    return _FAMILIES.match(text, at, at + 8) is not None


def understood(text: str, start: int, end: int) -> Understood | None:
    """What a large number without a unit counts, by the nearest noun in its sentence."""
    clue = _last(_CLUE, text, sentence_start(text, start, _REACH), start) or _CLUE.search(text, end, end + 25)
    return _CLUES[clue[0]] if clue else None  # type: ignore[return-value]


def taken_up(text: str, at: int) -> bool:
    """Whether the number at `at` counts what was counted before, which a word takes up: 这个数字是1.1万."""
    return _AGAIN.search(text, max(0, at - 14), at) is not None


def changed(text: str, at: int, large: bool) -> bool:
    """Whether a word of change leads to the number at `at`: 升至2.08万; before a `large` one also 达到."""
    return (_REACHED if large else _CHANGE).search(text, max(0, at - 6), at) is not None


def _paragraph(text: str, at: int) -> int:
    low = max(0, at - _REACH)
    return max(low, text.rfind("\n", low, at) + 1)


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text, start, end):  # noqa: B007
        pass
    return found
