/**
 * Adapters in Python's peft and here: ours on their base and merged into it, one that peft made, and the gradients of one
 * step. Runs where RZERO_PYTHON names an interpreter with peft; RZERO_REAL_MODEL may name a further model folder.
 */
import * as tf from '@tensorflow/tfjs-core';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { optimiserSchema } from '../../preload/contract/recipe-parts.js';
import type { Compute } from '../../main/compute/compute.js';
import { openCompute } from '../../main/compute/open.js';
import { loadAdapterFolder, saveAdapterFolder } from '../../main/model/adapter-folder.js';
import { loadModelFolder, saveModelFolder } from '../../main/model/folder.js';
import type { LanguageModel } from '../../main/model/language-model.js';
import { LORA_TARGETS, withAdapters } from '../../main/model/lora.js';
import { merged } from '../../main/model/lora-merge.js';
import { joined, type Parameters } from '../../main/model/parameters.js';
import type { ModelConfig } from '../../main/model/config.js';
import { hiddenStates, logitsOf } from '../../main/model/transformer.js';
import { AdamW } from '../../main/training/adamw-optimiser.js';
import { SftTrainer } from '../../main/training/sft.js';
import { hostValues, relativeError } from '../support/grpo-fixtures.js';
import { randomAdapter } from '../support/lora-fixtures.js';

const PYTHON = process.env.RZERO_PYTHON;
const REAL = process.env.RZERO_REAL_MODEL;
const GOLDEN = join(import.meta.dirname, '../golden/models');
const FOLDERS = [
  ...['llama', 'llama-bias', 'qwen3-tied', 'qwen2-tied'].map((name) => join(GOLDEN, name)),
  ...(REAL ? [REAL] : []),
];

interface Answer {
  readonly adapter: number[];
  readonly merged: number[];
  readonly made: number[];
  readonly loss: number;
  readonly gradients: Record<string, number[]>;
}

interface Case {
  readonly model: LanguageModel;
  readonly config: ModelConfig;
  readonly adapter: Parameters;
  readonly folder: string;
  readonly tokens: number[];
}

function logits(config: ModelConfig, tensors: readonly tf.Tensor[], tokens: readonly number[]): number[] {
  return tf.tidy(() => {
    const hidden = hiddenStates(config, tensors, tf.tensor2d([[...tokens]], undefined, 'int32'));
    return Array.from(logitsOf(config, tensors, tf.reshape(hidden, [-1, config.hiddenSize])).dataSync());
  });
}

const worst = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);

describe.skipIf(!PYTHON)('adapters of peft (skipped where RZERO_PYTHON is not set)', () => {
  const root = mkdtempSync(join(tmpdir(), 'rzero-peft-'));
  const cases = new Map<string, Case>();
  let answers = new Map<string, Answer>();
  let compute: Compute;

  beforeAll(async () => {
    compute = await openCompute('auto');
    for (const base of FOLDERS) {
      const name = basename(base);
      const model = await loadModelFolder(base);
      const config = withAdapters(model.config, { rank: 4, alpha: 8, dropout: 0, targets: LORA_TARGETS });
      const adapter = randomAdapter(config, 3);
      const folder = join(root, name);
      mkdirSync(folder);
      const { lora } = config as { lora: NonNullable<ModelConfig['lora']> };
      await saveAdapterFolder(join(folder, 'adapter'), { lora, adapter, base, card: '' });
      const whole = merged(config, model.parameters, adapter);
      await saveModelFolder(join(folder, 'merged'), { ...model, parameters: whole });
      whole.dispose();
      const tokens = Array.from({ length: 24 }, (_, i) => (i * 7 + 3) % config.vocabSize);
      cases.set(name, { model, config, adapter, folder, tokens });
    }
    const asked = [...cases.values()].map(({ folder, tokens }, i) => ({
      ...{ base: FOLDERS[i], adapter: join(folder, 'adapter'), merged: join(folder, 'merged') },
      ...{ made: join(folder, 'made'), tokens, targets: ['v_proj', 'q_proj', 'down_proj'] },
    }));
    const out = execFileSync(PYTHON as string, [join(import.meta.dirname, 'lora_peft.py')], {
      input: JSON.stringify({ cases: asked }),
      env: { ...process.env, HF_HUB_OFFLINE: '1' },
      maxBuffer: 1 << 30,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const found = JSON.parse(out.toString()) as Answer[];
    answers = new Map([...cases.keys()].map((name, i) => [name, found[i] as Answer]));
  }, 600_000);

  afterAll(() => {
    for (const { model, adapter } of cases.values()) [model.parameters, adapter].forEach((owner) => owner.dispose());
    rmSync(root, { recursive: true, force: true });
  });

  const names = FOLDERS.map((folder) => basename(folder));
  const of = (name: string): Case & { answer: Answer } => ({
    ...(cases.get(name) as Case),
    answer: answers.get(name) as Answer,
  });

  // Catches a transposed factor, a wrong name or scale in the folder, and a merge that peft would do otherwise.
  it.each(names)('%s: our adapter and our merged model give our logits', (name) => {
    const { model, config, adapter, tokens, answer } = of(name);
    const ours = logits(config, joined(model.parameters, adapter).tensors, tokens);
    expect(worst(ours, answer.adapter)).toBeLessThan(1e-3);
    expect(worst(ours, answer.merged)).toBeLessThan(1e-3);
    expect(worst(ours, logits(model.config, model.parameters.tensors, tokens))).toBeGreaterThan(1e-2);
  });

  // Catches a config of peft's that is read wrongly, rsLoRA's scale among it.
  it.each(names)('%s: an adapter that peft made gives its logits', async (name) => {
    const { model, folder, tokens, answer } = of(name);
    const { config, adapter } = await loadAdapterFolder(join(folder, 'made'), model.config);
    expect(worst(logits(config, joined(model.parameters, adapter).tensors, tokens), answer.made)).toBeLessThan(1e-3);
    adapter.dispose();
  });

  // Catches a backward pass through adapters that torch would not make.
  it.each(names)('%s: loss and gradients of a step are those of torch', async (name) => {
    const { model, config, adapter, tokens, answer } = of(name);
    const own = adapter.clone();
    const recipe = optimiserSchema.parse({ learning_rate: 1e-9, betas: [0, 0.999], weight_decay: 0 });
    const optimiser = new AdamW({ compute, parameters: own, recipe });
    const trainer = new SftTrainer({
      ...{
        compute,
        config,
        frozen: model.parameters,
        parameters: own,
        optimiser,
        clipNorm: 1e9,
        microBatchTokens: 4096,
      },
    });
    const { loss } = await trainer.step([{ prompt: tokens.slice(0, 1), completion: tokens.slice(1) }], 1e-9);
    expect(Math.abs(loss - answer.loss) / answer.loss).toBeLessThan(1e-5);
    // With the first beta 0, the first moments are the gradients.
    const gradients = await hostValues(optimiser.current().first.tensors.map((g) => tf.transpose(g)));
    // Float32 on both sides, and thirty layers in a real model.
    const bound = config.layers > 8 ? 1e-4 : 2e-5;
    own.specs.forEach((spec, i) => {
      const [, layer, target, factor] = /^layers\.(\d+)\.(\w+)\.lora([AB])$/.exec(spec.name) as unknown as string[];
      const key = Object.keys(answer.gradients).find((known) =>
        new RegExp(`layers\\.${layer}\\.\\w+\\.${target}\\.lora_${factor}\\.weight$`).test(known),
      );
      expect(
        relativeError(gradients[i] as number[], answer.gradients[key as string] as number[]),
        spec.name,
      ).toBeLessThan(bound);
    });
    optimiser.dispose();
    own.dispose();
  });
});
