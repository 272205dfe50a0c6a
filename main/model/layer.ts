/** The weights of one block by name, picked from the flat parameter list that travels through compiled steps. */
import type * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from './config.js';
import { layerParameters } from './parameters.js';

export interface LayerWeights {
  readonly inputNorm: tf.Tensor1D; // (d)
  readonly qkv: tf.Tensor2D; // (d, (H + 2K)·D)
  readonly qkvBias?: tf.Tensor1D;
  readonly qNorm?: tf.Tensor1D; // (D)
  readonly kNorm?: tf.Tensor1D; // (D)
  readonly o: tf.Tensor2D; // (H·D, d)
  readonly oBias?: tf.Tensor1D;
  readonly postNorm: tf.Tensor1D; // (d)
  readonly gateUp: tf.Tensor2D; // (d, 2F)
  readonly gateUpBias?: tf.Tensor1D;
  readonly down: tf.Tensor2D; // (F, d)
  readonly downBias?: tf.Tensor1D;
}

/** The tensors of layer `index` within all parameters, in the order of `layerParameters`. */
export function layerTensors(c: ModelConfig, parameters: readonly tf.Tensor[], index: number): readonly tf.Tensor[] {
  const count = layerParameters(c).length;
  return parameters.slice(1 + index * count, 1 + (index + 1) * count);
}

/** The same tensors by name. */
export function layerWeights(c: ModelConfig, tensors: readonly tf.Tensor[]): LayerWeights {
  return Object.fromEntries(layerParameters(c).map((spec, i) => [spec.name, tensors[i]])) as unknown as LayerWeights;
}

/** embed (V, d), finalNorm (d), and the output matrix (V, d), which is embed where they are tied. */
export function outerWeights(
  c: ModelConfig,
  parameters: readonly tf.Tensor[],
): { embed: tf.Tensor2D; finalNorm: tf.Tensor1D; head: tf.Tensor2D } {
  const embed = parameters[0] as tf.Tensor2D;
  const tail = 1 + c.layers * layerParameters(c).length;
  return {
    embed,
    finalNorm: parameters[tail] as tf.Tensor1D,
    head: c.tieWordEmbeddings ? embed : (parameters[tail + 1] as tf.Tensor2D),
  };
}
