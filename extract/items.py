"""What a page is sorted into: paragraphs and other lines, stories, the page."""

from dataclasses import dataclass, field

from extract import bylines
from extract.furniture import Role
from extract.imprint_record import Imprint
from extract.lines import Line, letters


@dataclass(slots=True)
class Item:
    """A paragraph, or one line of another role."""

    lines: list[Line]
    role: Role
    column: bool = False
    """Part of a hard-wrapped column."""
    broken_above: bool = False
    """A line of another role stands above."""
    credited: bool = False
    """The line right above says when the text above was published, and by whom."""
    section: bool = False
    """The number of the first section stands above: `01`."""

    @property
    def plain(self) -> str:
        """Folded text."""
        if len(self.lines) == 1:
            return self.lines[0].plain
        return "".join([line.plain for line in self.lines])

    @property
    def letters(self) -> str:
        """Letters and digits."""
        return self.lines[0].letters if len(self.lines) == 1 else letters(self.plain)

    @property
    def opens_story(self) -> bool:
        """Whether it begins with the byline that opens a story."""
        if len(self.lines) == 1:
            return self.lines[0].opens_story
        return bylines.opens_story(self.plain) is not None


@dataclass(slots=True)
class Story:
    """Headline lines, paragraphs and what is printed around them."""

    heading: list[Line]
    imprints: list[Imprint] = field(default_factory=list)
    paragraphs: list[Item] = field(default_factory=list)
    signed: bool = False
    """Its last line says that it is complete."""
    bylined: bool = False
    dated: bool = False
    bylines: list[str] = field(default_factory=list)
    """Text that names who wrote it."""


@dataclass(slots=True)
class Page:
    """The stories and what is printed above the first of them."""

    stories: list[Story] = field(default_factory=list)
    imprints: list[Imprint] = field(default_factory=list)
