/**
 * How many pseudo-labels of an iteration are right, by each oracle that can know. A share comes from all kept questions,
 * or from a random sample of them: the judge's are drawn by seed, people's are those of a random audit up to the last one
 * reviewed. What people reviewed by choice is in no share. Shares have Wilson's interval; what is undecided is in none.
 */
import type { OracleAccuracy } from '../../../preload/contract/oracles.js';
import { wilson } from '../../lib/statistics.js';
import type { Database } from '../database.js';
import { questionRange } from '../keys.js';
import { FACTS } from '../queries/question-filter.js';
import { auditCounts, listAudits } from '../review-audits.js';
import type { Voice } from './voices.js';

interface Counts {
  readonly right: number;
  readonly wrong: number;
  readonly ambiguous: number;
  readonly unsolvable: number;
  readonly undecided: number;
}

export interface OfRun {
  readonly db: Database;
  readonly run: number;
  /** Its id. */
  readonly id: string;
}

type Asked = OfRun & { readonly iteration: number; readonly voice: Voice };

export function labelAccuracy(of: OfRun, voices: readonly Voice[], iterations: readonly number[]): OracleAccuracy[] {
  return iterations.flatMap((iteration) => {
    const frame = keptOf(of, iteration);
    return voices.flatMap((voice) => {
      const counts = countsOf({ ...of, iteration, voice });
      return counts && frame > 0 ? [accuracyOf({ counts, frame, iteration, voice })] : [];
    });
  });
}

function accuracyOf(of: { counts: Counts; frame: number; iteration: number; voice: Voice }): OracleAccuracy {
  const { counts, frame, iteration, voice } = of;
  const { right, wrong, ambiguous, unsolvable } = counts;
  const judged = right + wrong + ambiguous + unsolvable;
  const place = { iteration, phase: 'curriculum' } as const;
  return {
    ...{ oracle: voice.key, iteration, ...counts, frame },
    estimate: judged > 0 ? wilson(right, judged) : null,
    of: judged >= frame ? 'all' : 'sample',
    rightFilter: { ...place, ...voice.right },
    otherFilter: { ...place, ...voice.notRight },
  };
}

function keptOf({ db, run }: OfRun, iteration: number): number {
  const { from, to } = questionRange(iteration, 'curriculum');
  return (
    db.get<{ n: number }>(
      `SELECT count(*) AS n FROM ${FACTS} WHERE run = ? AND question >= ? AND question < ? AND kept = 1`,
      ...[run, from, to],
    )?.n ?? 0
  );
}

/** Null where it has nothing to say of this iteration. */
function countsOf(of: Asked): Counts | null {
  switch (of.voice.kind) {
    case 'vote':
      return null;
    case 'exact':
      return exactCounts(of);
    case 'judge':
      return judgeCounts(of);
    case 'human':
      return humanCounts(of);
  }
}

function exactCounts({ db, run, iteration, voice }: Asked): Counts | null {
  const { text, values } = voice.says(run, questionRange(iteration, 'curriculum'));
  const found = db.get<{ n: number; right: number }>(
    `SELECT count(*) AS n, total(says) AS right FROM (${text})`,
    ...values,
  );
  if (!found || found.n === 0) return null;
  return { right: found.right, wrong: found.n - found.right, ambiguous: 0, unsolvable: 0, undecided: 0 };
}

function judgeCounts({ db, run, iteration, voice }: Asked): Counts | null {
  const { from, to } = questionRange(iteration, 'curriculum');
  const counts = db.get<Counts>(
    `SELECT total(verdict = 'correct') AS right, total(verdict = 'wrong') AS wrong, total(verdict = 'ambiguous') AS ambiguous,
       total(verdict = 'unsolvable') AS unsolvable, total(verdict = 'undecided') AS undecided
     FROM judge_verdicts_standing WHERE run = ? AND judge = ? AND question >= ? AND question < ?`,
    ...[run, Number(voice.key.slice('judge-'.length)), from, to],
  );
  return counts && Object.values(counts).some((n) => n > 0) ? counts : null;
}

/** The newest audit that reached into this iteration: drawn of it alone, or of all. */
function humanCounts({ db, run, id, iteration }: Asked): Counts | null {
  const range = questionRange(iteration, 'curriculum');
  for (const audit of listAudits(db, { run: id })) {
    if (audit.iteration !== null && audit.iteration !== iteration) continue;
    const { counts, skipped } = auditCounts(db, run, { audit: audit.id, range });
    const { correct: right, 'wrong-label': wrong, ambiguous, unsolvable } = counts;
    if (right + wrong + ambiguous + unsolvable > 0) return { right, wrong, ambiguous, unsolvable, undecided: skipped };
  }
  return null;
}
