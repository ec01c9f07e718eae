"""Errors whose message is meant for the user: one line, naming the file or address."""


class UserError(Exception):
    """Something the user can act on. The command line prints it without a traceback and exits with 1."""


class StoreError(UserError):
    """A knowledge base that cannot be opened, read or written."""
