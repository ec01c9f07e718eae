"""Which reader reads a page: that of its CMS family, named or recognised, and the generic one last."""

import logging
from collections.abc import Mapping
from dataclasses import replace

from crawler.pages import (
    chinanews,
    content_archive,
    federation,
    founder,
    generic,
    hanweb,
    joyhua,
    people,
    tibet,
    trs,
    workercn,
    workercn_paper,
    xinhua,
    xpaper,
)
from crawler.pages.page import Page, parse
from crawler.pages.skins import Family
from extract.model import Draft

FAMILIES: Mapping[str, Family] = {
    module.FAMILY.name: module.FAMILY
    for module in (
        *(workercn_paper, xpaper, joyhua, content_archive, founder, workercn, people, xinhua, chinanews),
        *(tibet, trs, hanweb, federation),
    )
}
"""Readers by the name that the layouts of sources give; those that recognise a page are asked in order."""

_log = logging.getLogger(__name__)


def read(
    html: str, url: str | None = None, cms: str | None = None, hints: Mapping[str, str] | None = None
) -> list[Draft]:
    """Drafts of the articles on a page; [] for a list of links or a page without text.

    `cms` names the family of the page's layout (a key of `FAMILIES`, or `generic`); without it, or for a name
    that is none, the markup decides. `hints` is what the linking page says: `title`, `published` (ISO, from
    the address), `listed` (ISO, printed beside the link), `page_number`, `section`, `newspaper`. A family
    that finds no text leaves the page to the generic reader. `read_by` of each draft names reader and skin.
    """
    page = parse(html, url, hints)
    return [] if page is None else read_page(page, cms)


def read_page(page: Page, cms: str | None = None) -> list[Draft]:
    """As `read`, of a page that is parsed."""
    family = FAMILIES.get((cms or "").replace("_", "-"))
    if family is None and cms != generic.NAME:
        family = next((each for each in FAMILIES.values() if each.recognises(page)), None)
    found = family.read(page) if family else []
    if not found:
        found = [replace(each, read_by=each.read_by or generic.NAME) for each in generic.read(page)]
    _log.debug("%s: read by %s", page.url or "a page", found[0].read_by if found else "none")
    return found
