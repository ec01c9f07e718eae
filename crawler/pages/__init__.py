"""HTML -> drafts. Pure functions: no network, no files. generic.py reads any page."""

from crawler.pages.generic import read
from crawler.pages.parts import join, next_part

__all__ = ["join", "next_part", "read"]
