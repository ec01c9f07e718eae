"""Organisations named in an article: unions and acting bodies, with their full official names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from extract import organisation_bodies as bodies
from extract import organisation_unions as unions
from extract import regions
from extract.model import Article, OrganisationMention
from extract.offsets import Row
from extract.organisation_context import Context
from extract.organisation_context import context as _context
from extract.organisation_home import headline
from extract.organisation_home import home as _home
from extract.organisation_names import head, heads, total
from extract.organisation_state import Reader
from extract.words import alternation, terms

__all__ = ["Context", "context", "find", "home"]

_UNION: Final = r"总工会|工会联合会|工会工作委员会|工会委员会|工会工委|联合工会|工联会|工会(?!法|章程|会员证)"


_PAPER: Final = re.compile("(?:日|晚|工人|职工|矿工)?报$")
_UNIONS: Final = ("总工会", "工会", "联合工会", "工联会")


@cache
def _anchors() -> re.Pattern[str]:
    bodies = alternation(terms("organisation_bodies"))
    return re.compile(
        rf"(?P<union>{_UNION})|(?P<total>{total()})"
        rf"|(?P<body>{bodies})|(?P<firm>{alternation(_acting())})(?![法制化人业])"
    )


@cache
def _starts() -> re.Pattern[str]:
    """Places where an anchor may begin: two classes of characters rule out most of a text."""
    first, second = (
        "".join(sorted({term[at] for term in (*_UNIONS, *_acting(), *terms("organisation_bodies"), "全总")}))
        for at in (0, 1)
    )
    return re.compile(f"[{first}](?:(?<=总)|(?=[{second}]))")


@cache
def _acting() -> tuple[str, ...]:
    return tuple(term for term, entry in heads().items() if entry.acts == "yes")


def _found(text: str) -> Iterator[re.Match[str]]:
    """The words that end the names of bodies, in order, without overlaps."""
    free, anchors = 0, _anchors()
    for start in _starts().finditer(text):
        match = anchors.match(text, start.start()) if start.start() >= free else None
        if match:
            free = match.end()
            yield match


def context(article: Article) -> Context:
    """What an article says about the regions in it, and the union that is its source."""
    about, owner = _context(article), article.meta.masthead or ""
    if owner and "工会" not in owner:
        about = replace(about, owner=owner)
    for printed in (article.meta.source or "", owner):
        if "工会" not in printed and "总" not in printed:
            continue
        named = [mention for mention in find(printed, replace(about, lead=0)) if mention.union]
        if len(named) == 1:
            return replace(about, outlet=replace(named[0], start=0, end=0, rule="outlet"))
    if not about.owner and (firm := _firm_of_paper(article.meta.newspaper or "")):
        about = replace(about, owner=firm)
    if about.owner and (kind := head(about.owner)) and kind.kind in ("firm", "institution"):
        name = about.owner + "工会"
        return replace(about, outlet=OrganisationMention(0, 0, name, "enterprise", None, True, "masthead"))
    return about


def _firm_of_paper(newspaper: str) -> str | None:
    """The firm whose newspaper it is: 鞍钢 of 鞍钢日报, but no trade (中国邮政报)."""
    name = _PAPER.sub("", newspaper)
    kind = head(name) if name != newspaper and not name.startswith(("中国", "人民")) else None
    named = (
        kind is not None and kind.kind == "firm" and (kind.acts == "name" or len(name) > len(kind.term) + 1)
    )
    return name if named else None


def find(text: str, context: Context) -> list[OrganisationMention]:
    """Unions and acting bodies in the text, in order, without overlaps. `text` is the body of the article the
    context was made from, or a stretch of it. Time is linear in its length; nothing is raised."""
    reader = Reader(text, context, Row(regions.mentions(text)))
    found: list[OrganisationMention] = []
    for anchor in _found(text):
        at, end = anchor.span()
        if at < reader.taken:
            continue
        mentions: list[OrganisationMention] = []
        if anchor.lastgroup == "body":
            mentions = bodies.body(reader, at, end, anchor[0])
        elif anchor.lastgroup == "firm":
            mentions = bodies.firm(reader, at, end)
        else:
            mentions = list(unions.read(reader, at, end, anchor[0]))
        for mention in mentions:
            if found and found[-1].start >= mention.start:
                # The firm found last turned out to be the beginning of this name.
                found.pop()
            found.append(mention)
            reader.taken = max(reader.taken, mention.end)
    if context.lead:
        found = sorted([*found, *headline(text, reader, found)], key=lambda mention: mention.start)
    return found


def home(
    article: Article, about: Context | None = None, mentions: Sequence[OrganisationMention] | None = None
) -> OrganisationMention | None:
    """The organisation an article is about. `about` and `mentions`, where known already, spare the work of
    finding them again."""
    about = context(article) if about is None else about
    return _home(article, about, find(article.body, about) if mentions is None else mentions)
