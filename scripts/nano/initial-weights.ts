/** Random weights to start pre-training from: normal, by fan-in, halved where a block writes to the residual stream. */
import * as tf from '@tensorflow/tfjs-core';
import type { RandomKey } from '../../main/lib/random.js';
import type { ModelConfig } from '../../main/model/config.js';
import { Parameters, parameterSpecs, type ParameterSpec } from '../../main/model/parameters.js';

const EMBEDDING_DEVIATION = 0.02;

export function initialWeights(config: ModelConfig, key: RandomKey): Parameters {
  const specs = parameterSpecs(config);
  return new Parameters(
    specs,
    specs.map((spec) => {
      if (spec.shape.length === 1) return tf.ones([...spec.shape]);
      const stream = key.child(spec.name).stream();
      const deviation = deviationOf(spec);
      const size = spec.shape.reduce((a, b) => a * b, 1);
      return tf.tensor(
        Float32Array.from({ length: size }, () => deviation * stream.normal()),
        [...spec.shape],
      );
    }),
  );
}

function deviationOf({ name, shape }: ParameterSpec): number {
  if (!name.startsWith('layers.')) return EMBEDDING_DEVIATION;
  const writesResidual = name.endsWith('.o') || name.endsWith('.down');
  return (writesResidual ? 0.5 : 1) / Math.sqrt(shape[0] as number);
}
