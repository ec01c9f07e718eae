"""joyhua e-papers: `/CODE/YYYYMMDD/html/content_YYYYMMDDPPPNNN.htm`; some papers use its classes under other
addresses."""

import re
from dataclasses import replace

from crawler.pages.page import Page
from crawler.pages.skins import Family, Skin
from extract.model import Metadata

SKINS = (
    Skin(
        "bmnr",
        title=(".bmnr_con_biaoti",),
        kicker=(".bmnr_con_yinti",),
        deck=(".bmnr_con_futi",),
        author=(".bmnr_con_zuozhe",),
        body=("#zoom", "founder-content", ".bmnr_con_con"),
        drop=(".bmnr_con_biaoti", ".bmnr_con_yinti", ".bmnr_con_futi"),
    ),
)

_LEAF = re.compile(r"/content_\d{8}(\d{3})\d{3}\.htm")


def _refine(page: Page, known: Metadata) -> Metadata:
    """The page number in the name of the article. That of the page's own file is one less: the first page is
    `index.htm`, the second `page_01.htm`."""
    match = _LEAF.search(page.url or "")
    if match is None or (known.page_number and known.page_number != page.hints.get("page_number")):
        return known
    return replace(known, page_number=match.group(1).lstrip("0").zfill(2))


FAMILY = Family(
    "joyhua",
    lambda page: "bmnr_con" in page.html or bool(_LEAF.search(page.url or "")),
    SKINS,
    _refine,
)
