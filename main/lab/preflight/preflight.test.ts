/** What is estimated before a run, held against the code that will run and against runs that were measured. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preflightSchema } from '../../../preload/contract/preflight.js';
import type { Recipe } from '../../../preload/contract/recipe.js';
import { temporaryDirectory, testRecipe } from '../../../test/support/store-fixtures.js';
import { loadRecipe } from '../../coevolution/recipe.js';
import { readHfConfig } from '../../model/hf-config.js';
import { adapterSpecs, withAdapters } from '../../model/lora.js';
import { parameterSpecs } from '../../model/parameters.js';
import { Database } from '../../store/database.js';
import type { PhaseTimes } from '../../store/phase-times.js';
import { read } from '../reader/reads.js';
import { createRun } from '../../store/runs.js';
import type { Lab } from '../lab.js';
import type { Card } from '../machine/gpu.js';
import { adapterFaults } from './adapters.js';
import { dataFaults } from './data.js';
import { diskParts } from './disk.js';
import { cardMemory } from './graphics-card.js';
import { loraSchema } from '../../../preload/contract/recipe-lora.js';
import { heldBytes, memoryParts, roleBytes } from './memory.js';
import { type ModelShape, readModelShape } from './model-shape.js';
import { preflight } from './preflight.js';
import { foretoldTime, timeEstimate } from './time.js';
import { whatWouldFit } from './what-would-fit.js';

const sum = (parts: readonly { bytes: number }[]): number => parts.reduce((all, { bytes }) => all + bytes, 0);
const HERE = { available: 16e9, usesHostMemory: true };
const GOLDEN = join(import.meta.dirname, '../../../test/golden/models');

describe('memory and disk', () => {
  // Would catch: adapters counted as whole models, the base once for each role, or bfloat16 as float32.
  it('counts adapters as the model does, and their base once', () => {
    const folder = join(import.meta.dirname, '../../../test/golden/models/llama');
    const base = readHfConfig('config.json', JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as never);
    const lora = loraSchema.parse({ rank: 2 });
    const numbers = (specs: readonly { shape: readonly number[] }[]): number =>
      specs.reduce((all, { shape }) => all + shape.reduce((a, b) => a * b, 1), 0);
    const [shape, own] = [readModelShape(folder), 4 * numbers(adapterSpecs(withAdapters(base, lora)))];
    const whole = 4 * numbers(parameterSpecs(base));
    expect(roleBytes(shape, { lora })).toBe(own);
    expect(heldBytes(shape, { roles: 'two', lora })).toBe(whole + 9 * own);
    const narrow = heldBytes(shape, { roles: 'one', lora: { ...lora, base_dtype: 'bfloat16' } });
    expect(narrow).toBe(whole / 2 + 8 * own);
    expect(heldBytes(shape, { roles: 'two', lora: null })).toBe(9 * whole);
  });

  // Would catch: a model family whose weights are counted wrongly, so that what does not fit is promised.
  it.each(['llama', 'llama-bias', 'qwen2-tied', 'qwen2-untied', 'qwen3-tied', 'qwen3-untied', 'qwen3-bias'])(
    'count the weights of %s as the model does',
    (name) => {
      const folder = join(GOLDEN, name);
      const file = join(folder, 'config.json');
      const config = readHfConfig(file, JSON.parse(readFileSync(file, 'utf8')) as Record<string, never>);
      const real = parameterSpecs(config).reduce((all, { shape }) => all + shape.reduce((a, b) => a * b, 1), 0);
      expect(readModelShape(folder).parameters).toBe(real);
    },
  );

  it('are near what a run of the nano recipe was measured to take', () => {
    const recipe = loadRecipe('nano');
    const shape = readModelShape(recipe.model);
    // The highest resident size of the engine, and what the run left on the disk.
    expect(sum(memoryParts(shape, recipe, HERE)) / 1.44e9).toBeCloseTo(1, 0.5);
    const disk = sum(diskParts(recipe, { weights: roleBytes(shape, recipe), vocabulary: shape.vocabSize }));
    expect(disk).toBeGreaterThan(9.7e6 + 13.4e6);
    expect(disk).toBeLessThan(4 * (9.7e6 + 13.4e6));
  });

  it('grow with what a recipe asks for', () => {
    const recipe = testRecipe();
    const shape = readModelShape('builtin:nano');
    const wide = testRecipe({
      solver: { ...recipe.solver, grpo: { ...recipe.solver.grpo, micro_batch_tokens: 65_536 } },
    });
    expect(sum(memoryParts(shape, wide, HERE))).toBeGreaterThan(sum(memoryParts(shape, recipe, HERE)));
  });

  /** A network of the size of SmolLM2-135M. */
  const smollm2: ModelShape = {
    ...{ vocabSize: 49_152, hiddenSize: 576, layers: 30, heads: 9, kvHeads: 3, headDim: 64, intermediateSize: 1536 },
    ...{ positions: 2048, parameters: 134_515_008 },
  };

  // Would catch: the copies of an update that is made in place.
  it('count what a wide model holds, and are no more where there is less', () => {
    const recipe = loadRecipe('smollm2-arithmetic');
    const weights = 4 * smollm2.parameters;
    expect(heldBytes(smollm2, { roles: 'two', lora: null })).toBe(6 * weights);
    expect(heldBytes(smollm2, { roles: 'one', lora: null })).toBe(5 * weights);
    const all = [32e9, 6e9, 4.5e9].map((available) =>
      sum(memoryParts(smollm2, recipe, { available, usesHostMemory: true })),
    );
    expect(all).toEqual([...all].sort((a, b) => b - a));
  });

  // Would catch: advice that does not help, or that is there already.
  it('name the change that would make a run fit', () => {
    const recipe = loadRecipe('smollm2-arithmetic');
    const place = (available: number) => ({ available, usesHostMemory: true });
    const needs = (change: Partial<Recipe>, available: number): number =>
      sum(memoryParts(smollm2, { ...recipe, ...change }, place(available)));
    const lora = loraSchema.parse({ rank: 16 });
    const enough = needs({ lora }, 2e9) + 1e8;
    expect(needs({}, enough)).toBeGreaterThan(enough);
    const advice = whatWouldFit(smollm2, recipe, place(enough));
    expect(advice).toMatch(/^With --set .*'lora=\{rank: 16\}' it would need .* and fit\.$/);
    const none = whatWouldFit(smollm2, recipe, place(1e8));
    expect(none).toMatch(/would need .* still: close other programs/);
    const adapted = { ...recipe, lora: loraSchema.parse({ rank: 16, base_dtype: 'bfloat16' }) };
    expect(whatWouldFit(smollm2, adapted, place(1e8))).not.toMatch(/lora/);
  });

  // Would catch: a recipe that promises a card it does not fit on.
  it.each([
    [
      'r-zero-qwen3-4b',
      { vocabSize: 151_936, hiddenSize: 2560, layers: 36, heads: 32, intermediateSize: 9728 },
      4.02e9,
    ],
    [
      'r-zero-qwen3-8b',
      { vocabSize: 151_936, hiddenSize: 4096, layers: 36, heads: 32, intermediateSize: 12_288 },
      8.19e9,
    ],
    ['octothinker-3b', { vocabSize: 128_256, hiddenSize: 3072, layers: 28, heads: 24, intermediateSize: 8192 }, 3.21e9],
    [
      'octothinker-8b',
      { vocabSize: 128_256, hiddenSize: 4096, layers: 32, heads: 32, intermediateSize: 14_336 },
      8.03e9,
    ],
  ])('of %s-lora fits one card of 24 GB, and of all weights does not', (name, network, parameters) => {
    const shape = { ...network, kvHeads: 8, headDim: 128, positions: 32_768, parameters };
    const card = { available: 24 * 2 ** 30, usesHostMemory: false };
    expect(sum(memoryParts(shape, loadRecipe(`${name}-lora`), card))).toBeLessThan(card.available);
    expect(heldBytes(shape, loadRecipe(name))).toBeGreaterThan(card.available);
  });

  it('say of a folder that is none what to give instead', () => {
    const place = temporaryDirectory();
    mkdirSync(join(place.path, 'odd'));
    writeFileSync(join(place.path, 'odd', 'config.json'), '{"model_type":"qwen3"}');
    mkdirSync(join(place.path, 'other'));
    writeFileSync(
      join(place.path, 'other', 'config.json'),
      '{"model_type":"gpt2","architectures":["GPT2LMHeadModel"]}',
    );
    expect(() => readModelShape(join(place.path, 'other'))).toThrow(/GPT2LMHeadModel.*is not supported/);
    expect(() => readModelShape(join(place.path, 'odd'))).toThrow(/does not tell the size/);
    expect(() => readModelShape('builtin:../../secret')).toThrow(/no built-in model/);
    expect(() => readModelShape(join(place.path, 'none'))).toThrow(/no model folder/);
    place.remove();
  });
});

describe('time', () => {
  const recipe = testRecipe();
  const seconds = { baseline: 10, challenger: 20, curriculum: 30, solver: 40, evaluation: 10 };
  const earlier = (change: Partial<PhaseTimes> = {}): PhaseTimes => ({
    ...{ run: 'r', name: 'before', recipe, backend: 'tensorflow', seconds },
    ...change,
  });

  // Would catch: an estimate out of thin air, from another backend, or from a run that never got through.
  it('is not estimated from nothing', () => {
    expect(timeEstimate(recipe, [], 'tensorflow')).toMatchObject({ seconds: null });
    expect(timeEstimate(recipe, [earlier({ backend: 'wasm' })], 'tensorflow').seconds).toBeNull();
    const halfway = earlier({ seconds: { baseline: 10, challenger: 20 } });
    expect(timeEstimate(recipe, [halfway], 'tensorflow').seconds).toBeNull();
  });

  // Would catch: what comes before the loop counted in every iteration, or an iteration counted once.
  it('adds up what was measured, phase by phase', () => {
    const phases = { sft: 7, baseline: 10, challenger: 20, curriculum: 30, solver: 40, evaluation: 10 };
    const foretold = { phases, tokens: { challenger: 50, solver: 91.6 }, backend: 'x', seconds: 31 };
    const told = foretoldTime(testRecipe({ iterations: 2 }), foretold);
    expect(told).toMatchObject({ iteration: 100, measured: true });
    expect(told.seconds).toEqual({
      likely: 217,
      low: expect.closeTo(151.9, 5) as number,
      high: expect.closeTo(282.1, 5) as number,
    });
    expect(told.source).toMatch(/in 31 s: questions of 50 tokens, answers of 92/);
  });

  it('scales the phases of earlier runs, and says which', () => {
    const same = timeEstimate(recipe, [earlier()], 'tensorflow');
    expect(same.seconds?.likely).toBeCloseTo(10 + recipe.iterations * 100);
    expect(same.source).toMatch(/before \(same model and shapes/);
    const longer = testRecipe({ solver: { ...recipe.solver, steps: 2 * recipe.solver.steps }, iterations: 1 });
    expect(timeEstimate(longer, [earlier()], null).seconds?.likely).toBeCloseTo(10 + 20 + 30 + 80 + 10);
    const runs = [100, 40, 70].map((solver, i) => earlier({ name: `run ${i}`, seconds: { ...seconds, solver } }));
    const spread = timeEstimate(testRecipe({ iterations: 1 }), runs, null);
    expect(spread).toEqual({
      seconds: { likely: 140, low: 110, high: 170 },
      iteration: 130,
      measured: false,
      source: expect.stringContaining('3 runs, the newest run 0') as string,
    });
    const wider = testRecipe({ curriculum: { ...recipe.curriculum, votes: 5 } });
    expect(timeEstimate(wider, [earlier()], null).source).toMatch(/rough/);
  });
});

describe('the memory of a graphics card', () => {
  const card = (index: number, name: string, free: number | null, more: Partial<Card> = {}): Card => ({
    ...{ index, uuid: `GPU-${String(index).repeat(8)}-0000`, name, free, total: free === null ? null : 2 * free },
    ...more,
  });
  const [old, fast] = [card(0, 'NVIDIA GeForce RTX 2080', 8e9), card(1, 'NVIDIA H200', 140e9)];
  const cuda = { backend: 'tensorflow', description: 'TensorFlow 2.9.1 on GPU, traced', visible: undefined };

  // Would catch: the card of another backend, one that CUDA is told not to see, and the emptiest card promised.
  it('is that of the card a backend takes', () => {
    const cards = [old, fast];
    expect(cardMemory({ ...cuda, cards: [fast] })).toEqual({ known: true, name: 'NVIDIA H200', free: 140e9 });
    expect(cardMemory({ ...cuda, cards })).toMatchObject({ name: `${old.name}, the fullest of 2`, free: 8e9 });
    for (const visible of ['1', ' 1 ,7', 'GPU-1111', '1,-1,0'])
      expect(cardMemory({ ...cuda, cards, visible })).toMatchObject({ name: 'NVIDIA H200' });
    const webgpu = { backend: 'webgpu', visible: '0' };
    expect(cardMemory({ ...webgpu, cards, description: 'WebGPU on NVIDIA H200 hopper' })).toMatchObject({
      free: 140e9,
    });
    expect(cardMemory({ ...webgpu, cards, description: 'WebGPU on nvidia turing' })).toMatchObject({ free: 8e9 });
  });

  it('is not known where nobody tells, and then said so', () => {
    for (const [question, why] of [
      [{ cards: null }, /missing here or fails/],
      [{ cards: [] }, /knows nothing/],
      [{ cards: [fast], visible: '' }, /knows nothing/],
      [{ cards: [fast], visible: 'MIG-1234' }, /knows nothing/],
      [{ cards: [fast, card(2, 'NVIDIA H200', null)] }, /does not tell/],
      [{ backend: 'webgpu', description: 'WebGPU on AMD Radeon', cards: [fast] }, /knows nothing/],
    ] as const) {
      const found = cardMemory({ ...cuda, ...question });
      expect(found).toMatchObject({ known: false, why: expect.stringMatching(why) as string });
    }
  });

  // Would catch: a model held against the memory of the machine instead, and times read beside the reading thread.
  it('is what the estimate is held against', async () => {
    const place = temporaryDirectory();
    const asked: unknown[] = [];
    const recipe = testRecipe();
    const look = (cards: Card[] | null, hostMemory = false) => {
      const found = { backend: 'tensorflow', description: cuda.description, hostMemory, lanes: 1, passedOver: [] };
      const lab = {
        dataDir: place.path,
        baseModel: ({ model }: { model: string }) => model,
        runs: () => [],
        rolloutsKey: () => Promise.resolve(null),
        ask: (name: string, input: unknown) => {
          asked.push([name, input]);
          return Promise.resolve([]);
        },
      } as unknown as Pick<Lab, 'ask' | 'baseModel' | 'dataDir' | 'rolloutsKey' | 'runs'>;
      const probe = { ask: () => Promise.resolve({ works: true as const, found }) };
      const foreteller = { known: () => null, measure: () => Promise.reject(new Error('nobody asked')) };
      const how = { probe, foreteller, cards: () => Promise.resolve(cards) };
      return preflight(lab, how, { recipe, backend: 'auto', runs: 1 });
    };
    const roomy = preflightSchema.parse(await look([fast]));
    expect(roomy).toMatchObject({ memory: { available: 140e9, card: 'NVIDIA H200' }, warnings: [], blockers: [] });
    expect(asked).toEqual([['runs.phaseTimes', { model: recipe.model, domain: recipe.domain }]]);
    const tight = await look([card(0, 'NVIDIA H200', 100e6)]);
    expect(tight.warnings.join()).toMatch(/may need .* of memory, 100 MB is free on NVIDIA H200/);
    const tiny = await look([card(0, 'NVIDIA H200', 1e6)]);
    expect(tiny.blockers.join()).toMatch(/weights alone need .* 1 MB is free on NVIDIA H200/);
    const unknown = await look(null);
    expect(unknown.memory).toMatchObject({ available: null, card: 'the graphics card' });
    expect(unknown.warnings.join()).toMatch(/is not known: nvidia-smi.* may need .* of it/);
    expect((await look([fast], true)).memory).toMatchObject({ card: null });
    place.remove();
  });
});

describe('adapters', () => {
  const shape = readModelShape(join(GOLDEN, 'llama'));
  const faults = (lora: object | null, backend: string | null = 'tensorflow'): string[] =>
    adapterFaults({ lora: lora && loraSchema.parse(lora) }, { shape, backend });

  // Would catch: a run that is promised to work and fails when it begins, half an hour later in a queue.
  it('are held against the model and the backend', () => {
    expect(faults(null)).toEqual([]);
    expect(faults({ rank: 4, base_dtype: 'bfloat16', dropout: 0.1 })).toEqual([]);
    expect(faults({ rank: 1000 }).join()).toMatch(
      /rank 1000 does not fit q_proj, whose smaller side is \d+.*lora.rank/,
    );
    const elsewhere = faults({ rank: 4, base_dtype: 'bfloat16', dropout: 0.1 }, 'webgpu');
    expect(elsewhere).toHaveLength(2);
    expect(elsewhere.join()).toMatch(/bfloat16 need TensorFlow; this computes on webgpu.*Dropout needs TensorFlow/);
    expect(faults({ rank: 4, dropout: 0.1 }, null)).toEqual([]);
  });
});

describe('data to fine-tune on', () => {
  // Would catch: a new run promised to work that fails when it reads its data; or a mended file that is still refused.
  it('is read before the run is made, and again when it has changed', async () => {
    const place = temporaryDirectory();
    const file = join(place.path, 'data.csv');
    const faults = () => dataFaults(loadRecipe('nano', { set: [`sft.data=${file}`] }));
    expect((await faults()).join()).toMatch(/There is no data set or file called/);
    writeFileSync(file, 'a,b\n1,2\n');
    expect((await faults()).join()).toMatch(/has the columns "a", "b": no prompt with a completion/);
    const named = loadRecipe('nano', {
      set: [`sft.data=${file}`, 'sft.prompt_column=a', 'sft.completion_column=b'],
    });
    expect((await dataFaults(named)).join()).toMatch(/has one row only/);
    writeFileSync(file, 'prompt,completion\none,two\nthree,four\n');
    expect(await faults()).toEqual([]);
    expect(await dataFaults(testRecipe())).toEqual([]);
    place.remove();
  });
});

describe('the record of phases', () => {
  const place = temporaryDirectory();
  let db: Database;
  beforeEach(() => void (db = Database.open(place.path)));
  afterEach(() => {
    db.close();
    place.remove();
  });

  it('gives the mean of each phase of runs with this model only', () => {
    const mine = createRun(db, { recipe: testRecipe(), name: 'mine' });
    const other = createRun(db, { recipe: testRecipe({ model: '/other' }), name: 'other' });
    for (const { number } of [mine, other])
      for (const [iteration, seconds] of [
        [1, 10],
        [2, 20],
      ])
        db.run(
          "INSERT INTO timings (run, iteration, phase, step, name, seq, seconds) VALUES (?, ?, 'solver', -1, 'phase', 1, ?)",
          ...[number, iteration, seconds],
        );
    db.run('UPDATE runs SET seq = 1, versions = \'{"backend":"wasm"}\'');
    expect(read(db, 'runs.phaseTimes', testRecipe())).toMatchObject([
      { name: 'mine', backend: 'wasm', seconds: { solver: 15 } },
    ]);
  });
});
