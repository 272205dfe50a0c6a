/**
 * Version 14: the folder that says what a run's questions are about, as it was when the run was made. A run goes on with this
 * copy, whatever becomes of the folder. Runs recorded before have none: their domains ship.
 */
export const domains = {
  version: 14,
  sql: `
CREATE TABLE run_domains (
  run INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
  digest TEXT NOT NULL,           -- SHA-256 of the files
  files TEXT NOT NULL             -- JSON: text by name of file
) STRICT;
`,
};
