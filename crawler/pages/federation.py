"""Sites of federations that run common small systems: government platforms, PHPCMS, Drupal, Sudy, VSB, and
the old site of the national federation."""

import re

from crawler.pages.marks import Marks
from crawler.pages.skins import Family, Skin

SKINS = (
    Skin(
        "phpcms",
        title=("#Article h1", ".show_title h1", ".content_title h1"),
        published=("#Article h1 span", ".show_info", ".info .time"),
        source=(".info .copyfrom",),
        body=("#Article .content", "#content_text", ".show_content"),
        drop=(".summary", "#pages", ".related"),
    ),
    Skin(
        "drupal",
        title=("#page-title", "h1.page-title", "h1.title", ".node h2"),
        published=(".submitted time", ".submitted"),
        body=(".field-name-body", ".field--name-body", ".node .content", ".node__content"),
        drop=(".links", ".field-name-field-tags"),
    ),
    Skin(
        "template",
        title=(".file_title", "#title"),
        published=(".file_date",),
        body=("#ArticleBody",),
    ),
    Skin(
        "vsb",
        title=(".arti_title", ".arti-title", ".content-title h3"),
        published=(".arti_update", ".arti-update"),
        author=(".arti_publisher",),
        body=("#vsb_content", ".v_news_content", ".wp_articlecontent", ".WordSection1"),
    ),
    Skin(
        "platform",
        title=(".info_title", ".article-title", ".content-title", ".conTit", ".show-title", ".newstitle"),
        published=(".info_date", ".publish-time", ".article-date"),
        source=(".info_source", ".article-source"),
        author=(".info_author", ".article-author"),
        body=(
            "#zoomcon",
            "#fontzoom",
            "#zoom",
            ".info_content",
            ".article-content",
            ".conTxt",
            ".newscontent",
        ),
    ),
)

_ADDRESS = re.compile(
    r"/content/post_\d{1,12}\.html|/node/\d{1,10}$|/show-\d{1,4}-\d{1,10}-\d{1,3}\.html|/template/\d{1,8}/"
)
_MARKS = Marks(
    *("vsb_content", "v_news_content", "wp_articlecontent", "ArticleBody", "zoomcon", "field-name-body"),
    text=('id="Article"', "id='Article'", 'name="ArticleTitle', "name='ArticleTitle", "name=ArticleTitle"),
)

FAMILY = Family(
    "federation",
    lambda page: bool(_ADDRESS.search(page.url or "")) or _MARKS.stand_in(page),
    SKINS,
)
