-- What people say of facts. Reviews are added and never changed: the last word on a fact is its latest review.

-- A review is tied to words, not to a row: the document, the running text, the quote with what stands around it, and
-- what was read there. `reading` is the whole fact as the reviewer left it, `fields` what they changed in it (JSON).
CREATE TABLE review (
    review_id TEXT PRIMARY KEY,
    made_at TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('accept', 'reject', 'correct', 'add', 'withdraw')),
    fields TEXT NOT NULL,
    reason TEXT,
    document TEXT NOT NULL,
    article_id TEXT NOT NULL,
    text_id TEXT NOT NULL,
    quote TEXT NOT NULL,
    text_before TEXT NOT NULL,
    text_after TEXT NOT NULL,
    char_start INTEGER NOT NULL CHECK (char_start >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('people', 'households', 'money', 'count', 'percent', 'duration')),
    value REAL NOT NULL,
    reading TEXT NOT NULL
) STRICT;
CREATE INDEX review_document ON review (document);
CREATE INDEX review_article ON review (article_id);
CREATE INDEX review_text ON review (text_id);
CREATE INDEX review_made ON review (made_at, review_id);

CREATE TRIGGER review_is_not_changed BEFORE UPDATE ON review BEGIN
    SELECT RAISE(ABORT, 'reviews are never changed; add another');
END;
CREATE TRIGGER review_is_not_deleted BEFORE DELETE ON review BEGIN
    SELECT RAISE(ABORT, 'reviews are never deleted; withdraw it with another');
END;

-- Which fact of an article a review was found to speak of. Made anew whenever the article is read.
CREATE TABLE review_match (
    review_id TEXT NOT NULL REFERENCES review (review_id),
    article_id TEXT NOT NULL REFERENCES article (article_id) ON DELETE CASCADE,
    fact_id TEXT REFERENCES fact (fact_id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('in force', 'overruled', 'withdrawn')),
    how TEXT NOT NULL CHECK (how IN ('same', 'read otherwise', 'moved', 'not read')),
    PRIMARY KEY (review_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_match_article ON review_match (article_id);
CREATE INDEX review_match_fact ON review_match (fact_id);

-- What the extractor itself read, of facts that a review has changed.
CREATE TABLE fact_original (
    fact_id TEXT PRIMARY KEY REFERENCES fact (fact_id) ON DELETE CASCADE,
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
    date_start TEXT,
    date_end TEXT,
    date_precision TEXT CHECK (date_precision IN ('day', 'span', 'week', 'month', 'quarter', 'half-year', 'season',
                                                  'year', 'years', 'open')),
    date_basis TEXT CHECK (date_basis IN ('printed', 'inferred from publication date', 'inferred from article')),
    date_kind TEXT
) STRICT;
CREATE INDEX fact_original_organisation ON fact_original (organisation_id);
CREATE INDEX fact_original_programme ON fact_original (programme_id);
