"""Marks that CMS families leave in markup, looked for in time that pages without any do not feel."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """A pattern, and words of which one stands in whatever it matches: looking for those takes a fiftieth of
    the time, and most pages have none."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]

    def stand_in(self, html: str) -> bool:
        """True where the pattern matches somewhere in a page."""
        return any(word in html for word in self.words) and self.pattern.search(html) is not None
