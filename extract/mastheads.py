"""Whose page it is: the union or other body that the head or the foot of a page names as its owner."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from extract import regions, words
from extract.endings import Endings
from extract.lines import Line
from extract.organisation_names import is_generic

_PART: Final = re.compile(r"[^\s|·>»→/:\-—©_]+")
_PATH: Final = re.compile(r"[|>»→/]")
_NAME: Final = re.compile(r"[一-龥A-Za-z()]+")
_SITE: Final = re.compile(
    r"(?:门户|官方|新闻|信息)?网(?:站|页)?$|官网$|微平台$|(?:官方)?微信$|(?:微信)?公众号$"
)
_OUTLET: Final = re.compile(words.alternation(words.terms("line_words", kind="outlet")))
_OUTLET_END: Final = re.compile(words.alternation(words.terms("line_words", kind="outlet_end")) + "$")
_SECTION: Final = re.compile(words.alternation(words.terms("line_words", kind="section_end")) + "$")
_STEP: Final = re.compile(
    words.alternation(
        {*words.terms("line_words", kind="section_end"), *words.terms("line_words", kind="path_end")}
    )
    + "$"
)
_FOOT: Final = re.compile(words.alternation(words.terms("furniture", place="owner")))
_UNION: Final = "工会"
_FIRST, _LONGEST = 2, 26
"""Parts of a line that are looked at, characters a name may have."""
_WIDEST: Final = 120
_SECTION_LENGTH: Final = 8
_ACCOUNT: Final = 9
"""Characters the name of an account or paper may have."""


@cache
def _bodies() -> Endings:
    rows = words.table("organisation_heads")
    named = (row["term"] for row in rows if row["acts"] not in ("bare", "name") and row["kind"] != "industry")
    return Endings((*named, "人民政府", "街道办事处", _UNION, "工会联合会", "工会委员会"))


def masthead(above: Sequence[Line], below: Sequence[Line]) -> str | None:
    """The union named in the lines above the headline, or else in those below the text as the owner of the
    page; else the firm, school, hospital or other body; else the paper or site of a place; None where none is
    named."""
    found = [name for line in above for name in _names(line, _FIRST)]
    found += [name for line in below if _FOOT.match(line.plain) for name in _names(line)]
    for line in above:
        parts = _PART.findall(line.plain, 0, _WIDEST)[:_FIRST]
        # A newspaper is no owner: it stands in the imprint.
        found += [part for part in parts if _local(part) and not part.endswith("报")]
    return next((name for name in found if _UNION in name), found[0] if found else None)


def _local(part: str) -> bool:
    """Whether a part of a line is the paper, site or account of a place: `瓮安融媒`."""
    if len(part) > _ACCOUNT or not _OUTLET_END.search(part, 2):
        return False
    place = next(iter(regions.mentions(part)), None)
    return place is not None and place.start == 0 and place.end < len(part)


def is_head(line: Line) -> bool:
    """True for a line that holds the name of a site, and perhaps of its sections: `某市总工会 / 基层组建`."""
    parts = _PART.findall(line.plain) if len(line.plain) < _WIDEST // 3 else []
    path = _PATH.search(line.plain) is not None
    if path and len(parts) > 1 and all(len(part) <= _SECTION_LENGTH and _STEP.search(part) for part in parts):
        return True
    if len(parts) == 1 and _local(parts[0]):
        return True
    if not parts or not (_SITE.search(parts[0], 2) or parts[0].endswith("报") or _body(parts[0])):
        return False
    sections = len(parts) > 1 and all(
        len(part) <= _SECTION_LENGTH and (path or _SECTION.search(part)) for part in parts[1:]
    )
    return sections or (len(parts) == 1 and _SITE.search(parts[0], 2) is not None)


def _names(line: Line, most: int | None = None) -> Iterator[str]:
    """Bodies among the first parts of a line."""
    for part in list(_PART.finditer(line.plain, 0, _WIDEST))[:most]:
        name = _SITE.sub("", part[0])
        if _body(name):
            yield name


def _body(name: str) -> bool:
    ending = _bodies().longest(name)
    if not ending or not _NAME.fullmatch(name) or not 4 <= len(name) <= _LONGEST:
        return False
    return not is_generic(name.removesuffix(ending)) and not _OUTLET.search(name)
