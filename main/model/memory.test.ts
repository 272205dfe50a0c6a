/** In a file, and so a process, of its own: the peak of memory is measured. */
import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from './config.js';
import { weightBytes } from './folder.js';
import { placements } from './hf-names.js';
import { availableMemory } from '../lib/available-memory.js';
import { requireMemory } from './memory.js';
import { writeTensors } from './safetensors.js';
import { readParameters } from './weights.js';

const root = mkdtempSync(join(tmpdir(), 'rzero-memory-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const CONFIG: ModelConfig = {
  family: 'llama',
  vocabSize: 8192,
  hiddenSize: 1024,
  layers: 3,
  heads: 8,
  kvHeads: 2,
  headDim: 128,
  intermediateSize: 4096,
  ropeTheta: 1e4,
  ropeScaling: null,
  rmsNormEpsilon: 1e-6,
  tieWordEmbeddings: true,
  qkvBias: false,
  oBias: false,
  mlpBias: false,
  qkNorm: false,
  maxPositions: 512,
  bosTokenId: null,
  eosTokenIds: [],
  padTokenId: null,
  lora: null,
};
const MIB = 2 ** 20;

describe('memory', () => {
  // Catches a reader that holds a whole file, or a second copy of the weights: twice the weights would fail.
  it('taken by reading is the weights and at most one tensor more', async () => {
    const path = join(root, 'model.safetensors');
    // One buffer, as large as the largest tensor, serves them all: writing must not raise the peak that reading is held to.
    const zeros = new Float32Array(8192 * 1024);
    const parts = placements(CONFIG).flatMap((placement) => placement.parts);
    await writeTensors(
      path,
      parts.map(({ name, shape }) => ({
        name,
        shape,
        values: () =>
          zeros.subarray(
            0,
            shape.reduce((a, b) => a * b, 1),
          ),
      })),
    );
    const before = process.memoryUsage.rss();
    const parameters = await readParameters(path, CONFIG);
    const peak = process.resourceUsage().maxRSS * 1024 - before;
    const weights = weightBytes(CONFIG);
    const largest = 8192 * 1024 * 4;
    expect(weights).toBeGreaterThan(200 * MIB);
    expect(peak).toBeGreaterThan(weights / 2);
    expect(peak).toBeLessThan(weights + largest + 64 * MIB);
    parameters.dispose();
  });

  it('available is a sensible number, and its lack is said in figures', () => {
    expect(availableMemory()).toBeGreaterThan(100 * MIB);
    expect(() => requireMemory('X', 2 ** 40)).toThrow(/^X needs 1024\.0 GiB of memory; .* is available\.$/);
    expect(() => requireMemory('X', 1)).not.toThrow();
  });
});
