-- The first schema. Columns are described in words in schema/tables/*.json; a test holds the two together.
-- Ids are the first 16 hexadecimal digits of a SHA-256 over content (see unionkb/ids.py), dates and times ISO 8601.

CREATE TABLE run (
    run_id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,
    extractor_version TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    status TEXT NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'failed', 'interrupted')),
    documents INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    articles INTEGER NOT NULL DEFAULT 0,
    facts INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE run_error (
    run_error_id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
    document TEXT NOT NULL,
    reason TEXT NOT NULL,
    happened_at TEXT NOT NULL
) STRICT;
CREATE INDEX run_error_run ON run_error (run_id);

-- Codes and names of today; a division that was renamed or merged has its former names in region_name.
CREATE TABLE region (
    region_code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('province', 'city', 'county')),
    parent_code TEXT REFERENCES region (region_code),
    province TEXT,
    city TEXT,
    county TEXT
) STRICT;
CREATE INDEX region_parent ON region (parent_code);
CREATE INDEX region_by_name ON region (name);

CREATE TABLE region_name (
    region_code TEXT NOT NULL REFERENCES region (region_code) ON DELETE CASCADE,
    name TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    PRIMARY KEY (region_code, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX region_name_name ON region_name (name);

CREATE TABLE source (
    source_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('files', 'site')),
    url TEXT,
    region_code TEXT REFERENCES region (region_code)
) STRICT;
CREATE INDEX source_region ON source (region_code);

CREATE TABLE page (
    page_id TEXT PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES source (source_id),
    document TEXT NOT NULL,
    place TEXT NOT NULL,
    media_type TEXT NOT NULL,
    encoding TEXT NOT NULL,
    byte_length INTEGER NOT NULL,
    digest TEXT NOT NULL,
    warc_file TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL,
    stored_at TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES run (run_id),
    extractor_version TEXT NOT NULL,
    part_of TEXT REFERENCES page (page_id),
    superseded_by TEXT REFERENCES page (page_id)
) STRICT;
CREATE INDEX page_source ON page (source_id);
CREATE INDEX page_document ON page (document);
CREATE INDEX page_place ON page (place);
CREATE INDEX page_digest ON page (digest);
CREATE INDEX page_warc ON page (warc_file, warc_offset);
CREATE INDEX page_run ON page (run_id);
CREATE INDEX page_part_of ON page (part_of);
CREATE INDEX page_superseded_by ON page (superseded_by);

CREATE TABLE article (
    article_id TEXT PRIMARY KEY,
    page_id TEXT NOT NULL REFERENCES page (page_id),
    sequence INTEGER NOT NULL,
    title TEXT,
    kicker TEXT,
    deck TEXT,
    published TEXT CHECK (published = date(published)),
    published_basis TEXT,
    newspaper TEXT,
    page_number TEXT,
    section TEXT,
    source TEXT,
    author TEXT,
    correspondent TEXT,
    editor TEXT,
    body TEXT NOT NULL,
    lead INTEGER NOT NULL,
    source_map TEXT NOT NULL,
    cluster_id TEXT NOT NULL,
    is_reprint INTEGER NOT NULL DEFAULT 0 CHECK (is_reprint IN (0, 1))
) STRICT;
CREATE INDEX article_page ON article (page_id, sequence);
CREATE INDEX article_published ON article (published);
CREATE INDEX article_newspaper ON article (newspaper);
CREATE INDEX article_cluster ON article (cluster_id);

CREATE TABLE organisation (
    organisation_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('national', 'province', 'city', 'county', 'township', 'village',
                                         'industry', 'enterprise', 'other')),
    is_union INTEGER NOT NULL CHECK (is_union IN (0, 1)),
    region_code TEXT REFERENCES region (region_code),
    parent_id TEXT REFERENCES organisation (organisation_id)
) STRICT;
CREATE INDEX organisation_name ON organisation (name);
CREATE INDEX organisation_region ON organisation (region_code);
CREATE INDEX organisation_parent ON organisation (parent_id);
CREATE INDEX organisation_level ON organisation (level);

CREATE TABLE organisation_alias (
    organisation_id TEXT NOT NULL REFERENCES organisation (organisation_id) ON DELETE CASCADE,
    alias TEXT NOT NULL,
    PRIMARY KEY (organisation_id, alias)
) STRICT, WITHOUT ROWID;
CREATE INDEX organisation_alias_alias ON organisation_alias (alias);

CREATE TABLE programme (
    programme_id TEXT PRIMARY KEY,
    category TEXT NOT NULL,
    name TEXT
) STRICT;
CREATE INDEX programme_category ON programme (category);
CREATE INDEX programme_name ON programme (name);

CREATE TABLE fact (
    fact_id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES article (article_id) ON DELETE CASCADE,
    organisation_id TEXT REFERENCES organisation (organisation_id),
    organisation_text TEXT,
    programme_id TEXT NOT NULL REFERENCES programme (programme_id),
    kind TEXT NOT NULL CHECK (kind IN ('people', 'households', 'money', 'count', 'percent', 'duration')),
    value REAL NOT NULL,
    value_max REAL,
    unit TEXT NOT NULL,
    counted TEXT,
    bound TEXT NOT NULL CHECK (bound IN ('exact', 'about', 'over', 'under', 'range')),
    status TEXT NOT NULL CHECK (status IN ('actual', 'planned')),
    per TEXT CHECK (per IN ('year', 'each')),
    date_start TEXT CHECK (date_start = date(date_start)),
    date_end TEXT CHECK (date_end = date(date_end)),
    date_precision TEXT CHECK (date_precision IN ('day', 'span', 'week', 'month', 'quarter', 'half-year', 'season',
                                                  'year', 'years', 'open')),
    date_basis TEXT CHECK (date_basis IN ('printed', 'inferred from publication date', 'inferred from article')),
    date_kind TEXT,
    quote TEXT NOT NULL,
    char_start INTEGER NOT NULL CHECK (char_start >= 0),
    char_end INTEGER NOT NULL,
    sentence_start INTEGER NOT NULL CHECK (sentence_start >= 0),
    sentence_end INTEGER NOT NULL,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    review_status TEXT NOT NULL DEFAULT 'unreviewed'
        CHECK (review_status IN ('unreviewed', 'accepted', 'corrected', 'rejected')),
    CHECK (char_start < char_end AND sentence_start < sentence_end)
) STRICT;
CREATE INDEX fact_article ON fact (article_id, char_start);
CREATE INDEX fact_organisation ON fact (organisation_id, date_start);
CREATE INDEX fact_programme ON fact (programme_id);
CREATE INDEX fact_kind ON fact (kind, status, value);
CREATE INDEX fact_status ON fact (status);
CREATE INDEX fact_date_start ON fact (date_start);

-- Facts and articles that a later reading no longer finds. Whoever cited one learns when and why it went.
CREATE TABLE tombstone (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('article', 'fact')),
    document TEXT NOT NULL,
    reason TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES run (run_id),
    gone_at TEXT NOT NULL
) STRICT;
CREATE INDEX tombstone_run ON tombstone (run_id);
