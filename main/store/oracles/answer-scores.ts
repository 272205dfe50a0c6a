/**
 * Greedy evaluation answers as the rules score them and as they would be with a judge's word on the misses: side by
 * side, never merged, and the second only where every miss has been judged. The judge can only turn wrong into right.
 */
import type { AnswerScore, Judge } from '../../../preload/contract/oracles.js';
import { wilson } from '../../lib/statistics.js';
import type { Database } from '../database.js';

interface ScoreRow {
  readonly iteration: number;
  readonly benchmark: string;
  readonly answers: number;
  readonly ruleRight: number;
  readonly ruleUndecided: number;
  readonly judged: number;
  readonly judgeRight: number;
  readonly undecided: number;
}

export function answerScores(db: Database, run: number, judges: readonly Judge[]): AnswerScore[] {
  return judges.filter(({ subject }) => subject === 'answers').flatMap(({ id }) => scoresOf(db, run, id));
}

function scoresOf(db: Database, run: number, judge: number): AnswerScore[] {
  const rows = db.all<ScoreRow>(
    `SELECT a.iteration, a.benchmark, count(*) AS answers, total(a.correct IS 1) AS ruleRight,
       total(a.undecided IS NOT NULL) AS ruleUndecided,
       total(a.correct IS NOT 1 AND v.verdict IS NOT NULL) AS judged,
       total(a.correct IS NOT 1 AND v.verdict IS 'correct') AS judgeRight,
       total(a.correct IS NOT 1 AND v.verdict IS 'undecided') AS undecided
     FROM evaluation_answers a LEFT JOIN judge_answers_standing v ON v.run = a.run AND v.judge = ?2
       AND v.iteration = a.iteration AND v.benchmark = a.benchmark AND v.item = a.item AND v.sample = a.sample
     WHERE a.run = ?1 AND a.sample = 0 GROUP BY 1, 2 HAVING judged > 0 ORDER BY 1, 2`,
    ...[run, judge],
  );
  return rows.map((row) => {
    const misses = row.answers - row.ruleRight;
    const whole = row.judged - row.undecided === misses;
    return {
      ...{ judge, ...row, misses },
      rule: wilson(row.ruleRight, row.answers - row.ruleUndecided),
      withJudge: whole ? wilson(row.ruleRight + row.judgeRight, row.answers) : null,
    };
  });
}
