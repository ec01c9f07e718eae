"""Offsets as JavaScript counts them: in UTF-16 units, two for a character beyond U+FFFF (emoji, rare Han)."""

from itertools import accumulate


class Units:
    """Converts offsets in one text."""

    def __init__(self, text: str) -> None:
        self._at: list[int] | None = None
        if text and max(text) > "\uffff":
            self._at = [0, *accumulate(1 + (letter > "\uffff") for letter in text)]
            self._back = {units: at for at, units in enumerate(self._at)}

    def units(self, at: int) -> int:
        """The offset of a character in units."""
        return self._at[at] if self._at else at

    def characters(self, units: int) -> int | None:
        """The character at an offset in units; None inside a character or outside the text."""
        return self._back.get(units) if self._at else units
