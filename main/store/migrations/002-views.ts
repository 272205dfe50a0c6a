/** Version 2: views for people with a notebook or the sqlite3 shell, with the run's id in place of its number. */
export const views = {
  version: 2,
  sql: `
CREATE VIEW question_fates AS
  SELECT runs.id AS run_id, questions.*,
    (SELECT count(*) FROM question_uses u WHERE u.run = questions.run AND u.question = questions.question) AS uses
  FROM questions JOIN runs ON runs.number = questions.run;

CREATE VIEW answers_given AS
  SELECT runs.id AS run_id, questions.text AS question_text, answers.*
  FROM answers JOIN runs ON runs.number = answers.run
  JOIN questions ON questions.run = answers.run AND questions.question = answers.question;

CREATE VIEW metrics_by_step AS
  SELECT runs.id AS run_id, step_metrics.* FROM step_metrics JOIN runs ON runs.number = step_metrics.run;
`,
};
