"""Headline, kicker (引题) and deck (副题) of a page."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from lxml.html import HtmlElement

from crawler.pages import dom, labels, published
from crawler.pages.page import Page

META = ("articletitle", "og:title", "twitter:title", "dc.title", "title")
LONGEST = 120
LONGEST_META = 1_000
"""Characters of a title in the head that are read."""

_HEADING = re.compile(r"(?:^|[\s_-])(?:\w{0,12}(?:title|headline|biaoti|bt|tit|font01))(?:$|[\s_-]|\d)", re.I)
_KICKER = re.compile(
    r"(?:^|[\s_-])(?:pretitle|pre-title|introtitle|intro-title|kicker|yinti|yt|bmnr_con_yinti|shoulder\w*|eyebrow|pre|font02|\w{0,12}-pretitle)(?:$|[\s_-])",
    re.I,
)
_DECK = re.compile(
    r"(?:^|[\s_-])(?:subtitle|sub-title|sub_title|sub|deck|futi|ft|bmnr_con_futi|main-article-subtitle|subhead|font02)(?:$|[\s_-])",
    re.I,
)
_SEPARATOR = re.compile(
    r"_{1,3}|\s?[|｜]\s?|\s[-–—]{1,2}\s|-{2,3}|(?<=[\u4e00-\u9fff》”！？…a-zA-Z])[-–—](?=[\u4e00-\u9fffA-Z])"
)
_NO_WORD = re.compile(r"[\W_]+")


def same(one: str, other: str) -> bool:
    """True where two printings hold the same letters and digits."""
    return key(one) == key(other)


@lru_cache(labels.SEEN)
def key(text: str) -> str:
    """The letters and digits of a text, full-width ones folded."""
    return _NO_WORD.sub("", labels.fold(text)).lower()


def find(page: Page, main: HtmlElement | None) -> str | None:
    """The headline: a heading that the title tag or the link to the page repeats, else the title tag without
    the site's name, else the heading next to the main text, else the text of the link."""
    tag, hint = page.tag, page.hints.get("title", "")
    headings = _headings(page.tree)
    whole = key(tag)
    meta = _meta(page.tree)
    rest = without_site(tag)
    told = [h for h in headings if (len(key(h)) >= 4 and whole.startswith(key(h))) or (tag and same(h, rest))]
    if told:
        return max(told, key=lambda h: len(key(h)))
    linked = [h for h in headings if hint and len(key(h)) >= 4 and same(h, hint)]
    if linked:
        return linked[0]
    stated = [m for m in meta if len(key(m)) >= 4 and any(same(m, h) for h in headings)]
    if stated:
        return stated[0]
    inside = [h for h in headings if len(key(h)) >= 8 and key(h) in whole]
    if inside:
        return max(inside, key=lambda h: len(key(h)))
    stated_title = next(iter(meta), None)
    if stated_title and (not rest or key(stated_title) in whole) and len(key(stated_title)) >= len(key(rest)):
        return stated_title
    near = _before(page.lines, main) if main is not None else None
    if near and (len(key(rest)) < 10 or _is_site(rest)):
        return near
    return rest or near or hint or None


def is_titled(element: HtmlElement) -> bool:
    """True for an element that its class or id calls a headline."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(_HEADING.search(names)) and not (_KICKER.search(names) or _DECK.search(names))


def of_block(head: Sequence[dom.Line]) -> str:
    """The headline among the lines above the first paragraph of a story: an h1, else what is classed as one,
    else the heading of the highest level, else the first line."""
    plain = [(line, block) for line, block, _ in head if not _is_second(block)]
    plain = plain or [(line, block) for line, block, _ in head]
    first = next((line for line, block in plain if block.tag == "h1"), None)
    named = first or next((line for line, block in plain if is_titled(block)), None)
    levels = [
        (str(block.tag), i) for i, (_, block) in enumerate(plain) if re.fullmatch(r"h\d", str(block.tag))
    ]
    return named or plain[min(levels)[1] if levels else 0][0]


def _is_second(element: HtmlElement) -> bool:
    return _classed(element, _KICKER) or _classed(element, _DECK)


def _headings(tree: HtmlElement) -> list[str]:
    """Texts of headings and of what is classed as a title, outside links, once each, in order."""
    found: dict[str, None] = {}
    for element in tree.iter("h1", "h2", "h3", "h4", "founder-title", "p", "div", "td", "span", "strong"):
        if element.tag not in ("h1", "h2", "h3", "h4", "founder-title") and not is_titled(element):
            continue
        if len(element) > 12 or _is_second(element) or any(a.tag == "a" for a in element.iterancestors()):
            continue
        text = dom.text_of(element)
        if 2 <= len(text) <= LONGEST and dom.link_length(element) * 2 <= len(text):
            found.setdefault(text)
    return list(found)


def _meta(tree: HtmlElement) -> list[str]:
    stated: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("name") or element.get("property") or "").lower()
        content = dom.tidy((element.get("content") or "")[:LONGEST_META]) if name in META else ""
        if content:
            stated.setdefault(name, without_site(content))
    return [stated[name] for name in META if name in stated]


def without_site(title: str) -> str:
    """A title tag without the names of site and column at its end, and of a site at its beginning."""
    marks = list(_SEPARATOR.finditer(title))
    end = len(title)
    for mark in reversed(marks):
        rest, last = title[: mark.start()].strip(), title[mark.end() : end].strip()
        sure = mark.group().startswith("_") or mark.group() == "--"
        if _is_site(rest) and not _is_site(last):
            break
        if len(key(rest)) < 2 or not ((sure and len(last) <= 30) or not last or _is_site(last)):
            break
        end = mark.start()
    kept = title[:end].strip(" _|-–—\u3000")
    first = next((m for m in marks if m.end() < end), None)
    if (
        first
        and first.group() == "--"
        and len(key(title[first.end() : end])) > 2 * len(key(title[: first.start()]))
    ):
        kept = title[first.end() : end].strip()
    return kept


def _is_site(name: str) -> bool:
    if len(name) > 20:
        return False
    plain = labels.fold(name).strip()
    return plain.isascii() or _site().search(plain) is not None


@cache
def _site() -> re.Pattern[str]:
    return re.compile(labels.joined(labels.terms("site")) + r"(?:\s?[A-Za-z.\s-]{0,20})?$")


def _before(lines: Sequence[dom.Line], main: HtmlElement) -> str | None:
    """The heading nearest above the main text, or at its top."""
    above: list[dom.Line] = []
    inside = set(main.iter())
    for line in lines:
        if dom.is_prose(line.text) and line.block in inside:
            break
        if _could_be_title(line.text, line.block):
            above.append(line)
    return of_block(above[:-8:-1]) if above else None


def _could_be_title(line: str, block: HtmlElement) -> bool:
    return (
        6 <= len(key(line)) <= 60
        and not labels.fields(line)
        and not labels.is_furniture(line)
        and not labels.heads_related(line)
        and not labels.is_crumb(line)
        and published.in_text(line) is None
        and not line.startswith(("（", "(", "http", "www."))
        and not line.endswith(("。", "；"))
        and ">" not in labels.fold(line)
        and dom.link_length(block) * 2 <= len(line)
    )


def kicker_and_deck(placed: Sequence[dom.Line], title: str) -> tuple[str | None, str | None]:
    """The lines classed as kicker and deck beside the headline, where the page has them."""
    at = next((i for i, (line, _, _) in enumerate(placed) if same(line, title)), None)
    if at is None:
        return None, None
    kicker = deck = None
    for line, block, _ in placed[max(0, at - 3) : at]:
        if _classed(block, _KICKER):
            kicker = line
    for line, block, _ in placed[at + 1 : at + 4]:
        if _classed(block, _DECK) and not labels.fields(line) and labels.names(line) != line:
            deck = line
            break
    return kicker, deck


def _classed(block: HtmlElement, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.search(f"{block.get('class') or ''} {block.get('id') or ''}")) or str(block.tag) in (
        ("founder-introtitle",) if pattern is _KICKER else ("founder-subtitle",)
    )
