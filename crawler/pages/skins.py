"""Readers of CMS families as data: where each skin of a system puts headline, text and the rest."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lxml.html import HtmlElement

from crawler.pages import article, dom, labels, main_text, published, titles
from crawler.pages.enpproperty import Property
from crawler.pages.page import Page
from extract.model import Draft, Metadata

Selectors = tuple[str, ...]

MOST = 5
"""Elements looked at for one selector of a field."""


@dataclass(frozen=True, slots=True)
class Skin:
    """One layout. Each field lists CSS selectors, the surest first; the first that matches text counts.

    A skin fits a page where both its headline and its text are found; one without selectors for the headline
    leaves that to the rules for any page. `valid_from` and `valid_to` are the
    days of publication between which the system used it; outside them it is tried last.
    """

    name: str
    body: Selectors
    title: Selectors = ()
    kicker: Selectors = ()
    deck: Selectors = ()
    published: Selectors = ()
    source: Selectors = ()
    author: Selectors = ()
    editor: Selectors = ()
    section: Selectors = ()
    drop: Selectors = ()
    """Elements that stand in the text and do not belong to it."""
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid(self, day: date | None) -> bool:
        """True where the system may have used this skin on a day; unknown days may be any."""
        return day is None or (
            (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class Family:
    """A CMS family: how its pages are told, and its skins, those used longest first."""

    name: str
    recognises: Callable[[Page], bool]
    skins: Sequence[Skin]
    refine: Callable[[Page, Metadata], Metadata] = lambda page, known: known
    """Last word on the metadata: what only this family's addresses or markup tell."""

    def read(self, page: Page) -> list[Draft]:
        """The article on a page; [] where no skin finds text, or finds that of several stories."""
        note = page.notes[0] if page.notes else None
        for skin, title in _candidates(page, self.skins, note):
            found = _read(page, skin, title, note, self.refine)
            if found is not None:
                if title is None and article.stories(found.text.split("\n")) > 1:
                    return []
                return [replace(found, read_by=f"{self.name}/{skin.name}")]
        return []


def _candidates(
    page: Page, skins: Sequence[Skin], note: Property | None
) -> Iterable[tuple[Skin, str | None]]:
    """Skins in the order to try, each with the headline it finds: those valid on the page's day before the
    others, and last those that miss theirs."""
    day = published.in_url(page.url) or page.day("published")
    titled = [(skin, (note and note.title) or _title(page, skin)) for skin in skins]
    return sorted(
        titled, key=lambda pair: (bool(pair[0].title) and pair[1] is None, not pair[0].is_valid(day))
    )


def _title(page: Page, skin: Skin) -> str | None:
    for selector in skin.title:
        for element in page.select(selector)[:MOST]:
            # Some systems print date and source in the same element, below the headline.
            lines = dom.lines(element)
            end = next((i for i, line in enumerate(lines) if i and _is_imprint(line)), len(lines))
            text = "".join(lines[:end])
            if 2 <= len(text) <= titles.LONGEST and titles.key(text):
                return text
    return None


def _is_imprint(line: str) -> bool:
    return bool(labels.fields(line)) or published.in_text(line) is not None


def _read(
    page: Page,
    skin: Skin,
    title: str | None,
    note: Property | None,
    refine: Callable[[Page, Metadata], Metadata],
) -> Draft | None:
    held = main_text.best(page, skin.body)
    if held is None:
        return None
    main = held[0]
    title = title or titles.find(page, main)
    stated = _stated(page, skin, title, main)
    unwanted = [element for selector in skin.drop for element in page.select(selector, main)]
    if unwanted:
        dom.drop(unwanted)
        page.forget_lines()
    found = article.draft(page, main, title, note, stated)
    return replace(found, known=refine(page, found.known)) if found else None


def _stated(page: Page, skin: Skin, title: str | None, main: HtmlElement) -> Metadata:
    """What the selectors of a skin read."""
    return Metadata(
        kicker=_line(page, skin.kicker, title, main),
        deck=_line(page, skin.deck, title, main),
        published=next(
            (day for text in _texts(page, skin.published) if (day := published.in_text(text))), None
        ),
        source=next((found for text in _texts(page, skin.source) if (found := _source(text))), None),
        author=next((found for text in _texts(page, skin.author) if (found := _names(text, "author"))), None),
        editor=next((found for text in _texts(page, skin.editor) if (found := _names(text, "editor"))), None),
        section=next((text for text in _texts(page, skin.section) if len(text) <= 12), None),
    )


def _texts(page: Page, selectors: Selectors) -> Iterable[str]:
    for selector in selectors:
        for element in page.select(selector)[:MOST]:
            if text := dom.text_of(element):
                yield text


def _line(page: Page, selectors: Selectors, title: str | None, main: HtmlElement) -> str | None:
    """A kicker or deck: a short line outside the text that is not the headline and no label."""
    for selector in selectors:
        for element in page.select(selector)[:MOST]:
            text = dom.text_of(element)
            if not titles.key(text) or len(text) > titles.LONGEST or main in element.iterancestors():
                continue
            if not (title and titles.same(text, title)):
                return None if labels.fields(text) else text
    return None


def _source(text: str) -> str | None:
    fields = labels.fields(text)
    value = next((value for use, value in fields if use == "source"), "" if fields else text)
    found = labels.first_value(value)
    return found if found and len(found) <= 30 and published.in_text(found) is None else None


def _names(text: str, wanted: str) -> str | None:
    fields = labels.fields(text)
    value = next((value for use, value in fields if use == wanted), "" if fields else text)
    return labels.names(value) if len(value) <= 40 else None
