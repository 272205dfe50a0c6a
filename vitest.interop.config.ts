import { defineConfig } from 'vitest/config';

/** Agreement with the Python world; run by scripts/interop.mjs, which provides RZERO_PYTHON. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    include: ['test/interop/**/*.test.ts'],
  },
});
