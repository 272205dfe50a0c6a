/** What the oracles of a run say, each for itself and beside each other; and what judges said of one question. */
import type { z } from 'zod';
import type { OracleOverview, oracleQueries, QuestionVerdict } from '../../../preload/contract/oracles.js';
import type { Database } from '../database.js';
import { questionRange } from '../keys.js';
import { runNumber } from '../queries/run-number.js';
import { agreementOf } from './oracle-agreement.js';
import { answerScores } from './answer-scores.js';
import { labelAccuracy } from './label-accuracy.js';
import { judgeOf, judgesOf, voicesOf } from './voices.js';

type Input<K extends keyof typeof oracleQueries> = z.output<(typeof oracleQueries)[K]['input']>;

export function oracleOverview(db: Database, { run: id, iteration }: Input<'overview'>): OracleOverview {
  return db.snapshot(() => {
    const run = runNumber(db, id);
    const judges = judgesOf(db, run);
    const voices = voicesOf(db, run, judges);
    const last = db.get<{ iterations: number }>('SELECT iterations FROM runs WHERE number = ?', run)?.iterations ?? 0;
    const asked = iteration === null ? Array.from({ length: last }, (_, i) => i + 1) : [iteration];
    const range =
      iteration === null ? { from: 0, to: Number.MAX_SAFE_INTEGER } : questionRange(iteration, 'curriculum');
    const place = iteration === null ? {} : { iteration, phase: 'curriculum' as const };
    return {
      oracles: voices.map(({ key, kind, name }) => ({ key, kind, name })),
      judges,
      accuracy: labelAccuracy({ db, run, id }, voices, asked),
      agreement: agreementOf({ db, run, range, place }, voices),
      answers: answerScores(db, run, judges).filter((of) => iteration === null || of.iteration === iteration),
    };
  });
}

interface VerdictRow {
  readonly verdict: QuestionVerdict['verdict'];
  readonly reason: string | null;
  readonly answer: string | null;
  readonly reasoning: string;
  readonly prompt: string;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cached: number;
  readonly at: number;
  readonly judge: number;
}

/** Newest first. */
export function questionVerdicts(db: Database, { run: id, question }: Input<'verdicts'>): QuestionVerdict[] {
  return db.snapshot(() => {
    const run = runNumber(db, id);
    const rows = db.all<VerdictRow>(
      'SELECT * FROM judge_verdicts_standing WHERE run = ? AND question = ? ORDER BY at DESC, judge DESC',
      ...[run, question],
    );
    const known = new Map(
      db
        .all(
          `SELECT * FROM judges WHERE id IN (SELECT value FROM json_each(?))`,
          JSON.stringify(rows.map((r) => r.judge)),
        )
        .map((row) => [Number(row.id), judgeOf(row)]),
    );
    return rows.flatMap((row) => {
      const judge = known.get(row.judge);
      return judge ? [verdictOf(row, judge)] : [];
    });
  });
}

function verdictOf(row: VerdictRow, judge: QuestionVerdict['judge']): QuestionVerdict {
  const { verdict, reason, answer, reasoning, prompt, input_tokens, output_tokens, cached, at } = row;
  return {
    ...{ judge: { ...judge, first: at, last: at, judged: 1 }, verdict, reason, answer, reasoning, prompt },
    ...{ inputTokens: input_tokens, outputTokens: output_tokens, cached: cached === 1, time: at },
  };
}
