/** Questions written by hand for tests of queries: one line each, defaults for what a test does not care about. */
import { insertAnswers } from '../../main/store/answers.js';
import type { Database } from '../../main/store/database.js';
import { questionKey, type QuestionPlace } from '../../main/store/keys.js';
import { insertTimings } from '../../main/store/metrics.js';
import { insertQuestions, insertUses } from '../../main/store/questions.js';

export interface SmallQuestion extends Partial<QuestionPlace> {
  readonly item: number;
  readonly text?: string | null;
  readonly invalid?: string;
  readonly heldOut?: 'exact' | 'near';
  readonly sameAs?: number;
  readonly difficulty?: number;
  readonly topic?: string;
  /** Share of 4 votes; none: it was not voted on. */
  readonly pHat?: number;
  readonly label?: string;
  readonly right?: boolean;
  readonly claimed?: string;
  readonly kept?: boolean;
  readonly drop?: string;
  readonly cluster?: readonly [cluster: number, size: number];
  readonly reward?: readonly [reward: number, uncertainty: number, repetition: number];
}

/** Writes questions of unit `seq`; returns their keys. */
export function writeQuestions(db: Database, run: number, seq: number, rows: readonly SmallQuestion[]): number[] {
  const placed = rows.map((q) => ({
    q,
    place: { iteration: q.iteration ?? 1, phase: q.phase ?? ('curriculum' as const), step: q.step ?? 0, item: q.item },
  }));
  db.transaction(() =>
    insertQuestions(
      db,
      run,
      seq,
      placed.map(({ q, place }) => ({
        generated: {
          ...place,
          raw: `<question>${q.text ?? ''}</question>`,
          tokens: 10 + q.item,
          finish: 'stop',
          valid: q.invalid === undefined,
          invalidReason: q.invalid,
          heldOut: q.heldOut ?? null,
          text: q.invalid === undefined ? (q.text ?? `question ${q.item}`) : null,
          normalForm: q.invalid === undefined ? (q.text ?? `question ${q.item}`) : null,
          sameAs: q.sameAs === undefined ? null : questionKey({ ...place, item: q.sameAs }),
          difficulty: q.difficulty,
          topic: q.topic,
          claimedAnswer: q.claimed,
        },
        ...(q.pHat !== undefined && {
          votes: { votes: 4, pHat: q.pHat, majority: q.label ?? '1' },
          label: { label: q.label ?? '1', labelShare: q.pHat, labelMethod: 'majority', labelCorrect: q.right ?? null },
        }),
        decision: {
          kept: q.kept ?? (place.phase === 'curriculum' ? false : null),
          dropReason: q.drop,
          cluster: q.cluster?.[0],
          clusterSize: q.cluster?.[1],
          reward: q.reward?.[0],
          uncertainty: q.reward?.[1],
          repetition: q.reward?.[2],
        },
      })),
    ),
  );
  return placed.map(({ place }) => questionKey(place));
}

/** The Solver used them in this step, and answered so. */
export function writeUse(
  db: Database,
  run: number,
  at: { readonly seq: number; readonly iteration: number; readonly step: number; readonly key: number },
  answers: readonly string[] = [],
): void {
  db.transaction(() => {
    insertUses(db, run, at.seq, [at]);
    writeAnswers(db, run, { ...at, source: 'solver' }, answers);
  });
}

export function writeAnswers(
  db: Database,
  run: number,
  at: { seq: number; iteration: number; step: number; key: number; source: 'vote' | 'rewrite' | 'solver' },
  answers: readonly string[],
): void {
  insertAnswers(
    db,
    run,
    at.seq,
    answers.map((answer, sample) => ({
      ...{ key: at.key, source: at.source, iteration: at.iteration, step: at.step, sample },
      ...{ text: `so #${answer}`, extracted: answer, canonical: answer === '?' ? null : answer, tokens: 2 },
      finish: 'stop',
      reward: at.source === 'solver' ? Number(answer === '1') : null,
    })),
  );
}

/** Marks the curriculum of an iteration as complete. */
export function finishCurriculum(db: Database, run: number, seq: number, iteration = 1): void {
  insertTimings(db, run, seq, [{ iteration, phase: 'curriculum', step: null, name: 'phase', seconds: 1 }]);
}
