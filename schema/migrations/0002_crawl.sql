-- What the crawler needs to be stopped at any moment and go on: every URL it knows of, with its state.

ALTER TABLE source ADD COLUMN publisher TEXT;
ALTER TABLE source ADD COLUMN outlet_kind TEXT CHECK (outlet_kind IN ('portal', 'federation', 'daily', 'e-paper'));
ALTER TABLE source ADD COLUMN level TEXT CHECK (level IN ('national', 'province', 'city', 'county', 'industry'));
ALTER TABLE source ADD COLUMN cms TEXT;

-- A page that was fetched and not yet read has an empty extractor_version.
ALTER TABLE page ADD COLUMN http_status INTEGER;

CREATE TABLE frontier (
    url TEXT PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES source (source_id),
    kind TEXT NOT NULL CHECK (kind IN ('list', 'issue', 'leaf', 'feed', 'sitemap', 'article', 'part')),
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'fetched', 'gone', 'failed', 'passed')),
    reason TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try TEXT,
    hints TEXT NOT NULL DEFAULT '{}',
    found_on TEXT,
    found_at TEXT NOT NULL,
    fetched_at TEXT,
    changed_at TEXT,
    http_status INTEGER,
    etag TEXT,
    last_modified TEXT,
    page_id TEXT REFERENCES page (page_id),
    part_of TEXT REFERENCES frontier (url)
) STRICT, WITHOUT ROWID;
CREATE INDEX frontier_work ON frontier (source_id, state, next_try);
CREATE INDEX frontier_page ON frontier (page_id);
CREATE INDEX frontier_part_of ON frontier (part_of);

-- What a run did at one source.
CREATE TABLE run_source (
    run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
    source_id TEXT NOT NULL REFERENCES source (source_id),
    started_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT,
    found INTEGER NOT NULL DEFAULT 0,
    fetched INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    passed INTEGER NOT NULL DEFAULT 0,
    articles INTEGER NOT NULL DEFAULT 0,
    undated INTEGER NOT NULL DEFAULT 0,
    empty INTEGER NOT NULL DEFAULT 0,
    facts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_source_source ON run_source (source_id, run_id);
