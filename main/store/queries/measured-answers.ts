/** What a run's answers to a benchmark came to, question by question, for comparing two measurements. */
import type { Verdict } from '../../../preload/contract/answers.js';
import type { ComparedSide, Measured } from '../../../preload/contract/evaluations.js';
import { LabError } from '../../lib/errors.js';
import { ZERO_DATA_SQL } from '../corrections.js';
import type { Database } from '../database.js';

/** A measurement that is recorded whole. */
export interface Measurement extends ComparedSide {
  readonly number: number;
  readonly benchmarks: readonly string[];
}

export interface MeasuredQuestion {
  readonly item: number;
  readonly question: string;
  readonly truth: string;
  readonly difficulty: number | null;
  readonly verdict: Verdict;
  /** Of the greedy answer. */
  readonly extracted: string | null;
  readonly samples: number;
  /** Right and decided ones of the samples. */
  readonly right: number;
  readonly decided: number;
}

/** @throws LabError('not-found') where the run, or that iteration of it, has not been measured */
export function findMeasurement(db: Database, { run, iteration = null }: Measured): Measurement {
  const row = db.get<{ number: number; id: string; name: string; zero: number }>(
    `SELECT r.number, r.id, r.name, ${ZERO_DATA_SQL('r.number')} AS zero FROM runs r WHERE r.id = ?`,
    run,
  );
  if (!row) throw new LabError('not-found', `There is no run "${run}" in ${db.dataDir}.`);
  const all = db.all<{ iteration: number; benchmark: string }>(
    'SELECT iteration, benchmark FROM evaluations WHERE run = ? ORDER BY iteration, seq, benchmark',
    row.number,
  );
  const wanted = iteration ?? all.at(-1)?.iteration ?? null;
  const benchmarks = all.filter((one) => one.iteration === wanted).map(({ benchmark }) => benchmark);
  if (wanted === null || benchmarks.length === 0) {
    const there = [...new Set(all.map((one) => one.iteration))];
    const what = wanted === null ? 'was never measured' : `has no measurement of iteration ${wanted}`;
    throw new LabError('not-found', `The run ${row.name} ${what}.`, {
      remedy: there.length > 0 ? `Measured are: ${there.join(', ')} (0 is the base model).` : 'Let it run on.',
    });
  }
  return {
    ...{ run: row.id, name: row.name, number: row.number },
    ...{ iteration: wanted, zeroData: row.zero === 1, benchmarks },
  };
}

/** In the order of the benchmark. */
export function measuredQuestions(
  db: Database,
  { number, iteration }: Measurement,
  benchmark: string,
): MeasuredQuestion[] {
  const rows = db.all<Omit<MeasuredQuestion, 'verdict'> & { greedy: number | null }>(
    `SELECT q.item, q.text AS question, q.truth, q.difficulty,
       max(iif(a.sample = 0, iif(a.undecided IS NULL, a.correct, -1), NULL)) AS greedy,
       max(iif(a.sample = 0, a.extracted, NULL)) AS extracted,
       sum(a.sample > 0) AS samples,
       sum(a.sample > 0 AND a.correct) AS right,
       sum(a.sample > 0 AND a.undecided IS NULL) AS decided
     FROM evaluation_questions q
     JOIN evaluation_answers a ON a.run = q.run AND a.benchmark = q.benchmark AND a.item = q.item AND a.iteration = ?
     WHERE q.run = ? AND q.benchmark = ? GROUP BY q.item ORDER BY q.item`,
    iteration,
    number,
    benchmark,
  );
  return rows.map(({ greedy, ...row }) => ({
    ...row,
    verdict: greedy === 1 ? 'equal' : greedy === 0 ? 'different' : 'undecided',
  }));
}
