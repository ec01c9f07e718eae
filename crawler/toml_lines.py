"""Where the keys of a TOML file stand. `tomllib` gives the line of a syntax error, not of a value."""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_KEY_PART = r"(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_DOTTED = rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*"
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]")
_ASSIGNMENT = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_TOKEN = re.compile(r"\"\"\"|'''|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[\[\]{}#]")


def lines(text: str) -> dict[Path, int]:
    """Line (from 1) of each table and key of a valid TOML document, and of each string of an array.

    A path names tables and keys from the outside in; elements of arrays count from 0:
    `("start", 1, "url")`. An array of tables stands where its first does. Keys within inline tables are left
    out: ask `line_of`.
    """
    found: dict[Path, int] = {(): 1}
    table: Path = ()
    counts: dict[Path, int] = {}
    key: Path = ()
    quote, depth, item = "", 0, 0
    for number, line in enumerate(text.split("\n"), start=1):
        begin = 0
        if not quote and not depth:
            if header := _HEADER.match(line):
                table = _table(header[1] == "[[", _parts(header[2]), counts)
                found.setdefault(table, number)
                if header[1] == "[[":
                    found.setdefault(table[:-1], number)
                continue
            if not (assignment := _ASSIGNMENT.match(line)):
                continue
            key, item, begin = (*table, *_parts(assignment[1])), 0, assignment.end()
            found[key] = number
        for token in _tokens(line, begin, quote):
            if token in ('"""', "'''"):
                quote = "" if quote else token
            elif token in "[{":
                depth += 1
            elif token in "]}":
                depth -= 1
            elif depth == 1:
                found.setdefault((*key, item), number)
                item += 1
    return found


def line_of(path: Path, known: dict[Path, int]) -> int:
    """Line of a path, or of the nearest table around it."""
    while path not in known:
        path = path[:-1]
    return known[path]


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_KEY_PART, dotted)]


def _table(repeated: bool, names: list[str], counts: dict[Path, int]) -> Path:
    """Path of a header: names that stand for an array of tables get the number of its present element."""
    path: Path = ()
    for position, name in enumerate(names):
        path = (*path, name)
        if repeated and position == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _tokens(line: str, begin: int, quote: str) -> Iterator[str]:
    """Strings, brackets and the marks of long strings of a line; `quote` is the long string it begins in."""
    while True:
        if quote:
            end = line.find(quote, begin)
            if end < 0:
                return
            yield quote
            begin, quote = end + 3, ""
            continue
        token = _TOKEN.search(line, begin)
        if token is None or token[0] == "#":
            return
        yield token[0]
        begin = token.end()
        quote = token[0] if token[0] in ('"""', "'''") else ""
