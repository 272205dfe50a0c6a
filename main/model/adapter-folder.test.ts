/** Which folders of adapters are taken, and how others are refused. Agreement with peft is in test/interop/lora.test.ts. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { randomAdapter } from '../../test/support/lora-fixtures.js';
import { openCompute } from '../compute/open.js';
import { describeAdapterFolder, loadAdapterFolder, saveAdapterFolder } from './adapter-folder.js';
import type { ModelConfig } from './config.js';
import { loadModelFolder } from './folder.js';
import { withAdapters } from './lora.js';

const GOLDEN = join(import.meta.dirname, '../../test/golden/models');

describe('a folder of another adapter', () => {
  const root = mkdtempSync(join(tmpdir(), 'rzero-adapters-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  async function folderWith(
    name: string,
    change: Record<string, unknown>,
  ): Promise<{ folder: string; base: ModelConfig }> {
    await openCompute('auto');
    const { config: base, parameters } = await loadModelFolder(join(GOLDEN, 'llama'));
    parameters.dispose();
    const config = withAdapters(base, { rank: 2, alpha: 4, dropout: 0, targets: ['q_proj'] });
    const adapter = randomAdapter(config, 1);
    const folder = join(root, name);
    await saveAdapterFolder(folder, {
      lora: config.lora as NonNullable<ModelConfig['lora']>,
      adapter,
      base: 'x',
      card: '',
    });
    adapter.dispose();
    const path = join(folder, 'adapter_config.json');
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...change }));
    return { folder, base };
  }

  // Catches an adapter that is loaded though something else was trained than is computed here.
  it.each([
    [{ use_dora: true }, /DoRA \(use_dora\) is not supported/],
    [{ peft_type: 'IA3' }, /An adapter of type IA3 is not supported/],
    [{ bias: 'all' }, /A trained bias \(bias: all\) is not supported/],
    [{ rank_pattern: { q_proj: 8 } }, /"rank_pattern" is not supported/],
    [{ target_modules: ['q_proj', 'lm_head'] }, /an adapter of "lm_head" is not supported/],
    [{ r: 3 }, /lora_A.weight" has shape \[2, \d+\], expected \[3, \d+\]/],
    [{ r: 4096 }, /An adapter of rank 4096 does not fit q_proj/],
    [{ target_modules: ['q_proj', 'k_proj'] }, /k_proj.lora_A.weight" is missing/],
    [{ target_modules: ['k_proj'] }, /k_proj.lora_A.weight" is missing/],
  ])('%j is refused by name', async (change, message) => {
    const { folder, base } = await folderWith('changed', change);
    await expect(loadAdapterFolder(folder, base)).rejects.toThrow(message);
  });

  // Catches a folder of a whole model, or of nothing, that is taken for an adapter.
  it('is none where there is no adapter_config.json', async () => {
    cpSync(join(GOLDEN, 'llama', 'config.json'), join(root, 'plain', 'config.json'));
    expect(await describeAdapterFolder(join(root, 'plain'))).toBeNull();
  });
});
