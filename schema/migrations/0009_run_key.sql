-- Run numbers count in one database. Where databases are merged (see unionkb/merge) a run is known by its key, which stays
-- with it. Runs of before have none; then what is known of them stands for it.

ALTER TABLE run ADD COLUMN run_key TEXT;
CREATE UNIQUE INDEX run_by_key ON run (run_key);
