/**
 * Version 10: what judge models say. None of it is the loop's: no `seq`, not in the fingerprint, not taken back by a
 * rollback. A verdict names what it was about (the question's normal form and the label; the answer's extract and
 * length), and stands as long as the run holds that: after a rollback it waits until the loop has made the same again.
 *
 * A judge is one way of asking: endpoint, model, prompt and sampling. No table here has a place for a key.
 */
export const oracles = {
  version: 10,
  sql: `
CREATE TABLE judges (
  id INTEGER PRIMARY KEY,
  identity TEXT NOT NULL UNIQUE,  -- SHA-256 of what follows, without the time
  subject TEXT NOT NULL CHECK (subject IN ('labels', 'answers')),
  host TEXT NOT NULL,
  model TEXT NOT NULL,
  prompt_version TEXT NOT NULL,
  prompt_hash TEXT NOT NULL,
  prompt TEXT NOT NULL,
  sampling TEXT NOT NULL,         -- JSON: temperature, maxTokens, tokenField
  at INTEGER NOT NULL             -- Unix milliseconds
) STRICT;

CREATE TABLE judge_verdicts (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  judge INTEGER NOT NULL REFERENCES judges (id),
  question INTEGER NOT NULL,
  normal TEXT NOT NULL,
  label TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('correct', 'wrong', 'ambiguous', 'unsolvable', 'undecided')),
  answered INTEGER NOT NULL,      -- 0: no answer came, so it is asked again
  reason TEXT,                    -- why undecided
  answer TEXT,                    -- the judge's own
  reasoning TEXT NOT NULL,
  prompt TEXT NOT NULL,           -- as it was sent
  request TEXT NOT NULL,          -- SHA-256 of endpoint and body: its name in the cache
  seed INTEGER,                   -- of the sample it was drawn in; NULL: all were asked
  cached INTEGER NOT NULL,
  requests INTEGER NOT NULL,      -- sent for it
  input_tokens INTEGER,
  output_tokens INTEGER,
  at INTEGER NOT NULL,
  PRIMARY KEY (run, judge, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX judge_verdicts_by_question ON judge_verdicts (run, question);

CREATE TABLE judge_answers (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  judge INTEGER NOT NULL REFERENCES judges (id),
  iteration INTEGER NOT NULL,
  benchmark TEXT NOT NULL,
  item INTEGER NOT NULL,
  sample INTEGER NOT NULL,
  extracted TEXT,                 -- of the answer that was judged
  length INTEGER NOT NULL,        -- of its text, characters
  verdict TEXT NOT NULL CHECK (verdict IN ('correct', 'wrong', 'undecided')),
  answered INTEGER NOT NULL,
  reason TEXT,
  reasoning TEXT NOT NULL,
  prompt TEXT NOT NULL,
  request TEXT NOT NULL,
  seed INTEGER,
  cached INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  input_tokens INTEGER,
  output_tokens INTEGER,
  at INTEGER NOT NULL,
  PRIMARY KEY (run, judge, iteration, benchmark, item, sample)
) STRICT, WITHOUT ROWID;

CREATE VIEW judge_verdicts_standing AS
  SELECT v.* FROM judge_verdicts v JOIN questions q ON q.run = v.run AND q.question = v.question
  WHERE coalesce(q.normal_form, q.text) = v.normal AND q.label IS v.label;

CREATE VIEW judge_answers_standing AS
  SELECT v.* FROM judge_answers v JOIN evaluation_answers a ON a.run = v.run AND a.iteration = v.iteration
    AND a.benchmark = v.benchmark AND a.item = v.item AND a.sample = v.sample
  WHERE a.extracted IS v.extracted AND length(a.text) = v.length;

-- For a notebook: with the run's id and who judged.
CREATE VIEW labels_judged AS
  SELECT runs.id AS run_id, judges.host, judges.model, judges.prompt_version, v.*
  FROM judge_verdicts_standing v JOIN runs ON runs.number = v.run JOIN judges ON judges.id = v.judge;
`,
};
