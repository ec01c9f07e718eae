"""Which regions an article is about: the ground on which 市总 or 县总工会 is given its full name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from extract import regions
from extract.model import Article
from extract.regions import Region, RegionMention

# How much each place of naming says about what the article is about.
_NEWSPAPER = 4.0
_SOURCE = 2.0
_HEADLINE = 4.0
_HEADLINE_UNION = 4.0
_DATELINE = 4.0
_FIRST_UNION = 5.0
_UNION, _UNION_CAP = 1.5, 9.0
_NAMED, _NAMED_CAP = 0.4, 2.0

UNION_NEXT = re.compile(
    r"(?:委|各级|两级|三级|系统|[、和及]?[市县区](?=[、和及县区镇两各(（]))*(?:总工会|工会|总(?!体|量|数|面))"
)
"""What follows the name of a region that is named for its union."""

_DATELINE_TEXT = re.compile(
    r"(?:本报|中新社|中新网|新华社|新华网|红网|人民网|中工网|大江网|东南网)?[^，。,\n]{1,10}?(?:\d{1,2}月)?\d{0,2}日?[讯电]"
)
_HEAD_OPEN = "【[■▲●◆★□〖"
_HEAD_CLOSE = "】]：:｜|·〗　 "


@dataclass(frozen=True, slots=True)
class Context:
    """What an article says about the regions in it."""

    home: Region | None = None
    """The region the article is about."""
    ranked: tuple[Region, ...] = ()
    """All regions it names, the most telling first."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Weight by region code."""
    published: date | None = None
    lead: int = 0
    """Offset at which the running text begins; names in the headline block lie before it."""

    def province(self) -> Region | None:
        """Province of the home region, else of the most telling region."""
        for region in (self.home, *self.ranked):
            if region:
                return [region, *regions.ancestors(region)][-1]
        return None


def at_head(text: str, mention: RegionMention) -> bool:
    """Whether a region's name opens a line as its topic: 余姚..., 【合肥】..., 平和：..."""
    line = text.rfind("\n", 0, mention.start) + 1
    opening = text[line : mention.start].strip()
    if opening and opening not in _HEAD_OPEN:
        return False
    if mention.strength != "word":
        return True
    return bool(opening) or text[mention.end : mention.end + 1] in tuple(_HEAD_CLOSE)


def settle(
    found: Sequence[RegionMention], known: Sequence[Region], on: date | None
) -> list[tuple[RegionMention, Region]]:
    """The region each mention means. Names that need no company first; these then decide the others."""
    settled: dict[int, Region] = {}
    company = list(known)
    for at, mention in enumerate(found):
        if len({region.code for region in mention.candidates}) == 1:
            settled[at] = region = mention.candidates[0]
            company.append(region)
            for option in mention.candidates:
                if option.valid(on):
                    settled[at] = option
                    break
    near = list({region.code: region for region in company}.values())
    for at, mention in enumerate(found):
        if at not in settled:
            chosen = regions.choose(mention.candidates, near, on)
            if chosen:
                settled[at] = chosen
    return [(found[at], region) for at, region in sorted(settled.items())]


def context(article: Article) -> Context:
    """Weighs every region named in the article and around it (newspaper, source, section)."""
    meta, body, lead = article.meta, article.body, article.lead
    weights: dict[str, float] = {}
    seen: dict[str, Region] = {}

    def add(region: Region, weight: float) -> None:
        weights[region.code] = weights.get(region.code, 0.0) + weight
        seen.setdefault(region.code, region)

    for printed, weight in ((meta.newspaper, _NEWSPAPER), (meta.source, _SOURCE), (meta.section, _SOURCE)):
        for mention in regions.mentions(printed or "")[:2]:
            if mention.strength != "word":
                region = regions.choose(mention.candidates, seen.values(), meta.published)
                if region:
                    add(region, weight)

    found = regions.mentions(body)
    named = [
        mention
        for mention in found
        if mention.strength == "sure" or UNION_NEXT.match(body, mention.end) or at_head(body, mention)
    ]
    dateline = _DATELINE_TEXT.match(body, lead)
    dateline_end = dateline.end() if dateline else lead
    unions: dict[str, float] = {}
    plain: dict[str, float] = {}
    first = True
    previous_end = -1
    for mention, region in settle(named, list(seen.values()), meta.published):
        union = bool(UNION_NEXT.match(body, mention.end))
        if mention.strength != "sure" and not union and mention.start >= lead:
            continue
        if mention.start < lead:
            add(region, _HEADLINE + (_HEADLINE_UNION if union else 0.0))
        elif mention.start < dateline_end:
            add(region, _DATELINE)
        elif union:
            add(region, _FIRST_UNION if first else 0.0)
            first = False
            unions[region.code] = unions.get(region.code, 0.0) + _UNION
        else:
            plain[region.code] = plain.get(region.code, 0.0) + _NAMED
        # 韶关市曲江区: the county is what is meant, its city only says where.
        if mention.start == previous_end:
            plain[region.code] = plain.get(region.code, 0.0) + _NAMED
        previous_end = mention.end
        seen.setdefault(region.code, region)
    for code, weight in unions.items():
        weights[code] = weights.get(code, 0.0) + min(weight, _UNION_CAP)
    for code, weight in plain.items():
        weights[code] = weights.get(code, 0.0) + min(weight, _NAMED_CAP)
    order = {code: at for at, code in enumerate(seen)}
    codes = sorted(seen, key=lambda code: (-weights.get(code, 0.0), order[code]))
    ranked = tuple(seen[code] for code in codes)
    home = ranked[0] if ranked and weights.get(ranked[0].code, 0.0) >= 1.0 else None
    return Context(home, ranked, weights, meta.published, lead)
