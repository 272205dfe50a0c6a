import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childScript, type ChildScript } from '../../test/support/child-script.js';
import { placements } from './hf-names.js';
import { readHfConfig } from './hf-config.js';

/** 530 MiB in float32, half of that on the disk, if the files were not all holes. */
const CONFIG = {
  ...{ model_type: 'llama', architectures: ['LlamaForCausalLM'], vocab_size: 32_000, hidden_size: 1024 },
  ...{ num_hidden_layers: 4, num_attention_heads: 16, intermediate_size: 4096, tie_word_embeddings: false },
};
const SHARDS = 4;

let folder = '';
let child: ChildScript;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-loading-'));
  child = await childScript(join(import.meta.dirname, '../../test/support/load-child.ts'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(CONFIG));
  const tensors = placements(readHfConfig('config.json', CONFIG)).flatMap(({ parts }) => parts);
  const map: Record<string, string> = {};
  for (let shard = 0; shard < SHARDS; shard++) {
    const name = `model-${shard}.safetensors`;
    const own = tensors.filter((_, i) => i % SHARDS === shard);
    for (const tensor of own) map[tensor.name] = name;
    writeShard(join(folder, name), own);
  }
  writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
});
afterAll(() => {
  child.remove();
  rmSync(folder, { recursive: true });
});

/** All zeros, in bfloat16: a head, and a hole of the right size. */
function writeShard(path: string, tensors: readonly { name: string; shape: readonly number[] }[]): void {
  let end = 0;
  const head = Object.fromEntries(
    tensors.map(({ name, shape }) => {
      const begin = end;
      end += 2 * shape.reduce((a, b) => a * b, 1);
      return [name, { dtype: 'BF16', shape, data_offsets: [begin, end] }];
    }),
  );
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(path, Buffer.concat([length, json]));
  truncateSync(path, 8 + json.length + end);
}

// Would catch: weights that lie in memory twice, on the host and on the device, while they load or when they are first used.
it.runIf(process.platform === 'linux')('takes the weights, the largest tensor once more, and a tenth', async () => {
  const { stdout, stderr, code } = await child.finish([folder, 'model.safetensors.index.json']);
  expect(code, stderr).toBe(0);
  const peak = JSON.parse(stdout) as Record<'weights' | 'largest' | 'loading' | 'using', number>;
  const allowed = 1.1 * (peak.weights + peak.largest);
  expect(peak.weights).toBeGreaterThan(500);
  // Less would mean that nothing was loaded.
  expect(peak.loading).toBeGreaterThan(0.9 * peak.weights);
  expect(peak.loading).toBeLessThanOrEqual(allowed);
  expect(peak.using).toBeLessThanOrEqual(allowed);
});
