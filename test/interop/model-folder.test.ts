/**
 * What we save, Python's transformers loads: same logits, same tokens. Runs where RZERO_PYTHON names an interpreter with
 * torch and transformers; RZERO_PYTHONPATH may put another version of transformers (4) before its own.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModelFolder, saveModelFolder } from '../../main/model/folder.js';
import type { LanguageModel } from '../../main/model/language-model.js';
import { hiddenStates, logitsOf } from '../../main/model/transformer.js';
import { freshModel } from '../support/fresh-model.js';

const PYTHON = process.env.RZERO_PYTHON;
const GOLDEN = join(import.meta.dirname, '../golden');
const TEXTS = [
  '3+8-5',
  '<question>3+8</question>',
  'Héllo  wörld\n\n我 😀 12345',
  '<|im_start|>user\nhi<|im_end|>',
  '',
];

interface Answer {
  readonly ids: number[][];
  readonly decoded: string[];
  readonly logits: number[];
  readonly eos: number | number[];
}

/** One interpreter for all folders: importing torch takes longer than all the rest. */
function askPython(folders: Readonly<Record<string, readonly number[]>>): {
  version: string;
  answers: Record<string, Answer>;
} {
  const env = { ...process.env, ...(process.env.RZERO_PYTHONPATH ? { PYTHONPATH: process.env.RZERO_PYTHONPATH } : {}) };
  const out = execFileSync(PYTHON as string, [join(import.meta.dirname, 'check_folder.py')], {
    input: JSON.stringify({ folders, texts: TEXTS }),
    env: { ...env, HF_HUB_OFFLINE: '1' },
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return JSON.parse(out.toString()) as { version: string; answers: Record<string, Answer> };
}

function ourLogits({ config, parameters }: LanguageModel, tokens: readonly number[]): Float32Array {
  return tf.tidy(() => {
    const hidden = hiddenStates(config, parameters.tensors, tf.tensor2d([[...tokens]], undefined, 'int32'));
    return logitsOf(config, parameters.tensors, tf.reshape(hidden, [-1, config.hiddenSize])).dataSync<'float32'>();
  });
}

const tokensFor = (model: LanguageModel): number[] =>
  Array.from({ length: 60 }, (_, i) => (i * 7 + 3) % model.config.vocabSize);

describe.skipIf(!PYTHON)('folders for transformers (skipped where RZERO_PYTHON is not set)', () => {
  const root = mkdtempSync(join(tmpdir(), 'rzero-interop-'));
  const names = [...readdirSync(join(GOLDEN, 'models')), 'nano', 'fresh'];
  const models = new Map<string, LanguageModel>();
  let answers: Record<string, Answer> = {};

  beforeAll(async () => {
    for (const name of names) {
      const source =
        name === 'nano' ? join(import.meta.dirname, '../../resources/models/nano') : join(GOLDEN, 'models', name);
      const model = name === 'fresh' ? freshModel() : await loadModelFolder(source);
      models.set(name, model);
      await saveModelFolder(join(root, name), model);
    }
    const request = [...models].map(([name, model]) => [join(root, name), tokensFor(model)] as const);
    answers = askPython(Object.fromEntries(request)).answers;
  });

  afterAll(() => {
    for (const model of models.values()) model.parameters.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(names)('%s: same logits and tokens', (name) => {
    const model = models.get(name) as LanguageModel;
    const python = answers[join(root, name)] as Answer;

    const ours = ourLogits(model, tokensFor(model));
    expect(python.logits).toHaveLength(ours.length);
    const worst = python.logits.reduce((max, value, i) => Math.max(max, Math.abs(value - (ours[i] as number))), 0);
    expect(worst).toBeLessThanOrEqual(1e-4);
    expect(python.ids).toEqual(TEXTS.map((text) => model.tokenizer.encode(text)));
    expect(python.decoded).toEqual(python.ids.map((ids) => model.tokenizer.decode(ids, { skipSpecial: true })));
    expect([python.eos].flat()).toEqual(model.generation.eosTokenIds);
  });
});
