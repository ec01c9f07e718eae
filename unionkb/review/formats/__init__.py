"""Formats in which tasks go to annotation tools and come back; each is a module with `write` and `read`."""
