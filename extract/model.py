"""The words everything else speaks: drafts, articles, mentions, facts.

All offsets are half-open character offsets. Those of mentions and facts count in `Article.body`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, get_args

Kind = Literal["people", "households", "money", "count", "percent", "duration"]
Bound = Literal["exact", "about", "over", "under", "range"]
Status = Literal["actual", "planned"]
Per = Literal["year", "each"]
Precision = Literal["day", "span", "week", "month", "quarter", "half-year", "season", "year", "years", "open"]
Basis = Literal["printed", "inferred from publication date", "inferred from article"]
Level = Literal[
    "national", "province", "city", "county", "township", "village", "industry", "enterprise", "other"
]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""`duration` is read and stored but is not scored by the gold sets."""


@dataclass(slots=True, unsafe_hash=True)
class Metadata:
    """What is printed around an article. Every field is None (or empty) where the page does not say."""

    title: str | None = None
    kicker: str | None = None
    """Line above the headline (引题)."""
    deck: str | None = None
    """Line below the headline (副题)."""
    published: date | None = None
    published_basis: str | None = None
    """Where `published` was read: `printed`, `url`, `meta`, `printed and meta`, ..."""
    newspaper: str | None = None
    page_number: str | None = None
    section: str | None = None
    source: str | None = None
    """来源: the outlet named as the origin of the text."""
    author: str | None = None
    """作者 or 记者; several names joined by one space."""
    correspondent: str | None = None
    """通讯员; several names joined by one space."""
    editor: str | None = None
    """责任编辑, 责编."""
    masthead: str | None = None
    """The union, firm, school or other body whose page it is, as its head or foot names it; or else the site
    or account of a place."""


@dataclass(slots=True, unsafe_hash=True)
class Draft:
    """A stretch of source text believed to hold one or more articles, and what is known of it already."""

    text: str
    known: Metadata = field(default_factory=Metadata)
    single: bool = False
    """True when the page reader knows that this is one article and furniture is already gone."""
    read_by: str = field(default="", compare=False)
    """The page reader and skin that made it: `founder/table`, `generic`; empty for plain text."""


@dataclass(slots=True, unsafe_hash=True)
class Segment:
    """A stretch of the body that stands unchanged in the source text: `body[b:b+n] == source[s:s+n]`."""

    body: int
    source: int
    length: int


@dataclass(slots=True, unsafe_hash=True)
class Article:
    """One article. `body` begins with the headline block (kicker, title, deck, one line each, as printed);
    `lead` is the offset at which the running text begins. Paragraphs are separated by one newline."""

    body: str
    lead: int = 0
    meta: Metadata = field(default_factory=Metadata)
    source_map: tuple[Segment, ...] = ()

    def source_offset(self, offset: int) -> int | None:
        """Offset in the draft's text of a character of the body; None for a newline the layout put in."""
        index = bisect_right(self.source_map, offset, key=lambda part: part.body) - 1
        if index < 0:
            return None
        part = self.source_map[index]
        return part.source + offset - part.body if offset < part.body + part.length else None


@dataclass(slots=True, unsafe_hash=True)
class Span:
    """A stretch of `Article.body`."""

    start: int
    end: int


@dataclass(slots=True, unsafe_hash=True)
class Number(Span):
    """A number as printed, without its unit: `5.4万余` -> 54000, over; `5-10` -> 5..10, range."""

    value: float
    value_max: float | None = None
    bound: Bound = "exact"


@dataclass(slots=True, unsafe_hash=True)
class Quantity(Span):
    """A number with its unit and the words that qualify it. The span covers the surface as printed, e.g.
    `不超过10万元`, `近千人`, `90名以上`."""

    kind: Kind
    value: float
    """In base units: people, households, yuan, things, percent; days for durations."""
    value_max: float | None
    unit: str
    bound: Bound
    counted: str = ""
    """Shortest noun phrase that says what is counted; may be empty."""
    per: Per | None = None
    """Set only when the quantity's own words say so (`800元/人`, `每户500元`); else decided by status.py."""
    rule: str = ""
    confidence: float = 1.0


@dataclass(slots=True, unsafe_hash=True)
class DateMention(Span):
    """A time expression. Both ends are inclusive; None is an open end. The end of `今年以来` is the reference
    date; where the reference date is unknown that end is None."""

    date_start: date | None
    date_end: date | None
    precision: Precision
    basis: Basis
    kind: str = "event"
    """`event` (a day, month, year ...), `cumulative` (截至目前, 累计, 自2018年8月起, 今年以来),
    `recent` (近日, 日前), `future` (未来3年内), `recurring` (每年)."""
    rule: str = ""


@dataclass(slots=True, unsafe_hash=True)
class OrganisationMention(Span):
    """An organisation named in the text."""

    name: str
    """Canonical full name: `市总` in an article about Jiaxing is `嘉兴市总工会`."""
    level: Level
    region_code: str | None
    """Six-digit GB/T 2260 code of its region, None where unknown."""
    union: bool
    """True for trade unions, False for firms, governments and other bodies."""
    rule: str = ""


@dataclass(slots=True, unsafe_hash=True)
class ProgrammeMention(Span):
    """Words that place a stretch of text under a programme category, or name a programme."""

    category: str | None
    """A category key (see lexicon/programme_categories.tsv); None for a quoted name that no word places."""
    name: str | None
    """The programme's name as printed, without quotation marks; None when only a category word."""
    weight: float = 1.0
    rule: str = ""


@dataclass(slots=True, unsafe_hash=True)
class Fact(Span):
    """A quantity with its organisation, programme, time, bound, status and per."""

    quantity: Quantity
    organisation: OrganisationMention | None
    programme: str
    """Category key; `general` when nothing places the fact."""
    programme_name: str | None
    status: Status
    per: Per | None
    when: DateMention | None
    quote: str
    """`body[start:end]`: the quantity's surface with the words that bound it."""
    sentence: Span
    rule: str
    confidence: float
    """Estimated probability that all fields are right."""
    evidence: tuple[str, ...] = ()
    """Names of the features that the estimate rests on (see confidence.py)."""


@dataclass(slots=True, unsafe_hash=True)
class Reading:
    """An article with all that was read in it."""

    article: Article
    facts: Sequence[Fact]
    dates: Sequence[DateMention] = ()
    organisations: Sequence[OrganisationMention] = ()
    programmes: Sequence[ProgrammeMention] = ()
