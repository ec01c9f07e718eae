"""Which regions an article is about: the ground on which 市总 or 县总工会 is given its full name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Final

from extract import regions
from extract.model import Article, OrganisationMention
from extract.organisation_names import stands, total, total_after
from extract.regions import Region, RegionMention
from extract.words import table

# How much each place of naming says about what the article is about.
_NEWSPAPER: Final = {"province": 2.5, "city": 4.0, "county": 5.0}
_DEPTH: Final = {"province": 0, "city": 1, "county": 2}
_SOURCE: Final = 0.5
"""Of what a newspaper says."""
_HEADLINE: Final = 4.0
_HEADLINE_UNION: Final = 4.0
_DATELINE: Final = 4.0
_FIRST_UNION: Final = 5.0
_UNION, _UNION_CAP = 1.5, 9.0
_NAMED, _NAMED_CAP = 0.4, 2.0
_MANY_COUNTIES: Final = 3
_LEVEL, _LEVEL_CAP = 1.5, 8.0


@cache
def _level_word() -> re.Pattern[str]:
    """Where an article speaks of an area as its own, from 总 or 我 and 全 on: 省总工会, 市总, 我市, 全县."""
    own = "(?<=[我全])(?P<own>自治区|[省市县区旗州])(?=[^总])"
    return re.compile(rf"[总我全](?:(?<=[省市县区旗州]总)(?:工会|{total_after()})|{own})")


@cache
def _union_next() -> re.Pattern[str]:
    """What follows the name of a region that is named for its union."""
    return re.compile(
        r"(?:委|各级|多地|两级|三级|系统|[、和及]?[市县区](?=[、和及县区镇两各(（]))*"
        rf"(?:总?工会|{total()})|[^\W\d的了和与]{{2,8}}?工会联合会"
    )


_DATELINE_TEXT: Final = re.compile(
    r"(?:本报|中新社|中新网|新华社|新华网|红网|人民网|中工网|大江网|东南网)?[^，。,\n]{1,10}?(?:\d{1,2}月)?\d{0,2}日?[讯电]"
)
_NATIONAL: Final = re.compile("全国总工会|(?<![安健周齐保完])全总(?![部计量数])")
_CAPITAL: Final = "110000"
_AGENCY: Final = re.compile("中新|新华|人民|中工|央广|工人日报|本报北京")
_FREE: Final = frozenset("由从据与和及向给对经被的获在按是将请该受到报让为了者")
"""Characters after which 市总工会 begins anew."""
_HEAD_OPEN: Final = "【[■▲●◆★□〖"
_HEAD_CLOSE: Final = "】]：:｜|·〗　 "


@dataclass(slots=True, unsafe_hash=True)
class Context:
    """What an article says about the regions in it."""

    home: Region | None = None
    """The region the article is about."""
    ranked: tuple[Region, ...] = ()
    """All regions it names, the most telling first."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Weight by region code."""
    published: date | None = None
    clear: bool = False
    """Whether the home region stands out among those of its level."""
    lead: int = 0
    """Offset at which the running text begins; names in the headline block lie before it."""
    outlet: OrganisationMention | None = None
    """The union that is named as the source of the article; its offsets are 0."""
    national: bool = False
    """Whether the article tells of the whole country; the regions in it are examples."""
    owner: str = ""
    """The body that owns the page, where that is no union: 校工会 is the union of the 中学 at its head."""

    def likely(self, word: str) -> Region | None:
        """The region of a level (省, 市, 县 ...) in which most of what the article names lies."""
        fit: dict[str, float] = {}
        found: dict[str, Region] = {}
        for region in self.ranked:
            for above in (region, *regions.ancestors(region)):
                if is_a(above, word):
                    fit[above.code] = fit.get(above.code, 0.0) + self.weights.get(region.code, 0.0) + 0.01
                    found.setdefault(above.code, above)
                    break
        return found[max(fit, key=lambda code: fit[code])] if fit else None


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
    open_: list[int] = []
    for at, mention in enumerate(found):
        candidates = mention.candidates
        if len(candidates) > 1 and len({region.code for region in candidates}) > 1:
            open_.append(at)
            continue
        company.append(candidates[0])
        settled[at] = candidates[0]
        if len(candidates) > 1:
            settled[at] = next((option for option in candidates if option.valid(on)), candidates[0])
    if not open_:
        return list(zip(found, settled.values(), strict=True))
    near = list({region.code: region for region in company}.values())
    for at in open_:
        chosen = regions.choose(found[at].candidates, near, on)
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

    paper = meta.newspaper or meta.source
    owner = _SOURCE if paper else 1.0
    around = ((paper, 1.0), (meta.source, _SOURCE), (meta.section, _SOURCE), (meta.masthead, owner))
    for printed, weight in around:
        known = _outlet(printed or "")
        if known:
            add(known, weight * _NEWSPAPER[known.level])
            continue
        for mention in regions.mentions(printed or "")[:2]:
            if mention.strength != "word":
                region = regions.choose(mention.candidates, seen.values(), meta.published)
                if region:
                    add(region, weight * _NEWSPAPER[region.level])

    local = bool(weights)
    national = _NATIONAL.search(body)
    found = regions.mentions(body)
    standing: set[str] = set()
    named = [mention for mention in found if _telling(body, mention, standing)]
    dateline = _DATELINE_TEXT.match(body, lead)
    dateline_end = dateline.end() if dateline else lead
    unions: dict[str, float] = {}
    plain: dict[str, float] = {}
    weak: list[Region] = []
    first = True
    previous_end = -1
    for mention, region in settle(named, list(seen.values()), meta.published):
        union = bool(_union_next().match(body, mention.end))
        if mention.strength != "sure" and not union:
            if mention.start < lead:
                weak.append(region)
            continue
        local = (
            local or mention.start < lead or (union and (not national or mention.start < national.start()))
        )
        if mention.start < lead:
            add(region, _HEADLINE + (_HEADLINE_UNION if union else 0.0))
        elif mention.start < dateline_end:
            # National agencies write from Beijing about the whole country.
            if not (region.code == _CAPITAL and _AGENCY.match(body, lead)):
                add(region, _DATELINE)
                local = True
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
    for region in weak:
        # 桃城 in a headline is the district only where the article knows its city.
        if not seen or region.code in seen or any(above.code in seen for above in regions.ancestors(region)):
            add(region, _HEADLINE)
    for tally, cap in ((unions, _UNION_CAP), (plain, _NAMED_CAP)):
        for code, weight in tally.items():
            weights[code] = weights.get(code, 0.0) + min(weight, cap)
    _own_levels(body, lead, seen, weights)
    for above in list(seen.values()):
        # Who tells of three of its counties and more tells of the city.
        below = sum(region.parent == above.code for region in seen.values())
        if above.level == "city" and below >= _MANY_COUNTIES:
            weights[above.code] = weights.get(above.code, 0.0) + _UNION * min(below, 4)
    if (
        national
        and not local
        and len({(region, *regions.ancestors(region))[-1].code for region in seen.values()}) != 1
    ):
        # Who names 全国总工会 first, then several provinces, tells of the whole country.
        return Context(None, tuple(seen.values()), weights, meta.published, False, lead, national=True)
    order = {code: at for at, code in enumerate(seen)}
    # 石嘴山日报 tells of 惠农区: the smaller of two that weigh the same is what is meant.
    codes = sorted(seen, key=lambda code: (-weights.get(code, 0.0), -_DEPTH[seen[code].level], order[code]))
    ranked = tuple(seen[code] for code in codes)
    home = ranked[0] if ranked and weights.get(ranked[0].code, 0.0) >= 1.0 else None
    peers = [weights.get(region.code, 0.0) for region in ranked[1:] if home and region.level == home.level]
    clear = bool(home) and all(weights[ranked[0].code] >= 2 * weight for weight in peers)
    return Context(home, ranked, weights, meta.published, clear, lead)


@cache
def _outlets() -> tuple[tuple[str, str], ...]:
    return tuple((row["term"], row["meaning"]) for row in table("newspaper_regions"))


def _telling(body: str, mention: RegionMention, standing: set[str]) -> bool:
    """Whether a region's name is one here and not parts of two words. A name that was one before in the
    article (`standing`) is one again."""
    if mention.names_a_union and _union_next().match(body, mention.end):
        return True
    if at_head(body, mention):
        return True
    name = body[mention.start : mention.end]
    if mention.strength != "sure" or not (name in standing or stands(body, mention)):
        return False
    standing.add(name)
    return True


@lru_cache(maxsize=256)
def _outlet(printed: str) -> Region | None:
    """Region of a newspaper or site whose name does not say it."""
    for outlet, region in _outlets():
        if outlet in printed:
            return next(iter(regions.named(region)), None)
    return None


def _own_levels(body: str, lead: int, seen: dict[str, Region], weights: dict[str, float]) -> None:
    """Lets 省总工会, 我市 ... speak for the most telling region of that level."""
    counts: dict[str, float] = {}
    for match in _level_word().finditer(body):
        start, word, share = match.start(), match["own"], 0.5
        if not word:
            word = "自治区" if body.endswith("自治区", 0, start) else body[start - 1]
            start, share = start - len(word), 1.0
            # 杭州市总工会 names its city itself.
            before = body[max(0, start - 1) : start]
            if "一" <= before <= "鿿" and before not in _FREE:
                continue
        bonus = _HEADLINE if start < lead else 0.0
        counts[word] = counts.get(word, 0.0) + _LEVEL * share + bonus
    for word, weight in counts.items():
        fit: dict[str, float] = {}
        for region in seen.values():
            for above in (region, *regions.ancestors(region)):
                if is_a(above, word):
                    fit[above.code] = fit.get(above.code, 0.0) + weights.get(region.code, 0.0) + 0.01
                    break
        best = sorted(fit, key=lambda code: -fit[code])
        # Where several counties share an article 县总工会 is now this one's, now that one's.
        if best and (len(best) == 1 or fit[best[0]] >= 2 * fit[best[1]]):
            weights[best[0]] = weights.get(best[0], 0.0) + min(weight, _LEVEL_CAP)
            region_of_best = regions.by_code(best[0])
            if region_of_best:
                seen.setdefault(best[0], region_of_best)


def is_a(region: Region, word: str) -> bool:
    """Whether 市, 县, 区 ... can mean the region."""
    if word in ("县", "旗"):
        return region.level == "county" and region.name.endswith(word)
    if word == "区":
        return region.name.endswith("自治区" if region.level == "province" else "区")
    if word in ("州", "盟", "地区"):
        return region.level == "city" and region.name.endswith(word)
    return region.name.endswith(word)
