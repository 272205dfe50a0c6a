/** A benchmark as a program: what measures its own memory must not carry a bundler along. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/paths.mjs';

/**
 * Packages stay outside and load from node_modules.
 * @param {string} entry a TypeScript file
 * @returns {Promise<{ program: string, folder: string }>} the folder is the caller's to remove
 */
export async function bundled(entry) {
  const { build } = await import('vite');
  const parent = join(ROOT, 'node_modules', '.rzero', 'bench');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'program-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'bench.mjs' } },
    },
  });
  return { program: join(folder, 'bench.mjs'), folder };
}
