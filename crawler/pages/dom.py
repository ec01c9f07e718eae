"""The tree of a page as a reader sees it: hidden parts dropped, blocks as lines, links weighed."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import lxml.html
from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from lxml.html import HtmlElement

from crawler.pages.bounds import bounded

UNSEEN = (
    *("script", "style", "noscript", "template", "iframe", "object", "svg", "canvas", "audio", "video"),
    *("select", "textarea", "button", "map"),
)
BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
            "div",
            "dl",
        ),
        *(
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
        ),
        *("hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td"),
        *("tfoot", "th", "thead", "tr", "ul", "founder-title", "founder-content", "founder-subtitle"),
        *("founder-introtitle", "founder-author", "founder-date"),
    )
)

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|!|$)", re.I
)
_HIDING_RULE = re.compile(r"(?:^|[},]|\*/)\s*([.#][\w-]{1,60})\s*\{[^{}]{0,500}?display\s*:\s*none", re.I)
_MAYBE_HIDDEN = etree.XPath("//*[@hidden or @style or @type='hidden']")
_NAMED = etree.XPath("//*[@hidden or @style or @type='hidden' or @class or @id]")
_NAMES = etree.XPath("//@class | //@id", smart_strings=False)
_NAME = re.compile(r"[.#]([A-Za-z_][\w-]*)")
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\xad]")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EDGES = " \t\r\n\f\xa0\u3000"
_ODD = re.compile("[\t\r\n\f\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff\xad]|  ")
"""What `tidy` changes within a line."""
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d\u2014\u2026]")
_PROSE = re.compile(r"[。！？；，]|[\u4e00-\u9fff”）)][,;!?]")
_ENCODING_NOTE = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


# One class for all elements: those that lxml.html has for links and forms are chosen in Python, for each
# element anew whenever a walk comes by it.
_PARSER = lxml.html.HTMLParser(encoding="utf-8")
_PARSER.set_element_class_lookup(
    etree.ElementDefaultClassLookup(
        element=HtmlElement, comment=lxml.html.HtmlComment, pi=lxml.html.HtmlProcessingInstruction
    )
)


def parse(html: str) -> HtmlElement:
    """Tree of a page or fragment. Raises ValueError where there is no element at all, TooBig for one with
    more of them than can be read."""
    data = _ENCODING_NOTE.sub("", bounded(html.replace("\0", ""))).encode("utf-8", "replace")
    try:
        tree = lxml.html.document_fromstring(data, parser=_PARSER)
    except etree.ParserError as error:
        raise ValueError("no HTML element") from error
    _gather(tree)
    return tree


def _gather(tree: HtmlElement) -> None:
    """Put what stands behind a body or page that is closed too early into the body. The parser makes a second
    root of it."""
    first = tree.find("body")
    if first is None:
        return
    behind = list(first.itersiblings())
    for root in list(tree.itersiblings(etree.Element)):
        behind.extend(root if root.tag == "html" else [root])
    for element in behind:
        if element.tag == "body":
            if element.text and len(first):
                first[-1].tail = _joined(first[-1].tail, element.text)
            first.extend(list(element))
        elif element.tag != "head":
            first.append(element)


def body(tree: HtmlElement) -> HtmlElement:
    """The body of a page; the tree itself where it has none."""
    found = tree.find("body")
    return tree if found is None else found


@cache
def _xpath(selector: str) -> etree.XPath:
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except SelectorError as error:
        raise ValueError(f"not a CSS selector: {selector}: {error}") from error


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """Elements that a CSS selector matches, in order. Raises ValueError for what is no selector."""
    return _elements(_xpath(selector), tree)


def _elements(path: etree.XPath, tree: HtmlElement) -> list[HtmlElement]:
    found = path(tree)
    return [node for node in found if isinstance(node, HtmlElement)] if isinstance(found, list) else []


def names(tree: HtmlElement) -> frozenset[str]:
    """All class names and ids of a tree."""
    found = _NAMES(tree)
    return frozenset(" ".join(map(str, found if isinstance(found, list) else ())).split())


@cache
def names_needed(selector: str) -> frozenset[str]:
    """Class names and ids without which a selector matches nothing."""
    return frozenset(_NAME.findall(selector))


def drop_unseen(tree: HtmlElement) -> None:
    """Remove scripts, comments, controls and hidden parts, in place. A hidden part that holds most of the
    page's text stays: a script shows it when the page has loaded."""
    hidden = _hidden(tree)
    etree.strip_elements(tree, *UNSEEN, with_tail=False)
    for comment in list(tree.iter(etree.Comment, etree.ProcessingInstruction)):
        _drop(comment)
    if not hidden:
        return
    enough = text_length(body(tree)) / 2
    for element in hidden:
        if element.getparent() is not None and text_length(element) <= enough:
            _drop(element)


def _hidden(tree: HtmlElement) -> list[HtmlElement]:
    names = {m.group(1) for style in tree.iter("style") for m in _HIDING_RULE.finditer(style.text or "")}
    found = []
    for element in _elements(_NAMED if names else _MAYBE_HIDDEN, tree):
        classes = {"." + name for name in (element.get("class") or "").split()} if names else names
        if (
            element.get("hidden") is not None
            or (element.tag == "input" and element.get("type") == "hidden")
            or _HIDING.search(element.get("style") or "")
            or (names and (names & classes or "#" + (element.get("id") or "") in names))
        ):
            found.append(element)
    return found


def _joined(before: str | None, after: str) -> str:
    """Without the characters that the parser leaves in a text, but that cannot be put into one."""
    return _NO_XML.sub("", (before or "") + after)


def _drop(node: HtmlElement) -> None:
    parent = node.getparent()
    if parent is None:
        return
    if node.tail:
        before = node.getprevious()
        if before is None:
            parent.text = _joined(parent.text, node.tail)
        else:
            before.tail = _joined(before.tail, node.tail)
    parent.remove(node)


def drop(elements: Iterable[HtmlElement]) -> None:
    """Take elements out of their tree; the text after them stays."""
    for element in elements:
        _drop(element)


def text_of(element: HtmlElement) -> str:
    """Text of an element on one line."""
    return tidy("".join(element.itertext()))


def text_length(element: HtmlElement) -> int:
    """Characters of text, space aside."""
    return len("".join("".join(element.itertext()).split()))


def link_length(element: HtmlElement) -> int:
    """Characters of text inside links, space aside."""
    return sum(text_length(a) for a in element.iter("a") if a.get("href"))


def prose_length(lines: Iterable[str]) -> int:
    """Characters in lines that read like sentences."""
    return sum(len(line) for line in lines if len(line) >= 15 and _PROSE.search(line))


def is_prose(line: str) -> bool:
    """True for a line with the punctuation of sentences."""
    return len(line) >= 15 and bool(_PROSE.search(line))


def tidy(text: str) -> str:
    """Space as a browser shows it. A line break between two Chinese characters is no space."""
    text = text.strip(_EDGES)
    if _ODD.search(text) is None:
        return text
    text = _INVISIBLE.sub("", text)
    pieces, end = [], 0
    for match in _SPACE.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        broken = "\n" in match.group()
        wide = _WIDE.match(text[match.start() - 1 : match.start()]) and _WIDE.match(text[end : end + 1])
        pieces.append("" if broken and wide else " ")
    pieces.append(text[end:])
    return "".join(pieces).strip(" \u3000")


class Line(NamedTuple):
    """What a reader sees on one line: its text, the innermost block element that it stands in, and whether
    most of that block's text is links."""

    text: str
    block: HtmlElement
    linked: bool


def lines(element: HtmlElement) -> list[str]:
    """The blocks of an element, a line each, empty ones left out. Short table cells of a row share a line."""
    return [line.text for line in placed_lines(element)]


def placed_lines(element: HtmlElement) -> list[Line]:
    """As `lines`, each with where it stands."""
    found: list[tuple[str, HtmlElement]] = []
    pieces: list[str] = []
    linked: dict[HtmlElement, bool] = {}
    # Blocks that are open, with the characters of text and of links before them.
    open_blocks: list[tuple[HtmlElement, int, int]] = []
    where, seen, in_links, links = element, 0, 0, 0

    def close() -> None:
        if line := tidy("".join(pieces)):
            found.append((line, where))
        pieces.clear()

    def take(text: str | None) -> None:
        nonlocal where, seen, in_links
        if not text:
            return
        if not pieces:
            if text.isspace():
                return
            where = open_blocks[-1][0]
        pieces.append(text)
        length = len(text) - sum(map(text.count, " \n\t\xa0\u3000"))
        seen += length
        if links:
            in_links += length

    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            take(node.tail)
            continue
        tag = node.tag
        cell = tag in ("td", "th") and _is_short_cell(node)
        block = node is element or (tag in BLOCKS and not cell)
        if event == "start":
            if block:
                close()
                open_blocks.append((node, seen, in_links))
            elif tag == "a" and node.get("href"):
                links += 1
            take(node.text)
            continue
        if block:
            close()
            _, before, linked_before = open_blocks.pop()
            linked[node] = (in_links - linked_before) * 2 > seen - before
        elif tag == "br":
            close()
        elif cell and pieces:
            pieces.append(" ")
        elif tag == "a" and node.get("href"):
            links -= 1
        if node is not element:
            take(node.tail)
    return [Line(text, block, linked[block]) for text, block in found]


def _is_short_cell(cell: HtmlElement) -> bool:
    """True for the cell of a table of data, not of one that lays out the page."""
    if (cell.getprevious() is None and cell.getnext() is None) or len(cell) >= 5:
        return False
    inner = cell.iter()
    next(inner)
    return not any(child.tag in BLOCKS or child.tag == "br" for child in inner) and text_length(cell) < 40


def serialise(tree: HtmlElement) -> str:
    """HTML text of a tree."""
    return str(etree.tostring(tree, encoding="unicode", method="html"))
