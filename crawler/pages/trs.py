"""Sites made with TRS WCM: `tYYYYMMDD_ID.html`, text in `.TRS_Editor`."""

import re

from crawler.pages.marks import Marks
from crawler.pages.skins import Family, Skin

SKINS = (
    Skin(
        "editor",
        published=("#pubtime_baidu", "#pubtime", ".pubtime"),
        source=("#source_baidu", "#source", ".source"),
        author=("#author_baidu",),
        editor=("#editor_baidu", ".editor"),
        body=(
            *(".TRS_Editor", ".trs_editor_view", ".TRS_UEDITOR", ".trs_paper_default", "#TRS_AUTOADD"),
            *("#zoom", "#UCAP-CONTENT", ".pages_content", ".article-content", "#content"),
        ),
    ),
)

_ADDRESS = re.compile(r"/t20\d{6}_\d{1,12}(?:_\d{1,2})?\.s?html?$")
_MARKS = Marks(
    *("TRS_Editor", "trs_editor_view", "TRS_UEDITOR", "trs_paper_default", "pubtime_baidu"),
    text=("createPageHTML(",),
)

FAMILY = Family(
    "trs",
    lambda page: bool(_ADDRESS.search(page.url or "")) or _MARKS.stand_in(page),
    SKINS,
)
