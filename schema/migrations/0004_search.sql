-- Full-text search in Chinese at any word length: bigrams of the text in a contentless FTS5 table (see
-- unionkb/search_text.py). What it holds is the articles that are shown: those of pages that no later version supersedes.
-- Triggers put down what is to be done, in plain SQL that any program that writes can run; the store does it
-- before it commits.

CREATE VIRTUAL TABLE article_search USING fts5 (title, body, content = '', prefix = '1');
-- Bytes kept in memory before a piece of the index is written: halves the time of a large transaction.
INSERT INTO article_search (article_search, rank) VALUES ('hashsize', 67108864);

-- Keys rise with the day of publication, so that the newest articles are found first without sorting.
CREATE TABLE search_key (
    key INTEGER PRIMARY KEY,
    article_id TEXT NOT NULL UNIQUE,
    is_reprint INTEGER NOT NULL CHECK (is_reprint IN (0, 1))
) STRICT;

-- With a key: take out of the index, for which the text is needed as it went in. Without: put in, if it is shown.
CREATE TABLE search_pending (
    number INTEGER PRIMARY KEY,
    article_id TEXT NOT NULL,
    key INTEGER,
    title TEXT,
    body TEXT
) STRICT;
CREATE INDEX search_pending_key ON search_pending (key) WHERE key IS NOT NULL;
INSERT INTO search_pending (article_id) SELECT article_id FROM article ORDER BY article_id;

CREATE TRIGGER search_article_added AFTER INSERT ON article BEGIN
    INSERT INTO search_pending (article_id) VALUES (new.article_id);
END;

CREATE TRIGGER search_article_changed AFTER UPDATE OF article_id, page_id, title, body, published ON article
WHEN old.article_id <> new.article_id OR old.page_id <> new.page_id OR old.body <> new.body
    OR old.title IS NOT new.title OR old.published IS NOT new.published
BEGIN
    INSERT INTO search_pending (article_id, key, title, body)
    SELECT article_id, key, old.title, old.body FROM search_key WHERE article_id = old.article_id;
    DELETE FROM search_key WHERE article_id = old.article_id;
    INSERT INTO search_pending (article_id) VALUES (new.article_id);
END;

CREATE TRIGGER search_article_dropped AFTER DELETE ON article BEGIN
    INSERT INTO search_pending (article_id, key, title, body)
    SELECT article_id, key, old.title, old.body FROM search_key WHERE article_id = old.article_id;
    DELETE FROM search_key WHERE article_id = old.article_id;
END;

CREATE TRIGGER search_reprint_changed AFTER UPDATE OF is_reprint ON article WHEN old.is_reprint <> new.is_reprint BEGIN
    UPDATE search_key SET is_reprint = new.is_reprint WHERE article_id = new.article_id;
END;

CREATE TRIGGER search_page_changed AFTER UPDATE OF superseded_by ON page
WHEN (old.superseded_by IS NULL) <> (new.superseded_by IS NULL)
BEGIN
    INSERT INTO search_pending (article_id, key, title, body)
    SELECT article.article_id, search_key.key, article.title, article.body
    FROM article CROSS JOIN search_key ON search_key.article_id = article.article_id
    WHERE article.page_id = new.page_id;
    DELETE FROM search_key WHERE article_id IN (SELECT article_id FROM article WHERE page_id = new.page_id);
    INSERT INTO search_pending (article_id) SELECT article_id FROM article WHERE page_id = new.page_id;
END;
