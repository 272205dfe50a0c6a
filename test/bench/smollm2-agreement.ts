/**
 * SmolLM2-135M as we compute it against transformers in float32: logits at every position of 50 prompts, and greedy
 * continuations of up to 64 tokens. The agreement tests hold a few of these prompts to the same bars.
 *
 *   npm run bench -- smollm2-agreement [prompts] [--backend NAME]
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { BackendName } from '../../main/compute/compute.js';
import { openCompute } from '../../main/compute/open.js';
import { loadModelFolder } from '../../main/model/folder.js';
import { agreementWith } from '../support/agreement.js';
import { smollm2Folder, wordPrompts } from './support/smollm2.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { backend: { type: 'string', default: 'auto' } },
});
const compute = await openCompute(values.backend as 'auto' | BackendName);
const folder = smollm2Folder();
const model = await loadModelFolder(folder);
const prompts = wordPrompts(model, Number(positionals[0] ?? 50));
const agreement = await agreementWith(folder, { compute, model, prompts });
const bars = { maxDifference: 1e-3, identical: prompts.length };
process.stdout.write(
  `${JSON.stringify({ bench: 'smollm2-agreement', backend: compute.description, ...agreement, bars })}\n`,
);
process.exit(agreement.maxDifference <= bars.maxDifference && agreement.identical === bars.identical ? 0 : 1);
