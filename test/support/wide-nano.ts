/** The shipped nano model in a network that counts as wide: the same function to the last digits, and another way of computing. */
import * as tf from '@tensorflow/tfjs-core';
import { join } from 'node:path';
import { packageRoot } from '../../main/lib/package-root.js';
import { loadModelFolder, saveModelFolder } from '../../main/model/folder.js';
import { Parameters, parameterSpecs } from '../../main/model/parameters.js';
import { isNarrow } from '../../main/sizes/network.js';

const WIDE = 512;

/**
 * Writes it to `folder`. New dimensions of the hidden state are zeros that no weight reads or writes; a norm's mean is over more
 * of them, which its weight makes good.
 */
export async function writeWideNano(folder: string): Promise<void> {
  const nano = await loadModelFolder(join(packageRoot(), 'resources/models/nano'));
  const config = { ...nano.config, hiddenSize: WIDE };
  if (isNarrow(config)) throw new Error(`A hidden size of ${WIDE} is not wide any more.`);
  const more = WIDE - nano.config.hiddenSize;
  const scale = Math.sqrt(nano.config.hiddenSize / WIDE);
  const tensors = parameterSpecs(config).map(({ name, shape }, i) => {
    const tensor = nano.parameters.tensors[i] as tf.Tensor;
    const norm = /(inputNorm|postNorm|finalNorm)$/.test(name);
    const padding = shape.map((length, axis) => [0, length === tensor.shape[axis] ? 0 : more] as [number, number]);
    return tf.tidy(() => tf.pad(norm ? tf.mul(tensor, scale) : tensor, padding));
  });
  const parameters = new Parameters(parameterSpecs(config), tensors);
  await saveModelFolder(folder, { ...nano, config, parameters });
  parameters.dispose();
  nano.parameters.dispose();
}
