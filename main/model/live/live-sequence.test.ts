import * as tf from '@tensorflow/tfjs-core';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Compute } from '../../compute/compute.js';
import { openCompute } from '../../compute/open.js';
import { eagerCompute } from '../../../test/support/eager-compute.js';
import { freshModel } from '../../../test/support/fresh-model.js';
import { loadModelFolder } from '../folder.js';
import type { LanguageModel } from '../language-model.js';
import { hiddenStates, logitsOf } from '../transformer.js';
import { LiveSequence } from './live-sequence.js';

const NANO = join(import.meta.dirname, '../../../resources/models/nano');

/** The logits of every position, (T, V), by the transformer over the whole text. */
function truth({ config, parameters }: LanguageModel, tokens: readonly number[]): Float32Array {
  return tf.tidy(() => {
    const hidden = hiddenStates(config, parameters.tensors, tf.tensor2d([[...tokens]], undefined, 'int32'));
    return logitsOf(config, parameters.tensors, tf.reshape(hidden, [-1, config.hiddenSize])).dataSync<'float32'>();
  });
}

async function read(live: LiveSequence, tokens: readonly number[], from: number): Promise<Map<number, Float32Array>> {
  const told = new Map<number, Float32Array>();
  await live.read(tokens, { from, onLogits: (position, logits) => void told.set(position, logits.slice()) });
  return told;
}

function worst(model: LanguageModel, tokens: readonly number[], told: ReadonlyMap<number, Float32Array>): number {
  const whole = truth(model, tokens);
  const V = model.config.vocabSize;
  let most = 0;
  for (const [position, logits] of told) {
    logits.forEach((value, id) => (most = Math.max(most, Math.abs(value - (whole[position * V + id] as number)))));
  }
  return most;
}

const tokensOf = (model: LanguageModel, length: number, step = 7): number[] =>
  Array.from({ length }, (_, i) => (i * step + 3) % model.config.vocabSize);

describe('a sequence that is read on', () => {
  let compute: Compute;
  let model: LanguageModel;
  beforeAll(async () => {
    compute = await openCompute('auto');
    model = freshModel();
  });
  afterAll(() => model.parameters.dispose());

  it('would catch a key in the wrong column, a wrong rotation or mask, and logits of padding', async () => {
    for (const which of [compute, eagerCompute()]) {
      const live = new LiveSequence(which, model.config, model.parameters);
      const tokens = tokensOf(model, 45);
      const told = await read(live, tokens, 0);
      expect([...told.keys()]).toEqual(tokens.map((_, i) => i));
      expect(worst(model, tokens, told)).toBeLessThan(1e-4);
      live.dispose();
    }
  });

  it('would catch what was read before being forgotten, or not forgotten where the text has another end', async () => {
    const live = new LiveSequence(compute, model.config, model.parameters);
    const trunk = tokensOf(model, 40);
    await read(live, trunk, 39);
    const longer = [...trunk, ...tokensOf(model, 9, 11)];
    expect(live.kept(longer)).toBe(40);
    expect(worst(model, longer, await read(live, longer, 41))).toBeLessThan(1e-4);
    // Another end after 20 tokens, shorter than what is held.
    const branch = [...trunk.slice(0, 20), ...tokensOf(model, 5, 13)];
    expect(live.kept(branch)).toBe(20);
    expect(worst(model, branch, await read(live, branch, 22))).toBeLessThan(1e-4);
    // The same text again: its last token is read once more, for its logits.
    expect(live.kept(branch)).toBe(24);
    expect(worst(model, branch, await read(live, branch, 24))).toBeLessThan(1e-4);
    live.dispose();
  });

  it('would catch a cache that is torn when it grows, with the real weights of a model', async () => {
    const nano = await loadModelFolder(NANO);
    const tokens = tokensOf(nano, Math.min(300, nano.config.maxPositions));
    const grow = async (): Promise<Map<number, Float32Array>> => {
      const live = new LiveSequence(compute, nano.config, nano.parameters);
      await read(live, tokens.slice(0, 100), 99);
      const told = await read(live, tokens, tokens.length - 3);
      live.dispose();
      return told;
    };
    expect(worst(nano, tokens, await grow())).toBeLessThan(1e-3);
    const before = tf.memory().numDataBuffers;
    await grow();
    // Nothing but the weights is left.
    expect(tf.memory().numDataBuffers).toBe(before);
    nano.parameters.dispose();
  });

  it('would catch a text that is too long, empty, or of another vocabulary being read all the same', async () => {
    const live = new LiveSequence(compute, model.config, model.parameters);
    const long = tokensOf(model, model.config.maxPositions + 1);
    await expect(read(live, long, 0)).rejects.toThrow(`the model reads ${model.config.maxPositions}`);
    await expect(read(live, [], 0)).rejects.toThrow('no tokens');
    await expect(read(live, [model.config.vocabSize], 0)).rejects.toThrow('the vocabulary ends at');
    const stop = AbortSignal.abort(new Error('enough'));
    await expect(live.read([1, 2], { from: 1, onLogits: () => undefined, signal: stop })).rejects.toThrow('enough');
  });
});
