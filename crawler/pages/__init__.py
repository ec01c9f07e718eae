"""HTML -> drafts. Pure functions: no network, no files. A file for each CMS family; generic.py last."""

from crawler.pages.parts import join, next_part
from crawler.pages.readers import FAMILIES, read

__all__ = ["FAMILIES", "join", "next_part", "read"]
