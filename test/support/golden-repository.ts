/** A golden model as a repository of the hub, with files beside it that nobody needs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeRepository } from './fake-hub.js';

const MODELS = join(import.meta.dirname, '../golden/models');
export const TINY_ID = 'lab/tiny';
export const TINY_COMMIT = 'c'.repeat(40);

/** @param more files by path, in place of the folder's or beside them; null takes one away */
export function goldenRepository(
  name: string,
  changes: Partial<FakeRepository> = {},
  more: Readonly<Record<string, Buffer | null>> = {},
): FakeRepository {
  const folder = join(MODELS, name);
  const files = new Map<string, Buffer>(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))]));
  for (const extra of ['config.transformers4.json', 'logits.safetensors']) files.delete(extra);
  files.set('README.md', Buffer.from('---\nlicense: apache-2.0\n---\n# Tiny\n'));
  files.set('LICENSE', Buffer.from('Do as you like.'));
  for (const waste of ['pytorch_model.bin', 'tiny.Q4_0.gguf', 'original/consolidated.00.pth', 'figure.png'])
    files.set(waste, Buffer.alloc(5000, waste));
  for (const [path, bytes] of Object.entries(more)) {
    if (bytes) files.set(path, bytes);
    else files.delete(path);
  }
  return { kind: 'model', id: TINY_ID, commit: TINY_COMMIT, large: true, files: Object.fromEntries(files), ...changes };
}
