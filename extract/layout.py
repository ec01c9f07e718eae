"""Text of a page -> the articles on it.

In order: lines, the role of each (furniture, imprint, author, text), text printed twice, broken lines joined,
stories told apart, headline block and metadata of each. All of it is linear in the length of the text.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from extract import (
    bylines,
    furniture,
    headings,
    headlines,
    imprint,
    imprint_record,
    joins,
    mastheads,
    single,
    stories,
    twice,
)
from extract.furniture import Role
from extract.imprint_record import Imprint
from extract.items import Item, Page, Story
from extract.lines import Line, split_lines
from extract.model import Article, Draft, Segment

_MARKS: Final = frozenset(":|©>")
_DATE_FIRST: Final = re.compile(r"[\[【(\s]{0,3}(?:19|20)\d{2}[-/.年]\s?\d{1,2}[-/.月]\s?\d")
"""Before buttons and counters: `2023-08-04 16:22 | 字号：大 中 小`, `【2023-08-04】【打印】`."""
_PEOPLE: Final = {"author", "reporter", "correspondent"}


def split(draft: Draft) -> list[Article]:
    """Articles of a page in the order printed; [] where there is none. What `draft.known` says wins over what
    the text says; a draft marked `single` is one article, and all its lines stay but those that only tell
    about the page. Never raises on any string."""
    lines = split_lines(draft.text)
    judged = _roles(lines)
    if draft.single:
        roles = single.roles(lines, judged)
        text = [role is Role.TEXT for role in roles]
        items = _paragraphs(lines, roles, joins.columns(lines, text), frozenset())
        evidence = headings.named(items, draft.known.title)
        return _articles(single.read(items, draft.known), draft, lines, evidence)
    items = _items(lines, judged)
    headings.mark_first_section(items)
    evidence = headings.named(items, draft.known.title)
    return _articles(stories.read(items, evidence), draft, lines, evidence)


def _roles(lines: Sequence[Line]) -> list[Role]:
    roles = list(map(_role, lines))
    above = False
    for i, line in enumerate(lines):
        if roles[i] is Role.TEXT:
            if above and bylines.is_bare_name(line.plain) and _opens_running_text(lines, roles, i + 1):
                roles[i] = Role.AUTHOR
            above = True
        elif roles[i] is Role.RELATED:
            _mark_list(lines, roles, i + 1)
    return roles


def _role(line: Line) -> Role:
    plain = line.plain
    role = furniture.role(line)
    if role is Role.TEXT and line.ends and len(plain) > 90:
        return role
    signs = bylines.is_author_line(plain)
    if line.opens_story and not signs:
        return Role.TEXT
    if role in (Role.RELATED, Role.CLOSING, Role.CLOCK):
        return role
    if signs and role is Role.TEXT and not imprint.read(line).labels - _PEOPLE:
        return Role.AUTHOR
    if imprint.is_imprint(line) and (role is Role.TEXT or _worth_reading(line)):
        return Role.IMPRINT
    return role


def _worth_reading(line: Line) -> bool:
    found = imprint.read(line)
    return (
        bool(found.labels - {"other", "time"})
        or found.from_url
        or found.page_number is not None
        or bool(found.published and (found.newspaper or _DATE_FIRST.match(line.plain)))
    )


def _opens_running_text(lines: Sequence[Line], roles: Sequence[Role], i: int) -> bool:
    if i >= len(lines):
        return False
    text = roles[i] is Role.TEXT and joins.is_sentence(lines[i].plain)
    return text or roles[i] in (Role.IMPRINT, Role.CLOCK)


def _mark_list(lines: Sequence[Line], roles: list[Role], start: int) -> None:
    """Headlines listed right under `相关新闻` and the like, up to a blank line or running text."""
    stop = start
    while stop < len(lines) and lines[stop].gap == 0 and roles[stop] is Role.TEXT:
        if not joins.heading_like(lines[stop]):
            stop -= 1
            break
        stop += 1
    for i in range(start, stop):
        roles[i] = Role.FURNITURE


def _items(lines: Sequence[Line], roles: list[Role]) -> list[Item]:
    """Paragraphs and other lines, without what is printed twice."""
    _restore(lines, roles)
    text = [role is Role.TEXT for role in roles]
    columns = joins.columns(lines, text)
    first = next(
        (i for i in range(len(lines)) if text[i] and _begins_story(lines[i], columns[i])), len(lines)
    )
    told = {part for i in range(first) if roles[i] is Role.IMPRINT for part in lines[i].plain.split()}
    for i in range(first):
        line = lines[i]
        if (
            text[i]
            and (
                furniture.is_masthead(line)
                or furniture.is_bulleted(line)
                or mastheads.is_head(line)
                # The name of the account, printed again beside the day.
                or (line.plain in told and any(text[i + 1 : first]))
            )
        ):
            roles[i], text[i] = Role.FURNITURE, False
    again = _printed_twice(lines, [i for i in range(first, len(lines)) if text[i]], columns)
    return _paragraphs(lines, roles, columns, again)


def _paragraphs(
    lines: Sequence[Line],
    roles: Sequence[Role],
    columns: Sequence[joins.Column | None],
    again: frozenset[int],
) -> list[Item]:
    """Items of the lines that are not printed `again`; broken lines joined."""
    text = [role is Role.TEXT for role in roles]
    first = next(
        (i for i in range(len(lines)) if text[i] and _begins_story(lines[i], columns[i])), len(lines)
    )
    joiner = joins.Joiner(lines, text)
    items: list[Item] = []
    last = -1
    in_prose = False
    for i, line in enumerate(lines):
        if i in again:
            continue
        neighbours = text[i] and last == i - 1 >= 0 and text[last]
        wrapped = columns[i] is not None and columns[i] is columns[last]
        if neighbours and (wrapped or not lines[last].ends):
            in_prose = in_prose or joins.surely_prose(lines[last])
            above = joins.Above(items[-1].lines[0], lines[last], columns[last], i > first, in_prose)
            joined = joiner.joins(above, line, columns[i])
        else:
            joined = False
        if joined:
            items[-1].lines.append(line)
        else:
            broken = bool(items) and items[-1].role is not Role.TEXT
            credited = broken and items[-1].role is Role.IMPRINT and imprint.credits(items[-1].lines[0])
            items.append(Item([line], roles[i], columns[i] is not None, broken, credited))
            in_prose = False
        last = i
    return items


def _restore(lines: Sequence[Line], roles: list[Role]) -> None:
    """Makes lines text again that look like furniture only because a column broke a sentence above."""
    suspects = [
        i
        for i in range(1, len(lines) - 1)
        if roles[i] in (Role.FURNITURE, Role.IMPRINT)
        and roles[i - 1] is Role.TEXT
        and _MARKS.isdisjoint(lines[i].plain)
    ]
    if not suspects:
        return
    may = [role is Role.TEXT for role in roles]
    for i in suspects:
        may[i] = True
    columns = joins.columns(lines, may)
    begun = next((i for i, line in enumerate(lines) if may[i] and joins.is_sentence(line.plain)), len(lines))
    for i in suspects:
        column, above = columns[i], lines[i - 1]
        if column is None or columns[i - 1] is not column or columns[i + 1] is not column:
            continue
        told = i > begun or (roles[i] is Role.FURNITURE and joins.prose_like(above))
        if told and not above.ends and above.width * 4 >= column.width * 3:
            roles[i] = Role.TEXT


def _begins_story(line: Line, column: joins.Column | None) -> bool:
    return column is not None or line.opens_story or joins.is_sentence(line.plain)


def _printed_twice(
    lines: Sequence[Line], chosen: Sequence[int], columns: Sequence[joins.Column | None]
) -> frozenset[int]:
    prose = [columns[i] is not None or joins.prose_like(lines[i]) for i in chosen]
    flags = twice.repeated([lines[i].letters for i in chosen], prose)
    return frozenset(i for i, flag in zip(chosen, flags, strict=True) if flag)


def _articles(page: Page, draft: Draft, lines: Sequence[Line], evidence: frozenset[str]) -> list[Article]:
    above = imprint_record.combine(page.imprints)
    printed = imprint_record.share(
        [imprint_record.combine(_imprints(story, above)) for story in page.stories],
        dated=draft.known.published is not None,
    )
    articles = [
        _article(story, own, draft, evidence) for story, own in zip(page.stories, printed, strict=True)
    ]
    named = split_lines(draft.known.masthead or "")
    # A page of several stories is a newspaper's.
    return [_owned(article, lines if len(articles) == 1 else (), named) for article in articles]


def _owned(article: Article, lines: Sequence[Line], named: Sequence[Line]) -> Article:
    """The article with the owner of its page, read from the lines around it and from what names the owner."""
    if not article.source_map:
        return article
    first, last = article.source_map[0].source, article.source_map[-1].source
    above = [line for line in lines if line.start < first]
    below = [line for line in lines if line.start > last]
    owner = mastheads.masthead([*named, *above], [*named, *below])
    return replace(article, meta=replace(article.meta, masthead=owner))


def _imprints(story: Story, above: Imprint) -> list[Imprint]:
    return [*story.imprints, above, *(imprint.of_author(text) for text in story.bylines if text)]


def _article(story: Story, own: Imprint, draft: Draft, evidence: frozenset[str]) -> Article:
    named = draft.known.title if draft.single else None
    heading = story.heading
    if not draft.single and len(heading) > 1 and heading[0].plain == own.source:
        # The name of the account that posted it.
        heading = heading[1:]
    block = headlines.named(heading, named) if named else headlines.block(heading, evidence)
    writer = _Writer(draft.text)
    for row in block.rows:
        writer.line(row)
    lead = writer.length + 1 if block.rows else 0
    for item in story.paragraphs:
        writer.line(item.lines)
    lead = lead if lead <= writer.length else 0
    meta = imprint_record.metadata(
        own, draft.known, block.text(block.title), block.text(block.kicker), block.text(block.deck)
    )
    return Article("".join(writer.parts), lead, meta, tuple(writer.segments))


class _Writer:
    """Puts a body together and remembers where each stretch is from."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.segments: list[Segment] = []
        self.length = 0

    def line(self, lines: Sequence[Line]) -> None:
        """Adds one line of the body made of pieces of source text."""
        if self.parts:
            self.parts.append("\n")
            self.length += 1
        last = len(lines) - 1
        for i, line in enumerate(lines):
            start, end = line.start, line.end
            if i < last and _parts_words(line.text, lines[i + 1].text):
                # A space that stood at the end of the line keeps Latin words apart.
                end += self.source[end : end + 1] == " "
            self.parts.append(self.source[start:end])
            self.segments.append(Segment(self.length, start, end - start))
            self.length += end - start


def _parts_words(above: str, below: str) -> bool:
    return above[-1:].isascii() and above[-1:].isalpha() and below[:1].isascii()
