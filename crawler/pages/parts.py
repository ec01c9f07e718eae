"""Articles that run over several pages: where the next part is, and the parts as one."""

import re
from dataclasses import fields, replace
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.pages import dom, readers, titles
from extract.model import Draft, Metadata

NEXT = ("下一页", "下页", "后一页", "下一頁")
PAGERS = (*NEXT, "createPageHTML", "__totalpage")
"""Without one of these words a page has no next part, and need not be parsed to know it."""

_MARKS = re.compile(r"[\s\[\]【】()（）>›»→＞]+")
_PART = re.compile(r"[_-](\d{1,2})$")
_TRS_PAGER = re.compile(
    r"createPageHTML\(\s?(\d{1,3})\s?,\s?(\d{1,3})\s?,\s?[\"']([\w-]{1,80})[\"']\s?,\s?[\"'](\w{1,8})[\"']"
)
_SUFFIX = re.compile(r"\s?[(（]\s?\d{1,2}\s?[)）]$|[（(][上中下][)）]$")


def next_part(html: str, url: str | None = None) -> str | None:
    """Address of the next part of the article on a page, absolute where `url` is; None on the last part, on
    pages of one part, and on lists."""
    if not any(mark in html for mark in PAGERS):
        return None
    try:
        tree = dom.parse(html)
    except ValueError:
        return None
    target = _linked(tree, url) or _scripted(html) or _counted(tree, url)
    if target is None or not readers.read(html, url):
        return None
    return urljoin(url, target) if url else target


def _linked(tree: HtmlElement, url: str | None) -> str | None:
    for link in tree.iter("a"):
        href = (link.get("href") or "").strip()
        if _MARKS.sub("", dom.text_of(link)) not in NEXT or not href or href.startswith(("#", "javascript:")):
            continue
        if url is None or _continues(url, urljoin(url, href)):
            return href
    return None


def _continues(url: str, other: str) -> bool:
    """True where two addresses differ in the number of the part only: `8123_2.html` after `8123.html`."""
    here, there = urlsplit(url), urlsplit(other)
    if (here.netloc, here.path) == (there.netloc, there.path):
        return here.query != there.query and bool(re.search(r"(?:^|&)p(?:age)?=\d", there.query, re.I))
    folder, stem, number = _split(here.path)
    other_folder, other_stem, other_number = _split(there.path)
    return folder == other_folder and stem == other_stem and other_number > number


def _split(path: str) -> tuple[str, str, int]:
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    match = _PART.search(stem)
    return (folder, stem[: match.start()], int(match.group(1))) if match else (folder, stem, 0)


def _scripted(html: str) -> str | None:
    """The pager script of TRS: (number of parts, this part from 0, file stem, suffix)."""
    match = _TRS_PAGER.search(html)
    if match is None or int(match.group(2)) + 1 >= int(match.group(1)):
        return None
    return f"{match.group(3)}_{int(match.group(2)) + 1}.{match.group(4)}"


def _counted(tree: HtmlElement, url: str | None) -> str | None:
    """The hidden count of parts on older portals, whose pager is a script: part 2 is `ID_2.shtml`."""
    total = next(iter(tree.xpath("//input[@id='__totalpage' or @name='__totalpage']/@value")), "")
    if url is None or not total.isdigit():
        return None
    name = urlsplit(url).path.rpartition("/")[2]
    stem, _, suffix = name.rpartition(".")
    match = _PART.search(stem)
    here = int(match.group(1)) if match else 1
    return f"{stem[: match.start()] if match else stem}_{here + 1}.{suffix}" if here < int(total) else None


def join(parts: list[Draft]) -> Draft:
    """One draft of the parts of an article, in the order given: the headline block of the first, the text of
    all, and of each field what the earliest part knows. Raises ValueError for no parts."""
    if not parts:
        raise ValueError("no parts to join")
    first = parts[0]
    head = [line for line in (first.known.kicker, first.known.title, first.known.deck) if line]
    texts = [first.text, *(_without_head(part, head) for part in parts[1:])]
    known = first.known
    for part in parts[1:]:
        missing = {
            f.name: getattr(part.known, f.name) for f in fields(Metadata) if not getattr(known, f.name)
        }
        known = replace(known, **missing)
    return Draft(
        "\n".join(text for text in texts if text), known, all(part.single for part in parts), first.read_by
    )


def _without_head(part: Draft, head: list[str]) -> str:
    own = (part.known.kicker, part.known.title, part.known.deck)
    keys = {titles.key(_SUFFIX.sub("", line)) for line in (*head, *own) if line}
    lines = part.text.split("\n")
    while lines and titles.key(_SUFFIX.sub("", lines[0])) in keys:
        lines.pop(0)
    return "\n".join(lines)
