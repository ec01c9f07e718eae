"""What a page may cost: time and memory go by its tags and their attributes, not by its bytes."""

import re

MOST_TAGS = 100_000
"""Tags and comments of a page that is read; news pages have hundreds to some ten thousand."""
MOST_ATTRIBUTES = 1_000
"""Attributes of a tag that are kept. The parser compares each with all others of its tag."""
SMALL = 100_000
"""Characters of a page that needs no check: not enough for more than a second."""
SHORT = 2 * MOST_ATTRIBUTES
"""Characters of a tag that cannot have too many attributes."""

# Possessive, so that it is read once, whatever it holds. Quotes count behind an equals sign only.
_ATTRIBUTE = r"""[\s/]*+[^\s=>]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?"""
_ATTRIBUTES = re.compile(rf"(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+")
_TAG = re.compile(rf"<(?:!--|([A-Za-z][^\s/>]*+)(?:{_ATTRIBUTE}|=)*+)")
_RAW = {name: re.compile(f"</{name}", re.I) for name in ("script", "style")}


class TooBig(Exception):
    """A page of more than can be read; the message says of what."""


def bounded(html: str) -> str:
    """The page, without what is beyond MOST_ATTRIBUTES in a tag; in linear time. Raises TooBig for one with
    more than MOST_TAGS."""
    if len(html) <= SMALL:
        return html
    pieces: list[str] = []
    tags = copied = position = 0
    while match := _TAG.search(html, position):
        tags += 1
        if tags > MOST_TAGS:
            raise TooBig(f"more than {MOST_TAGS:,} tags")
        position = match.end()
        name = match.group(1)
        if name is None:
            end = html.find("-->", position)
            position = len(html) if end < 0 else end
            continue
        if position - match.start() > SHORT:
            kept = _ATTRIBUTES.match(html, match.end(1), position)
            if kept is not None and kept.end() < position:
                pieces.append(html[copied : kept.end()])
                copied = position
        if raw := _RAW.get(name.lower()):
            closing = raw.search(html, position)
            position = closing.start() if closing else len(html)
    return "".join([*pieces, html[copied:]]) if pieces else html
