-- One event counted once: which facts claim the same quantity, which claim stands for them, and what it counts.
-- What is one quantity is decided in unionkb/agreement.py; unionkb/claims.py fills these tables, also for what is stored already.

-- How much of a reprint stands in the article that names its cluster.
ALTER TABLE article ADD COLUMN likeness REAL;

-- One row a quantity. The columns after `picked_because` are those of the picked claim in the view `figures`, so
-- that pages and sums need not read a million facts.
CREATE TABLE claim_group (
    group_id TEXT PRIMARY KEY,
    picked_fact_id TEXT REFERENCES fact (fact_id) ON DELETE SET NULL,
    picked_because TEXT NOT NULL
        CHECK (picked_because IN ('only claim', 'most specific', 'most sources', 'latest')),
    claims INTEGER NOT NULL,
    facts INTEGER NOT NULL,
    organisation_id TEXT REFERENCES organisation (organisation_id),
    organisation_text TEXT,
    programme TEXT,
    year INTEGER,
    is_cumulative INTEGER NOT NULL DEFAULT 0 CHECK (is_cumulative IN (0, 1)),
    measure TEXT CHECK (measure IN ('headcount', 'attendances', 'households', 'money')),
    amount REAL,
    is_counted INTEGER NOT NULL DEFAULT 0 CHECK (is_counted IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_group_picked ON claim_group (picked_fact_id);
CREATE INDEX claim_group_organisation ON claim_group (organisation_id, year);
CREATE INDEX claim_group_counted ON claim_group (programme, year, measure, amount, organisation_id)
    WHERE is_counted AND NOT is_cumulative;

-- One row a fact that is shown. `low` and `high` are the values that its words admit. The keys find others that may
-- claim the same (match_key, wide_key) or the contrary (period_key); without one a fact is compared with no other.
CREATE TABLE claim (
    fact_id TEXT PRIMARY KEY REFERENCES fact (fact_id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES claim_group (group_id),
    is_repeat INTEGER NOT NULL CHECK (is_repeat IN (0, 1)),
    low REAL NOT NULL,
    high REAL NOT NULL,
    match_key INTEGER,
    wide_key INTEGER,
    period_key INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_group_id ON claim (group_id);
CREATE INDEX claim_match ON claim (match_key, low) WHERE match_key IS NOT NULL;
CREATE INDEX claim_wide ON claim (wide_key) WHERE wide_key IS NOT NULL;
CREATE INDEX claim_period ON claim (period_key) WHERE period_key IS NOT NULL;

-- Names an organisation has or had, with the renames of its region. The index that had this name is called like others.
DROP INDEX organisation_name;
CREATE INDEX organisation_by_name ON organisation (name);
CREATE TABLE organisation_name (
    organisation_id TEXT NOT NULL REFERENCES organisation (organisation_id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    PRIMARY KEY (organisation_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX organisation_name_name ON organisation_name (name);

-- The work list of names that could not be resolved.
CREATE INDEX fact_unresolved ON fact (organisation_text)
    WHERE organisation_id IS NULL AND organisation_text IS NOT NULL;
