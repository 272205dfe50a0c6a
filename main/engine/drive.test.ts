import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Recipe } from '../../preload/contract/recipe.js';
import { ScriptedExecutor } from '../../test/support/scripted-executor.js';
import { type WorkOptions, workOn } from '../../test/support/scripted-run.js';
import { temporaryDirectory } from '../../test/support/store-fixtures.js';
import { SCRIPTED_RUN } from '../../test/support/small-runs.js';
import { loadRecipe } from '../coevolution/recipe.js';
import { LabError } from '../lib/errors.js';
import { RolloutsUnavailable } from '../rollouts/unavailable.js';
import { Lab } from '../lab/lab.js';
import { NodeEngineLauncher } from '../lab/node-engine.js';
import { openRecords } from '../lab/store-records.js';
import { CheckpointFiles } from '../store/checkpoint-files.js';
import { Database } from '../store/database.js';
import { readTimings } from '../store/metrics.js';
import { createRun, findRun } from '../store/runs.js';
import type { CheckpointState } from './journal.js';

let dir: ReturnType<typeof temporaryDirectory>;
beforeEach(() => (dir = temporaryDirectory()));
afterEach(() => dir.remove());

const recipe = (...set: string[]): Recipe =>
  loadRecipe('nano', {
    set: [...SCRIPTED_RUN, 'solver.steps=2', ...set],
  });

function withDatabase<T>(work: (db: Database) => T): T {
  const db = Database.open(dir.path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}
const newRun = (...set: string[]): string => withDatabase((db) => createRun(db, { recipe: recipe(...set) }).id);

/** Its Solver unlearns, so that the guard benchmark falls after the first iteration. */
function failing(): ScriptedExecutor {
  const executor = new ScriptedExecutor();
  const { solver } = executor;
  const update = solver.update.bind(solver);
  solver.update = async (batch) => {
    const metrics = await update(batch);
    solver.skill -= 3;
    return metrics;
  };
  return executor;
}

const messages = (events: readonly { type: string }[]): string[] =>
  events.flatMap((e) => ('message' in e ? [String(e.message)] : []));

async function newestState(run: string): Promise<CheckpointState> {
  const db = Database.open(dir.path);
  try {
    const found = await new CheckpointFiles(db, findRun(db, run)).latestValid();
    return found?.state as CheckpointState;
  } finally {
    db.close();
  }
}

async function expectRolledBack(run: string, executor: ScriptedExecutor): Promise<void> {
  expect([executor.challenger.skill, executor.solver.skill]).toEqual([0, 0]);
  const { loop } = await newestState(run);
  expect(loop.stopped).toMatch(/rolled back to iteration 0: Accuracy on the guard benchmark fell/);
  expect(loop.rollback).toBeNull();
  // What was saved last is the best model, not the one that fell.
  const again = await workOn(dir.path, run);
  expect(again.outcome).toBe('finished');
  expect(again.executor.solver.skill).toBe(0);
  expect(again.executor.solver.updates).toBe(0);
}

/** Asks for a pause after the first unit of a phase. */
function pauseIn(phase: string): WorkOptions {
  let begun = false;
  return {
    stop: { reason: () => (begun ? 'asked to pause' : null), abandon: new AbortController().signal },
    onEvent: (event) => void (event.type === 'phase.started' && event.phase === phase && (begun = true)),
  };
}

describe('a resumed run', () => {
  // Would catch: a phase whose time counts from the resume only.
  it('tells the time of a phase with that of the process before', async () => {
    const run = newRun('iterations=1');
    expect((await workOn(dir.path, run, pauseIn('solver'))).outcome).toBe('paused');
    expect((await newestState(run)).phaseSeconds).toBeGreaterThan(0);
    await workOn(dir.path, run);
    withDatabase((db) => {
      const timings = readTimings(db, findRun(db, run).number).filter((t) => t.phase === 'solver');
      const units = timings.filter((t) => t.name === 'unit').map((t) => t.seconds);
      expect(units).toHaveLength(2);
      const whole = timings.find((t) => t.name === 'phase')?.seconds;
      expect(whole).toBeCloseTo(
        units.reduce((a, b) => a + b, 0),
        6,
      );
    });
  });
});

describe('a pause that gives a unit up', () => {
  // Would catch: committed steps that are made again, because no checkpoint was due when they were.
  it('keeps everything that was committed', async () => {
    const run = newRun('checkpoint.every_steps=1000', 'challenger.steps=5');
    const abandon = new AbortController();
    const executor = new ScriptedExecutor();
    const { challenger } = executor;
    const sample = challenger.sample.bind(challenger);
    challenger.sample = (requests) => {
      // Three steps are committed; the fourth is given up.
      if (challenger.updates < 3) return sample(requests);
      abandon.abort(new Error('given up'));
      return Promise.reject(abandon.signal.reason as Error);
    };
    const stop = { reason: () => null, abandon: abandon.signal };
    const first = await workOn(dir.path, run, { executor, stop });
    expect(first.outcome).toBe('paused');
    const place = { iteration: 1, phase: 'challenger' };
    expect(first.events.filter((e) => e.type === 'checkpoint.saved').at(-1)).toMatchObject({ ...place, step: 2 });
    expect((await newestState(run)).loop.cursor).toEqual({ ...place, step: 3 });
    const second = await workOn(dir.path, run);
    const steps = second.events.flatMap((e) => (e.type === 'step.finished' && e.phase === 'challenger' ? [e] : []));
    expect(steps[0]).toMatchObject({ ...place, step: 3 });
    const whole = await workOn(dir.path, newRun('checkpoint.every_steps=1000', 'challenger.steps=5'));
    expect(second.executor.solver.skill).toBe(whole.executor.solver.skill);
  });

  // Would catch: a run that fails because a rollout server is down for an hour, and loses or repeats what it has done.
  it.each([
    [new RolloutsUnavailable('The server is down.', 'Start it.'), 'The server is down. Start it.'],
    [new LabError('memory', 'It does not fit.', { remedy: 'Close others.' }), 'It does not fit. Close others.'],
  ])('%s pauses the run, which is resumed without a loss', async (trouble, reason) => {
    const run = newRun('checkpoint.every_steps=1000', 'challenger.steps=5');
    const executor = new ScriptedExecutor();
    const { challenger } = executor;
    const sample = challenger.sample.bind(challenger);
    challenger.sample = (requests) => (challenger.updates < 3 ? sample(requests) : Promise.reject(trouble));
    const first = await workOn(dir.path, run, { executor });
    expect(first.outcome).toBe('paused');
    expect(first.events.at(-1)).toMatchObject({ type: 'run.paused', step: 3, reason });
    expect((await newestState(run)).loop.cursor).toEqual({ iteration: 1, phase: 'challenger', step: 3 });
    const second = await workOn(dir.path, run);
    const whole = await workOn(dir.path, newRun('checkpoint.every_steps=1000', 'challenger.steps=5'));
    expect(second.executor.solver.skill).toBe(whole.executor.solver.skill);
  });

  // Would catch: a second checkpoint in the place of the one that is there.
  it('saves nothing where nothing was committed since', async () => {
    const run = newRun();
    const abandon = new AbortController();
    const executor = new ScriptedExecutor();
    executor.challenger.sample = () => {
      abandon.abort(new Error('given up'));
      return Promise.reject(abandon.signal.reason as Error);
    };
    const { events } = await workOn(dir.path, run, { executor, stop: { reason: () => null, abandon: abandon.signal } });
    const last = events.filter((e) => e.type === 'checkpoint.saved').at(-1);
    expect(last).toMatchObject({ phase: 'baseline' });
    expect(events.at(-1)).toMatchObject({ type: 'run.paused', phase: 'baseline' });
  });
});

describe('a rollback', () => {
  // Would catch: the note's second timing of a phase, which breaks the record's keys; weights left as they fell.
  it('ends the run on the best weights, and the run cannot be resumed', async () => {
    const run = newRun('guards.action=rollback');
    const { outcome, executor, events } = await workOn(dir.path, run, { executor: failing() });
    expect(outcome).toBe('finished');
    expect(messages(events).some((m) => m.startsWith('rolled back to iteration 0'))).toBe(true);
    const lab = new Lab({ dataDir: dir.path, records: openRecords(dir.path), launcher: new NodeEngineLauncher('-') });
    await expect(lab.start(run)).rejects.toThrow(/is finished/);
    await lab.close();
    await expectRolledBack(run, executor);
  });

  // Would catch: a process killed between the alarm and the rollback that goes on with the weights that fell.
  it('is carried out by the next process where the first died before it', async () => {
    const run = newRun('guards.action=rollback');
    const executor = failing();
    executor.restore = () => Promise.reject(new Error('killed'));
    await expect(workOn(dir.path, run, { executor })).rejects.toThrow('killed');
    expect((await newestState(run)).loop).toMatchObject({
      stopped: null,
      rollback: expect.stringMatching(/fell/) as string,
    });
    const next = await workOn(dir.path, run);
    expect(next.outcome).toBe('finished');
    await expectRolledBack(run, next.executor);
  });

  // Would catch: a run that ends in silence on bad weights, or that can never go on after such a pause.
  it('pauses where no best checkpoint is left, and goes on from there when resumed', async () => {
    const run = newRun('guards.action=rollback', 'guards.max_kl=0.005');
    const forget = (): void => withDatabase((db) => void db.run('UPDATE checkpoints SET best = 0'));
    for (const step of [1, 2]) {
      const { outcome, events } = await workOn(dir.path, run, {
        onEvent: (event) => void (event.type === 'phase.started' && event.phase === 'challenger' && forget()),
      });
      expect(outcome).toBe('paused');
      expect(events.at(-1)).toMatchObject({
        type: 'run.paused',
        phase: 'challenger',
        step,
        reason: expect.stringMatching(/^alarm: KL .* There is no best checkpoint to return to\.$/) as string,
      });
      expect((await newestState(run)).loop).toMatchObject({ stopped: null, rollback: null });
    }
  });

  it('is refused by the recipe where no guard benchmark chooses a best checkpoint', () => {
    expect(() => recipe('guards.action=rollback', 'evaluation.guard_benchmark=null')).toThrow(
      /guards\.action: rollback needs evaluation\.guard_benchmark/,
    );
    // The schema still tells its keys.
    expect(() => recipe('guards.actoin=rollback')).toThrow(/Did you mean "guards.action"/);
  });
});
