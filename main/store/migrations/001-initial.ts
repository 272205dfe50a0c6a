/**
 * Version 1. Three rules hold for every table a running loop writes:
 * - `seq` is the ordinal of the unit of work that wrote the row. Resuming from unit S deletes what is beyond S, and the
 *   loop writes it again, identically.
 * - keys follow from what the row is about (iteration, phase, step, item, sample), never from an insertion counter;
 * - wall-clock stands in `runs`, `timings`, `events`, `run_locks` and `requests` only, so all others can be compared.
 *
 * `run` is the short number of a run; `question` is `questionKey()` of keys.ts. Rows are clustered by their keys
 * (WITHOUT ROWID), which is compact, and types are enforced (STRICT).
 */
export const initial = {
  version: 1,
  sql: `
CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  recipe_name TEXT NOT NULL,
  recipe TEXT NOT NULL,           -- JSON, defaults filled in
  recipe_hash TEXT NOT NULL,      -- SHA-256 of the recipe
  seed INTEGER NOT NULL,
  iterations INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('created', 'running', 'paused', 'finished', 'failed')),
  backend TEXT,
  versions TEXT NOT NULL,         -- JSON: program, Node.js, TensorFlow, machine
  seq INTEGER NOT NULL DEFAULT 0, -- last committed unit
  cursor TEXT NOT NULL,           -- JSON: iteration, phase, step
  next_event INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,    -- Unix milliseconds
  updated_at INTEGER NOT NULL,
  active_seconds REAL NOT NULL DEFAULT 0,
  error TEXT,
  notes TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '[]' -- JSON array of strings
) STRICT;

CREATE TABLE run_locks (
  run INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
  token TEXT NOT NULL,
  owner TEXT NOT NULL,            -- JSON: pid, host, boot, space, started
  taken_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL        -- last sign of life
) STRICT;

CREATE TABLE requests (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('pause')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (run, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE questions (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  question INTEGER NOT NULL,
  iteration INTEGER NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('challenger', 'curriculum')),
  step INTEGER NOT NULL,
  item INTEGER NOT NULL,
  -- generated
  seq INTEGER NOT NULL,
  raw TEXT NOT NULL,              -- the Challenger's completion
  tokens INTEGER NOT NULL,
  finish TEXT NOT NULL,           -- stop or length
  valid INTEGER NOT NULL,
  invalid_reason TEXT,
  text TEXT,                      -- the question itself
  normal_form TEXT,
  same_as INTEGER,                -- the question that this one repeats; the votes are stored there
  difficulty REAL,
  claimed_answer TEXT,            -- the Challenger's own, where its format asks for one
  oracle_answer TEXT,             -- measures only
  -- voted
  votes INTEGER,                  -- answers asked for
  p_hat REAL,
  majority TEXT,
  -- labelled
  rewrite TEXT,                   -- the rewritten form, where votes were pooled
  label TEXT,
  label_share REAL,
  label_method TEXT,
  label_correct INTEGER,          -- the oracle's verdict; measures only
  -- decided
  cluster INTEGER,
  cluster_size INTEGER,
  uncertainty REAL,
  repetition REAL,
  reward REAL,
  advantage REAL,
  kept INTEGER,
  drop_reason TEXT,
  PRIMARY KEY (run, question)
) STRICT, WITHOUT ROWID;

CREATE TABLE question_uses (
  run INTEGER NOT NULL,
  question INTEGER NOT NULL,
  iteration INTEGER NOT NULL,     -- of the Solver phase
  step INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (run, question, iteration, step),
  FOREIGN KEY (run, question) REFERENCES questions (run, question) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
  run INTEGER NOT NULL,
  question INTEGER NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('vote', 'rewrite', 'solver')),
  iteration INTEGER NOT NULL,     -- in which it was given
  step INTEGER NOT NULL,          -- of the Solver phase; 0 for votes
  sample INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  text TEXT NOT NULL,
  extracted TEXT,
  canonical TEXT,
  tokens INTEGER NOT NULL,
  finish TEXT NOT NULL,
  reward REAL,
  advantage REAL,
  PRIMARY KEY (run, question, source, iteration, step, sample),
  FOREIGN KEY (run, question) REFERENCES questions (run, question) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TABLE step_metrics (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  phase TEXT NOT NULL,
  step INTEGER NOT NULL,
  name TEXT NOT NULL,
  seq INTEGER NOT NULL,
  value REAL,                     -- NULL is not a number
  PRIMARY KEY (run, iteration, phase, step, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluations (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  benchmark TEXT NOT NULL,
  seq INTEGER NOT NULL,
  greedy REAL NOT NULL,
  mean REAL,
  k INTEGER NOT NULL,
  summary TEXT NOT NULL,          -- JSON, the contract's Evaluation
  PRIMARY KEY (run, iteration, benchmark)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluation_questions (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  benchmark TEXT NOT NULL,
  item INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  text TEXT NOT NULL,
  truth TEXT NOT NULL,
  difficulty REAL,
  PRIMARY KEY (run, benchmark, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluation_answers (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  benchmark TEXT NOT NULL,
  item INTEGER NOT NULL,
  sample INTEGER NOT NULL,        -- 0 is greedy, 1..k are sampled
  seq INTEGER NOT NULL,
  text TEXT NOT NULL,
  extracted TEXT,
  correct INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  finish TEXT NOT NULL,
  PRIMARY KEY (run, iteration, benchmark, item, sample)
) STRICT, WITHOUT ROWID;

CREATE TABLE iteration_summaries (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  summary TEXT NOT NULL,          -- JSON, the contract's IterationSummary; its seconds are in timings
  PRIMARY KEY (run, iteration)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarms (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  phase TEXT NOT NULL,
  step INTEGER NOT NULL,          -- -1 where the alarm is about a whole phase
  kind TEXT NOT NULL,
  seq INTEGER NOT NULL,
  message TEXT NOT NULL,
  value REAL,
  bound REAL,
  action TEXT NOT NULL,
  PRIMARY KEY (run, iteration, phase, step, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE timings (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  phase TEXT NOT NULL,            -- or 'iteration' for the whole
  step INTEGER NOT NULL,          -- -1 for the whole phase
  name TEXT NOT NULL,             -- what was timed
  seq INTEGER NOT NULL,
  seconds REAL NOT NULL,
  PRIMARY KEY (run, iteration, phase, step, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  time INTEGER NOT NULL,
  event TEXT NOT NULL,            -- JSON, the contract's RunEvent
  PRIMARY KEY (run, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  cursor TEXT NOT NULL,
  manifest TEXT NOT NULL,         -- path within the run's directory
  sha256 TEXT NOT NULL,           -- of the manifest, which holds those of the files
  bytes INTEGER NOT NULL,         -- of all its files
  ends_iteration INTEGER NOT NULL,
  best INTEGER NOT NULL,          -- the best so far when it was made
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;
`,
};
