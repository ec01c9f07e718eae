"""xpaper e-papers: `/xpaper/news/I/P/A-1.shtml`. I is no date and no printed number: the page prints
`第8686期:第01版` and its section, and the day is known from the issue that links to it, if at all."""

import re
from dataclasses import replace

from crawler.pages import labels
from crawler.pages.page import Page
from crawler.pages.skins import Family, Skin
from extract.model import Metadata

SKINS = (
    Skin(
        "news",
        kicker=(".news_pretitle", ".pretitle", ".yinti"),
        deck=(".news_subtitle", ".subtitle", ".futi"),
        author=(".news_author", ".author"),
        body=(
            *("#articleContent", "#ozoom", "#zoom", ".news_content", ".article_content", "#content"),
            *(".articleContent", ".newsContent", ".content"),
        ),
        drop=(".voice", ".audio", ".qrcode", ".share"),
    ),
)

_ISSUE = re.compile(
    r"第\s?\d{1,6}\s?期\s?:?\s?第\s?([A-Z]?\d{1,3})\s?版(?:\s?[:\s]\s?([\u4e00-\u9fff·]{2,10}))?"
)


def _refine(page: Page, known: Metadata) -> Metadata:
    for line in page.lines:
        if len(line.text) <= 80 and (match := _ISSUE.search(labels.fold(line.text))):
            return replace(known, page_number=match.group(1), section=match.group(2) or known.section)
    return known


FAMILY = Family("xpaper", lambda page: "/xpaper/news/" in (page.url or ""), SKINS, _refine)
