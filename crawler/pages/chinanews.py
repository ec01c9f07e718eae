"""chinanews.com: stories, photo sets and videos under `/COLUMN/YYYY/MM-DD/ID.shtml`."""

import re

from crawler.pages.skins import Family, Skin

OTHERS = (".adInContent", "#adhzh", ".editor", ".left_name", ".div624", ".share")

SKINS = (
    Skin(
        "left_zw",
        title=("h1.content_left_title", ".content_left_title", "#cont_1_1_2 h1", ".content h1"),
        published=(".content_left_time", ".left-time .left-t", ".left-t"),
        source=("a.source", ".content_left_time .source"),
        editor=(".left_name .left_name", ".adEditor", ".editor", ".left_name"),
        body=(".left_zw",),
        drop=OTHERS,
    ),
    Skin("photos", published=(".left-t", ".t3"), body=(".t3", ".zxians"), drop=OTHERS),
    Skin("video", published=(".left-t",), body=(".content_desc",), drop=OTHERS),
)

_ADDRESS = re.compile(r"//(?:[\w-]{1,20}\.)?chinanews\.com(?:\.cn)?/")

FAMILY = Family(
    "chinanews",
    lambda page: bool(_ADDRESS.search(page.url or "")) or "left_zw" in page.names,
    SKINS,
)
