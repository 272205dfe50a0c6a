/**
 * Version 11: studies. None of it is the loop's: no `seq`, nothing in the fingerprint of a run.
 *
 * `run_identities` says what a run is the outcome of: equal identities have equal results. `studies` are families of runs,
 * `study_arms` what each consists of and which run is which arm. `file_digests` spares reading the files of a model again
 * that have not changed.
 */
export const studies = {
  version: 11,
  sql: `
CREATE TABLE run_identities (
  run INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  parts TEXT NOT NULL,             -- JSON: what was hashed
  made_for TEXT                    -- the study that made the run; NULL: a person did
) STRICT;
CREATE INDEX run_identities_identity ON run_identities (identity);

CREATE TABLE studies (
  id TEXT PRIMARY KEY,
  family TEXT NOT NULL,
  recipe TEXT NOT NULL,            -- JSON: the base, defaults filled in
  seeds TEXT NOT NULL,             -- JSON array
  backend TEXT NOT NULL,
  keep_checkpoints INTEGER NOT NULL,
  going INTEGER NOT NULL,
  created_at INTEGER NOT NULL,     -- Unix milliseconds
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE study_arms (
  study TEXT NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
  arm TEXT NOT NULL,
  seed INTEGER NOT NULL,
  position INTEGER NOT NULL,       -- in which they are run
  identity TEXT NOT NULL,
  recipe TEXT NOT NULL,            -- JSON
  parts TEXT NOT NULL,             -- JSON: what was hashed
  run INTEGER REFERENCES runs (number) ON DELETE SET NULL,
  error TEXT,                      -- why no run could be made
  PRIMARY KEY (study, arm, seed)
) STRICT, WITHOUT ROWID;
CREATE INDEX study_arms_run ON study_arms (run);

CREATE TABLE file_digests (
  path TEXT PRIMARY KEY,
  stamp TEXT NOT NULL,             -- size, inode and time of the last change
  sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
