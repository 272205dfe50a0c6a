import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['main/**/*.test.ts', 'preload/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Native bindings must not be loaded into worker threads, and every file gets its own tfjs engine.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
