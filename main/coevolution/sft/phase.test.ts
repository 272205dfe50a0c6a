import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../preload/contract/events.js';
import { ScriptedExecutor } from '../../../test/support/scripted-executor.js';
import { rowsOf, type Worked, workOn } from '../../../test/support/scripted-run.js';
import { SCRIPTED_RUN } from '../../../test/support/small-runs.js';
import { temporaryDirectory } from '../../../test/support/store-fixtures.js';
import { loadBenchmark } from '../../benchmarks/benchmark.js';
import { formatSolution, sampleQuestion } from '../../domains/chains/question.js';
import { RandomKey } from '../../lib/random.js';
import { Database } from '../../store/database.js';
import { createRun, findRun, runInfo } from '../../store/runs.js';
import { loadRecipe } from '../recipe.js';

let dir: ReturnType<typeof temporaryDirectory>;
let data: string;
beforeEach(() => {
  dir = temporaryDirectory();
  data = join(dir.path, 'data.jsonl');
  writeRows();
});
afterEach(() => dir.remove());

function writeRows(extra: readonly string[] = []): void {
  const questions = Array.from({ length: 60 }, (_, i) => sampleQuestion(RandomKey.of(1, 'phase', i), 5));
  const rows = [...questions, ...extra].map((question) =>
    JSON.stringify({ question, answer: formatSolution(question) }),
  );
  writeFileSync(data, `${rows.join('\n')}\n`);
}

function newRun(...set: string[]): string {
  const sft = [`sft.data=${data}`, 'sft.optimiser.learning_rate=1e-3', 'sft.batch=8', 'sft.evaluate_every=2'];
  const recipe = loadRecipe('nano', { set: [...SCRIPTED_RUN, 'iterations=0', ...sft, ...set] });
  return withDatabase((db) => createRun(db, { recipe }).id);
}

function withDatabase<T>(work: (db: Database) => T): T {
  const db = Database.open(dir.path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const of = <T extends RunEvent['type']>({ events }: Worked, type: T): Extract<RunEvent, { type: T }>[] =>
  events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

describe('fine-tuning before the loop', () => {
  // Catches weights of the last step coming out for those of the lowest held-out loss, or one role left as it was.
  it('stops when the held-out loss no longer falls, and gives both roles the best weights', async () => {
    const worked = await workOn(dir.path, newRun('sft.epochs=9', 'sft.patience=2'));
    const [finished] = of(worked, 'sft.finished');
    // The scripted loss is lowest after the fifth step or so, seen every second step.
    expect(finished).toMatchObject({ weightsOf: finished?.best?.step, planned: 63 });
    expect([4, 6]).toContain(finished?.weightsOf);
    expect(finished?.steps).toBe((finished?.weightsOf ?? 0) + 4);
    const { solver, challenger } = worked.executor;
    expect((solver.skill - 0.5) ** 2).toBeCloseTo(finished?.best?.loss ?? -1, 12);
    expect(challenger.skill).toBe(solver.skill);
    const last = await workOn(dir.path, newRun('sft.epochs=1', 'sft.weights=last'));
    expect(of(last, 'sft.finished')[0]).toMatchObject({ steps: 7, planned: 7, weightsOf: 7 });
    expect(last.executor.solver.skill).toBeGreaterThan(0.69);
  });

  it('measures before and after, and is marked: data came from outside', async () => {
    const run = newRun('sft.epochs=1');
    const { events } = await workOn(dir.path, run);
    const info = withDatabase((db) => runInfo(db, findRun(db, run)));
    expect(info).toMatchObject({ state: 'finished', zeroData: false, cursor: { iteration: 0, phase: 'baseline' } });
    expect(info.summaries.map(({ iteration }) => iteration)).toEqual([-1, 0]);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', zeroData: false });
    const unmeasured = newRun('sft.epochs=1', 'sft.measure_before=false');
    await workOn(dir.path, unmeasured);
    const { summaries } = withDatabase((db) => runInfo(db, findRun(db, unmeasured)));
    expect(summaries.map(({ iteration }) => iteration)).toEqual([0]);
  });

  // Catches a benchmark that is learnt by heart: its question under another order of the terms.
  it('learns no question of a benchmark, in any order of its terms', async () => {
    const { questions } = await loadBenchmark('chains-test');
    const asked = questions.slice(200, 205).map(({ question }) => question);
    const turned = asked.map((question) => {
      const [first = '', ...rest] = question.match(/[+-]?\d+/g) ?? [];
      const lead = rest.findIndex((term) => term.startsWith('+'));
      return [rest[lead]?.slice(1), `+${first}`, ...rest.filter((_, i) => i !== lead)].join('');
    });
    writeRows(turned);
    const worked = await workOn(dir.path, newRun('sft.epochs=1'));
    expect(of(worked, 'sft.prepared')[0]).toMatchObject({ examples: 65, benchmark: 5, train: 54, heldOut: 6 });
  });

  it('goes on into the loop, from any unit as if it had never stopped', async () => {
    const set = ['iterations=1', 'sft.epochs=1', 'checkpoint.every_steps=1'];
    const whole = newRun(...set);
    const expected = await workOn(dir.path, whole);
    const stopped = newRun(...set);
    let units = 0;
    let executor = new ScriptedExecutor();
    for (let outcome = 'paused'; outcome === 'paused'; executor = new ScriptedExecutor()) {
      const stop = {
        reason: () => (++units % 2 === 0 ? 'two units are enough' : null),
        abandon: new AbortController().signal,
      };
      const worked = await workOn(dir.path, stopped, { executor, stop });
      outcome = worked.outcome;
      if (outcome === 'finished') expect(worked.executor.solver.skill).toBe(expected.executor.solver.skill);
    }
    expect(units).toBeGreaterThan(8);
    const [one, other] = withDatabase((db) => [rowsOf(db, whole), rowsOf(db, stopped)]);
    expect(other).toEqual(one);
    // Every step, one measurement before, and nothing of the loop, is of this phase.
    const steps = of(expected, 'step.finished').filter(({ phase }) => phase === 'sft');
    expect(steps.map(({ metrics }) => 'held_out_loss' in metrics)).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
      true,
    ]);
    expect(steps.map(({ metrics }) => 'held_out_loss_before' in metrics)).toEqual([
      true,
      ...Array<boolean>(6).fill(false),
    ]);
  });

  // Catches hours of measuring a model before a wrong file is found to be one.
  it('says what is wrong with its data before anything is measured', async () => {
    const id = newRun();
    writeFileSync(data, '{"frage": "1 + 1?", "answer": "2"}\n');
    await expect(workOn(dir.path, id)).rejects.toThrow('no prompt with a completion among them');
    withDatabase((db) => {
      expect(findRun(db, id)).toMatchObject({ state: 'failed', seq: 0 });
    });
  });

  // Catches a run that silently goes on with other data than it began with.
  it('refuses to go on when its data has changed', async () => {
    const run = newRun('sft.epochs=3', 'checkpoint.every_steps=1');
    let units = 0;
    const stop = { reason: () => (++units === 6 ? 'enough' : null), abandon: new AbortController().signal };
    expect(await workOn(dir.path, run, { stop })).toMatchObject({ outcome: 'paused' });
    const before = readFileSync(data, 'utf8');
    writeFileSync(data, before.replace('=', '=0'));
    await expect(workOn(dir.path, run)).rejects.toThrow(/no longer what it was when the run began/);
    writeFileSync(data, before);
    expect(await workOn(dir.path, run)).toMatchObject({ outcome: 'finished' });
  });
});
