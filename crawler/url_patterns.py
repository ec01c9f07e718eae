"""Regular expressions of addresses: plain enough that no address can make them slow.

Patterns come from files that anybody may write and are tried on every link of every page. A pattern is taken
when at each point the next character alone says how to go on: each repetition without a limit is followed by
something it cannot itself match. Matching is then linear in the length of the address.
"""

import re
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

GROUPS = ("date", "year", "month", "day", "page")
"""Named groups with a meaning; others are refused, so that a slip does not lose a date."""

_LONGEST = 400
_MOST_WAYS = 1000
"""Ways through a pattern that may have to be tried where two alternatives begin alike."""
_HOST_PART = r"(?:[a-z0-9-]|\\[.-]|\[[a-z0-9-]+\]\+|\\d\+)"
_HOST = re.compile(rf"https?\??://(?:{_HOST_PART}|\(\?:(?:{_HOST_PART}|\|)+\)\??)+(?::\d{{1,5}})?/")
_TESTED = [*map(chr, range(128)), "é", "工"]

Characters = frozenset[str]
_ALL: Characters = frozenset(_TESTED)


def fault(pattern: str) -> str | None:
    """What is wrong with a pattern of addresses; None when it is good."""
    if len(pattern) > _LONGEST:
        return f"longer than {_LONGEST} characters"
    if not pattern.isascii():
        return "addresses hold ASCII only: write other characters as %XX"
    try:
        tree = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"not a regular expression: {error}"
    if not _HOST.match(pattern):
        return "must begin with `https?://`, a host with its dots written `\\.`, and `/`"
    if unknown := sorted(set(tree.state.groupdict) - set(GROUPS)):
        return f"unknown group `{unknown[0]}`; known are {', '.join(GROUPS)}"
    names = set(tree.state.groupdict)
    if "day" in names and not {"year", "month"} <= names:
        return "the group `day` needs `year` and `month`"
    try:
        ways = _Check().sequence(list(tree), frozenset())[2]
    except _Refused as refused:
        return str(refused)
    if ways > _MOST_WAYS:
        return "too many alternatives that begin alike"
    return None


class _Refused(Exception):
    pass


def _set(op: Any, argument: Any) -> Characters:
    """Characters (of those tested) that a one-character item matches."""
    if op is code.LITERAL:
        return frozenset(chr(argument)) if chr(argument) in _ALL else frozenset("工")
    if op is code.NOT_LITERAL:
        return _ALL - {chr(argument)}
    if op is code.ANY:
        return _ALL - {"\n"}
    assert op is code.IN
    negated = bool(argument) and argument[0][0] is code.NEGATE
    taken: set[str] = set()
    for kind, value in argument:
        if kind is code.LITERAL:
            taken |= _set(kind, value)
        elif kind is code.RANGE:
            taken |= {c for c in _TESTED if value[0] <= ord(c) <= value[1]}
        elif kind is code.CATEGORY:
            taken |= {c for c in _TESTED if _CATEGORIES[str(value)].fullmatch(c)}
    return _ALL - taken if negated else frozenset(taken)


_CATEGORIES = {
    f"CATEGORY_{prefix}{name}": re.compile(f"\\{letter.upper() if prefix else letter}")
    for name, letter in (("DIGIT", "d"), ("SPACE", "s"), ("WORD", "w"))
    for prefix in ("", "NOT_")
}
_SINGLE = (code.LITERAL, code.NOT_LITERAL, code.ANY, code.IN)
Result = tuple[Characters, bool, int]
"""First characters, whether it may be empty, number of ways to try."""


class _Check:
    """Walks the parsed pattern from its end to its beginning, knowing what may follow."""

    def sequence(self, items: list[Any], after: Characters) -> Result:
        first, empty, ways = after, True, 1
        starts: Characters = frozenset()
        for op, argument in reversed(items):
            item_first, item_empty, item_ways = self.item(op, argument, first)
            first = item_first | first if item_empty else item_first
            starts = item_first | starts if item_empty else item_first
            empty = empty and item_empty
            ways = min(ways * item_ways, _MOST_WAYS + 1)
        return starts, empty, ways

    def item(self, op: Any, argument: Any, after: Characters) -> Result:
        if op in _SINGLE:
            return _set(op, argument), False, 1
        if op is code.SUBPATTERN:
            return self.sequence(list(argument[3]), after)
        if op is code.BRANCH:
            return self.branch([list(branch) for branch in argument[1]], after)
        if op in (code.MAX_REPEAT, code.MIN_REPEAT):
            least, most, body = argument
            return self.repeat(least, most, list(body), after)
        if op is code.AT:
            raise _Refused("a pattern always matches the whole address: leave out `^`, `$` and `\\b`")
        raise _Refused("lookaround, back references and the like are not allowed in a pattern of addresses")

    def branch(self, branches: list[list[Any]], after: Characters) -> Result:
        results = [self.sequence(branch, after) for branch in branches]
        first: Characters = frozenset()
        alike = False
        for starts, empty, _ in results:
            begins = starts | after if empty else starts
            alike = alike or bool(begins & first)
            first |= begins
        starts = frozenset().union(*(result[0] for result in results))
        ways = sum(r[2] for r in results) if alike else max(r[2] for r in results)
        return starts, any(result[1] for result in results), ways

    def repeat(self, least: int, most: Any, body: list[Any], after: Characters) -> Result:
        single = len(body) == 1 and body[0][0] in _SINGLE
        starts, empty, ways = self.sequence(body, after)
        if most is code.MAXREPEAT or most > 100:
            if not single:
                raise _Refused("a group may not be repeated without a limit: write {1,5}")
            if starts & after:
                raise _Refused(
                    "what follows a repetition (`+`, `*`) must be something it cannot match itself"
                )
            return starts, least == 0, 1
        if most > 1 and not single:
            starts, empty, ways = self.sequence(body, after | starts)
            if empty:
                raise _Refused("what may be empty cannot be repeated")
        turns = ways**most
        if starts & after:
            turns *= most - least + 1
        return starts, least == 0 or empty, min(turns, _MOST_WAYS + 1)
