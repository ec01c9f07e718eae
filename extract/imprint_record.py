"""What is printed about one article: records of single lines, many made one, what stories of a page share."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from extract.model import Metadata

_TOLD: Final = ("newspaper", "page_number", "section", "source", "author", "correspondent", "editor")


@dataclass(slots=True)
class Imprint:
    """What one line says; the strength of its date: 3 labelled or cited, 2 beside a label, 1 bare."""

    published: date | None = None
    strength: int = 0
    from_url: bool = False
    newspaper: str | None = None
    page_number: str | None = None
    section: str | None = None
    source: str | None = None
    author: str | None = None
    correspondent: str | None = None
    editor: str | None = None
    labels: set[str] = field(default_factory=set)


def combine(imprints: Sequence[Imprint]) -> Imprint:
    """One imprint from many: the strongest date, the first of everything else."""
    if len(imprints) == 1:
        return imprints[0]
    chosen = Imprint()
    for item in imprints:
        if item.published and item.strength > chosen.strength:
            chosen.published, chosen.strength, chosen.from_url = item.published, item.strength, item.from_url
        for name in _TOLD:
            told = getattr(item, name)
            if told is not None and getattr(chosen, name) is None:
                setattr(chosen, name, told)
    return chosen


def share(imprints: Sequence[Imprint], dated: bool) -> Sequence[Imprint]:
    """The imprints of the stories of one page. The editor, newspaper and day that only one of them is printed
    with, or that all agree on, hold for the others too; no day where the page is known to be `dated`."""
    if len(imprints) < 2:
        return imprints
    days = set() if dated else {own.published for own in imprints if own.published}
    editors = {own.editor for own in imprints if own.editor}
    papers = {own.newspaper for own in imprints if own.newspaper}
    day = days.pop() if len(days) == 1 else None
    editor = editors.pop() if len(editors) == 1 else None
    paper = papers.pop() if len(papers) == 1 else None
    return [
        replace(
            own,
            published=own.published or day,
            from_url=own.from_url and own.published is not None,
            editor=own.editor or editor,
            newspaper=own.newspaper or paper,
        )
        for own in imprints
    ]


def metadata(
    chosen: Imprint, known: Metadata, title: str | None, kicker: str | None, deck: str | None
) -> Metadata:
    """The record of an article with this imprint and headline block; what is known already wins."""
    basis = ("url" if chosen.from_url else "printed") if chosen.published else None
    published: date | None = chosen.published
    if known.published:
        same = (
            known.published == published
            and basis == "printed"
            and known.published_basis is not None
            and not known.published_basis.startswith("printed")
        )
        basis = f"printed and {known.published_basis}" if same else known.published_basis or "meta"
        published = known.published
    return Metadata(
        title=known.title or title,
        kicker=known.kicker or kicker,
        deck=known.deck or deck,
        published=published,
        published_basis=basis,
        newspaper=known.newspaper or chosen.newspaper,
        page_number=known.page_number or chosen.page_number,
        section=known.section or chosen.section,
        source=known.source or chosen.source,
        author=known.author or chosen.author,
        correspondent=known.correspondent or chosen.correspondent,
        editor=known.editor or chosen.editor,
        masthead=known.masthead,
    )
