/**
 * The optimiser of pre-training: Muon on the matrices inside the blocks, AdamW on everything else (embeddings, output
 * layer, norms, biases), as Muon's author advises.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Compute } from '../compute/compute.js';
import { zerosOnDevice } from '../compute/on-device.js';
import type { Parameters } from '../model/parameters.js';
import { applyAdamW } from './adamw.js';
import { muonScalars, muonStep } from './muon.js';
import type { Optimiser } from './sft.js';
import { shared } from './shared-steps.js';
import { zerosLike } from './working-set.js';

export interface MuonAdamWOptions {
  readonly compute: Compute;
  readonly parameters: Parameters;
  readonly muon: { readonly learningRate: number; readonly momentum: number };
  readonly adamw: {
    readonly learningRate: number;
    readonly betas: readonly [number, number];
    readonly epsilon: number;
    readonly weightDecay: number;
  };
}

export class MuonAdamW implements Optimiser {
  private readonly matrices: readonly number[];
  private readonly others: readonly number[];
  /** Muon's momentum for matrices, AdamW's first moment for the others. */
  private first: tf.Tensor[];
  private second: tf.Tensor[];
  updates = 0;

  constructor(private readonly options: MuonAdamWOptions) {
    const { parameters } = options;
    const indices = parameters.specs.map((_, i) => i);
    const isMatrix = (i: number): boolean => {
      const { name, shape } = parameters.specs[i] as { name: string; shape: readonly number[] };
      return name.startsWith('layers.') && shape.length === 2;
    };
    this.matrices = indices.filter(isMatrix);
    this.others = indices.filter((i) => !isMatrix(i));
    this.first = zerosLike(parameters);
    this.second = this.others.map((i) => zerosOnDevice([...(parameters.specs[i]?.shape ?? [])]));
  }

  update(gradients: readonly tf.Tensor[], { rate, gradientScale }: { rate: number; gradientScale: number }): void {
    const { compute, parameters, muon, adamw } = this.options;
    this.updates++;
    const pick = (list: readonly tf.Tensor[], indices: readonly number[]): tf.Tensor[] =>
      indices.map((i) => list[i] as tf.Tensor);
    const scalars = muonScalars({ learningRate: rate * muon.learningRate, momentum: muon.momentum, gradientScale });
    const lists = [parameters.tensors, gradients, this.first].flatMap((list) => pick(list, this.matrices));
    const turned = shared(compute, null, 'train.muon', muonStep)([scalars, ...lists]);
    scalars.dispose();
    const rest = {
      weights: pick(parameters.tensors, this.others),
      gradients: pick(gradients, this.others),
      first: pick(this.first, this.others),
      second: this.second,
    };
    const settings = { ...adamw, learningRate: rate * adamw.learningRate, update: this.updates, gradientScale };
    const [weights, first, second] = applyAdamW(compute, rest, settings) as [tf.Tensor[], tf.Tensor[], tf.Tensor[]];
    const matrices = this.matrices.length;
    const merged = (fromMuon: readonly tf.Tensor[], fromAdamW: readonly tf.Tensor[]): tf.Tensor[] =>
      parameters.specs.map((_, i) => {
        const place = this.matrices.indexOf(i);
        return (place >= 0 ? fromMuon[place] : fromAdamW[this.others.indexOf(i)]) as tf.Tensor;
      });
    parameters.replace(merged(turned.slice(0, matrices), weights));
    tf.dispose([...this.first, ...this.second]);
    this.first = merged(turned.slice(matrices), first);
    this.second = second;
  }

  dispose(): void {
    tf.dispose([...this.first, ...this.second]);
    this.first = [];
    this.second = [];
  }
}
