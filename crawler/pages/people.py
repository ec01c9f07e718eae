"""people.com.cn and its channels: `/n1/YYYY/MMDD/cCAT-ID.html`."""

import re
from datetime import date

from crawler.pages.marks import Marks
from crawler.pages.skins import Family, Skin

OTHERS = (".paper_num", "#rwb_tjyd", ".zdfy", ".page_n", ".edit", "#p_editor", ".share", ".tjyd", ".pageset")
BODY = ("#rwb_zw", ".rm_txt_con", ".box_con", ".show_text", "#p_content", ".artDet", ".gray.box_text")

SKINS = (
    Skin(
        "rm_txt",
        title=(".col-1 h1", ".rm_txt h1"),
        kicker=(".col-1 .pre", ".rm_txt .pre"),
        deck=(".col-1 .sub", ".rm_txt .sub"),
        author=("p.author", ".author"),
        source=(".channel .col-1-1 a",),
        editor=(".edit", "#p_editor"),
        body=(".rm_txt_con", *BODY),
        drop=OTHERS,
        valid_from=date(2020, 6, 1),
    ),
    Skin(
        "text_title",
        title=(".text_title h1", ".title h1"),
        kicker=(".text_title .pre", ".text_title h3.pre", ".text_title h3"),
        deck=(".text_title .sub", ".text_title h4.sub", ".text_title h2"),
        author=("p.author", ".text_title .author"),
        source=(".text_title .fl a", ".box01 .fl a", "#p_origin"),
        editor=(".edit", "#p_editor"),
        body=BODY,
        drop=OTHERS,
    ),
    Skin(
        "text_c",
        title=(".text_c h1", "#p_title", ".articleCont .title h2", ".articleCont .title h3"),
        kicker=(".text_c h3", "#p_shoulder"),
        deck=(".text_c h4", "#p_subtitle", "h1 + h4"),
        author=("p.author",),
        published=("#p_publishtime", ".artOri", "p.sou", ".text_c .sou"),
        source=("#p_origin", ".artOri a", "p.sou a", ".artOri", "p.sou"),
        editor=("#p_editor", ".edit", ".editor"),
        body=(*BODY, "font.show_c", ".text_c", ".text_con"),
        drop=(*OTHERS, "h1", "h3", "h4", ".sou"),
    ),
)

_ADDRESS = re.compile(
    r"//(?:[\w-]{1,20}\.){1,2}people\.(?:com\.)?cn/|/n1?/(?:BIG5/)?20\d\d/\d{4}/c\d{1,8}-\d"
)
_MARKS = Marks("rwb_zw", "rm_txt_con", "p_publishtime", "show_c")

FAMILY = Family(
    "people",
    lambda page: bool(_ADDRESS.search(page.url or "")) or _MARKS.stand_in(page),
    SKINS,
)
