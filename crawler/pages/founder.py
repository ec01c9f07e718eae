"""Founder e-papers and portals: pages of articles under `content_ID.htm`, `nw.D110000…htm` and `/layout/`.

The comment `enpproperty`, where a page has it, states headline, kicker, deck, author, day and page outright;
the skins find the text, and the rest where there is none.
"""

import re
from dataclasses import replace

from crawler.pages import article, dom, labels
from crawler.pages.marks import Marks
from crawler.pages.page import Page, parse
from crawler.pages.skins import Family, Skin
from extract.model import Draft, Metadata

BODY = (
    *("founder-content", "#ozoom", "#zoom", "#articleContent", "#ArticleContent", ".article-content"),
    *("#pgcontent", "#contenttext", "#content_div", "#contentMain"),
)

SKINS = (
    Skin(
        "layout",
        title=("#Title",),
        kicker=("#PreTitle",),
        deck=("#SubTitle",),
        author=("#author", "founder-author"),
        body=("#ozoom founder-content", *BODY, ".newsdetatext", ".content"),
        drop=(".attachment",),
    ),
    Skin(
        "table",
        title=("td.font01 founder-title", "founder-title", "td.font01", ".font01"),
        kicker=("founder-introtitle",),
        deck=("founder-subtitle",),
        author=("founder-author", "td.font02.founder-author"),
        body=BODY,
        drop=("#newspic",),
    ),
    Skin(
        "main-article",
        title=(".main-article-title",),
        kicker=(".main-article-pretitle", ".main-article-introtitle"),
        deck=(".main-article-subtitle",),
        body=(".main-article-content", ".main-article-con", *BODY),
    ),
    Skin(
        "text_c",
        title=(".text_c h1",),
        kicker=(".text_c h3",),
        deck=(".text_c h2",),
        author=(".lai span:first-child",),
        body=BODY,
        drop=(".c_c", ".pci_c"),
    ),
    Skin(
        "people-daily",
        title=(".article > h1",),
        kicker=(".article h3",),
        deck=(".article h2",),
        body=BODY,
    ),
    Skin(
        "art-title",
        title=("h2.art-title", ".newsdetatit h3", ".totalTitle", "#ScroLeft h3", "h3#Title"),
        kicker=("p.introtitle", ".introtitle", ".intro"),
        deck=("p.subtitle", ".subtitle", ".sub"),
        body=(*BODY, ".newsdetatext", ".content"),
    ),
    Skin(
        "women",
        title=("h2#APP-Title", "#APP-Title"),
        kicker=("#APP-PreTitle",),
        deck=("#APP-SubTitle",),
        body=BODY,
    ),
    Skin("railway", title=(".articleTitle",), body=(".articleCon", ".articleContent", *BODY)),
    Skin(
        "strong",
        title=("tr[valign=top] td > strong", "tr[valign=top] strong"),
        body=("founder-content", "#ozoom"),
        drop=("td.px12c",),
    ),
    Skin(
        "portal",
        title=("h1.u-title", ".m-title-box h1", ".m-title-box .u-title"),
        published=("#pubTime", ".m-con-time"),
        source=("#source", ".m-con-source"),
        author=("#author",),
        editor=(".m-con-editor", "#editor", ".liability"),
        body=("#contentMain", ".u-mainText", *BODY),
        drop=("#displaypagenum", ".m-relatednews", "#contentLiability"),
    ),
)

_MARKS = Marks(
    *("ozoom", "APP-Title", "PreTitle", "PagePicMap", "contentMain"),
    *("main-article-title", "font01", "u-mainText"),
    text=("enpproperty", "<founder-", "enpcontent"),
)
_NBS_PAGE = re.compile(r"/nw\.D\d{6}\w{1,20}_\d{8}_\d{1,4}-([A-Z]{0,2}\d{1,3})\.")


class _Founder(Family):
    """Reads pages of several articles too: each has its own comment."""

    def read(self, page: Page) -> list[Draft]:
        if len(page.notes) < 2:
            return super().read(page)
        paper = article.newspaper(page)
        ends = [*(note.offset for note in page.notes[1:]), len(page.html)]
        found = []
        for note, end in zip(page.notes, ends, strict=True):
            part = parse(page.html[note.offset : end], page.url, page.hints)
            for draft in super().read(part) if part else []:
                known = replace(draft.known, newspaper=draft.known.newspaper or paper)
                found.append(replace(draft, known=known))
        return found


def _recognises(page: Page) -> bool:
    return bool(page.notes) or bool(_NBS_PAGE.search(page.url or "")) or _MARKS.stand_in(page)


def _refine(page: Page, known: Metadata) -> Metadata:
    """The page number in the address of older issues; names that stand before the imprint of newer ones."""
    match = _NBS_PAGE.search(page.url or "")
    number = known.page_number or (match.group(1) if match else None)
    author = known.author
    for element in page.select(".article .sec"):
        author = author or labels.names(dom.tidy(element.text or "")[:40])
    return replace(known, page_number=number, author=author)


FAMILY = _Founder("founder", _recognises, SKINS, _refine)
