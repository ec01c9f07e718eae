"""What can be wrong with a review."""

from unionkb.errors import UserError


class ReviewError(UserError):
    """A review that cannot be taken: one line that says what is wrong with which fact or field."""
