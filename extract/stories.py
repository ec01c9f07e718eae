"""Sorts the paragraphs of a page into stories: where one ends, where the headline of the next begins."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from extract import bylines, furniture, headings, headlines, imprint, joins, words
from extract.furniture import Role
from extract.imprint_record import Imprint
from extract.items import Item, Page, Story
from extract.lines import ends_sentence

_DATELINE: Final = re.compile(
    rf"(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日|{words.alternation(words.terms('line_words', kind='dateline'))}"
)
_PARTICULARS: Final = words.alternation(words.terms("line_words", kind="particulars"))
_OPENING: Final = re.compile(rf"^{_PARTICULARS}\s{{0,2}}:|:$|[〔\[(]\d{{4}}[〕\])]\s?第?\d{{1,5}}号$")
_RULE: Final = re.compile(r"[\s\-—_*=~·.…]{5,}$")
_CREDIT_REACH: Final = 4
"""Paragraphs after a headline within which a photographer's credit makes it a photo story."""
_HEADLINE_LINES: Final = 5


def read(items: Sequence[Item], evidence: frozenset[str]) -> Page:
    """Sorts the items of a page. `evidence`: letters of lines known to be headlines."""
    return _Reader(items, evidence).read()


class _Reader:
    """Walks over the items. `pending`: headings and other short paragraphs since the last sentence; `held`:
    imprint lines since the last heading."""

    def __init__(self, items: Sequence[Item], evidence: frozenset[str]) -> None:
        self.items = items
        self.evidence = evidence
        self.page = Page()
        self._story: Story | None = None
        self.pending: list[Item] = []
        self.held: list[Imprint] = []
        self.closed = False
        """True after the head of a list of other stories or a disclaimer."""
        self.parallel = headings.parallel(items)

    def read(self) -> Page:
        for i, item in enumerate(self.items):
            match item.role:
                case Role.TEXT:
                    self._text(i, item)
                case Role.AUTHOR:
                    self._author(item)
                case Role.IMPRINT | Role.CLOCK:
                    self._imprint(item)
                case _:
                    self._furniture(item)
        self._leave_pending()
        return self.page

    def _text(self, i: int, item: Item) -> None:
        plain = item.plain
        opens = item.opens_story
        within = self._story is not None and not self.pending and _ends_in_stop(plain)
        if not (opens or within or joins.is_sentence(plain) or (item.column and len(item.lines) > 1)):
            self._short(item)
            return
        if self.closed and not (
            opens and self.pending and ends_sentence(plain) and not self._before_clock(i)
        ):
            self.pending = []
            return
        self.closed = False
        story = self._story
        if story is None or self._opens_new(i, item, opens):
            story = self._begin(item, opens)
        else:
            story.paragraphs += self.pending
            story.imprints += self.held
        self.held, self.pending = [], []
        story.paragraphs.append(item)
        if opens and not story.bylines:
            story.bylines.append(bylines.lead_people(plain))
        if bylines.ends_signed(plain):
            story.signed = True
            story.bylines.append(plain[-90:])
        elif not story.bylined and bylines.is_credit(plain):
            story.signed = True

    def _short(self, item: Item) -> None:
        plain = item.plain
        story = self._story
        if story is None:
            if self.held:
                self.page.imprints += self.held
                self.held = []
        elif self.closed:
            if furniture.is_bulleted(item.lines[0]):
                return
        elif bylines.is_credit(plain) or bylines.ends_signed(plain):
            story.paragraphs += self.pending
            self.pending = []
            story.paragraphs.append(item)
            story.bylines.append(plain)
            story.signed = story.signed or not story.bylined or bylines.ends_signed(plain)
            return
        self.pending.append(item)

    def _author(self, item: Item) -> None:
        story = self._story
        if story is None or (
            self.pending and not self.closed and _all_headings(self.pending[-_HEADLINE_LINES:])
        ):
            self.held.append(imprint.of_author(item.plain))
        elif not self.closed:
            story.paragraphs += self.pending
            self.pending = []
            story.paragraphs.append(item)
            story.bylines.append(item.plain)
            story.signed = story.signed or not (story.bylined and bylines.is_credit(item.plain))

    def _imprint(self, item: Item) -> None:
        story = self._story
        found = imprint.read(item.lines[0])
        if story is not None and found.from_url:
            found = replace(found, published=None, from_url=False)
        told = found.labels or found.newspaper or found.page_number or found.from_url
        if (item.role is Role.CLOCK or not told) and (found.published is None or story is not None):
            if found.published and story is not None and not self.closed:
                # A date on a line of its own: below a signature, or the heading of a chronicle.
                self.pending.append(item)
            return
        if story is None:
            (self.held if self.pending else self.page.imprints).append(found)
            return
        if not found.newspaper and (found.page_number or found.section):
            found = replace(found, page_number=None, section=None)
        if self.closed:
            if not found.newspaper:
                found = replace(found, published=None, strength=0)
            story.imprints.append(found)
        elif self.pending:
            self.held.append(found)
        else:
            ahead = found.published is not None and story.dated
            (self.held if ahead else story.imprints).append(found)
            story.dated = story.dated or found.published is not None
            story.signed = True

    def _furniture(self, item: Item) -> None:
        story = self._story
        if story is None:
            section = imprint.crumb_section(item.plain)
            if section:
                self.page.imprints.append(Imprint(section=section))
            if item.role is not Role.FURNITURE:
                self.pending = []
        elif item.role is not Role.FURNITURE:
            self._leave_pending()
            self.closed = True
        elif _RULE.match(item.plain):
            story.signed = True

    def _leave_pending(self) -> None:
        """Short paragraphs after the last sentence: rows of a list and a dated signature stay."""
        story = self._story
        if story is not None and not self.closed:
            dated = [item for item in self.pending if item.role is not Role.TEXT]
            if dated and self.pending[-1] is dated[-1] and len(self.pending) <= 3:
                found = imprint.read(dated[-1].lines[0])
                story.imprints.append(Imprint(published=found.published, strength=1))
                story.paragraphs += self.pending
                self.pending = []
            story.paragraphs += headings.rows_below(self.pending)
        if story is not None:
            story.imprints += self.held
        self.held, self.pending = [], []

    def _begin(self, item: Item, opens: bool) -> Story:
        above = self._story
        heading = self._heading()
        if above is not None:
            for part in self.pending[: len(self.pending) - len(heading) - len(self._opening())]:
                if part.broken_above:
                    break
                above.paragraphs.append(part)
        lines = [line for part in heading for line in part.lines]
        if not lines and above is not None and bylines.continues_headline(item.plain):
            lines = above.heading
        opening = [part for part in self._opening() if part.role is Role.TEXT]
        story = Story(lines, list(self.held), opening, bylined=opens)
        story.dated = any(own.published for own in self.held)
        self.page.stories.append(story)
        self._story = story
        return story

    def _opening(self) -> list[Item]:
        """The trailing part of `pending` that opens the text below: a form of address, a document number."""
        n = len(self.pending)
        if self._story is None:
            # What stands below the headline's imprint, the first section's number or the first item of a list
            # belongs to the text.
            n = next((i for i in range(1, n) if self._is_below_headline(i)), n)
        while n and _OPENING.search(self.pending[n - 1].plain):
            n -= 1
        return self.pending[n:]

    def _is_below_headline(self, i: int) -> bool:
        item = self.pending[i]
        if item.section or _OPENING.search(item.plain) or headings.NUMERAL.match(item.plain):
            return True
        return item.credited and joins.heading_like(self.pending[i - 1].lines[0])

    def _heading(self) -> list[Item]:
        """The trailing part of `pending` that is the headline block."""
        found: list[Item] = []
        for part in reversed(self.pending[: len(self.pending) - len(self._opening())]):
            row = headings.is_row(part.plain) and not headlines.is_boxed(part.plain)
            if not joins.heading_like(part.lines[0]) or part.role is not Role.TEXT:
                break
            if (row and self._story is not None) or len(found) == _HEADLINE_LINES:
                break
            found.append(part)
            if part.broken_above:
                break
        found.reverse()
        if len(found) == _HEADLINE_LINES:
            # More lines than a headline block has: a list of headlines stands above, set off by a blank line.
            gaps = [part.lines[0].gap for part in found]
            found = found[max((i for i in range(1, len(gaps)) if gaps[i] and not gaps[i - 1]), default=0) :]
        return found

    def _opens_new(self, i: int, item: Item, opens: bool) -> bool:
        story = self.page.stories[-1]
        if opens:
            # Briefs follow one another without headlines, each with its own `本报讯`.
            brief = story.bylined and re.match(r"\S{0,20}?[讯电]", item.plain) is not None
            return bool(self.pending) or brief or bylines.continues_headline(item.plain)
        if not self.pending or not joins.heading_like(self.pending[-1].lines[0]):
            return False
        head = self.pending[-1].plain
        if headings.is_row(head) and not headlines.is_boxed(head):
            return False
        if story.signed or self.held or self.pending[-1].letters in self.evidence or head in self.parallel:
            return True
        columned = any(headlines.is_column(part.plain) for part in self.pending[:-1])
        return columned or self._photo_story(i) or self._set_off(item)

    def _photo_story(self, i: int) -> bool:
        """A headline, news of a day and a photographer's credit."""
        if not _DATELINE.match(self.items[i].plain):
            return False
        for item in self.items[i + 1 : i + 1 + _CREDIT_REACH]:
            sentence = joins.is_sentence(item.plain)
            if bylines.is_credit(item.plain) and (item.role is Role.AUTHOR or not sentence):
                return True
            if item.role is not Role.TEXT or not sentence:
                return False
        return False

    def _set_off(self, item: Item) -> bool:
        """A headline after a wide gap, above a paragraph that opens like news."""
        wide = self.pending[-1].lines[0].gap >= 2 or item.lines[0].gap >= 3
        return wide and _DATELINE.match(item.plain) is not None

    def _before_clock(self, i: int) -> bool:
        return i + 1 < len(self.items) and self.items[i + 1].role is Role.CLOCK


def _all_headings(items: Sequence[Item]) -> bool:
    return all(joins.heading_like(item.lines[0]) for item in items)


def _ends_in_stop(plain: str) -> bool:
    return plain.rstrip("”’」』)\"'").endswith(("。", "!", "?"))
