/**
 * Supervised fine-tuning against TRL's SFTTrainer and against PyTorch alone: the same rows become the same tokens and labels, and lead
 * from the same weights to the same losses and weights, with one sequence to a line and with several. Runs where RZERO_PYTHON
 * names an interpreter with trl.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domainNamed } from '../../main/coevolution/named-domain.js';
import { examplesOf } from '../../main/coevolution/sft/examples.js';
import { openCompute } from '../../main/compute/open.js';
import { sequenceOf } from '../../main/engine/sft-tokens.js';
import { packageRoot } from '../../main/lib/package-root.js';
import { loadModelFolder, saveModelFolder } from '../../main/model/folder.js';
import type { LanguageModel } from '../../main/model/language-model.js';
import type { Parameters } from '../../main/model/parameters.js';
import { readParameters } from '../../main/model/weights.js';
import { tableOf } from '../../main/tables/table.js';
import { AdamW } from '../../main/training/adamw-optimiser.js';
import type { TokenSample } from '../../main/training/batches.js';
import { SftTrainer } from '../../main/training/sft.js';
import { optimiserSchema } from '../../preload/contract/recipe-parts.js';
import { freshModel } from '../support/fresh-model.js';
import { hostValues, relativeError } from '../support/grpo-fixtures.js';
import { CHATML, CHATS, TEXTS } from './sft-rows.js';

const PYTHON = process.env.RZERO_PYTHON;
const [BATCH, STEPS] = [12, 3];
const OTHER = [
  { role: 'user', content: 'done' },
  { role: 'assistant', content: 'asked' },
];
const optimiser = optimiserSchema.parse({ learning_rate: 1e-3, betas: [0.9, 0.98], weight_decay: 0.1, clip_norm: 0.5 });

interface Figures {
  readonly loss: number;
  readonly gradientNorm: number;
}
interface Theirs {
  readonly learnt: readonly { readonly ids: readonly number[]; readonly labels: readonly number[] }[];
  readonly trl: readonly Figures[];
  readonly torch: readonly Figures[];
}

function ask<T>(script: string, args: readonly string[], input: unknown): T {
  const out = execFileSync(PYTHON as string, [join(import.meta.dirname, script), ...args], {
    input: JSON.stringify(input),
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return JSON.parse(out.toString().trim().split('\n').at(-1) as string) as T;
}

function tokensOf(model: LanguageModel, rows: readonly Readonly<Record<string, unknown>>[]): TokenSample[] {
  const table = tableOf(
    'rows.jsonl',
    rows.map((cells, i) => ({ where: `rows.jsonl, line ${i + 1}`, cells })),
  );
  const task = domainNamed('chains');
  const wish = { format: 'auto', prompt_column: null, completion_column: null } as const;
  return examplesOf(table, wish, task).map((example) => sequenceOf(model, example));
}

describe.skipIf(!PYTHON)('supervised fine-tuning (skipped where RZERO_PYTHON is not set)', () => {
  const root = mkdtempSync(join(tmpdir(), 'rzero-sft-'));
  const chatFolder = join(root, 'chat');
  beforeAll(async () => {
    await openCompute('auto');
    const model = freshModel(CHATML);
    await saveModelFolder(chatFolder, model);
    model.parameters.dispose();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const cases = [
    { name: 'text', folder: join(packageRoot(), 'resources/models/nano'), rows: TEXTS },
    {
      name: 'chats',
      folder: chatFolder,
      rows: CHATS.map((turns) => ({ prompt: turns.slice(0, -1), completion: turns.slice(-1) })),
    },
  ];
  describe.each(cases)('of $name', ({ name, folder, rows }) => {
    const out = join(root, `${name}-out`);
    let theirs: Theirs;
    let samples: TokenSample[];
    beforeAll(async () => {
      theirs = ask('sft_steps.py', [], { model: folder, out, rows, batch: BATCH, parts: 3, optimiser });
      const model = await loadModelFolder(folder);
      samples = tokensOf(model, rows);
      model.parameters.dispose();
    });

    // Would catch: a prompt that is learnt, an end token that is missing or there twice, a template rendered otherwise.
    it('has the tokens and labels of TRL', () => {
      expect(samples.map(({ prompt, completion }) => [...prompt, ...completion])).toEqual(
        theirs.learnt.map(({ ids }) => ids),
      );
      expect(samples.map(({ prompt, completion }) => [...prompt.map(() => -100), ...completion])).toEqual(
        theirs.learnt.map(({ labels }) => labels),
      );
      expect(new Set(samples.map(({ completion }) => completion.length)).size).toBeGreaterThan(5);
    });

    // Would catch: a mean per row or micro-batch, tokens that see their neighbours in a line, another clipping, decay or correction
    // of AdamW. TRL cuts a step into micro-batches of unequal token counts, too.
    it.each([
      { lines: 'a sequence to a line', packInto: null },
      { lines: 'several to a line', packInto: 128 },
    ])('comes to the same losses, norms and weights, $lines', async ({ packInto }) => {
      const compute = await openCompute('auto');
      const { config, parameters } = await loadModelFolder(folder);
      const adamw = new AdamW({ compute, parameters, recipe: optimiser });
      const options = { compute, config, parameters, optimiser: adamw, clipNorm: optimiser.clip_norm, packInto };
      const trainer = new SftTrainer({ ...options, microBatchTokens: 512 });
      const start = await hostValues(parameters.tensors);
      for (let step = 0; step < STEPS; step++) {
        const batch = samples.slice(step * BATCH, (step + 1) * BATCH);
        const ours = await trainer.step(batch, optimiser.learning_rate);
        if (packInto !== null) expect(ours.padded / packInto).toBeLessThan(BATCH);
        for (const { loss, gradientNorm } of [theirs.trl[step] as Figures, theirs.torch[step] as Figures]) {
          expect(Math.abs(ours.loss / loss - 1)).toBeLessThan(1e-4);
          expect(Math.abs(ours.gradientNorm / gradientNorm - 1)).toBeLessThan(1e-4);
        }
        for (const peer of [`torch-${step + 1}`, ...(step === STEPS - 1 ? ['trl'] : [])]) {
          const expected = await readParameters(join(out, peer, 'model.safetensors'), config);
          await expectSame(parameters, expected, start);
          expected.dispose();
        }
      }
      adamw.dispose();
      parameters.dispose();
    });
  });

  // Would catch: an answer in the midst of a chat that is not learnt, and one that is learnt behind another past than its own.
  it("of a chat's every answer has the tokens that transformers calls the assistant's", async () => {
    const model = await loadModelFolder(chatFolder);
    const expected = ask<{ ids: number[]; mask: number[] }[]>('chat_tokens.py', [chatFolder], CHATS);
    const ends = model.config.eosTokenIds;
    CHATS.forEach((messages, i) => {
      const { ids, mask } = expected[i] as (typeof expected)[number];
      // A row of its own beside it, since rows that are all the same are refused.
      const samples = tokensOf(model, [{ messages }, { messages: OTHER }]).slice(0, -1);
      const found = ids.map(() => 0);
      for (const { prompt, completion } of samples) {
        const whole = [...prompt, ...completion];
        expect(whole).toEqual(ids.slice(0, whole.length));
        // Up to the end token: the line break that the template puts behind it is learnt here, as by TRL of a prompt and completion.
        found.fill(1, prompt.length, prompt.length + completion.findLastIndex((token) => ends.includes(token)) + 1);
      }
      expect(found).toEqual(mask);
    });
    model.parameters.dispose();
  });
});

/**
 * Weights as near as float32 brings them. How they moved is held apart, since a step moves them by a hundredth of themselves at most: there
 * AdamW divides gradients that are nearly nothing by themselves, and with them their rounding.
 */
async function expectSame(found: Parameters, expected: Parameters, start: readonly number[][]): Promise<void> {
  const [ours, theirs] = [await hostValues(found.tensors), await hostValues(expected.tensors)];
  ours.forEach((values, i) => {
    const name = found.specs[i]?.name;
    const wanted = theirs[i] as number[];
    const moved = (to: readonly number[]): number[] => to.map((value, j) => value - (start[i]?.[j] as number));
    expect(relativeError(values, wanted), name).toBeLessThan(1e-4);
    expect(relativeError(moved(values), moved(wanted)), name).toBeLessThan(1e-2);
  });
}
