"""The e-papers of workercn.cn: `/papers/grrb/YYYY/MM/DD/P/news-N.html`.

The weekday that they print is not read: it is the same on every day.
"""

import re
from dataclasses import replace

from crawler.pages.page import Page
from crawler.pages.skins import Family, Skin
from extract.model import Metadata

SKINS = (
    Skin(
        "ccontent",
        title=("#ctitle",),
        kicker=("#pretitle",),
        deck=("#subtitle",),
        body=("#ccontent",),
        drop=("#imgs",),
    ),
)

_ADDRESS = re.compile(r"/papers/(\w{1,12})/\d{4}/\d\d?/\d\d?/(\d{1,2})/news-")
_PAPERS = {"grrb": "工人日报"}


def _refine(page: Page, known: Metadata) -> Metadata:
    match = _ADDRESS.search(page.url or "")
    if match is None:
        return known
    return replace(
        known,
        newspaper=known.newspaper or _PAPERS.get(match.group(1)),
        page_number=known.page_number or match.group(2).zfill(2),
    )


FAMILY = Family(
    "workercn-paper",
    lambda page: (
        bool(_ADDRESS.search(page.url or "")) or ("pretitle" in page.html and "ccontent" in page.html)
    ),
    SKINS,
    _refine,
)
