"""What has been read before a time expression."""

from dataclasses import dataclass, field
from datetime import date

from extract.date_atoms import Atom
from extract.model import Basis, DateMention

Open = tuple[date | None, date | None]


@dataclass(slots=True)
class Context:
    """What has been read so far."""

    reference: date | None
    year: int | None
    """The article's year where there is no reference."""
    prefer: str = "past"
    loose: bool = False
    """Whether the text is known to be a date."""
    day: date | None = None
    """The last day named: 当日 is this one."""
    month: tuple[int, int] | None = None
    """The last (year, month) named: 12日 may be in it."""
    opening: tuple[int, int] | None = None
    """The month that the text names first, before any day."""
    named_year: int | None = None
    """The last year named: 同年, 上年."""
    sentence: int = -1
    """Index of the sentence in which it was."""
    named_in_figures: bool = False
    """Whether it was printed in figures."""
    last: tuple[Atom, DateMention] | None = None
    """What 同期 refers to."""
    stops: list[int] = field(default_factory=list)
    """Offsets of the ends of sentences."""
    begun: dict[int, date] = field(default_factory=dict)
    """The first month or day named of each year."""

    ahead: int = -1
    """Index of the last sentence that named a time to come."""

    def is_month_named(self, day: date) -> bool:
        """Whether the month of a day was the last one named, and no day of it."""
        month = (day.year, day.month)
        return self.month == month and (self.day is None or (self.day.year, self.day.month) != month)

    @property
    def this_year(self) -> int | None:
        return self.reference.year if self.reference else self.year

    @property
    def basis(self) -> Basis:
        return "inferred from publication date" if self.reference else "inferred from article"
