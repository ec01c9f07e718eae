"""Bodies that act and are no unions: public offices, organs of unions, firms and banks."""

import re
from dataclasses import replace
from functools import cache
from typing import Final

from extract import regions
from extract.model import Level, OrganisationMention
from extract.organisation_levels import compounds, own
from extract.organisation_names import begins, is_generic, window
from extract.organisation_owners import longest
from extract.organisation_state import Reader
from extract.words import table

_OFFICE: Final = re.compile(r"[一-鿿]{2,4}办事处")
_UNION_NEXT: Final = re.compile("总?工会")
_UNNAMED: Final = re.compile(r"(?:该|本|这家|那家|某|所在|各|其|此|一家|我们|全)$")


@cache
def _bodies() -> dict[str, dict[str, str]]:
    return {row["term"]: row for row in table("organisation_bodies")}


def body(reader: Reader, at: int, end: int, term: str) -> list[OrganisationMention]:
    """市人社局, 杭州市工人文化宫, 中国职工保险互助会: public bodies under a region's name."""
    row, text = _bodies()[term], reader.text
    if row["kind"] == "short":
        # 办事处 alone is the office named before.
        last = reader.office
        return [replace(last, start=at, end=end)] if last and reader.boundary(at) else []
    place = reader.ends.get(at)
    region, start, prefix = None, at, ""
    if place and place.start >= reader.taken:
        region, start = reader.settle(place)
        prefix = regions.official(region) if region else text[place.start : place.end]
    else:
        part = window(text, at, max(reader.taken, at - 4))
        local = own().longest(part)
        if part.endswith("中国"):
            start, prefix = at - 2, "中国"
        elif local and "国" not in local and not compounds().longest(part):
            region = reader.level(local, at)
            start = at - len(local)
            prefix = regions.official(region) if region else ""
    if not prefix:
        return []
    if _UNION_NEXT.match(text, end):
        # 市人民医院工会: the union anchor that follows takes the whole name.
        reader.owners.append(prefix + row["meaning"])
        return []
    union = row["union"] == "yes"
    code = region.code if region else None
    office = _OFFICE.match(text, end)
    name = prefix + row["meaning"] + (office[0] if office else "")
    end = office.end() if office else end
    level: Level = region.level if region and row["kind"] == "area" else "other"
    mention = OrganisationMention(start, end, name, level, code, union, "body")
    if office:
        reader.office = mention
    return [mention]


def firm(reader: Reader, at: int, end: int) -> list[OrganisationMention]:
    """Firms, banks, groups: a name long enough to be one, before a head that acts."""
    text = reader.text
    start = begins(text, at, reader.taken, reader.places)
    stem = text[start:at]
    if len(stem) < 2 or is_generic(stem) or _UNNAMED.search(stem):
        return []
    holder = reader.holder(start)
    name = holder.name + text[start:end] if holder else longest(reader, text[start:end])
    reader.owners.append(name)
    if _UNION_NEXT.match(text, end):
        return []
    start = holder.start if holder else start
    reader.firm = OrganisationMention(start, end, name, "enterprise", None, False, "firm")
    return [reader.firm]
