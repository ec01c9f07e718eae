"""Where the main text of a page stands."""

import logging
import re
from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement
from readability import Document

from crawler.pages import dom, labels
from crawler.pages.page import Page

CONTAINERS = (
    *(
        "founder-content",
        "#ozoom",
        ".TRS_Editor",
        ".trs_editor_view",
        "#js_content",
        "#rwb_zw",
        ".rm_txt_con",
    ),
    *(
        "#ArticleContent",
        "#articleContent",
        "#newspapercontent",
        "#ccontent",
        ".ccontent",
        "#p-detail",
        "#p_content",
    ),
    *(".article-content", ".article_content", ".main-article-content", ".main-article-con", "#detailContent"),
    *("#contentMain", ".u-mainText", "#UCAP-CONTENT", ".pages_content", ".bmnr_con_con", "#zoom", ".zoom"),
    *(".news_content", ".newsdetatext", ".left_zw", ".show_text", "#artibody", ".article-body"),
)
"""Elements that hold the text on systems many papers and unions run, surest first."""
ENOUGH = 80
"""Characters of prose that make a container believable."""
MOST = 20
"""Elements looked at for one selector."""
SLOW = 5_000_000
"""Cost (see `_cost`) beyond which readability is not tried: seconds instead of milliseconds."""

_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:related?|relate[ds]?[-_]?\w*|recommend\w*|hot(?:news|list)?|rank\w*|sidebar|breadcrumbs?|crumbs?|share\w*"
    r"|bdshare\w*|comments?|copyright|footer|foot|pagination|pager?|page_n|pages?nav|prev|next|nav|navbar|menu|toolbar|tools?"
    r"|qrcode|xgxw|tuijian|other)(?:$|[\s_-])",
    re.I,
)
logging.getLogger("readability").setLevel(logging.CRITICAL)


def find(page: Page) -> HtmlElement | None:
    """The element that holds the main text; None where no element has prose."""
    held = best(page, CONTAINERS)
    if held is not None and held[2] >= ENOUGH:
        return held[0]
    for search in (_readable, _dense):
        if (found := search(dom.body(page.tree))) is not None:
            return found
    return held[0] if held else None


def best(page: Page, selectors: Iterable[str]) -> tuple[HtmlElement, str, int] | None:
    """Of the elements that the first selector with ENOUGH prose matches, the one with the most: element,
    selector, characters of prose. Where none has enough, the one with the most of all."""
    found, most = None, 0
    for selector in selectors:
        judged: set[HtmlElement] = set()
        for element in page.select(selector)[:MOST]:
            if not judged.isdisjoint(element.iterancestors()):
                continue  # what holds it has more
            prose = page.prose_in(element)
            if prose > most and dom.link_length(element) * 2 < dom.text_length(element):
                found, most = (element, selector, prose), prose
                judged.add(element)
        if most >= ENOUGH:
            break
    return found


def _readable(tree: HtmlElement) -> HtmlElement | None:
    """The element of the tree that readability's summary comes from."""
    if _cost(tree) > SLOW:
        return None
    marks = {}
    for number, element in enumerate(tree.iter()):
        if isinstance(element.tag, str):
            element.set("data-mark", str(number))
            marks[str(number)] = element
    try:
        # readability takes its tree apart, so it gets one of its own
        summary = dom.parse(Document(dom.parse(dom.serialise(tree))).summary(html_partial=True))
    except Exception:  # its own Unparseable and what lxml makes of odd trees
        return None
    weights: dict[str, int] = {}
    for line, block, _ in dom.placed_lines(summary):
        if dom.is_prose(line):
            while block is not None and block.get("data-mark") is None:
                block = block.getparent()
            if block is not None:
                mark = block.get("data-mark")
                weights[mark] = weights.get(mark, 0) + len(line)
    if not weights:
        return None
    return _holder([(marks[mark], weight) for mark, weight in weights.items()])


def _cost(tree: HtmlElement) -> int:
    """Characters of text, each counted for every element around it: readability reads them that often."""
    cost, depth = 0, 0
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        cost += depth * len((node.text if event == "start" else node.tail) or "")
    return cost


def _holder(blocks: list[tuple[HtmlElement, int]]) -> HtmlElement:
    """The smallest element that holds nine tenths of the weight."""
    total = sum(weight for _, weight in blocks)
    sums: dict[HtmlElement, int] = {}
    for block, weight in blocks:
        sums[block] = sums.get(block, 0) + weight
    root = blocks[0][0].getroottree().getroot()
    for _, node in etree.iterwalk(root, events=("end",)):
        weight = sums.get(node, 0)
        if weight >= 0.9 * total:
            return node
        parent = node.getparent()
        if weight and parent is not None:
            sums[parent] = sums.get(parent, 0) + weight
    return root


def _dense(tree: HtmlElement) -> HtmlElement | None:
    """The element whose own blocks hold the most prose; for texts too short for readability."""
    asides: set[HtmlElement] = set()
    for node in tree.iter(etree.Element):
        if node.getparent() in asides or (node is not tree and _is_aside(node)):
            asides.add(node)
    blocks = [
        (block, len(line))
        for line, block, _ in dom.placed_lines(tree)
        if dom.is_prose(line) and block not in asides and not labels.is_furniture(line)
    ]
    return _holder(blocks) if blocks else None


def _is_aside(element: HtmlElement) -> bool:
    return element.tag in ("footer", "nav", "aside", "a") or bool(_OTHERS.search(_names(element)))


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def drop_asides(main: HtmlElement) -> bool:
    """Take out, in place, what stands inside the main element and belongs to other stories or to the site;
    True where there was any."""
    total = dom.text_length(main)
    unwanted = []
    for element in main.iter():
        if element is main or not isinstance(element.tag, str) or element.tag not in (*dom.BLOCKS, "span"):
            continue
        links = sum(1 for a in element.iter("a") if a.get("href"))
        named = bool(_OTHERS.search(_names(element))) or element.tag in ("footer", "nav", "aside")
        length = dom.text_length(element) if links or named else 0
        if not length or length * 2 > total:
            continue
        linked = dom.link_length(element) / length
        if (
            (named and (linked > 0.3 or dom.prose_length(dom.lines(element)) < ENOUGH))
            or (links >= 3 and linked > 0.6)
            or (linked > 0.8 and element.tag in ("ul", "ol", "dl"))
        ):
            unwanted.append(element)
    dom.drop(unwanted)
    return bool(unwanted)
