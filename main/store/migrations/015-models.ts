/**
 * Version 15: the files of the model that a run began with, by their hashes, so that it never goes on with others unasked. Runs
 * recorded before have none until they go on.
 */
export const models = {
  version: 15,
  sql: `
CREATE TABLE run_models (
  run INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
  model TEXT NOT NULL,            -- as the recipe named it; one of the hub by its commit
  files TEXT NOT NULL             -- JSON: SHA-256 by name of file
) STRICT;
`,
};
