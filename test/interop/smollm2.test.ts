/** A real small model as transformers computes it: SmolLM2-135M, which RZERO_SMOLLM2 names. */
import { describe, expect, it } from 'vitest';
import { openCompute } from '../../main/compute/open.js';
import { loadModelFolder } from '../../main/model/folder.js';
import { smollm2Folder, wordPrompts } from '../bench/support/smollm2.js';
import { agreementWith } from '../support/agreement.js';

describe.skipIf(!process.env.RZERO_PYTHON)('SmolLM2-135M (skipped where RZERO_PYTHON is not set)', () => {
  // Would catch: another rotary base, norm, head or template at a real size, where tiny models still agree.
  it('has the logits and the greedy continuations of transformers', async () => {
    const folder = smollm2Folder();
    const compute = await openCompute('auto');
    const model = await loadModelFolder(folder);
    const agreement = await agreementWith(folder, { compute, model, prompts: wordPrompts(model, 8) });
    expect(agreement.positions).toBeGreaterThan(8 * 40);
    expect(agreement.maxDifference).toBeLessThan(1e-3);
    expect(agreement.largestLogit).toBeGreaterThan(5);
    expect(agreement.differing).toEqual([]);
  });
});
