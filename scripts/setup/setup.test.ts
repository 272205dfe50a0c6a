import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { cacheDir as productCache } from '../../main/lib/paths.js';
import { nodeVersionProblem } from './node-version.mjs';
import { cacheDir } from './paths.mjs';
import { lastWords, run } from './process.mjs';

describe('set-up', () => {
  // Would catch a product that looks for TensorFlow where set-up did not put it.
  it('has the same cache folder as the product', () => {
    const home = homedir();
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      for (const env of [{}, { XDG_CACHE_HOME: '/x' }, { XDG_CACHE_HOME: 'relative' }, { RZERO_CACHE_DIR: '/r' }]) {
        const machine = { env, platform, home };
        expect(cacheDir(machine)).toBe(productCache(machine));
      }
    }
  });

  it.each([
    ['v20.19.0', true],
    ['v20.18.3', false],
    ['v18.20.0', false],
    ['v24.1.0', true],
  ])('judges Node %s', (version, fine) => {
    expect(nodeVersionProblem(version) === null).toBe(fine);
  });

  // Would catch set-up hanging on a command, and the child of a stopped command living on.
  it('stops a command at its limit, with its children', async () => {
    const begin = performance.now();
    const result = await run('sh', ['-c', 'echo begun; sleep 30 & sleep 30'], { timeoutMs: 300 });
    expect(result).toMatchObject({ ok: false, timedOut: true, output: 'begun\n' });
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  it('reports a command that does not exist as failed', async () => {
    expect(await run('rzero-no-such-command', [])).toMatchObject({ ok: false, code: null });
  });

  it('finds the line that says why', () => {
    expect(lastWords('fetching\nERROR: no matching distribution\nnpm notice new version\n')).toBe(
      'ERROR: no matching distribution',
    );
  });
});
