import '@tensorflow/tfjs-backend-cpu';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadModelFolder } from './folder.js';

const GOLDEN = new URL('../../test/golden/models/', import.meta.url).pathname;

describe('model folders', () => {
  it.each(readdirSync(GOLDEN))('loads %s', async (name) => {
    const model = await loadModelFolder(GOLDEN + name);
    expect(model.parameters.count).toBeGreaterThan(0);
    model.parameters.dispose();
  });

  it('loads nano', async () => {
    const model = await loadModelFolder(new URL('../../resources/models/nano', import.meta.url).pathname);
    expect(model.parameters.count).toBe(297984);
    expect(model.tokenizer.encode('<bos><question>3+8</question>')).toEqual([1, 4, 9, 16, 14, 5]);
    model.parameters.dispose();
  });
});
