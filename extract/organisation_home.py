"""The organisation an article is about, and regions that act in its headline."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from extract.model import Article, OrganisationMention
from extract.organisation_context import Context, at_head
from extract.organisation_names import begins, general_union, heads
from extract.organisation_state import Reader
from extract.words import alternation, terms

_OUTLET: Final = 3.0
"""Weight of the union that publishes the article."""
_NAMED: Final = 3
"""Last characters of a body's name by which a headline names it: 钟管镇, 京唐公司."""
_SMALLER: Final = re.compile(
    r"[^\W\d]{0,8}?(?:社区|街道|[镇乡村厂矿]|公司|集团|银行|医院|学校|大学|学院|园区|开发区|局)"
)


@cache
def _trade() -> re.Pattern[str]:
    bodies = (head.term for head in heads().values() if head.kind == "firm" and len(head.term) > 1)
    return re.compile(alternation({*terms("union_industries"), *bodies}) + "(?:[：:]|系统)")


def headline(text: str, reader: Reader, found: Sequence[OrganisationMention]) -> list[OrganisationMention]:
    """Regions that open a headline which names no union: 白银建设职工之家 is the doing of 白银市总工会."""
    added = []
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text[: reader.about.lead])]
    for start, end in lines:
        if any(start <= mention.start < end for mention in found):
            continue
        inside = reader.places.within(start, end)
        if not inside or not at_head(text, inside[0]):
            continue
        last = inside[0]
        for place in inside[1:]:
            if place.start != last.end:
                break
            last = place
        # 宁波横河社区: the community acts, not the city.
        smaller = _SMALLER.match(text, last.end, end)
        if smaller and begins(text, smaller.end(), start, reader.places) <= last.start:
            continue
        # 云南邮政：...: the trade's union acts, not the province's.
        if _trade().match(text, last.end, end):
            continue
        region, left = reader.settle(last)
        if region and region.code in reader.about.weights:
            added.append(general_union(region, left, last.end, "headline"))
    return added


def _in_headline(mention: OrganisationMention, title: str) -> bool:
    """Whether the headline names the township, village or firm whose union it is."""
    if mention.level not in ("township", "village", "enterprise"):
        return False
    body = mention.name[: mention.name.rfind("总工会" if mention.name.endswith("总工会") else "工会")]
    return body[-_NAMED:] in title


def home(
    article: Article, about: Context, mentions: Sequence[OrganisationMention]
) -> OrganisationMention | None:
    """The organisation an article is about: where a sentence names none, its facts are this one's. Unions
    before other bodies, the headline before the lead, often named before seldom named."""
    weights: dict[str, float] = {}
    first: dict[str, OrganisationMention] = {}
    headline: list[str] = []
    title = article.body[: article.lead]
    lead_end = article.body.find("\n", article.lead)
    lead_end = lead_end if lead_end >= 0 else len(article.body)
    for mention in mentions:
        weight = 1.0 if mention.union and (about.national or mention.level != "national") else 0.2
        if about.home and mention.union and mention.region_code == about.home.code:
            weight *= 2.0
        if mention.start < article.lead:
            weight *= 4
        elif mention.start < lead_end:
            weight *= 2
        if mention.name not in first:
            weight += (1.5 if mention.union else 0.0) / (1 + len(first))
        weights[mention.name] = weights.get(mention.name, 0.0) + weight
        first.setdefault(mention.name, mention)
        if not mention.union and mention.start < article.lead:
            headline.append(mention.name)
    for name in first:
        if about.home and first[name].union and first[name].region_code == about.home.code:
            weights[name] += min(3.0, about.weights.get(about.home.code, 0.0) / 3)
        # A firm or township in the headline speaks for its union.
        if first[name].union and (any(firm in name for firm in headline) or _in_headline(first[name], title)):
            weights[name] += 4.0
    abroad = about.home and about.outlet and about.outlet.level == "national"
    if about.outlet and not abroad and not any(mention.union for mention in first.values()):
        # Nobody else acts in what a union tells of itself.
        return about.outlet
    outlet = about.outlet
    if outlet and outlet.name in first and outlet.level == "enterprise":
        # A firm or hospital tells of its own union.
        weights[outlet.name] += _OUTLET
    if outlet and about.home and outlet.region_code == about.home.code and outlet.name not in first:
        # What a region's union publishes about its region is its own doing, if others are named or not.
        first[outlet.name] = outlet
        weights[outlet.name] = _OUTLET + min(3.0, about.weights.get(about.home.code, 0.0) / 3)
    if not first:
        return None
    return first[max(weights, key=lambda name: (weights[name], -first[name].start))]
