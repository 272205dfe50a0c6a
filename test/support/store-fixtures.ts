/** What the tests of the record share: a directory that cleans up after itself, a recipe and deterministic units of work. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recipeSchema, type Recipe } from '../../preload/contract/recipe.js';
import type { Cursor } from '../../preload/contract/runs.js';
import { RandomKey } from '../../main/lib/random.js';
import type { FileSource } from '../../main/store/checkpoint-files.js';
import { questionKey } from '../../main/store/keys.js';
import { insertAnswers } from '../../main/store/answers.js';
import { insertMetrics } from '../../main/store/metrics.js';
import { insertQuestions, insertUses } from '../../main/store/questions.js';
import type { RowTarget } from '../../main/store/record.js';

export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'rzero-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function testRecipe(change: Record<string, unknown> = {}): Recipe {
  const sampling = { max_new_tokens: 16 };
  const optimiser = { learning_rate: 1e-3 };
  return recipeSchema.parse({
    name: 'tiny',
    model: 'builtin:nano',
    domain: 'chains',
    seed: 7,
    challenger: { sampling, vote_sampling: sampling, optimiser },
    curriculum: { sampling, vote_sampling: sampling },
    solver: { sampling, optimiser },
    evaluation: { benchmark: 'chains-test', sampling },
    ...change,
  });
}

export const cursorAt = (seq: number): Cursor => ({ iteration: 1, phase: 'curriculum', step: seq });

/** Writes one of a fixed sequence of units: what unit `seq` writes depends on `seq` alone. */
export function writeUnit({ db, run, seq }: RowTarget, questions = 6): void {
  const random = RandomKey.of(1, 'unit', seq).stream();
  const places = Array.from(
    { length: questions },
    (_, item) => ({ iteration: 1, phase: 'curriculum', step: seq, item }) as const,
  );
  const rows = places.map((place) => ({
    generated: {
      ...place,
      raw: `<question>${random.int(10)}+${random.int(10)}</question>`,
      tokens: 5,
      finish: 'stop' as const,
      valid: true,
      text: `${random.int(1000)}`,
      difficulty: random.uniform(),
    },
    votes: { votes: 4, pHat: random.uniform(), majority: '1' },
    label: { label: '1', labelShare: random.uniform(), labelMethod: 'majority' },
    decision: { kept: random.uniform() < 0.5, dropReason: null },
  }));
  insertQuestions(db, run, seq, rows);
  const answers = places.flatMap((place) =>
    Array.from({ length: 4 }, (_, sample) => ({
      key: questionKey(place),
      source: 'vote' as const,
      iteration: 1,
      step: 0,
      sample,
      text: `#${random.int(100)}`,
      extracted: `${random.int(100)}`,
      canonical: null,
      tokens: 3,
      finish: 'stop' as const,
    })),
  );
  insertAnswers(db, run, seq, answers);
  // Questions of the unit before are trained on, so rows of one unit refer to rows of another.
  const used = places.slice(0, seq > 1 ? 2 : 0).map((place) => questionKey({ ...place, step: seq - 1 }));
  insertUses(
    db,
    run,
    seq,
    used.map((key) => ({ key, iteration: 1, step: seq })),
  );
  insertMetrics(db, run, seq, {
    iteration: 1,
    phase: 'solver',
    step: seq,
    values: { reward: random.uniform(), loss: random.normal() },
  });
}

/** Contents that follow from `version`; counts how often it was written. */
export function fakeFile(version: string, bytes = 1000): FileSource & { written: number } {
  return {
    version,
    written: 0,
    write(path: string) {
      this.written++;
      writeFileSync(path, Buffer.alloc(bytes, version));
      return Promise.resolve(bytes);
    },
  };
}
