"""Corrections by people: added and never changed, tied to words of the text, applied whenever it is read."""

from unionkb.review.errors import ReviewError
from unionkb.review.history import history, listed
from unionkb.review.record import ACTIONS, add, put
from unionkb.review.slots import FIELDS

__all__ = ["ACTIONS", "FIELDS", "ReviewError", "add", "history", "listed", "put"]
