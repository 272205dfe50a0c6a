/**
 * The decoder against transformers on every variant: a wrong transpose, head order, rotation, norm, bias or epsilon shows
 * here, far above the tolerance.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadModelFolder } from '../../main/model/folder.js';
import { readTensors } from '../../main/model/safetensors.js';
import { hiddenStates, logitsOf } from '../../main/model/transformer.js';

const MODELS = join(import.meta.dirname, 'models');
const before = tf.memory().numTensors;

describe('logits of transformers', () => {
  it.each(readdirSync(MODELS))('%s agrees to 1e-4', async (name) => {
    const { config, parameters } = await loadModelFolder(join(MODELS, name));
    const { tensors } = await readTensors(join(MODELS, name, 'logits.safetensors'));
    const tokens = tensors.get('tokens');
    const expected = tensors.get('logits');
    if (!tokens || !expected) throw new Error('The fixture lacks tokens or logits');

    const actual = tf.tidy(() => {
      const ids = tf.tensor2d(Int32Array.from(tokens.values), tokens.shape as [number, number], 'int32');
      const hidden = hiddenStates(config, parameters.tensors, ids); // (B, T, d)
      return logitsOf(config, parameters.tensors, tf.reshape(hidden, [-1, config.hiddenSize])).dataSync<'float32'>(); // (B·T, V)
    });

    expect(actual.length).toBe(expected.values.length);
    let worst = 0;
    for (let i = 0; i < actual.length; i++)
      worst = Math.max(worst, Math.abs((actual[i] as number) - (expected.values[i] as number)));
    expect(worst).toBeLessThanOrEqual(1e-4);
    parameters.dispose();
  });

  afterAll(() => expect(tf.memory().numTensors).toBe(before));
});
