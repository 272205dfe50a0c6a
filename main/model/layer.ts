/** The weights of one block by name, picked from the flat tensor list that travels through compiled steps. */
import type * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from './config.js';
import { dropoutAt, type Dropout } from './dropout.js';
import { FUSED_MATRICES, fusedParts, type FusedMatrix } from '../sizes/adapters.js';
import { layerAdapterSpecs } from './lora.js';
import type { MatrixAdapters } from './linear.js';
import { layerParameters, parameterCount } from './parameters.js';

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
  /** The low-rank adapters beside the matrices; a matrix without any is absent. */
  readonly adapters: Readonly<Partial<Record<FusedMatrix, MatrixAdapters>>>;
}

/**
 * The tensors of layer `index` within all: the base's in the order of `layerParameters`, then the adapter's in the order of
 * `layerAdapterSpecs`.
 */
export function layerTensors(c: ModelConfig, parameters: readonly tf.Tensor[], index: number): readonly tf.Tensor[] {
  const count = layerParameters(c).length;
  const base = parameters.slice(1 + index * count, 1 + (index + 1) * count);
  if (c.lora === null) return base;
  const adapters = layerAdapterSpecs(c).length;
  const start = parameterCount(c) + index * adapters;
  return [...base, ...parameters.slice(start, start + adapters)];
}

/** The same tensors by name. `dropout` is the layer's, while its adapters learn. */
export function layerWeights(c: ModelConfig, tensors: readonly tf.Tensor[], dropout?: Dropout): LayerWeights {
  const specs = layerParameters(c);
  const named = Object.fromEntries(specs.map((spec, i) => [spec.name, tensors[i]]));
  return { ...named, adapters: matrixAdapters(c, tensors.slice(specs.length), dropout) } as unknown as LayerWeights;
}

function matrixAdapters(
  c: ModelConfig,
  tensors: readonly tf.Tensor[],
  dropout: Dropout | undefined,
): LayerWeights['adapters'] {
  const { lora } = c;
  if (lora === null) return {};
  const parts = fusedParts(c);
  const found = FUSED_MATRICES.map((matrix, place) => {
    const pairs = parts[matrix].map(({ target, width }) => {
      const at = lora.targets.indexOf(target);
      const pair = at < 0 ? null : { a: tensors[2 * at] as tf.Tensor2D, b: tensors[2 * at + 1] as tf.Tensor2D };
      return { width, pair };
    });
    const own = dropout && dropoutAt(dropout, { matrix: place });
    return [matrix, { parts: pairs, scale: lora.alpha / lora.rank, dropout: own }] as const;
  });
  return Object.fromEntries(found.filter(([, { parts: pairs }]) => pairs.some(({ pair }) => pair !== null)));
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
