/** Loads the weights of a folder and says, in MiB, how far the process's memory rose: while loading, and at the first use of all. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { openCompute } from '../../main/compute/open.js';
import { prefill } from '../../main/model/decode.js';
import { readHfConfig } from '../../main/model/hf-config.js';
import { parseJsonObject } from '../../main/model/json-file.js';
import { readParameters } from '../../main/model/weights.js';

const MIB = 2 ** 20;

function memory(what: 'VmRSS' | 'VmHWM'): number {
  const kib = new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kib) / 1024;
}

const [folder = '', weights = 'model.safetensors'] = process.argv.slice(2);
await openCompute('tensorflow');
// What the backend takes for itself at its first op is not the model's.
tf.tidy(() => tf.matMul(tf.ones([256, 256]), tf.ones([256, 256])).dataSync());
const path = join(folder, 'config.json');
const config = readHfConfig(path, parseJsonObject(path, readFileSync(path, 'utf8')));
const before = memory('VmRSS');
const start = performance.now();
const parameters = await readParameters(join(folder, weights), config);
const seconds = (performance.now() - start) / 1000;
const loading = memory('VmHWM') - before;
tf.tidy(() => {
  const ids = tf.tensor2d([[1, 2, 3]], undefined, 'int32');
  for (const tensor of prefill(config, parameters.tensors, ids)) tensor.dataSync();
});
const sizes = parameters.specs.map(({ shape }) => (4 * shape.reduce((a, b) => a * b, 1)) / MIB);
const result = {
  weights: sizes.reduce((a, b) => a + b, 0),
  largest: Math.max(...sizes),
  loading,
  using: memory('VmHWM') - before,
  seconds,
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
