"""A page as every reader gets it: parsed once, with what its head, comments and linking page say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lxml.html import HtmlElement

from crawler.pages import dom, enpproperty, published

LONGEST = 1_000
"""Characters of the title element that are read."""


@dataclass(slots=True)
class Page:
    """A parsed page. `tree` is without hidden parts, scripts and comments; `html` is the page as it came."""

    html: str
    url: str | None
    tree: HtmlElement
    tag: str
    """Text of the title element."""
    notes: list[enpproperty.Property]
    stated_day: date | None
    """The day that the head of the page or a script states."""
    names: frozenset[str]
    """Classes and ids, of what is hidden too."""
    hints: Mapping[str, str] = field(default_factory=dict)
    _lines: list[dom.Line] | None = None
    _prose: list[tuple[HtmlElement, int]] | None = None

    @property
    def lines(self) -> list[dom.Line]:
        """Lines of the whole page, read once."""
        if self._lines is None:
            self._lines = dom.placed_lines(dom.body(self.tree))
        return self._lines

    def select(self, selector: str, within: HtmlElement | None = None) -> list[HtmlElement]:
        """Elements that a CSS selector matches, in order; most match none, which costs next to nothing."""
        if not dom.names_needed(selector) <= self.names:
            return []
        return dom.select(self.tree if within is None else within, selector)

    def forget_lines(self) -> None:
        """To be called when elements were taken out of the tree."""
        self._lines = self._prose = None

    def prose_in(self, element: HtmlElement) -> int:
        """Characters of the lines of an element that read like sentences."""
        if element.tag not in dom.BLOCKS:
            return dom.prose_length(dom.lines(element))
        if self._prose is None:
            self._prose = [(line.block, len(line.text)) for line in self.lines if dom.is_prose(line.text)]
        inside = set(element.iter())
        return sum(length for block, length in self._prose if block in inside)

    def day(self, hint: str) -> date | None:
        """A day among the hints: `published` (from the address), `listed` (printed beside the link)."""
        return published.in_text(self.hints.get(hint, ""))


def parse(html: str, url: str | None = None, hints: Mapping[str, str] | None = None) -> Page | None:
    """The page; None where it has no element at all."""
    try:
        tree = dom.parse(html)
    except ValueError:
        return None
    notes = enpproperty.properties(html)
    stated = published.in_meta(tree) or published.in_scripts(tree)
    names = dom.names(tree)
    dom.drop_unseen(tree)
    tag = dom.tidy((tree.findtext(".//title") or "")[:LONGEST])
    return Page(html, url, tree, tag, notes, stated, names, hints or {})
