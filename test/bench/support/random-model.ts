/** Models of any size with random weights, made on the fly: for how cost grows, never for what is written. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../../../main/model/config.js';
import { Parameters, parameterSpecs } from '../../../main/model/parameters.js';

/** A Llama of so many layers of so many channels; heads of 64 channels where it is wide enough, a third of them with keys. */
export function shapedConfig(shape: { layers: number; hiddenSize: number; vocabSize: number }): ModelConfig {
  const headDim = Math.min(64, shape.hiddenSize / 4);
  return {
    ...shape,
    family: 'llama',
    heads: shape.hiddenSize / headDim,
    kvHeads: shape.hiddenSize / headDim / 2,
    headDim,
    intermediateSize: (shape.hiddenSize * 8) / 3 - (((shape.hiddenSize * 8) / 3) % 16),
    ropeTheta: 10000,
    ropeScaling: null,
    rmsNormEpsilon: 1e-5,
    tieWordEmbeddings: true,
    qkvBias: false,
    oBias: false,
    mlpBias: false,
    qkNorm: false,
    maxPositions: 4096,
    bosTokenId: null,
    eosTokenIds: [0],
    padTokenId: 0,
    lora: null,
  };
}

export function randomParameters(config: ModelConfig): Parameters {
  const specs = parameterSpecs(config);
  const tensors = specs.map(({ name, shape }, i) =>
    /norm/i.test(name) ? tf.ones([...shape]) : tf.randomNormal([...shape], 0, 0.02, 'float32', i + 1),
  );
  return new Parameters(specs, tensors);
}

export const weightsOf = ({ specs }: Parameters): number =>
  specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
