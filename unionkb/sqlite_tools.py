"""sqlite-utils, imported without pandas and numpy.

Where these are installed sqlite-utils imports them, only to know the names of their number types, and every
command would start half a second later."""

import sys

_KEPT_OUT = [name for name in ("numpy", "pandas") if name not in sys.modules]
for _name in _KEPT_OUT:
    sys.modules[_name] = None  # type: ignore[assignment]  # An import of it raises ImportError.
try:
    from sqlite_utils import Database, Migrations
finally:
    for _name in _KEPT_OUT:
        del sys.modules[_name]

__all__ = ["Database", "Migrations"]
