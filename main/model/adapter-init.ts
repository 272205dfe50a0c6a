/**
 * A new adapter, as PEFT makes one: A is uniform within ±1/√inputs (Kaiming with a = √5), B is 0, so that the network
 * computes what its base computes. What is drawn depends on the key and the tensor's name alone.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RandomKey } from '../lib/random.js';
import type { ModelConfig } from './config.js';
import { adapterSpecs } from './lora.js';
import { Parameters } from './parameters.js';

export function newAdapter(c: ModelConfig, key: RandomKey): Parameters {
  const specs = adapterSpecs(c);
  const tensors = specs.map(({ name, shape }) => {
    if (name.endsWith('.loraB')) return tf.zeros([...shape]);
    const [inputs, rank] = shape as [number, number];
    const bound = 1 / Math.sqrt(inputs);
    const stream = key.child(name).stream();
    const values = Float32Array.from({ length: inputs * rank }, () => bound * (2 * stream.uniform() - 1));
    return tf.tensor2d(values, [inputs, rank]);
  });
  return new Parameters(specs, tensors);
}
