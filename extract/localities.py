"""Places that stand for their unions: `曲靖组织返岗2.8万人`, `秦都22名、渭城20名`, `全市建成驿站680个`.

Union news tells what counties and cities did one after the other, and often names only the place; what
holds for all of them it tells of 全市 or 全省.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from extract import regions
from extract.model import OrganisationMention
from extract.organisation_context import Context, is_a, settle
from extract.organisation_names import general_union, heads
from extract.regions import Region
from extract.words import alternation, terms

TOPIC: Final = "locality"
ITEM: Final = "locality in a list"
"""Rules of the mentions: a place that a sentence is about; one that only the numbers behind it are of."""

_MARKS: Final = " 　【▲●■◆★〖["
_OPENS: Final = re.compile(rf"(?:^|[。；;！？!?\n])[{_MARKS}]{{0,8}}(?:在|截至[^，,。；;\n]{{1,12}}[，,])?$")
"""What stands before a place that a sentence is about."""
_MAY_OPEN: Final = frozenset(("", *"。；;！？!?\n在，,", *_MARKS))
_LISTED: Final = frozenset("、，,：:；;（(")
_NUMBER: Final = re.compile(r"[0-9０-９]+(?![0-9０-９市县区州地])")
"""`秦都22名`, but not `百色、崇左4市`."""
_CLAUSE: Final = frozenset("，,：:")
_DOES: Final = re.compile(r"[^\W\d_的、和与及]{1,6}[0-9０-９]")
"""`，合肥市配套300万元`: a clause of its own."""
_AREA: Final = re.compile(r"[全我该本](自治区|省|市|县|区|州|旗|盟)(?!总?工会|各级|[市县区]级)")
_TIME: Final = "0-9０-９年月日底末初前后来以今目现已至到止截上下半季度如"
_OPENS_CLAUSE: Final = re.compile(rf"(?:^|[。；;！？!?\n，,：:])[ 　]{{0,4}}[{_TIME}]{{0,14}}$")
"""`2023年底全市`: only words of time stand between the clause's beginning and the area."""
_MAY_OPEN_CLAUSE: Final = frozenset(
    ("", *"。；;！？!?\n，,：: 　", *_TIME.replace("0-9０-９", "0123456789０１２３４５６７８９"))
)
_SEVERAL: Final = re.compile(
    r"[、和与及][^，,。；;！\n]{2,60}?(?:[0-9０-９两二三四五六七八九十]{1,2}|等)个?[市县区地州旗盟家]"
)
_HEADING: Final = re.compile("[：:】〗］]")
"""What follows the name of a place that heads its own section, wherever it lies."""
_LOOK_BACK: Final = 24


@cache
def _body() -> re.Pattern[str]:
    """What makes a place the beginning of a smaller body's name: 翠苑街道, 油田, 供电局."""
    names = alternation(head.term for head in heads().values() if head.acts != "bare" and len(head.term) > 1)
    return re.compile(rf"[^\W\d_]{{1,6}}?(?:[乡镇村]|街道|社区)|[^\W\d_]{{0,4}}?{names}")


@cache
def _no_topic() -> re.Pattern[str]:
    other = alternation(terms("organisation_topics", kind="other"))
    rank = alternation(terms("organisation_topics", kind="rank"))
    return re.compile(rf"{other}|人[，,。]|[^，,。；;\n\d]{{0,6}}{rank}")


def localities(
    text: str,
    context: Context,
    named: Sequence[OrganisationMention],
    home: OrganisationMention | None = None,
) -> list[OrganisationMention]:
    """General unions of the places that sentences, clauses or items of a list are about, in text order.

    `named` are the organisations found in the text; a place that is part of a name is not one of these. What
    holds for 全省 is told of the trade or firm where `home`, the article's own, is the union of one and the
    region's own union is not named.
    """
    places = list(_places(text, context, named))
    if context.home is None:
        return places
    if home and home.level in ("industry", "enterprise"):
        code, level = context.home.code, context.home.level
        if not any(
            mention.union and mention.region_code == code and mention.level == level for mention in named
        ):
            return places
    known = sorted([*named, *places], key=lambda mention: mention.start)
    return [*places, *_areas(text, context.home, known)]


def _places(
    text: str, context: Context, named: Sequence[OrganisationMention]
) -> Iterator[OrganisationMention]:
    home = context.home
    near = [*([home] if home else []), *context.ranked[:12]]
    inside = {at for mention in named for at in (mention.start, mention.end)}
    spans = sorted((mention.start, mention.end) for mention in named)
    opening: int | None = None
    rule = TOPIC
    last_end = -1
    taken = 0
    for place, region in settle(regions.mentions(text), near, context.published):
        # 毕节市七星关区: the chain opens the sentence, its last link is meant.
        if place.start != last_end or opening is None:
            before = text[max(0, place.start - _LOOK_BACK) : place.start]
            listed = before[-1:] in _LISTED and _NUMBER.match(text, place.end)
            rule = ITEM if listed else TOPIC
            clause = listed or (before[-1:] in _CLAUSE and _DOES.match(text, place.end))
            opens = clause or (before[-1:] in _MAY_OPEN and _OPENS.search(before))
            opening = place.start if opens else None
        last_end = place.end
        below = context.national or (home is not None and regions.within(region, home))
        if opening is None or not (below or _HEADING.match(text, place.end)):
            continue
        while taken < len(spans) and spans[taken][1] <= place.start:
            taken += 1
        if place.end in inside or (taken < len(spans) and spans[taken][0] < place.end):
            continue
        if below and home and rule == TOPIC and _SEVERAL.match(text, place.end):
            # 曲靖、玉溪两市: what several did together is told of the wider region.
            above = regions.parent(region)
            wider = above if above and regions.within(above, home) else home
            yield general_union(wider, opening, place.end, TOPIC)
            continue
        if _no_topic().match(text, place.end) or _body().match(text, place.end):
            continue
        yield general_union(region, opening, place.end, rule)


def _areas(text: str, home: Region, known: Sequence[OrganisationMention]) -> Iterator[OrganisationMention]:
    """全市, 我省 at the head of a clause."""
    at = 0
    last: dict[str, Region] = {}
    for match in _AREA.finditer(text):
        start, end = match.span()
        while at < len(known) and known[at].start < start:
            region = regions.by_code(known[at].region_code or "")
            if region:
                last[region.name[-1]] = region
            at += 1
        before = text[max(0, start - _LOOK_BACK) : start]
        if before[-1:] not in _MAY_OPEN_CLAUSE or not _OPENS_CLAUSE.search(before):
            continue
        if _no_topic().match(text, end):
            continue
        word = match[1]
        chain = [home, *([last[word[-1]]] if word[-1] in last else []), *regions.ancestors(home)]
        region = next((option for option in chain if is_a(option, word)), None)
        if region:
            yield general_union(region, start, end, TOPIC)
