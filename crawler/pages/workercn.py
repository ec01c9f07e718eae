"""The portal of workercn.cn: `/CH/…/15 digits.shtml` until 2020, `/c/YYYY-MM-DD/ID.shtml` after."""

import re
from datetime import date

from crawler.pages.marks import Marks
from crawler.pages.skins import Family, Skin

SKINS = (
    Skin(
        "c",
        title=("h1.article-title", ".article-title h1", "h1.title"),
        published=(".article-info .time", ".pubtime", ".time"),
        source=(".article-info .source", ".source"),
        editor=(".editor", ".article-editor"),
        body=(".article-content", "#article-content", ".ccontent", ".content-text", "#content", ".content"),
        drop=(".article-share", ".share", ".qrcode"),
        valid_from=date(2020, 1, 1),
    ),
    Skin(
        "signdate",
        title=("h1.ctitle", ".ctitle"),
        published=(".signdate span:nth-of-type(1)", ".from span:nth-of-type(1)", ".signdate"),
        source=(".signdate span:nth-of-type(2)", ".from span:nth-of-type(2)"),
        editor=(".editor",),
        body=(".ccontent", "#ccontent"),
        valid_to=date(2021, 12, 31),
    ),
    Skin(
        "from",
        published=(".from.mt10 span.font-black1-12", ".from.mt10"),
        source=(".from.mt10 span.font-black_12",),
        editor=(".editor",),
        body=(".article",),
        drop=(".from", "h1", "h2"),
        valid_to=date(2021, 12, 31),
    ),
    Skin(
        "detail",
        published=("span.font-black1_12:nth-of-type(1)", "span.font-black1_12"),
        source=("span.font-black1_12:nth-of-type(2)",),
        editor=(".editor",),
        body=(".detail_con .font-black_16.hangao", ".font-black_16.hangao", ".detail_con"),
        valid_to=date(2021, 12, 31),
    ),
    Skin(
        "list_left",
        title=(".list_left .title span", ".list_left .title"),
        published=(".list_left .laiyuan span:nth-of-type(1)",),
        source=(".list_left .laiyuan span:nth-of-type(2)",),
        body=(".list_left > div:nth-of-type(3) > div:nth-of-type(3)", ".list_left > div:nth-of-type(3)"),
        valid_to=date(2019, 12, 31),
    ),
)

_ADDRESS = re.compile(r"//(?:\w{1,12}\.)?workercn\.cn/(?!papers/)")
_MARKS = Marks("signdate", "ctitle", "ccontent", "from mt10", "font-black_16 hangao")

FAMILY = Family(
    "workercn",
    lambda page: bool(_ADDRESS.search(page.url or "")) or _MARKS.stand_in(page),
    SKINS,
)
