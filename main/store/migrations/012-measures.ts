/**
 * Version 12: answers to benchmark questions of which it could not be decided whether they are right, and questions of a
 * run that overlap with a benchmark. What was recorded before has neither: it was decided by exact form, and left out.
 */
export const measures = {
  version: 12,
  sql: `
ALTER TABLE evaluation_answers ADD COLUMN undecided TEXT; -- why it is neither right nor wrong; NULL: it was decided
ALTER TABLE questions ADD COLUMN held_out TEXT CHECK (held_out IN ('exact', 'near'));
CREATE INDEX questions_held_out ON questions (run, held_out, question) WHERE held_out IS NOT NULL;
CREATE VIEW evaluation_results AS
  SELECT runs.id AS run_id, a.iteration, a.benchmark, a.item, a.sample, q.text AS question, q.truth, a.text, a.extracted,
    CASE WHEN a.undecided IS NOT NULL THEN 'undecided' WHEN a.correct THEN 'equal' ELSE 'different' END AS verdict,
    a.undecided AS reason, q.difficulty, a.tokens, a.finish
  FROM evaluation_answers a JOIN runs ON runs.number = a.run
  JOIN evaluation_questions q ON q.run = a.run AND q.benchmark = a.benchmark AND q.item = a.item;
`,
};
