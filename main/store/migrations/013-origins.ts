/**
 * Version 13. Runs that begin with what a role of another run had become: from where the weights came and which they were, for
 * they are kept as a file of the run itself and stay when the other is pruned or removed.
 */
export const origins = {
  version: 13,
  sql: `
CREATE TABLE run_origins (
  run INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
  source TEXT NOT NULL,           -- id of the run, which may be gone by now
  source_name TEXT NOT NULL,
  role TEXT NOT NULL,
  cursor TEXT NOT NULL,           -- JSON: iteration, phase, step of the checkpoint
  base TEXT NOT NULL,             -- the model folder with its config and tokenizer
  sha256 TEXT NOT NULL,           -- of the file of weights
  bytes INTEGER NOT NULL,
  file TEXT NOT NULL,             -- its path within the run's directory
  zero_data INTEGER NOT NULL      -- whether the run was, when its weights were taken
) STRICT;
`,
};
