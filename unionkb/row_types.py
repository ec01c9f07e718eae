"""Types of the rows that a KnowledgeBase gives: the columns of its views; docs/codebook.md explains each."""

from datetime import date, datetime
from typing import TypedDict


class Fact(TypedDict):
    """A row of `facts`; docs/codebook.md explains each column."""

    fact_id: str
    document: str
    article_id: str
    article_title: str | None
    published: date | None
    newspaper: str | None
    organisation: str | None
    organisation_id: str | None
    organisation_level: str | None
    region_code: str | None
    province: str | None
    city: str | None
    county: str | None
    programme: str
    programme_name: str | None
    kind: str
    value: float
    value_max: float | None
    unit: str
    counted: str | None
    bound: str
    status: str
    per: str | None
    date_start: date | None
    date_end: date | None
    date_precision: str | None
    date_basis: str | None
    quote: str
    sentence: str
    char_start: int
    char_end: int
    confidence: float
    rule: str
    cluster_id: str
    is_reprint: bool
    review_status: str
    extractor_version: str


class Article(TypedDict):
    """A row of `articles`."""

    article_id: str
    document: str
    source_id: str
    sequence: int
    title: str | None
    kicker: str | None
    deck: str | None
    published: date | None
    published_basis: str | None
    newspaper: str | None
    page_number: str | None
    section: str | None
    source: str | None
    author: str | None
    correspondent: str | None
    editor: str | None
    body: str
    lead: int
    cluster_id: str
    is_reprint: bool
    facts: int
    page_id: str
    extractor_version: str


class Organisation(TypedDict):
    """A row of `organisations`."""

    organisation_id: str
    organisation: str
    organisation_level: str
    is_union: bool
    region_code: str | None
    province_code: str | None
    province: str | None
    city_code: str | None
    city: str | None
    county_code: str | None
    county: str | None
    parent_id: str | None
    parent: str | None
    aliases: str | None
    former_names: str | None
    articles: int
    facts: int
    quantities: int


class Programme(TypedDict):
    """A row of `programmes`."""

    programme_id: str
    programme: str
    programme_name: str | None
    articles: int
    organisations: int
    facts: int
    quantities: int
    first_published: date | None
    last_published: date | None


class Evidence(TypedDict):
    """Where a fact is stated. `body[char_start:char_end]` is the quote, `body[sentence_start:sentence_end]`
    the sentence; offsets count Unicode code points."""

    fact_id: str
    quote: str
    sentence: str
    char_start: int
    char_end: int
    sentence_start: int
    sentence_end: int
    article_id: str
    title: str | None
    published: date | None
    newspaper: str | None
    body: str
    document: str
    """The address of the page, or the name of the file."""
    source_id: str
    source: str
    """Name of the source."""
    page_number: str | None
    digest: str
    """SHA-256 of the raw page."""
    warc_file: str
    warc_offset: int
    """Where the raw page is kept."""
    stored_at: datetime
    rule: str
    extractor_version: str


class Quantity(TypedDict):
    """A row of `quantities`: the claim that stands for it, and why."""

    group_id: str
    fact_id: str
    picked_because: str
    claims: int
    facts: int
    document: str
    article_id: str
    article_title: str | None
    published: date | None
    newspaper: str | None
    organisation: str | None
    organisation_id: str | None
    organisation_level: str | None
    region_code: str | None
    province: str | None
    city: str | None
    county: str | None
    programme: str
    programme_name: str | None
    kind: str
    value: float
    value_max: float | None
    unit: str
    counted: str | None
    bound: str
    status: str
    per: str | None
    date_start: date | None
    date_end: date | None
    date_precision: str | None
    year: int | None
    is_cumulative: bool
    measure: str | None
    is_counted: bool
    quote: str
    sentence: str
    confidence: float
    review_status: str


class Claim(TypedDict):
    """A row of `claims`."""

    fact_id: str
    group_id: str
    is_picked: bool
    picked_because: str
    is_repeat: bool
    claims: int
    document: str
    article_id: str
    article_title: str | None
    published: date | None
    newspaper: str | None
    organisation: str | None
    organisation_id: str | None
    programme: str
    kind: str
    value: float
    value_max: float | None
    unit: str
    counted: str | None
    bound: str
    status: str
    per: str | None
    date_start: date | None
    date_end: date | None
    low: float
    high: float
    quote: str
    sentence: str
    cluster_id: str
    is_reprint: bool


class Conflict(TypedDict):
    """A row of `conflicts`: two claims that cannot both be right."""

    organisation: str | None
    organisation_id: str | None
    programme: str
    kind: str
    unit: str
    counted: str | None
    status: str
    per: str | None
    date_start: date | None
    date_end: date | None
    fact_id: str
    value: float
    bound: str
    published: date | None
    document: str
    sentence: str
    other_fact_id: str
    other_value: float
    other_bound: str
    other_published: date | None
    other_document: str
    other_sentence: str


class Reprint(TypedDict):
    """A row of `reprints`: one print of a text that was printed several times."""

    cluster_id: str
    article_id: str
    is_reprint: bool
    first_article_id: str
    likeness: float
    document: str
    source_id: str
    title: str | None
    published: date | None
    newspaper: str | None


class Review(TypedDict):
    """A row of `reviews`; `fields` is a JSON object."""

    review_id: str
    made_at: datetime
    reviewer: str
    action: str
    fields: str
    reason: str | None
    state: str
    how: str | None
    fact_id: str | None
    article_id: str | None
    document: str
    quote: str
    kind: str
    value: float
