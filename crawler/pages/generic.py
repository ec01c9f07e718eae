"""Any news page -> drafts: headline block and main text, a line a block, and what is printed around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from lxml.html import HtmlElement

from crawler.pages import dom, founder, labels, main_text, published, titles
from extract.model import Draft, Metadata

SHORTEST = 20
"""Characters of prose below which a page has no article."""
NEAR = 12
"""Lines around the main text in which source, author, editor and date are looked for."""
TEASER = 120
"""Characters of prose for each linked headline below which a page is a list of teasers."""

Placed = list[tuple[str, HtmlElement]]

_IN_PAPER = re.compile(
    r"《\s?([\u4e00-\u9fff]{2,12})\s?》\s{0,3}\(\s?(\d{4}年\s?\d{1,2}月\s?\d{1,2}日)\s{0,3}第?\s?([A-Z]?\d{1,3})\s?版\s?\)"
)
_PAGE = re.compile(r"(?:第|当前版:|版次:)\s?([A-Z]{0,2}\d{1,5})\s?版(?:\s?[:]\s?([\u4e00-\u9fff·]{2,10}))?")
_NEWSPAPER = re.compile(r"[\u4e00-\u9fff]{2,10}?报(?=$|[^\u4e00-\u9fff]|多媒体|数字|电子)")
_EPAPER = re.compile(r"//(?:e?paper|[ds]zb\w{0,4})\.|/papers/|/nw\.D")
"""Addresses of e-papers: host or path names one."""
_BYLINE = re.compile(r"\s?本[报网][^。]{0,12}(?:讯|电|记者|通讯员)")


@dataclass(frozen=True, slots=True)
class _Page:
    """A page in three parts: what stands above, in and below its main text."""

    tree: HtmlElement
    tag: str
    above: Placed
    main: Placed
    below: Placed

    @property
    def around(self) -> list[str]:
        """Lines next to the main text and its first and last ones, links aside."""
        ends = [*self.main[:3], *self.main[-4:]]
        return [
            line for line, block in (*self.above[-NEAR:], *ends, *self.below[:NEAR]) if not _is_linked(block)
        ]


def read(html: str, url: str | None = None) -> list[Draft]:
    """Drafts of the articles on a page; [] for a list of links or a page without text."""
    try:
        tree = dom.parse(html)
    except ValueError:
        return []
    notes = founder.properties(html)
    if len(notes) > 1:
        ends = [*(note.offset for note in notes[1:]), len(html)]
        parts = [
            _read_one(dom.parse(html[n.offset : end]), n, url) for n, end in zip(notes, ends, strict=True)
        ]
        return [draft for part in parts for draft in part]
    return _read_one(tree, notes[0] if notes else None, url)


def _read_noted(html: str, tree: HtmlElement, notes: list[founder.Property], url: str | None) -> list[Draft]:
    """The articles of a page that has one comment for each."""
    dom.drop_unseen(tree)
    page = _Page(tree, dom.tidy(tree.findtext(".//title") or ""), dom.placed_lines(dom.body(tree)), [], [])
    name = _paper(page, True)[0]
    found = []
    for note, end in zip(notes, [*(note.offset for note in notes[1:]), len(html)], strict=True):
        for draft in _read_one(dom.parse(html[note.offset : end]), note, url):
            known = replace(draft.known, newspaper=draft.known.newspaper or name)
            found.append(replace(draft, known=known))
    return found


def _read_one(tree: HtmlElement, note: founder.Property | None, url: str | None) -> list[Draft]:
    meta_day = published.in_meta(tree) or published.in_scripts(tree)
    dom.drop_unseen(tree)
    issue = None if note else _issue(tree, url)
    if issue is not None:
        return issue
    main = main_text.find(dom.body(tree))
    if main is None:
        return []
    title = (note and note.title) or titles.find(tree, main)
    around = _split(tree, main)
    main_text.drop_asides(main)
    if _is_list(main):
        return []
    page = replace(around, main=dom.placed_lines(main))
    known = _metadata(page, title, note, meta_day, url)
    paragraphs = _paragraphs(page.main, known)
    if dom.prose_length(paragraphs) < SHORTEST:
        return []
    if note is None and _holds_several(page):
        return [
            Draft("\n".join(_paragraphs(page.main, Metadata())), replace(known, title=None), single=False)
        ]
    head = [line for line in (known.kicker, known.title, known.deck) if line]
    return [Draft("\n".join([*head, *paragraphs]), known, single=True)]


def _holds_several(page: _Page) -> bool:
    """True where several stories begin in the main text and the title tag names none of them."""
    lines = [line for line, _ in (*page.above, *page.main)]
    return sum(1 for line, _ in page.main if _BYLINE.match(line)) >= 2 and not _names_an_article(
        page.tag, lines
    )


def _split(tree: HtmlElement, main: HtmlElement) -> _Page:
    placed = dom.placed_lines(dom.body(tree))
    inside = set(main.iter())
    within = [i for i, (_, block) in enumerate(placed) if block in inside]
    first, last = (within[0], within[-1]) if within else (0, -1)
    return _Page(
        tree,
        dom.tidy(tree.findtext(".//title") or ""),
        placed[:first],
        placed[first : last + 1],
        placed[last + 1 :],
    )


def _is_linked(block: HtmlElement) -> bool:
    return dom.link_length(block) * 2 > dom.text_length(block)


def _is_list(main: HtmlElement) -> bool:
    """True for lists of headlines, with or without the beginning of each story."""
    prose = run = longest = 0
    for line, block in dom.placed_lines(main):
        if _is_linked(block):
            run = 0
        elif dom.is_prose(line) and not labels.is_furniture(line):
            prose += len(line)
            run += len(line)
            longest = max(longest, run)
    headlines = sum(1 for a in main.iter("a") if a.get("href") and dom.text_length(a) >= 8)
    return prose < SHORTEST or (headlines >= 4 and prose < TEASER * headlines and longest < 2 * TEASER)


def _paragraphs(placed: Placed, known: Metadata) -> list[str]:
    """The lines of the main text without headline block, labels, buttons and lists of other stories."""
    head = {titles.key(line) for line in (known.kicker, known.title, known.deck) if line}
    headline = titles.key(known.title or "")
    kept: list[str] = []
    others = False
    for line, block in placed:
        prose = dom.is_prose(line)
        if labels.heads_related(line):
            others = True
            continue
        if others and (not prose or _is_linked(block)):
            continue
        others = False
        letters = titles.key(line)
        if not letters or (letters in head and not dom.prose_length(kept)):
            continue
        if not kept and not prose and len(letters) >= 4 and letters in headline:
            continue  # a headline printed in pieces
        if labels.is_furniture(line) or labels.is_label_line(line) or _IN_PAPER.fullmatch(labels.fold(line)):
            continue
        if not prose and len(line) > 4 and _is_linked(block):
            continue
        kept.append(line)
    return kept


def _metadata(
    page: _Page, title: str | None, note: founder.Property | None, meta_day: date | None, url: str | None
) -> Metadata:
    lines = [*page.above, *page.main[:6]]
    kicker, deck = titles.kicker_and_deck(lines, title) if title else (None, None)
    found: dict[str, str] = {}
    for line in page.around:
        if len(line) > 200:
            continue
        for use, value in labels.fields(line):
            read = labels.first_value(value) if use == "source" else labels.names(value)
            if use in ("source", "author", "correspondent", "editor") and read:
                found.setdefault(use, read)
    paper = _paper(page, note is not None or bool(_EPAPER.search(url or "")))
    printed = _printed(page, title) or paper[1]
    day, basis = published.settle(
        printed, meta_day or (note.published if note else None), published.in_url(url), None
    )
    if day is None:
        day, basis = published.settle(None, None, None, published.guessed(page.tree, url))
    return Metadata(
        title=title,
        kicker=(note and note.kicker) or kicker,
        deck=(note and note.deck) or deck,
        published=day,
        published_basis=basis,
        newspaper=paper[0],
        page_number=(note and note.page_number) or paper[2],
        section=(note and note.section) or paper[3],
        source=found.get("source") or _stated_source(page.tree),
        author=(note and note.author and labels.names(note.author)) or found.get("author") or _named(page),
        correspondent=found.get("correspondent"),
        editor=found.get("editor"),
    )


def _stated_source(tree: HtmlElement) -> str | None:
    for element in tree.iter("meta"):
        if (element.get("name") or "").lower() in ("contentsource", "source"):
            return labels.first_value(dom.tidy(element.get("content") or ""))
    return None


def _named(page: _Page) -> str | None:
    """The name on a line of its own that the page classes as author."""
    for line, block in page.above[-NEAR:]:
        if "author" in (block.get("class") or "").lower() and len(line) <= 24 and not labels.fields(line):
            return labels.names(line)
    return None


def _printed(page: _Page, title: str | None) -> date | None:
    """The date printed between headline and text; else after its label; else on a short line above."""
    above = [line for line, block in page.above if not _is_linked(block)]
    opening = [line for line, _ in page.main[:4] if not dom.is_prose(line)]
    at = next((i for i in reversed(range(len(above))) if title and titles.same(above[i], title)), None)
    inside = title is not None and any(titles.same(line, title) for line in opening)
    between = opening if inside else [*above[-NEAR if at is None else at :], *opening]
    labelled = [
        line for line in (*above[-NEAR:], *(line for line, _ in page.below[:NEAR])) if labels.fields(line)
    ]
    return published.in_lines(between) or published.in_lines(labelled) or published.in_lines(above[-NEAR:])


def _paper(page: _Page, is_epaper: bool) -> tuple[str | None, date | None, str | None, str | None]:
    """Newspaper, date, page number and section, where the page prints them."""
    for line in page.around:
        if match := _IN_PAPER.search(labels.fold(line)):
            return match.group(1), published.in_text(match.group(2)), match.group(3), None
    heads = [labels.fold(line) for line, block in page.above if not _is_linked(block) and len(line) < 100]
    label = next((m for line in (*heads[::-1], labels.fold(page.tag)) if (m := _PAGE.search(line))), None)
    if label is None and not is_epaper:
        return None, None, None, None
    name = next((m.group() for line in (*heads, page.tag) if (m := _NEWSPAPER.search(line))), None)
    day = next((d for line in heads if _NEWSPAPER.search(line) and (d := published.in_text(line))), None)
    return name, day, *(label.groups() if label else (None, None))


def _issue(tree: HtmlElement, url: str | None) -> list[Draft] | None:
    """Drafts of a newspaper page that holds all its articles; None where the page is no such page."""
    main = dom.body(tree)
    placed = dom.placed_lines(main)
    heads = [line for line, block in placed if len(line) < 100 and not _is_linked(block)]
    tag = dom.tidy(tree.findtext(".//title") or "")
    if not (_PAGE.search(labels.fold(tag)) or any(_PAGE.search(labels.fold(line)) for line in heads[:NEAR])):
        return None
    blocks = _article_blocks(main)
    stories = sum(1 for line, _ in placed if _BYLINE.match(line))
    if not blocks and (stories < 2 or _names_an_article(tag, heads)):
        return None
    first = blocks[0] if blocks else None
    inside = set(first.iter()) if first is not None else set()
    start = next(
        (i for i, (_, block) in enumerate(placed) if block in inside or _BYLINE.match(placed[i][0])), 0
    )
    page = _Page(tree, tag, placed[:start], placed[start:], [])
    known = replace(_metadata(page, None, None, published.in_meta(tree), url), source=None, author=None)
    if blocks:
        return [draft for block in blocks if (draft := _block_draft(block, known))]
    holder = main_text.find(main)
    if holder is None:
        return None
    main_text.drop_asides(holder)
    text = "\n".join(_paragraphs(dom.placed_lines(holder), known))
    return [Draft(text, known, single=False)]


def _names_an_article(tag: str, heads: Sequence[str]) -> bool:
    """True where the title tag is the headline of one story and not the name of paper and page."""
    name = titles.without_site(tag)
    plain = labels.fold(name)
    return (
        len(titles.key(name)) >= 10
        and not _PAGE.search(plain)
        and any(titles.same(name, line) for line in heads)
    )


def _article_blocks(body: HtmlElement) -> list[HtmlElement]:
    """Siblings of one kind that each hold a headline and a story, and together most of the prose; or []."""
    groups: dict[tuple[HtmlElement, str, str], list[HtmlElement]] = {}
    for element in body.iter("div", "article", "section", "li", "td", "tr", "table"):
        parent = element.getparent()
        if parent is not None:
            groups.setdefault((parent, str(element.tag), element.get("class") or ""), []).append(element)
    total = dom.prose_length(dom.lines(body))
    for members in groups.values():
        if len(members) < 2:
            continue
        stories = [m for m in members if _is_story(dom.placed_lines(m))]
        if len(stories) >= 2 and sum(dom.prose_length(dom.lines(m)) for m in stories) >= 0.7 * total:
            return stories
    return []


def _is_story(placed: Placed) -> bool:
    prose = [i for i, (line, _) in enumerate(placed) if dom.is_prose(line)]
    if not prose or not 1 <= prose[0] <= 4:
        return False
    return not any(_is_linked(block) for _, block in placed[: prose[0]])


def _block_draft(block: HtmlElement, known: Metadata) -> Draft | None:
    placed = dom.placed_lines(block)
    start = next(i for i, (line, _) in enumerate(placed) if dom.is_prose(line))
    head = placed[:start]
    title = titles.of_block(head)
    kicker, deck = titles.kicker_and_deck(placed, title)
    own = replace(known, title=title, kicker=kicker, deck=deck)
    paragraphs = _paragraphs(placed, own)
    if not paragraphs:
        return None
    return Draft(
        "\n".join([*(line for line in (kicker, title, deck) if line), *paragraphs]), own, single=True
    )
