"""tibet.cn, and xzxw.com as it was in 2018."""

import re
from datetime import date

from crawler.pages.skins import Family, Skin

SKINS = (
    Skin(
        "title_box",
        title=(".title_box h2", ".title_box h1"),
        published=(".info span:nth-of-type(2)",),
        source=(".info span:nth-of-type(3)",),
        body=("#text",),
        drop=(".content_banquan",),
    ),
    Skin(
        "xw_content",
        title=(".xw_content_title h3",),
        published=(".xw_content_title p span:nth-of-type(1)",),
        source=(".xw_content_title p span:nth-of-type(2)",),
        body=(".xw_daodu_detail",),
        valid_to=date(2021, 12, 31),
    ),
)

_ADDRESS = re.compile(r"//(?:[\w-]{1,20}\.)?tibet\.cn/")

FAMILY = Family(
    "tibet",
    lambda page: (
        bool(_ADDRESS.search(page.url or "")) or not page.names.isdisjoint(("title_box", "xw_daodu_detail"))
    ),
    SKINS,
)
