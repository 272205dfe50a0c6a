/** An adapter folded into the matrices it stands beside: W + A · B · alpha / r. The result is an ordinary model. */
import * as tf from '@tensorflow/tfjs-core';
import { widen } from '../compute/bfloat16.js';
import type { ModelConfig } from './config.js';
import { layerTensors, layerWeights } from './layer.js';
import { FUSED_MATRICES, type FusedMatrix } from '../sizes/adapters.js';
import { adapterSpecs } from './lora.js';
import type { MatrixAdapters } from './linear.js';
import { joined, layerParameters, parameterCount, Parameters, parameterSpecs, type Weights } from './parameters.js';

/** New weights of the base's shape; what no adapter touches is a copy. The inputs stay their owners'. */
export function merged(c: ModelConfig, base: Weights, adapter: Weights): Parameters {
  const specs = parameterSpecs(c);
  const network = joined(base, adapter).tensors;
  const names = layerParameters(c).map(({ name }) => name);
  const tensors = specs.map((_, at) => copied(network[at] as tf.Tensor));
  for (let layer = 0; layer < c.layers; layer++) {
    const { adapters } = layerWeights(c, layerTensors(c, network, layer));
    for (const matrix of FUSED_MATRICES) {
      const found = adapters[matrix];
      if (found === undefined) continue;
      const at = 1 + layer * names.length + names.indexOf(matrix satisfies FusedMatrix);
      const plain = tensors[at] as tf.Tensor;
      tensors[at] = tf.tidy(() => tf.add(plain, productOf(found)));
      plain.dispose();
    }
  }
  return new Parameters(specs, tensors);
}

function copied(tensor: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.add(widen(tensor), 0));
}

/** The products of all parts side by side: (in, out). */
function productOf({ parts, scale }: MatrixAdapters): tf.Tensor {
  const rows = parts.find(({ pair }) => pair !== null)?.pair?.a.shape[0] as number;
  const products = parts.map(({ width, pair }) =>
    pair === null ? tf.zeros([rows, width]) : tf.mul(tf.matMul(pair.a, pair.b), scale),
  );
  return products.length === 1 ? (products[0] as tf.Tensor) : tf.concat(products, 1);
}

/** The adapter among a network's tensors; those stay their owner's. */
export function adapterOf(c: ModelConfig, network: Weights): Parameters {
  return new Parameters(adapterSpecs(c), network.tensors.slice(parameterCount(c)));
}

/** A network as a model without adapters: as it is, where it has none. The merged weights take the place of its own. */
export function mergedNetwork({ config, parameters }: Network): Network {
  if (config.lora === null) return { config, parameters };
  const base = { tensors: parameters.tensors.slice(0, parameterCount(config)) };
  const whole = merged(config, base, adapterOf(config, parameters));
  parameters.dispose();
  return { config: { ...config, lora: null }, parameters: whole };
}

interface Network {
  readonly config: ModelConfig;
  readonly parameters: Parameters;
}
