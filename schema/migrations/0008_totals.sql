-- What the first pages show is counted when a load ends, not when somebody looks (see unionkb/totals.py): totals grow with
-- the knowledge base, and a page must not wait for them.

-- The one row of what is in here altogether. `is_stale` says that something was written since `counted_at`.
CREATE TABLE total (
    total_id INTEGER PRIMARY KEY CHECK (total_id = 1),
    documents INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    facts INTEGER NOT NULL,
    organisations INTEGER NOT NULL,
    first_published TEXT,
    last_published TEXT,
    counted_at TEXT,
    is_stale INTEGER NOT NULL CHECK (is_stale IN (0, 1))
) STRICT;
INSERT INTO total VALUES (1, 0, 0, 0, 0, NULL, NULL, NULL, 1);

-- By source and month of publication, '' for articles without a date.
CREATE TABLE total_month (
    source_id TEXT NOT NULL REFERENCES source (source_id) ON DELETE CASCADE,
    month TEXT NOT NULL,
    articles INTEGER NOT NULL,
    reprints INTEGER NOT NULL,
    first_published TEXT,
    last_published TEXT,
    PRIMARY KEY (source_id, month)
) STRICT, WITHOUT ROWID;

-- By programme, with or without a name.
CREATE TABLE total_programme (
    programme_id TEXT PRIMARY KEY REFERENCES programme (programme_id) ON DELETE CASCADE,
    facts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- By programme category and year, over all organisations, counted as in the view `programme_year`.
CREATE TABLE total_year (
    programme TEXT NOT NULL,
    year INTEGER NOT NULL,
    headcount REAL,
    money REAL,
    PRIMARY KEY (programme, year)
) STRICT, WITHOUT ROWID;

-- By organisation and programme category. `first_prints` are facts that stand in no reprint; figures are sums over all
-- years, counted as in the view `organisation_year`.
CREATE TABLE total_organisation (
    organisation_id TEXT NOT NULL REFERENCES organisation (organisation_id) ON DELETE CASCADE,
    programme TEXT NOT NULL,
    facts INTEGER NOT NULL,
    first_prints INTEGER NOT NULL,
    headcount REAL,
    money REAL,
    PRIMARY KEY (organisation_id, programme)
) STRICT, WITHOUT ROWID;
CREATE INDEX total_organisation_programme ON total_organisation (programme, facts);

-- With all that the sums ask for in the index, they need not look at the groups one by one.
DROP INDEX claim_group_counted;
CREATE INDEX claim_group_counted
    ON claim_group (programme, year, organisation_id, measure, amount, is_counted, is_cumulative)
    WHERE is_counted AND NOT is_cumulative;
