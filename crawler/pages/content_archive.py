"""E-paper archives under `/content/YYYY-MM/DD/ID.html`, whose headline has no class."""

import re

from crawler.pages.skins import Family, Skin

SKINS = (
    Skin(
        "newspapercontent",
        title=("#newspapertitle", ".newspapertitle"),
        body=("#newspapercontent", "#content"),
    ),
)

_ADDRESS = re.compile(r"/content/\d{4}-\d\d/\d\d/\d{1,12}\.html")

FAMILY = Family(
    "content-archive",
    lambda page: bool(_ADDRESS.search(page.url or "")) or "newspapercontent" in page.names,
    SKINS,
)
