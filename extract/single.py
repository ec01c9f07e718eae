"""A draft that is one article already: every line of it stays, but those that only tell about the page."""

from collections.abc import Sequence
from typing import Final

from extract import bylines, headlines, imprint, joins
from extract.furniture import Role
from extract.items import Item, Page, Story
from extract.lines import Line, fold, letters
from extract.model import Metadata

_MOST_HEADLINES: Final = 5


def roles(lines: Sequence[Line], judged: Sequence[Role]) -> list[Role]:
    """Roles for a draft without furniture: what looks like some is text, and so is a line with a date that
    neither a label nor a newspaper's name marks, once the running text has begun."""
    found = []
    begun = False
    for line, role in zip(lines, judged, strict=True):
        known = role in (Role.IMPRINT, Role.CLOCK) and _tells_about_page(line, begun)
        found.append(role if known or role is Role.AUTHOR else Role.TEXT)
        begun = begun or (not known and _is_running(line))
    return found


def _tells_about_page(line: Line, begun: bool) -> bool:
    found = imprint.read(line)
    dated = found.published is not None
    marked = bool(found.newspaper) and (dated or found.page_number is not None)
    return (
        bool(found.labels - {"other", "time", "title"}) or found.from_url or marked or (dated and not begun)
    )


def _is_running(part: Line | Item) -> bool:
    return part.opens_story or joins.is_sentence(part.plain)


def read(items: Sequence[Item], known: Metadata) -> Page:
    """The one story of the items; none where no item is text."""
    text = [item for item in items if item.role is Role.TEXT]
    if not text:
        return Page()
    first = next((i for i, item in enumerate(text) if item.column or _is_running(item)), len(text))
    heading = _heading(text[:first], known)
    story = Story([line for item in heading for line in item.lines])
    page = Page([story])
    above = True
    named = set(map(id, heading))
    for item in items:
        if item.role is Role.TEXT:
            if id(item) not in named:
                story.paragraphs.append(item)
                above = above and not _is_running(item)
                _sign(story, item)
        elif item.role is Role.AUTHOR and not above:
            story.paragraphs.append(item)
            story.bylines.append(item.plain)
        elif item.role is Role.AUTHOR:
            story.imprints.append(imprint.of_author(item.plain))
        else:
            (page.imprints if above else story.imprints).append(imprint.read(item.lines[0]))
    if not story.paragraphs and not known.title and len(heading) > 1:
        story.paragraphs.append(heading[-1])
        story.heading = [line for item in heading[:-1] for line in item.lines]
    return page


def _heading(above: Sequence[Item], known: Metadata) -> list[Item]:
    """The headline block among the items above the running text."""
    if known.title is None:
        found: list[Item] = []
        for item in reversed(above):
            if not joins.heading_like(item.lines[0]) or len(found) == _MOST_HEADLINES:
                break
            found.append(item)
        return found[::-1]
    named = {letters(fold(line)) for line in (known.kicker, known.title, known.deck) if line}
    at = [i for i, item in enumerate(above) if letters(item.plain) in named]
    if not at:
        return []
    block = [above[i] for i in at]
    rest = above[at[-1] + 1 :]
    if known.deck is None and len(rest) == 1 and _is_deck(rest[0]):
        block.append(rest[0])
    return block


def _is_deck(item: Item) -> bool:
    plain = item.plain
    return (
        joins.heading_like(item.lines[0])
        and not plain.startswith(("(", "[", "【", "〔"))
        and not headlines.is_boxed(plain)
    )


def _sign(story: Story, item: Item) -> None:
    """Remember the words that name who wrote it."""
    plain = item.plain
    if item.opens_story and not story.bylines:
        story.bylines.append(bylines.lead_people(plain))
    if bylines.ends_signed(plain):
        story.bylines.append(plain[-90:])
