"""Links that a page gives: to articles, to the other pages (版) of an issue, to the next page of a list.

Pure functions on text. Addresses are absolute and without fragment; what they mean is left to the caller, who
knows the source.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement
from w3lib.html import get_meta_refresh

from crawler.pages import dom, enpproperty, labels, published

LEAVES = (
    *("a#pageLink", "#pageList a", "ul#pageUrl a", "#list li a", ".nav-list li a", ".bmml_con a"),
    *("#breakNewsList1 a", "#titleList1 a"),
)
"""Where e-paper systems link the pages of an issue, surest first."""
MOST = 5000
"""Links read on one page."""
ROW = 300
"""Characters of a list's row within which its date is looked for."""

Pattern = str | re.Pattern[str]
Canonical = Callable[[str], str]

_NEXT = re.compile(r"(?:下一?[页頁]|后一?页|next|[>›»]{1,2})(?:\(\d{1,4}\))?", re.I)
_MARKS = re.compile(r"[\s\[\]【】→<＜>›»]+")
_TRS_PAGER = re.compile(
    r"createPageHTML\(\s?[\"']?(\d{1,5})[\"']?\s?,\s?[\"']?(\d{1,5})[\"']?\s?,"
    r"\s?[\"']([\w./-]{1,80})[\"']\s?,\s?[\"'](\w{1,8})[\"']"
)
_CUT = re.compile(r"(?:\.{2,6}|…{1,3})$")
_SCRIPT_MOVE = re.compile(
    r"\b(?:window|self|top|document|parent)?\.?location(?:\.href)?\s?=\s?[\"']([^\"'<>\s]{1,300})[\"']"
    r"|\blocation\.replace\(\s?[\"']([^\"'<>\s]{1,300})[\"']"
)
_SECTION = re.compile(r"[^\s\d]\S{0,20}")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a reader sees it.

    `date` is the day printed beside it, else the one its address names. `hints` tells the reader of the page
    behind it what the linking page knows: `title`, `published` (ISO, from the address), `listed` (ISO, beside
    the link), `page_number`, `section`; what is unknown is left out.
    """

    url: str
    title: str = ""
    date: datetime.date | None = None
    hints: Mapping[str, str] = field(default_factory=dict)


def plain(url: str) -> str:
    """The address without its fragment."""
    return url.partition("#")[0]


def articles(
    html: str,
    url: str,
    patterns: Pattern | Iterable[Pattern] = (),
    selector: str | None = None,
    canonical: Canonical = plain,
) -> list[Link]:
    """Links to articles, each address once, in the order printed.

    `patterns` are regular expressions of article addresses, matched as a whole after `canonical`; named
    groups `year`, `month`, `day` (or `date`) and `page` become hints. `selector` (CSS) narrows the page down
    to links, or to elements that hold them. An address linked several times (picture, headline, map of the
    newspaper page) has the longest text. Raises ValueError for a selector or pattern that is none.
    """
    wanted = _compiled(patterns)
    rows: dict[str, tuple[str, HtmlElement, re.Match[str] | None]] = {}
    for element, target in _linked(html, url, [selector] if selector else None):
        target = canonical(target)
        match = _first_match(wanted, target)
        if (wanted and match is None) or target == canonical(url):
            continue
        title = _label(element)
        known = rows.get(target)
        if known is None or len(title) > len(known[0]):
            rows[target] = (title, element if known is None or title else known[1], match)
    return [_link(target, *row) for target, row in rows.items()]


def leaves(
    html: str,
    url: str,
    patterns: Pattern | Iterable[Pattern] = (),
    selector: str | None = None,
    canonical: Canonical = plain,
) -> list[Link]:
    """Links from an issue to its pages (版), with page number and section in `hints`; files in PDF left out.

    As `articles`; with neither pattern nor selector the links are looked for where e-paper systems put them.
    Labels read `第04版：工会`, `A04:新闻`, `04)要闻`, `04版 要闻`.
    """
    wanted = _compiled(patterns)
    places = [selector] if selector else None if wanted else list(LEAVES)
    found: dict[str, tuple[str, HtmlElement, re.Match[str] | None]] = {}
    for element, target in _linked(html, url, places):
        target = canonical(target)
        match = _first_match(wanted, target)
        if (wanted and match is None) or urlsplit(target).path.lower().endswith((".pdf", ".jpg", ".png")):
            continue
        title = _label(element)
        known = found.get(target)
        if known is None or len(title) > len(known[0]):
            found[target] = (title, element, match)
    links = []
    for target, (title, element, match) in found.items():
        number, section = enpproperty.page_label(title)
        link = _link(target, title, element, match)
        hints = {name: value for name, value in link.hints.items() if name != "title"}
        if number:
            hints["page_number"] = number
        if section and _SECTION.fullmatch(section):
            hints["section"] = section
        links.append(Link(target, title, link.date, hints))
    return links


def next_list_page(html: str, url: str) -> str | None:
    """Address of the next page of a list (下一页, `rel=next`, the pager script of TRS); None on the last."""
    tree = _parse(html)
    if tree is None:
        return None
    base = _base(tree, url)
    relations = [e for e in tree.iter("link", "a") if "next" in (e.get("rel") or "").lower().split()]
    named = [a for a in tree.iter("a") if _is_next(a)]
    for element in (*relations, *named):
        target = _target(element.get("href"), base)
        if target and plain(target) != plain(url) and urlsplit(target).hostname == urlsplit(url).hostname:
            return plain(target)
    pager = _TRS_PAGER.search(html)
    if pager and int(pager.group(2)) + 1 < int(pager.group(1)):
        return plain(urljoin(base, f"{pager.group(3)}_{int(pager.group(2)) + 1}.{pager.group(4)}"))
    return None


def _is_next(element: HtmlElement) -> bool:
    text = dom.text_of(element) or element.get("title") or ""
    return len(text) <= 12 and bool(_NEXT.fullmatch(_MARKS.sub("", labels.fold(text)) or text))


def meta_refresh(html: str, url: str) -> str | None:
    """Where a page without content of its own sends its reader, by meta refresh or by a script that does
    nothing else; None where it sends nowhere."""
    _, target = get_meta_refresh(html[:200_000], url)
    if target is None and len(html) < 4000 and (move := _SCRIPT_MOVE.search(html)):
        target = urljoin(url, move.group(1) or move.group(2))
    if target is None or urlsplit(target).scheme not in ("http", "https") or plain(target) == plain(url):
        return None
    return plain(target)


def _compiled(patterns: Pattern | Iterable[Pattern]) -> list[re.Pattern[str]]:
    given = [patterns] if isinstance(patterns, str | re.Pattern) else list(patterns)
    try:
        return [re.compile(pattern) for pattern in given]
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error


def _first_match(wanted: Iterable[re.Pattern[str]], url: str) -> re.Match[str] | None:
    return next((match for pattern in wanted if (match := pattern.fullmatch(url))), None)


def _parse(html: str) -> HtmlElement | None:
    try:
        return dom.parse(html)
    except ValueError:
        return None


def _linked(html: str, url: str, places: list[str] | None) -> Iterator[tuple[HtmlElement, str]]:
    """Elements that link, with their addresses; of the first of the places that holds any, or of the page."""
    tree = _parse(html)
    if tree is None:
        return
    base = _base(tree, url)
    count = 0
    for roots in [dom.select(tree, place) for place in places] if places else [[tree]]:
        seen: set[HtmlElement] = set()
        for root in roots:
            for element in root.iter("a", "area"):
                if element in seen or count >= MOST:
                    continue
                seen.add(element)
                target = _target(element.get("href"), base)
                if target:
                    count += 1
                    yield element, target
        if count:
            return


def _base(tree: HtmlElement, url: str) -> str:
    stated = next((e.get("href") for e in tree.iter("base") if e.get("href")), "")
    try:
        return str(urljoin(url, stated.strip()))
    except ValueError:
        return url


def _target(href: str | None, base: str) -> str | None:
    href = (href or "").strip()
    if not href or href.startswith("#"):
        return None
    try:
        target = str(urljoin(base, href))
        parts = urlsplit(target)
        return target if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _label(element: HtmlElement) -> str:
    """Text of a link; the whole headline where the visible one is cut short; of a picture its description."""
    text = dom.text_of(element)
    longer = [dom.tidy(element.get(name) or "") for name in ("title", "alt")]
    longer += [dom.tidy(image.get("alt") or "") for image in element.iter("img")]
    if not text or _CUT.search(text):
        stem = _CUT.sub("", text)
        text = max([t for t in longer if t.startswith(stem)] or [text], key=len)
    return text[:300]


def _link(url: str, title: str, element: HtmlElement, match: re.Match[str] | None) -> Link:
    groups = match.groupdict() if match else {}
    named = _named_day(groups) or published.in_url(url)
    hints = {"title": title} if title and not _CUT.search(title) else {}
    if named:
        hints["published"] = named.isoformat()
    if groups.get("page"):
        hints["page_number"] = groups["page"]
    listed = _row_day(element)
    if listed:
        hints["listed"] = listed.isoformat()
    return Link(url, title, listed or named, hints)


def _named_day(groups: Mapping[str, str | None]) -> datetime.date | None:
    """The day in the named groups of an address: `date` of eight digits, or `year`, `month` and `day`."""
    whole = groups.get("date") or ""
    if len(whole) == 8 and whole.isdigit():
        return published.day(whole[:4], whole[4:6], whole[6:])
    year, month, number = (groups.get(name) or "" for name in ("year", "month", "day"))
    return published.day(year, month, number) if year and month and number else None


def _row_day(element: HtmlElement) -> datetime.date | None:
    """The date printed in the row of a list that the link stands in, as long as it is the row's only one."""
    href = plain(element.get("href") or "")
    node = element
    for _ in range(4):
        text = "".join(_first_characters(node))
        if len(text) > ROW:
            return None
        if found := published.in_text(text):
            return found
        node = node.getparent()
        if node is None or _holds_other_link(node, href):
            return None
    return None


def _first_characters(node: HtmlElement) -> Iterator[str]:
    length = 0
    for text in node.itertext():
        yield text
        length += len(text)
        if length > ROW:
            return


def _holds_other_link(node: HtmlElement, href: str) -> bool:
    for number, link in enumerate(node.iter("a")):
        if number > 4 or plain(link.get("href") or "") not in ("", href):
            return True
    return False
