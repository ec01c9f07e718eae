"""The main text of a page -> a draft: paragraphs, and what is printed around them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lxml.html import HtmlElement

from crawler.pages import dom, labels, main_text, owner, published, titles
from crawler.pages.enpproperty import Property
from crawler.pages.page import Page
from extract.model import Draft, Metadata

SHORTEST = 20
"""Characters of prose below which a page has no article."""
NEAR = 12
"""Lines around the main text in which source, author, editor and date are looked for."""
TEASER = 120
"""Characters of prose for each linked headline below which a page is a list of teasers."""
REPEATED = 16
"""Letters from which a line that stands there again is a second printing."""

Lines = Sequence[dom.Line]

_IN_PAPER = re.compile(
    r"《\s?([\u4e00-\u9fff]{2,12})\s?》\s{0,3}\(\s?(\d{4}年\s?\d{1,2}月\s?\d{1,2}日)"
    r"(?:\s{0,3}星期[一二三四五六日天])?\s{0,3}第?\s?([A-Z]?\d{1,3})\s?版\s?\)"
)
PAGE = re.compile(
    r"(?:第|当前版:|版次:)\s?([A-Z]{0,2}\d{1,5})\s?版"
    r"(?:\s?[:]\s?([\u4e00-\u9fff·]{2,12}?)(?=[上下]一[版篇期]|[^\u4e00-\u9fff·]|$))?"
)
"""A page number (版) and its section, in folded text."""
BYLINE = re.compile(r"\s?本[报网][^。]{0,12}(?:讯|电|记者|通讯员)")
"""How stories of newspapers begin."""
_NEWSPAPER = re.compile(r"[\u4e00-\u9fff]{2,10}?报(?=$|[^\u4e00-\u9fff]|多媒体|数字|电子)")
_EPAPER = re.compile(r"//(?:e?paper|[ds]zb\w{0,4})\.|/papers/|/nw\.D|/xpaper/")
"""Addresses of e-papers: host or path names one."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The lines of a page: above, in and below its main text."""

    above: Lines
    main: Lines
    below: Lines

    @property
    def around(self) -> list[str]:
        """Lines next to the main text and its first and last ones, links aside."""
        ends = [*self.main[:3], *self.main[-4:]]
        return [line.text for line in (*self.above[-NEAR:], *ends, *self.below[:NEAR]) if not line.linked]


def draft(
    page: Page,
    main: HtmlElement,
    title: str | None,
    note: Property | None = None,
    stated: Metadata | None = None,
) -> Draft | None:
    """The article whose text `main` holds; None where that is a list or has no prose. `stated` is what the
    markup names outright; it wins over what labels near the text say. Other stories inside `main` are taken
    out of the tree."""
    if main.tag not in dom.BLOCKS:
        main.tag = "div"  # lines stand in blocks
        page.forget_lines()
    parts = split(page, main)
    if main_text.drop_asides(main):
        parts = replace(parts, main=dom.placed_lines(main))
    if is_list(main, parts.main):
        return None
    known = metadata(page, parts, title, note, stated or Metadata())
    body = paragraphs(parts.main, known)
    if dom.prose_length(body) < SHORTEST:
        return None
    return Draft(text(known, body), known, single=True)


def text(known: Metadata, body: Iterable[str]) -> str:
    """Text of a draft: the headline block, then the paragraphs."""
    return "\n".join([*(line for line in (known.kicker, known.title, known.deck) if line), *body])


def split(page: Page, main: HtmlElement) -> Parts:
    """The lines of the page by where its main text stands."""
    placed = page.lines
    inside = set(main.iter())
    within = [i for i, line in enumerate(placed) if line.block in inside]
    first, last = (within[0], within[-1]) if within else (0, -1)
    return Parts(placed[:first], placed[first : last + 1], placed[last + 1 :])


def stories(lines: Iterable[str]) -> int:
    """How many stories begin in some lines, by `本报讯` and the like."""
    return sum(1 for line in lines if BYLINE.match(line))


def is_list(main: HtmlElement, placed: Lines) -> bool:
    """True for lists of headlines, with or without the beginning of each story."""
    prose = run = longest = 0
    for line in placed:
        if line.linked:
            run = 0
        elif dom.is_prose(line.text) and not labels.is_furniture(line.text):
            prose += len(line.text)
            run += len(line.text)
            longest = max(longest, run)
    if prose < SHORTEST:
        return True
    headlines = sum(1 for a in main.iter("a") if a.get("href") and dom.text_length(a) >= 8)
    return headlines >= 4 and prose < TEASER * headlines and longest < 2 * TEASER


def paragraphs(placed: Lines, known: Metadata) -> list[str]:
    """The lines of the main text without headline block, labels, buttons, lists of other stories and what is
    printed a second time."""
    head = {titles.key(line) for line in (known.kicker, known.title, known.deck) if line}
    headline = titles.key(known.title or "")
    kept: list[str] = []
    seen: set[str] = set()
    recent: list[str] = []  # captions are printed again close by; lines of a listing again anywhere
    others = begun = False
    for line, _, linked in placed:
        prose = dom.is_prose(line)
        if labels.heads_related(line):
            others = True
            continue
        if others and (not prose or linked):
            continue
        others = False
        letters = titles.key(line)
        if not letters or (letters in head and not begun):
            continue
        if not kept and not prose and len(letters) >= 4 and letters in headline:
            continue  # a headline printed in pieces
        if labels.is_furniture(line) or labels.is_label_line(line) or _IN_PAPER.fullmatch(labels.fold(line)):
            continue
        if not prose and len(line) > 4 and linked:
            continue
        if len(letters) >= REPEATED and (letters in seen if prose else letters in recent):
            continue
        seen.add(letters)
        recent = [*recent[-2:], letters]
        kept.append(line)
        begun = begun or prose
    return kept


def metadata(
    page: Page, parts: Parts, title: str | None, note: Property | None, stated: Metadata
) -> Metadata:
    """What is known of an article: from its comment, its markup, the lines around it, the linking page."""
    lines = [*parts.above, *parts.main[:6]]
    kicker, deck = titles.kicker_and_deck(lines, title) if title else (None, None)
    found: dict[str, str] = {}
    for line in parts.around:
        if len(line) > 200:
            continue
        for use, value in labels.fields(line):
            read = labels.first_value(value) if use == "source" else labels.names(value)
            if use in ("source", "author", "correspondent", "editor") and read:
                found.setdefault(use, read)
    paper, paper_day, number, section = _paper(page, parts, note is not None or _is_epaper(page.url))
    day, basis = _published(page, parts, title, note, stated.published or paper_day)
    hints = page.hints
    return Metadata(
        title=title,
        kicker=(note and note.kicker) or stated.kicker or kicker,
        deck=(note and note.deck) or stated.deck or deck,
        published=day,
        published_basis=basis,
        newspaper=stated.newspaper or paper or hints.get("newspaper"),
        page_number=(note and note.page_number) or stated.page_number or number or hints.get("page_number"),
        section=(note and note.section)
        or stated.section
        or section
        or hints.get("section")
        or _crumb_section(parts.above, title),
        source=stated.source or found.get("source") or _stated_source(page.tree),
        author=(note and note.author and labels.names(note.author))
        or stated.author
        or found.get("author")
        or _named(parts.above),
        correspondent=found.get("correspondent"),
        editor=stated.editor or found.get("editor"),
        masthead=owner.lines(page, (line.text for line in parts.below)),
    )


def _published(
    page: Page, parts: Parts, title: str | None, note: Property | None, stated: date | None
) -> tuple[date | None, str | None]:
    printed = published.Printed(stated, True) if stated else _printed(parts, title)
    day, basis = published.settle(
        printed,
        meta=page.stated_day or (note.published if note else None),
        url=published.in_url(page.url) or page.day("published"),
        listed=page.day("listed"),
    )
    if day is None and (guess := published.guessed(page.tree, page.url)):
        return guess, published.SECOND
    return day, basis


def _printed(parts: Parts, title: str | None) -> published.Printed:
    """The date printed between headline and text; else after its label; else on a short line above."""
    above = [line.text for line in parts.above if not line.linked]
    opening = [line.text for line in parts.main[:4] if not dom.is_prose(line.text)]
    at = next((i for i in reversed(range(len(above))) if title and titles.same(above[i], title)), None)
    inside = title is not None and any(titles.same(line, title) for line in opening)
    between = opening if inside else [*above[-NEAR if at is None else at :], *opening]
    ends = [*above[-NEAR:], *(line.text for line in parts.below[:NEAR])]
    labelled = [line for line in ends if labels.fields(line)]
    return (
        published.in_lines(between) or published.in_lines(labelled) or published.in_lines(above[-NEAR:])
    ) or published.Printed(None, False)


def _is_epaper(url: str | None) -> bool:
    return bool(_EPAPER.search(url or ""))


def _paper(
    page: Page, parts: Parts, is_epaper: bool
) -> tuple[str | None, date | None, str | None, str | None]:
    """Newspaper, date, page number and section, where the page prints them. The weekday beside the date is
    not looked at: some systems print the same one every day."""
    heads = [labels.fold(line.text) for line in parts.above if not line.linked and len(line.text) < 100]
    label = next((m for line in (*heads[::-1], labels.fold(page.tag)) if (m := PAGE.search(line))), None)
    for line in parts.around:
        if match := _IN_PAPER.search(labels.fold(line)):
            same = label and label.group(1).lstrip("0") == match.group(3).lstrip("0")
            section = label.group(2) if label and same else None
            return match.group(1), published.in_text(match.group(2)), match.group(3), section
    if label is None and not is_epaper:
        return None, None, None, None
    name = next((m.group() for line in (*heads, page.tag) if (m := _NEWSPAPER.search(line))), None)
    day = next((d for line in heads if _NEWSPAPER.search(line) and (d := published.in_text(line))), None)
    return name, day, *(label.groups() if label else (None, None))


def newspaper(page: Page) -> str | None:
    """Name of the newspaper that the page prints, wherever that is."""
    heads = (page.tag, *(line.text for line in page.lines if not line.linked and len(line.text) < 100))
    return next((match.group() for line in heads if (match := _NEWSPAPER.search(labels.fold(line)))), None)


def _crumb_section(above: Lines, title: str | None) -> str | None:
    """The column that the path from the home page ends with."""
    for line in reversed(above):
        if section := labels.crumb_end(line.text):
            return None if title and titles.same(section, title) else section
    return None


def _stated_source(tree: HtmlElement) -> str | None:
    for element in tree.iter("meta"):
        if (element.get("name") or "").lower() in ("contentsource", "source"):
            return labels.first_value(dom.tidy(element.get("content") or ""))
    return None


def _named(above: Lines) -> str | None:
    """The name on a line of its own that the page classes as author."""
    for line, block, _ in above[-NEAR:]:
        if "author" in (block.get("class") or "").lower() and len(line) <= 24 and not labels.fields(line):
            return labels.names(line)
    return None
