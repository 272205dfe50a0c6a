/** Small networks with adapters: of all matrices or of some, both factors far from 0. */
import * as tf from '@tensorflow/tfjs-core';
import type { Compute } from '../../main/compute/compute.js';
import { RandomKey } from '../../main/lib/random.js';
import type { ModelConfig } from '../../main/model/config.js';
import { adapterSpecs, LORA_TARGETS, type LoraShape } from '../../main/model/lora.js';
import { Parameters } from '../../main/model/parameters.js';
import { BlockSteps } from '../../main/training/block-steps.js';
import type { TrainingSteps } from '../../main/training/steps.js';

export const ADAPTERS: Readonly<Record<string, LoraShape>> = {
  'all matrices': { rank: 3, alpha: 6, dropout: 0, targets: LORA_TARGETS },
  'queries and values': { rank: 2, alpha: 1, dropout: 0, targets: ['q_proj', 'v_proj'] },
  'outputs alone': { rank: 4, alpha: 4, dropout: 0, targets: ['o_proj', 'up_proj'] },
};

export function randomAdapter(c: ModelConfig, seed: number): Parameters {
  const specs = adapterSpecs(c);
  const tensors = specs.map((spec) => {
    const stream = RandomKey.of(seed, spec.name).stream();
    const [rows, columns] = spec.shape as [number, number];
    const values = Float32Array.from({ length: rows * columns }, () => 0.5 * rows ** -0.5 * stream.normal());
    return tf.tensor2d(values, [rows, columns]);
  });
  return new Parameters(specs, tensors);
}

/** The steps of wide models, which tests of small ones would not meet. */
export function blockSteps(compute: Compute, config: ModelConfig): TrainingSteps {
  return new BlockSteps(compute, config, { tokens: 4096, kept: 'products' });
}
