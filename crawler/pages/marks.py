"""Marks that CMS families leave on their pages."""

from crawler.pages.page import Page


class Marks:
    """What tells a family: classes or ids (`from mt10`: both), or else pieces of the text of the page."""

    def __init__(self, *names: str, text: tuple[str, ...] = ()) -> None:
        self._names = [frozenset(name.split()) for name in names]
        self._text = text

    def stand_in(self, page: Page) -> bool:
        """True where a page has one of them."""
        return any(names <= page.names for names in self._names) or any(t in page.html for t in self._text)
