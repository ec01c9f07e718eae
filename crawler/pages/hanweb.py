"""Sites made with Hanweb: `/art/YYYY/M/D/art_COLUMN_ID.html`."""

import re

from crawler.pages.skins import Family, Skin

SKINS = (
    Skin(
        "zoom",
        deck=(".subtitle",),
        published=(".pubtime", "#pubtime", ".date"),
        source=(".source", "#source"),
        body=("#zoom", ".bt_content", ".article-content", "#article", ".article_content", ".main-txt"),
    ),
)

_ADDRESS = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d{1,8}_\d{1,10}\.html")

FAMILY = Family(
    "hanweb",
    lambda page: bool(_ADDRESS.search(page.url or "")) or "jcms_files/jcms" in page.html,
    SKINS,
)
