/**
 * Everybody who says whether a kept question's pseudo-label is right, behind one interface: a piece of SQL whose rows are
 * `question, says` (1: right, 0: not), and the filters that list both. The vote says of every label that it is right.
 * People's "duplicate" and a judge's "undecided" say nothing.
 */
import type { Judge, Oracle } from '../../../preload/contract/oracles.js';
import type { QuestionFilter } from '../../../preload/contract/questions.js';
import type { Database, SqlValue } from '../database.js';
import { FACTS } from '../queries/question-filter.js';
import { sql, type Sql } from '../queries/sql.js';
import { storedJson } from '../stored-json.js';

export interface Voice extends Oracle {
  /** Over questions with keys from ?1 to below ?2. */
  says(run: number, range: { readonly from: number; readonly to: number }): Sql;
  readonly right: QuestionFilter;
  readonly notRight: QuestionFilter;
}

/** More would make a table nobody reads; the newest count. */
const MOST_JUDGES = 6;

const VOTE: Voice = {
  ...{ key: 'vote', kind: 'vote', name: "Solver's vote" },
  says: (run, { from, to }) =>
    sql(
      `SELECT question, 1 AS says FROM ${FACTS} WHERE run = ? AND question >= ? AND question < ? AND kept = 1`,
      ...[run, from, to],
    ),
  right: { kept: true },
  notRight: { kept: true },
};

const EXACT: Voice = {
  ...{ key: 'exact', kind: 'exact', name: 'exact oracle' },
  says: (run, { from, to }) =>
    sql(
      `SELECT question, label_correct AS says FROM ${FACTS}
       WHERE run = ? AND question >= ? AND question < ? AND kept = 1 AND label_correct IS NOT NULL`,
      ...[run, from, to],
    ),
  right: { kept: true, label: 'right' },
  notRight: { kept: true, label: 'wrong' },
};

const HUMAN: Voice = {
  ...{ key: 'human', kind: 'human', name: 'people' },
  says: (run, { from, to }) =>
    sql(
      `SELECT question, verdict = 'correct' AS says FROM review_states
       WHERE run = ? AND question >= ? AND question < ? AND pass = 'first' AND verdict IS NOT NULL AND verdict <> 'duplicate'`,
      ...[run, from, to],
    ),
  right: { kept: true, review: 'correct' },
  notRight: { kept: true, review: 'not-correct' },
};

function judgeVoice(judge: Judge): Voice {
  return {
    ...{ key: `judge-${judge.id}`, kind: 'judge', name: judge.model },
    says: (run, { from, to }) =>
      sql(
        `SELECT question, verdict = 'correct' AS says FROM judge_verdicts_standing
         WHERE run = ? AND judge = ? AND question >= ? AND question < ? AND verdict <> 'undecided'`,
        ...[run, judge.id, from, to],
      ),
    right: { kept: true, judged: { by: judge.id, as: 'correct' } },
    notRight: { kept: true, judged: { by: judge.id, as: 'not-correct' } },
  };
}

/** Those that have said anything of this run, the vote first. */
export function voicesOf(db: Database, run: number, judges: readonly Judge[]): Voice[] {
  const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };
  const heard = (voice: Voice): boolean => {
    const { text, values } = voice.says(run, everything);
    return db.get(`${text} LIMIT 1`, ...values) !== null;
  };
  const newest = judges.filter(({ subject }) => subject === 'labels').slice(0, MOST_JUDGES);
  // By number, so that a judge keeps its place and its colour whoever was at work last.
  const labelJudges = newest.sort((a, b) => a.id - b.id);
  return [VOTE, EXACT, ...labelJudges.map(judgeVoice), HUMAN].filter((voice) => voice.kind === 'judge' || heard(voice));
}

interface JudgeRow extends Record<string, SqlValue> {
  readonly id: number;
}

const COUNTED = `count(*) AS judged, total(verdict = 'undecided') AS undecided, total(input_tokens * (cached = 0)) AS input_tokens,
  total(output_tokens * (cached = 0)) AS output_tokens, min(at) AS first, max(at) AS last`;

/** Who has judged labels or answers of this run, the newest first. */
export function judgesOf(db: Database, run: number): Judge[] {
  const rows = db.all<JudgeRow>(
    `SELECT j.id, j.subject, j.host, j.model, j.prompt_version, j.prompt_hash, j.sampling, v.*
     FROM judges j JOIN (
       SELECT judge, ${COUNTED} FROM judge_verdicts_standing WHERE run = ?1 GROUP BY judge
       UNION ALL SELECT judge, ${COUNTED} FROM judge_answers_standing WHERE run = ?1 GROUP BY judge
     ) v ON v.judge = j.id ORDER BY v.last DESC, j.id DESC`,
    run,
  );
  return rows.map(judgeOf);
}

export function judgeOf(row: Readonly<Record<string, SqlValue>>): Judge {
  return {
    id: Number(row['id']),
    subject: row['subject'] as Judge['subject'],
    host: String(row['host']),
    model: String(row['model']),
    promptVersion: String(row['prompt_version']),
    promptHash: String(row['prompt_hash']),
    sampling: storedJson<Judge['sampling']>(row['sampling']),
    judged: Number(row['judged'] ?? 0),
    undecided: Number(row['undecided'] ?? 0),
    inputTokens: Number(row['input_tokens'] ?? 0),
    outputTokens: Number(row['output_tokens'] ?? 0),
    first: row['first'] as number | null,
    last: row['last'] as number | null,
  };
}
