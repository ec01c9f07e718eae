-- Reprints that differ in a byline, a typing error, a paragraph left out: how their texts are found again.

-- Until now a cluster was all articles of one running text; what identified the cluster identifies the text.
ALTER TABLE article ADD COLUMN text_id TEXT NOT NULL DEFAULT '';
UPDATE article SET text_id = cluster_id;
CREATE INDEX article_text ON article (text_id);

CREATE TABLE running_text (
    number INTEGER PRIMARY KEY,
    text_id TEXT NOT NULL UNIQUE,
    simhash INTEGER NOT NULL,
    letters INTEGER NOT NULL
) STRICT;

CREATE TABLE running_text_key (
    key INTEGER NOT NULL,
    number INTEGER NOT NULL REFERENCES running_text (number) ON DELETE CASCADE,
    PRIMARY KEY (key, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX running_text_key_number ON running_text_key (number);
