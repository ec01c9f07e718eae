-- Reprints are found under keys taken from the figures and the longest stretches of a text, and told apart by a sketch
-- of its figures and places (see unionkb/reprints.py); what is stored is indexed again when this is applied.

DROP TABLE running_text_key;
DROP TABLE running_text;

CREATE TABLE running_text (
    number INTEGER PRIMARY KEY,
    text_id TEXT NOT NULL UNIQUE,
    letters INTEGER NOT NULL,
    particulars INTEGER NOT NULL,
    sketch INTEGER NOT NULL
) STRICT;

CREATE TABLE running_text_key (
    key INTEGER NOT NULL,
    number INTEGER NOT NULL REFERENCES running_text (number) ON DELETE CASCADE,
    PRIMARY KEY (key, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX running_text_key_number ON running_text_key (number);
