"""Sites on the system of Xinhua: `YYYY-MM/DD/c_ID.htm`."""

import re

from crawler.pages.marks import Marks
from crawler.pages.skins import Family, Skin

SKINS = (
    Skin(
        "detail",
        title=(".head-line h1 .title", ".head-line h1", ".head-line .title"),
        source=(".header-cont .source", ".info .source"),
        editor=("#articleEdit .editor", ".editor"),
        body=("#detailContent", "#detail", "#p-detail"),
        drop=("#articleEdit", ".editor", "#div_currpage", ".nextpage"),
    ),
    Skin(
        "p-detail",
        title=(".h-title", "#title"),
        published=(".h-info .h-time", ".h-time", "#pubtime"),
        source=(".aticle-src", "#source"),
        editor=(".p-jc", "#editor", ".editor"),
        body=("#p-detail", "#content", ".article"),
        drop=("#div_currpage", ".zan-wap", ".p-tags", "#articleEdit"),
    ),
)

_ADDRESS = re.compile(r"/20\d\d-\d\d/\d\d/c_\d{6,14}(?:_\d{1,2})?\.htm")
_MARKS = Marks("p-detail", "detailContent", "h-title", "aticle-src")

FAMILY = Family(
    "xinhua",
    lambda page: bool(_ADDRESS.search(page.url or "")) or _MARKS.stand_in(page),
    SKINS,
)
