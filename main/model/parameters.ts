/**
 * The weights of one model: an ordered list of named tensors. In memory q, k and v are one matrix and gate and up are
 * another, because few large matrix products are fast where many small ones are not; on disk they are Hugging Face's.
 * Matrices are stored (in, out), the transpose of the file's, so that a layer is `x · W`.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from './config.js';

export interface ParameterSpec {
  /** `embed`, `finalNorm`, `lmHead`, or `layers.3.qkv` with the suffixes of `layerParameters`. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** The parameters of one block, in the order `transformer.ts` takes them. */
export function layerParameters(c: ModelConfig): ParameterSpec[] {
  const q = c.heads * c.headDim;
  const kv = c.kvHeads * c.headDim;
  const { hiddenSize: d, intermediateSize: f } = c;
  return [
    { name: 'inputNorm', shape: [d] },
    { name: 'qkv', shape: [d, q + 2 * kv] },
    ...(c.qkvBias ? [{ name: 'qkvBias', shape: [q + 2 * kv] }] : []),
    ...(c.qkNorm
      ? [
          { name: 'qNorm', shape: [c.headDim] },
          { name: 'kNorm', shape: [c.headDim] },
        ]
      : []),
    { name: 'o', shape: [q, d] },
    ...(c.oBias ? [{ name: 'oBias', shape: [d] }] : []),
    { name: 'postNorm', shape: [d] },
    { name: 'gateUp', shape: [d, 2 * f] },
    ...(c.mlpBias ? [{ name: 'gateUpBias', shape: [2 * f] }] : []),
    { name: 'down', shape: [f, d] },
    ...(c.mlpBias ? [{ name: 'downBias', shape: [d] }] : []),
  ];
}

/** All parameters of a model, in the order of `Parameters.tensors`: embed, the layers, finalNorm, lmHead unless tied. */
export function parameterSpecs(c: ModelConfig): ParameterSpec[] {
  const specs: ParameterSpec[] = [{ name: 'embed', shape: [c.vocabSize, c.hiddenSize] }];
  for (let layer = 0; layer < c.layers; layer++) {
    for (const spec of layerParameters(c)) specs.push({ name: `layers.${layer}.${spec.name}`, shape: spec.shape });
  }
  specs.push({ name: 'finalNorm', shape: [c.hiddenSize] });
  if (!c.tieWordEmbeddings) specs.push({ name: 'lmHead', shape: [c.vocabSize, c.hiddenSize] });
  return specs;
}

/** How many tensors `parameterSpecs` names. */
export function parameterCount(c: ModelConfig): number {
  return 2 + c.layers * layerParameters(c).length + (c.tieWordEmbeddings ? 0 : 1);
}

/** Tensors on the device, in the order a step takes them. */
export interface Weights {
  readonly tensors: readonly tf.Tensor[];
}

/** A base and what stands beside it as one list, always what the two hold at the time. Owns nothing. */
export function joined(base: Weights, adapter: Weights): Weights {
  return {
    get tensors() {
      return [...base.tensors, ...adapter.tensors];
    },
  };
}

/** Weights on the device. Owns its tensors: `replace` disposes the old ones, `dispose` all. */
export class Parameters {
  private current: readonly tf.Tensor[];

  constructor(
    readonly specs: readonly ParameterSpec[],
    tensors: readonly tf.Tensor[],
  ) {
    this.current = tensors;
  }

  get tensors(): readonly tf.Tensor[] {
    return this.current;
  }

  get count(): number {
    return this.specs.reduce((sum, spec) => sum + spec.shape.reduce((a, b) => a * b, 1), 0);
  }

  /** New values from an optimiser, in the same order; the old tensors are disposed. */
  replace(tensors: readonly tf.Tensor[]): void {
    const old = this.current;
    this.current = tensors;
    for (const tensor of old) tensor.dispose();
  }

  /** The same for some of them, from `start` on. */
  replaceSome(start: number, tensors: readonly tf.Tensor[]): void {
    const old = this.current.slice(start, start + tensors.length);
    this.current = this.current.map((tensor, i) => tensors[i - start] ?? tensor);
    for (const tensor of old) tensor.dispose();
  }

  /** An independent copy on the device. */
  clone(): Parameters {
    return new Parameters(
      this.specs,
      this.current.map((tensor) => tf.tidy(() => tf.add(tensor, 0))),
    );
  }

  dispose(): void {
    for (const tensor of this.current) tensor.dispose();
    this.current = [];
  }
}

/** Both as one owner, of the tensors of both. */
export function asOne(base: Parameters, adapter: Parameters): Parameters {
  return new Parameters([...base.specs, ...adapter.specs], [...base.tensors, ...adapter.tensors]);
}
