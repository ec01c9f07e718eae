"""Words for levels of government as they stand before 工会: 市县两级, 各县（市、区）, 省级."""

import re
from functools import cache
from typing import Final

from extract.endings import Endings
from extract.words import alternation, table, terms

_RANKED: Final = "[省市县区]"


def _unit() -> str:
    return alternation(terms("union_levels", kind="unit"))


def _group() -> str:
    return alternation(row["term"] for row in table("union_levels") if row["kind"] != "name")


@cache
def units() -> re.Pattern[str]:
    """Several levels, or all unions of one: `市、县、乡三级`, `各县（市、区）`, `各镇`, `省级`, `市县`.

    Groups: `first` of several, `one` after 各, `rank` before 级, `pair` of two; `all` is 各 before several.
    """
    unit, group, pair = _unit(), _group(), alternation(terms("union_levels", kind="pair"))
    listed = rf"[、和及与]各?{group}(?:级|直属|以上)*|[（(](?:{unit}|、)+[）)]{unit}?"
    return re.compile(
        rf"(?P<all>各)?(?P<first>{group})(?:级|以上)*(?:{listed})+$"
        rf"|各(?P<one>{group})级?$|(?P<rank>{_RANKED})级$|(?P<pair>{pair})$"
    )


@cache
def may_be_several() -> re.Pattern[str]:
    """What `units` needs at the end of a stretch, to be looked at first: two characters of its words."""
    groups = [row["term"] for row in table("union_levels") if row["kind"] != "name"]
    last = "".join(sorted({group[-1] for group in groups}))
    return re.compile(f"[各级属上以直、和及与（()）{''.join(sorted(set(''.join(groups))))}][{last}级属上）)]")


@cache
def own() -> Endings:
    """The level words that stand for the area the text is about: 市 in 市总工会."""
    return Endings(("中华全国", "全国", "兵团", *terms("union_levels", own="yes")))


@cache
def opening() -> re.Pattern[str]:
    """A level word that opens a longer name: 市 in 市教育工会, 全市 in 全市教育工会."""
    return re.compile(r"[该我全本]?(自治区|省|市|县|区|旗|州|盟)")


@cache
def compounds() -> Endings:
    """Words that end in a level word and are no level: 园区, 城市."""
    return Endings(terms("level_compounds"))


def collective(group: str) -> str:
    """The highest level of a group: 市 of 市县, 自治区 of 自治区."""
    return group if len(group) > 1 and group in terms("union_levels", kind="unit") else group[0]


@cache
def placeless() -> frozenset[str]:
    """Levels that point at no area by themselves: 村, 镇, 企业."""
    return frozenset(terms("union_levels", area="no"))
