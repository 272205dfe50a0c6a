import { defineConfig } from 'vitest/config';

/** Agreement with the Python world; run by scripts/interop.mjs, which provides RZERO_PYTHON. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 1,
    // Interpreters that import PyTorch beside other work: a bound on what hangs, not on what is slow.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    include: ['test/interop/**/*.test.ts'],
  },
});
