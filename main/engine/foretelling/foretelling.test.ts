/** What a run is foretold to take, held against what the generator and the loop really do. */
import { beforeAll, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDomain } from '../../coevolution/domain-folder.js';
import type { Completion } from '../../coevolution/executor.js';
import { loadRecipe } from '../../coevolution/recipe.js';
import type { Compute } from '../../compute/compute.js';
import { openCompute } from '../../compute/open.js';
import { domainOf } from '../../domains/index.js';
import { packageRoot } from '../../lib/package-root.js';
import { RandomKey } from '../../lib/random.js';
import { loadModelFolder } from '../../model/folder.js';
import { TextGenerator } from '../../model/generate.js';
import type { LanguageModel } from '../../model/language-model.js';
import type { Recipe } from '../../../preload/contract/recipe.js';
import { sftSchema } from '../../../preload/contract/recipe-sft.js';
import { promptText } from '../prompt-text.js';
import { sequenceOf } from '../sft-tokens.js';
import { lineThrough, on, paddedTokens, writingSeconds } from './costs.js';
import { phaseSeconds } from './foretell.js';
import { ForetoldExecutor } from './foretold-executor.js';

let compute: Compute;
let model: LanguageModel;
beforeAll(async () => {
  compute = await openCompute('auto');
  model = await loadModelFolder(join(packageRoot(), 'resources/models/nano'));
});

it('draws a line through two measurements, level where noise would have it fall', () => {
  const line = lineThrough([8, 2], [24, 6]);
  expect(line).toEqual({ each: 0.25, fixed: 0 });
  expect(on(line, 100)).toBe(25);
  expect(lineThrough([8, 3], [24, 3.8])).toEqual({
    each: expect.closeTo(0.05, 9) as number,
    fixed: expect.closeTo(2.6, 9) as number,
  });
  expect(lineThrough([8, 3], [24, 2])).toEqual({ each: 0, fixed: 3 });
});

// Would catch: rows that are computed longer or shorter than they are, waves and refills that the generator does otherwise.
it('counts the calls of decoding that the generator makes', async () => {
  const { config, parameters } = model;
  const sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: 60, stopTokens: model.generation.eosTokenIds };
  const prompts = ['3+8-5', '12-4+9-1', '7+2'].map((question) =>
    model.tokenizer.encode(`<bos><question>${question}</question>`),
  );
  const requests = prompts.map((prompt, i) => ({ prompt, samples: 20, key: RandomKey.of(3, i) }));
  let calls = 0;
  const made = await new TextGenerator(compute, config).generate(parameters, requests, sampling, {
    onProgress: () => calls++,
  });
  const writings = made.map((group, i) => ({
    promptTokens: prompts[i]?.length as number,
    lengths: group.map(({ tokens }) => tokens.length),
  }));
  const machine = { compute, config };
  const costs = { reading: 0, learning: { fixed: 0, each: 0 } };
  expect(writingSeconds(machine, writings, 60, { ...costs, decoding: { fixed: 1, each: 0 } })).toBe(calls);
  const read = prompts.reduce((sum, { length }) => sum + length, 0);
  const none = { fixed: 0, each: 0 };
  expect(writingSeconds(machine, writings, 60, { ...costs, reading: 1, decoding: none })).toBe(read);
  const rows = writingSeconds(machine, writings, 60, { ...costs, decoding: { fixed: 0, each: 1 } });
  // A row is there as long as its completion grows, and idle for a while where others are longer.
  const needed = made.flat().reduce((sum, { tokens }) => sum + tokens.length, 0);
  expect(rows * 8).toBeGreaterThanOrEqual(needed);
  expect(writingSeconds(machine, [], 60, { ...costs, decoding: { fixed: 1, each: 1 } })).toBe(0);
});

it('counts padded tokens as training lays them out', () => {
  const samples = [4, 9, 30].map((length) => ({ prompt: [1, 5, 6], completion: new Array<number>(length).fill(7) }));
  const machine = { compute, config: model.config };
  const how = { size: { tokens: 4096, kept: 'products' as const }, sharePrompts: true, packInto: null };
  const padded = paddedTokens(machine, samples, how);
  expect(padded).toBeGreaterThanOrEqual(43);
  expect(padded).toBeLessThan(400);
  expect(paddedTokens(machine, [], how)).toBe(0);
});

const TEXTS = {
  challenger: ['<question>3+8-5</question>', '<question>1+2</question>', '<question>9-9+4</question>', 'no'],
  solver: ['3+8=11;11-5=6#6', '1+2=3#3', '#4', '#4', '#6'],
};

/** What a recipe like nano's is foretold to take, of a model that writes `texts`, at made-up costs. */
async function told(
  change: (recipe: Recipe) => Recipe = (recipe) => recipe,
  texts: Readonly<Record<'challenger' | 'solver', readonly string[]>> = TEXTS,
): Promise<Readonly<Record<string, number>>> {
  const recipe = change(loadRecipe('nano', { set: ['evaluation.samples=0'] }));
  const clock = { seconds: 0 };
  const written = (all: readonly string[]): Completion[] =>
    all.map((text) => ({ text, tokens: model.tokenizer.encode(text), finish: 'stop' }));
  const executor = new ForetoldExecutor(
    {
      machine: { compute, config: model.config },
      costs: { decoding: { fixed: 0.01, each: 0.001 }, reading: 1e-4, learning: { fixed: 0.1, each: 1e-4 } },
      size: { tokens: 4096, kept: 'products' },
      domain: domainOf(readDomain(recipe.domain).description, recipe.prompts),
      reference: true,
      encode: (prompt) => model.tokenizer.encode(promptText(model, prompt)),
      encodeExample: (example) => sequenceOf(model, example),
      clock,
    },
    { challenger: written(texts.challenger), solver: written(texts.solver) },
  );
  return phaseSeconds(recipe, executor, { clock, signal: new AbortController().signal }) as Promise<never>;
}

// Would catch: a phase that is left out, steps that are not counted as often as they come, a loop that fails on drawn answers.
it('goes through the loop, and counts each phase as often as it has steps', async () => {
  const once = await told();
  expect(Object.keys(once).sort()).toEqual(['baseline', 'challenger', 'curriculum', 'evaluation', 'solver']);
  for (const seconds of Object.values(once)) expect(seconds).toBeGreaterThan(0);
  const twice = await told((recipe) => ({
    ...recipe,
    challenger: { ...recipe.challenger, steps: 2 * recipe.challenger.steps },
    solver: { ...recipe.solver, steps: 3 * recipe.solver.steps },
  }));
  expect(twice['challenger']).toBeCloseTo(2 * (once['challenger'] as number), 6);
  expect(twice['solver']).toBeCloseTo(3 * (once['solver'] as number), 6);
  expect(twice['evaluation']).toBeCloseTo(once['evaluation'] as number, 6);
});

// Would catch: an estimate of a fine-tuned model by what it wrote before, when its questions were none and nothing was voted on;
// a baseline that is measured twice and counted four times.
it('takes a fine-tuned model to write what it was to learn', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rzero-foretelling-'));
  const file = join(folder, 'data.jsonl');
  const asked = Array.from({ length: 40 }, (_, i) => `${i}+${2 * i}-3`);
  const rows = asked.flatMap((question) => [
    { prompt: 'ask', completion: `<question>${question}</question>` },
    { prompt: question, completion: `${'1+1=2;'.repeat(6)}#2` },
  ]);
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const tuned = (measureBefore: boolean) => (recipe: Recipe) => ({
    ...recipe,
    sft: sftSchema.parse({ data: file, epochs: 1, batch: 8, measure_before: measureBefore }),
  });
  const mute = { challenger: ['no'], solver: ['#4'] };
  const [untuned, once, twice] = [
    await told(undefined, mute),
    await told(tuned(false), mute),
    await told(tuned(true), mute),
  ];
  rmSync(folder, { recursive: true });
  expect(untuned['solver'] ?? 0).toBe(0);
  expect(once['sft']).toBeGreaterThan(0);
  expect(once['solver']).toBeGreaterThan(0);
  expect(once['curriculum']).toBeGreaterThan(untuned['curriculum'] as number);
  expect(once['evaluation']).toBeGreaterThan(2 * (untuned['evaluation'] as number));
  // The mean of the one before, of short answers, and the one after.
  expect(twice['baseline']).toBeCloseTo(((untuned['baseline'] as number) + (once['baseline'] as number)) / 2, 6);
});
