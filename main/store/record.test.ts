import { describe, expect, it } from 'vitest';
import type { Database } from './database.js';
import { digestRun } from './digest.js';
import {
  insertEvaluationAnswers,
  insertEvaluationSummary,
  readEvaluationAnswers,
  readEvaluations,
} from './evaluations.js';
import { questionKey } from './keys.js';
import {
  insertAlarm,
  insertMetrics,
  insertSummary,
  insertTimings,
  readAlarms,
  readMetrics,
  readSummaries,
  readTimings,
} from './metrics.js';
import { insertQuestions, readQuestions, type GeneratedQuestion, type QuestionDecision } from './questions.js';
import { insertAnswers, readAnswers, type Answer } from './answers.js';
import { RunRecorder } from './record.js';
import { createRun, findRun, readRun, runInfo } from './runs.js';
import { databasePerTest } from '../../test/support/database-per-test.js';
import { cursorAt, fakeFile, testRecipe, writeUnit } from '../../test/support/store-fixtures.js';

let db: Database;

databasePerTest((opened) => {
  db = opened;
});

const newRecorder = (): RunRecorder => RunRecorder.open(db, createRun(db, { recipe: testRecipe() }));

describe('rollback', () => {
  // Would catch: a table forgotten in the rollback, or rows that depend on when they were made.
  it('leaves exactly what was there at that unit, and the work made again is identical', () => {
    const recorder = newRecorder();
    const after: ReturnType<typeof digestRun>[] = [digestRun(db, recorder.run.number)];
    for (let seq = 1; seq <= 6; seq++) {
      recorder.commit(seq, cursorAt(seq), writeUnit);
      after.push(digestRun(db, recorder.run.number));
    }
    for (const target of [4, 1, 0]) {
      recorder.rollbackTo(target, cursorAt(target));
      expect(digestRun(db, recorder.run.number)).toEqual(after[target]);
      for (let seq = target + 1; seq <= 6; seq++) recorder.commit(seq, cursorAt(seq), writeUnit);
      expect(digestRun(db, recorder.run.number)).toEqual(after[6]);
    }
  });

  // Would catch: deleting by seq alone, across runs.
  it('touches no other run', () => {
    const [a, b] = [newRecorder(), newRecorder()];
    for (const r of [a, b]) for (let seq = 1; seq <= 3; seq++) r.commit(seq, cursorAt(seq), writeUnit);
    const before = digestRun(db, b.run.number);
    a.rollbackTo(0, cursorAt(0));
    expect(digestRun(db, b.run.number)).toEqual(before);
    expect(digestRun(db, a.run.number).questions?.rows).toBe(0);
  });

  // Would catch: a viewer that misses new events because their numbers were used before.
  it('never gives an event number out twice', () => {
    const recorder = newRecorder();
    const log = (sequence: number) =>
      ({ run: recorder.run.id, sequence, time: 1, type: 'log', level: 'info', message: 'm' }) as const;
    recorder.commit(1, cursorAt(1), () => recorder.events([log(0), log(1)]));
    recorder.commit(2, cursorAt(2), () => recorder.events([log(2), log(3)]));
    recorder.rollbackTo(1, cursorAt(1));
    expect(recorder.nextEventSequence()).toBe(4);
  });
});

describe('units of work', () => {
  // Would catch: rows of half a unit, or a cursor that moves without its rows.
  it('are written wholly or not at all', () => {
    const recorder = newRecorder();
    recorder.commit(1, cursorAt(1), writeUnit);
    const before = digestRun(db, recorder.run.number);
    expect(() =>
      recorder.commit(2, cursorAt(2), (target) => {
        writeUnit(target);
        throw new Error('in the middle');
      }),
    ).toThrow('in the middle');
    expect(digestRun(db, recorder.run.number)).toEqual(before);
    expect(readRun(db, recorder.run.number)).toMatchObject({ seq: 1, cursor: cursorAt(1) });
    recorder.commit(2, cursorAt(2), writeUnit);
    expect(() => recorder.commit(2, cursorAt(2), () => undefined)).toThrow('cannot be committed');
  });

  // Would catch: columns in the wrong order, booleans or nulls lost on the way.
  it('give back what was put in', () => {
    const recorder = newRecorder();
    const generated: Required<GeneratedQuestion> = {
      iteration: 2,
      phase: 'challenger',
      step: 3,
      item: 4,
      raw: '<question>ü"\n😀',
      tokens: 7,
      finish: 'length',
      valid: false,
      invalidReason: 'unclosed',
      text: null,
      normalForm: null,
      sameAs: null,
      difficulty: 0.1 + 0.2,
      topic: 'sums',
      claimedAnswer: '5',
      oracleAnswer: null,
    };
    const decision: Required<QuestionDecision> = {
      cluster: 3,
      clusterSize: 2,
      uncertainty: 0.25,
      repetition: 1e-9,
      reward: -1,
      advantage: -1.5,
      kept: false,
      dropReason: 'too easy',
    };
    const label = { rewrite: '2+1', label: '3', labelShare: 0.75, labelMethod: 'pooled', labelCorrect: true };
    const key = questionKey(generated);
    const answer: Required<Answer> = {
      key,
      source: 'solver',
      iteration: 2,
      step: 5,
      sample: 1,
      text: 'a\0b',
      extracted: '',
      canonical: null,
      tokens: 3,
      finish: 'stop',
      reward: 1,
      advantage: 1 / 3,
    };
    recorder.commit(1, cursorAt(1), ({ db, run, seq }) => {
      insertQuestions(db, run, seq, [{ generated, decision, label }]);
      insertAnswers(db, run, seq, [answer]);
    });
    expect(readQuestions(db, recorder.run.number, { iteration: 2, phase: 'challenger' })).toEqual([
      { key, seq: 1, generated, votes: null, label, decision },
    ]);
    expect(readAnswers(db, recorder.run.number, { from: key, to: key + 1 })).toEqual([{ ...answer, text: 'a\u2400b' }]);
  });
});

describe('what a step says of itself', () => {
  // Would catch: wall-clock in rows that are compared, a step's place or a missing number changed on the way.
  it('comes back, and only timings differ between two machines', () => {
    const [slow, fast] = [newRecorder(), newRecorder()];
    const at = { iteration: 1, phase: 'solver', step: 2 } as const;
    const alarm = { ...at, step: null, kind: 'kl', message: 'm', value: 2, limit: 1, action: 'warn' } as const;
    const estimate = { value: 0.5, low: 0.4, high: 0.6, n: 2 };
    const evaluation = { benchmark: 'b', greedy: estimate, mean: null, k: 0, byDifficulty: [] };
    const answers = [
      { item: 0, sample: 0, text: 't', extracted: null, verdict: 'equal', reason: null, tokens: 1, finish: 'stop' },
      { item: 0, sample: 1, text: 'u', extracted: 'v', verdict: 'different', reason: null, tokens: 1, finish: 'stop' },
      { item: 0, sample: 2, text: 'u', extracted: 'w', verdict: 'undecided', reason: '', tokens: 1, finish: 'stop' },
    ] as const;
    const summary = { iteration: 1, evaluation, guard: null, funnel: null };
    for (const recorder of [slow, fast]) {
      const seconds = recorder === slow ? 9 : 1;
      recorder.commit(1, cursorAt(1), ({ db, run, seq }) => {
        insertMetrics(db, run, seq, { ...at, values: { loss: -0.5, kl: NaN } });
        insertAlarm(db, run, seq, alarm);
        insertTimings(db, run, seq, [{ ...at, name: 'sample', seconds }]);
        insertEvaluationAnswers(db, run, seq, { iteration: 1, benchmark: 'b', answers });
        insertEvaluationSummary(db, run, seq, { iteration: 1, evaluation });
        insertSummary(db, run, seq, { ...summary, seconds });
      });
    }
    const run = slow.run.number;
    expect(readMetrics(db, run)).toEqual([{ ...at, values: { kl: null, loss: -0.5 } }]);
    expect(readAlarms(db, run)).toEqual([alarm]);
    expect(readTimings(db, run)).toContainEqual({ ...at, name: 'sample', seconds: 9 });
    expect(readEvaluations(db, run)).toEqual([{ iteration: 1, evaluation }]);
    expect(readEvaluationAnswers(db, run, { iteration: 1, benchmark: 'b' })).toEqual(answers);
    expect(readSummaries(db, run)).toEqual([{ ...summary, seconds: 9 }]);
    expect(digestRun(db, run)).toEqual(digestRun(db, fast.run.number));
  });
});

describe('runs', () => {
  it('are found by id, name or prefix, and the error names the choices', () => {
    const a = createRun(db, { recipe: testRecipe(), name: 'first', now: Date.UTC(2026, 0, 2, 15, 30) });
    const b = createRun(db, { recipe: testRecipe(), name: 'second', now: Date.UTC(2026, 0, 3, 15, 30) });
    expect(a.id).toMatch(/^tiny-20260102-153000-[0-9a-f]{4}$/);
    expect(findRun(db, a.id).number).toBe(a.number);
    expect(findRun(db, 'second').number).toBe(b.number);
    expect(findRun(db, 'tiny-20260103').number).toBe(b.number);
    expect(() => findRun(db, 'tiny-')).toThrow(`fits 2 runs: ${b.id}, ${a.id}`);
    expect(() => findRun(db, '%')).toThrow('There is no run "%"');
    expect(() => findRun(db, '')).toThrow('fits 2 runs');
  });

  // Would catch: a killed run that is shown as running for ever.
  it('are shown running only while held', () => {
    const recorder = newRecorder();
    const state = () => runInfo(db, readRun(db, recorder.run.number)).state;
    expect(state()).toBe('running');
    db.run('DELETE FROM run_locks');
    expect(state()).toBe('paused');
    expect(() => recorder.commit(1, cursorAt(1), () => undefined)).toThrow('no longer holds');
  });

  it('resume from their checkpoint in a new recorder', async () => {
    const first = newRecorder();
    for (let seq = 1; seq <= 2; seq++) first.commit(seq, cursorAt(seq), writeUnit);
    const files = { solver: fakeFile('s3') };
    await first.save({ seq: 3, cursor: cursorAt(3), state: { n: [1] }, files }, writeUnit);
    const atCheckpoint = digestRun(db, first.run.number);
    first.commit(4, cursorAt(4), writeUnit);
    first.close('paused');
    const second = RunRecorder.open(db, readRun(db, first.run.number));
    const loaded = await second.resume();
    expect(loaded).toMatchObject({
      seq: 3,
      state: { n: [1] },
      cursor: cursorAt(3),
      skipped: [],
      versions: { solver: 's3' },
    });
    expect(second.seq).toBe(3);
    expect(digestRun(db, first.run.number)).toEqual(atCheckpoint);
  });
});
