"""Places that stand for their unions in news of a wider region: `曲靖组织返岗2.8万人`, `秦都22名、渭城20名`.

Union news tells what counties and cities did one after the other, and often names only the place.
"""

import re
from collections.abc import Sequence

from extract import regions
from extract.model import OrganisationMention
from extract.organisation_context import Context, settle

TOPIC = "locality"
ITEM = "locality in a list"
"""Rules of the mentions: a place that a sentence is about; one that only the numbers behind it are of."""

_OPENS = re.compile(r"(?:^|[。；;！？!?\n])[ 　]{0,8}(?:在|截至[^，,。；;\n]{1,12}[，,])?$")
"""What stands before a place that a sentence is about."""
_LISTED = re.compile(r"[、，,：:；;（(]$")
_NUMBER = re.compile(r"[0-9０-９]+(?![0-9０-９市县区州地])")
"""`秦都22名`, but not `百色、崇左4市`."""
_NO_TOPIC = re.compile(r"籍|人[，,。]|的|[、和与及]|一[家处名位个]|[^，,。；;\n\d]{1,6}[乡镇村]|街道")
_LOOK_BACK = 24


def localities(
    text: str, context: Context, named: Sequence[OrganisationMention]
) -> list[OrganisationMention]:
    """General unions of places below the article's own region that sentences or items of a list are about.

    `named` are the organisations found in the text; a place that is part of a name is not one of these.
    """
    home = context.home
    if home is None:
        return []
    inside = {at for mention in named for at in (mention.start, mention.end)}
    spans = sorted((mention.start, mention.end) for mention in named)
    found: list[OrganisationMention] = []
    opening: int | None = None
    listed = False
    last_end = -1
    taken = 0
    for place, region in settle(regions.mentions(text), [home, *context.ranked[:12]], context.published):
        # 毕节市七星关区: the chain opens the sentence, its last link is meant.
        if place.start != last_end or opening is None:
            before = text[max(0, place.start - _LOOK_BACK) : place.start]
            listed = bool(_LISTED.search(before) and _NUMBER.match(text, place.end))
            opening = place.start if listed or _OPENS.search(before) else None
        last_end = place.end
        if opening is None or region.code == home.code or not regions.within(region, home):
            continue
        while taken < len(spans) and spans[taken][1] <= place.start:
            taken += 1
        if place.end in inside or (taken < len(spans) and spans[taken][0] < place.end):
            continue
        if _NO_TOPIC.match(text, place.end):
            continue
        name = regions.official(region) + "总工会"
        rule = ITEM if listed else TOPIC
        found.append(OrganisationMention(opening, place.end, name, region.level, region.code, True, rule))
    return found
