import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loraSchema } from '../../../preload/contract/recipe-lora.js';
import { cursorAt, temporaryDirectory, testRecipe } from '../../../test/support/store-fixtures.js';
import { Database } from '../../store/database.js';
import { insertSummary } from '../../store/metrics.js';
import { RunRecorder } from '../../store/record.js';
import { createRun } from '../../store/runs.js';
import type { Lab } from '../lab.js';
import { modelCard } from './model-card.js';

let dir: ReturnType<typeof temporaryDirectory>;
let db: Database;
beforeEach(() => {
  dir = temporaryDirectory();
  db = Database.open(join(dir.path, 'data'));
});
afterEach(() => {
  db.close();
  dir.remove();
});

// Would catch: a card that shows one benchmark of several, a mean@k without its k, undecided answers that nobody is told of.
it('shows what was measured on every benchmark', () => {
  const recorder = RunRecorder.open(db, createRun(db, { recipe: testRecipe() }));
  const share = (value: number, n: number) => ({ value, low: 0, high: 1, n });
  const evaluation = { benchmark: 'own', greedy: share(0.5, 200), mean: share(0.45, 200), k: 8, byDifficulty: [] };
  const others = [
    {
      ...evaluation,
      benchmark: 'further',
      greedy: share(0.25, 90),
      mean: null,
      k: 0,
      undecided: { greedy: 10, sampled: 0 },
    },
  ];
  recorder.commit(1, cursorAt(1), ({ db: target, run, seq }) =>
    insertSummary(target, run, seq, { iteration: 0, evaluation, others, guard: null, funnel: null, seconds: 1 }),
  );
  const lab = { write: <T>(work: (db: Database) => T): T => work(db) } as unknown as Lab;
  const model = { kind: 'run', run: recorder.run.id, checkpoint: 'best', role: 'solver' } as const;
  const rows = modelCard(lab, { model, name: 'mine', as: 'float32' })
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('%'));
  expect(rows.map((row) => row.split(' | ').slice(1).join(' | '))).toEqual([
    'own | 50.0 % (n = 200) | 45.0 % (k = 8) |',
    'further | 25.0 % (n = 90, 10 undecided) | – |',
  ]);
});

// Would catch: an adapter that people load on other weights than it learnt beside, and nobody told them.
it('says of an adapter over rounded weights how its base is loaded', () => {
  const recorderOf = (lora: object): RunRecorder =>
    RunRecorder.open(db, createRun(db, { recipe: testRecipe({ lora: loraSchema.parse(lora) }) }));
  const lab = { write: <T>(work: (db: Database) => T): T => work(db) } as unknown as Lab;
  const card = (lora: object, as: 'adapter' | 'float32'): string => {
    const model = { kind: 'run', run: recorderOf(lora).run.id, checkpoint: 'last', role: 'solver' } as const;
    return modelCard(lab, { model, name: 'mine', as });
  };
  expect(card({ base_dtype: 'bfloat16' }, 'adapter')).toMatch(/rounded to bfloat16.*torch.bfloat16/s);
  expect(card({ base_dtype: 'bfloat16' }, 'float32')).not.toMatch(/rounded/);
  expect(card({ base_dtype: 'float32' }, 'adapter')).not.toMatch(/rounded/);
});
