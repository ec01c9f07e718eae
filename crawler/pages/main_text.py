"""Where the main text of a page stands."""

import logging
import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

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
SURE = 0.85
"""Share of the prose outside links and asides that the main text holds, and share of such prose in it, from
which it is beyond doubt."""
MOSTLY = 0.9
"""Share of the prose of the main text that its element holds."""
HALF = 0.6
"""The same share, where another part of the page would hold much of the text."""
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
    if (found := _sure(page)) is not None:
        return found
    for search in (_readable, _dense):
        if (found := search(dom.body(page.tree))) is not None:
            return found
    return held[0] if held else None


def _sure(page: Page) -> HtmlElement | None:
    """The element that holds nearly all prose outside links and asides, and little else. There readability,
    which takes longer than all the rest, finds the same. None where there is doubt."""
    body = dom.body(page.tree)
    judged = {body: False}
    prose, total, beside = [], 0, set()
    for line in page.lines:
        if _stands_aside(line.block, judged):
            beside.add(line.block)
        elif dom.is_prose(line.text) and not line.linked and not labels.is_furniture(line.text):
            prose.append((line.block, len(line.text)))
            total += len(line.text)
    if total < ENOUGH:
        return None
    holder = _holder(prose)
    if holder is body or holder is not _holder(prose, HALF):
        return None
    inside = set(holder.iter())
    held = sum(length for block, length in prose if block in inside)
    text = sum(len(line.text) for line in page.lines if line.block in inside and line.block not in beside)
    return holder if held >= SURE * text and held >= SURE * total else None


def _stands_aside(block: HtmlElement, judged: dict[HtmlElement, bool]) -> bool:
    """True for a block in an aside; `judged` are the elements of which that is known."""
    way = []
    while block not in judged:
        way.append(block)
        if _is_aside(block):
            judged[block] = True
            break
        block = block.getparent()
    judged.update(dict.fromkeys(way, judged[block]))
    return judged[block]


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


def _holder(blocks: Sequence[tuple[HtmlElement, int]], share: float = MOSTLY) -> HtmlElement:
    """The smallest element that holds a share, above half, of the weight of blocks in page order."""
    total = sum(weight for _, weight in blocks)
    # What holds more than half stands around the block in the middle of the weight.
    passed = accumulate(weight for _, weight in blocks)
    middle = next(block for (block, _), so_far in zip(blocks, passed, strict=True) if so_far * 2 >= total)
    chain = [middle, *middle.iterancestors()]
    held = [0] * len(chain)
    places = {element: place for place, element in enumerate(chain)}
    for block, weight in blocks:
        held[_place(block, places)] += weight
    weights = accumulate(held)
    return next((element for element, weight in zip(chain, weights, strict=True) if weight >= share * total))


def _place(block: HtmlElement, places: dict[HtmlElement, int]) -> int:
    """Which of the elements whose places are known holds a block; puts down that of all on the way."""
    way = []
    while block not in places:
        way.append(block)
        block = block.getparent()
    place = places[block]
    places.update(dict.fromkeys(way, place))
    return place


def _dense(tree: HtmlElement) -> HtmlElement | None:
    """The element whose own blocks hold the most prose; for texts too short for readability."""
    judged = {tree: False}
    blocks = [
        (block, len(line))
        for line, block, _ in dom.placed_lines(tree)
        if dom.is_prose(line) and not labels.is_furniture(line) and not _stands_aside(block, judged)
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
