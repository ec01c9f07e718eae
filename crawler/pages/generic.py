"""Any news page -> drafts, whatever system made it; newspaper pages that hold all their articles too."""

from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.pages import article, dom, labels, main_text, published, titles
from crawler.pages.article import Lines
from crawler.pages.page import Page
from extract.model import Draft, Metadata

NAME = "generic"


def read(page: Page) -> list[Draft]:
    """Drafts of the articles on a page; [] for a list of links or a page without text."""
    note = page.notes[0] if page.notes else None
    issue = None if note else _issue(page)
    if issue is not None:
        return issue
    main = main_text.find(page)
    if main is None:
        return []
    title = (note and note.title) or titles.find(page, main)
    parts = article.split(page, main)
    found = article.draft(page, main, title, note)
    if found is None:
        return []
    known = found.known
    basis = published.seconded(known.published, known.published_basis, page.tree)
    found = replace(found, known=replace(known, published_basis=basis))
    if note is None and _holds_several(page, parts):
        body = article.paragraphs(dom.placed_lines(main), Metadata())
        return [Draft("\n".join(body), replace(found.known, title=None), single=False)]
    return [found]


def _holds_several(page: Page, parts: article.Parts) -> bool:
    """True where several stories begin in the main text and the title tag names none of them."""
    if article.stories(line.text for line in parts.main) < 2:
        return False
    return not _names_an_article(page.tag, [line.text for line in (*parts.above, *parts.main)])


def _issue(page: Page) -> list[Draft] | None:
    """Drafts of a newspaper page that holds all its articles; None where the page is no such page."""
    placed = page.lines
    heads = [line.text for line in placed if len(line.text) < 100 and not line.linked]
    if not any(article.PAGE.search(labels.fold(line)) for line in (page.tag, *heads[: article.NEAR])):
        return None
    main = dom.body(page.tree)
    blocks = _article_blocks(main)
    stories = article.stories(line.text for line in placed)
    if not blocks and (stories < 2 or _names_an_article(page.tag, heads)):
        return None
    inside = set(blocks[0].iter()) if blocks else set()
    start = next(
        (i for i, line in enumerate(placed) if line.block in inside or article.BYLINE.match(line.text)), 0
    )
    parts = article.Parts(placed[:start], placed[start:], [])
    known = replace(article.metadata(page, parts, None, None, Metadata()), source=None, author=None)
    if blocks:
        return [draft for block in blocks if (draft := _block_draft(block, known))]
    holder = main_text.find(page)
    if holder is None:
        return None
    main_text.drop_asides(holder)
    text = "\n".join(article.paragraphs(dom.placed_lines(holder), known))
    return [Draft(text, known, single=False)]


def _names_an_article(tag: str, heads: Sequence[str]) -> bool:
    """True where the title tag is the headline of one story and not the name of paper and page."""
    name = titles.without_site(tag)
    plain = labels.fold(name)
    return (
        len(titles.key(name)) >= 10
        and not article.PAGE.search(plain)
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


def _is_story(placed: Lines) -> bool:
    prose = [i for i, line in enumerate(placed) if dom.is_prose(line.text)]
    if not prose or not 1 <= prose[0] <= 4:
        return False
    return not any(line.linked for line in placed[: prose[0]])


def _block_draft(block: HtmlElement, known: Metadata) -> Draft | None:
    placed = dom.placed_lines(block)
    start = next(i for i, line in enumerate(placed) if dom.is_prose(line.text))
    title = titles.of_block(placed[:start])
    kicker, deck = titles.kicker_and_deck(placed, title)
    own = replace(known, title=title, kicker=kicker, deck=deck)
    body = article.paragraphs(placed, own)
    return Draft(article.text(own, body), own, single=True) if body else None
