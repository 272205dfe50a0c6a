/**
 * Whether there is anything to learn from in a file, before a run is made: it can be read, has the columns, and each of its
 * rows is an example. What only a tokenizer can tell, that all are too long, is found when the run begins.
 */
import type { SftRecipe } from '../../../preload/contract/recipe-sft.js';
import { readTable } from '../../tables/read-table.js';
import { dataFile } from '../../tables/shipped.js';
import { examplesOf } from './examples.js';

/** @throws LabError('usage') as a run of it would, naming file, row and column */
export async function requireExamples(sft: SftRecipe | null): Promise<void> {
  if (!sft) return;
  // How a question is put to the Solver cannot be wrong; only that there is one is looked at.
  examplesOf(await readTable(dataFile(sft.data)), sft, { solverPrompt: (text) => ({ kind: 'text', text }) });
}
