/**
 * Whether a recipe's data can be learnt from. A form asks again at every change of any key, and a file may be large: what was
 * found of the last one is remembered for as long as the file is as it was.
 */
import { stat } from 'node:fs/promises';
import type { Recipe } from '../../../preload/contract/recipe.js';
import { requireExamples } from '../../coevolution/sft/require-data.js';
import { describeError } from '../../lib/errors.js';
import { dataFile } from '../../tables/shipped.js';

let last: { readonly key: string; readonly faults: readonly string[] } | null = null;

/** What would make fine-tuning fail before it begins; nothing where there is none. */
export async function dataFaults({ sft }: Pick<Recipe, 'sft'>): Promise<readonly string[]> {
  if (!sft) return [];
  try {
    const file = dataFile(sft.data);
    const { size, mtimeMs, ino } = await stat(file);
    const { format, prompt_column, completion_column } = sft;
    const key = JSON.stringify([file, size, mtimeMs, ino, format, prompt_column, completion_column]);
    if (last?.key !== key) last = { key, faults: await faultsOf(sft) };
    return last.faults;
  } catch (error) {
    return [describeError(error)];
  }
}

async function faultsOf(sft: NonNullable<Recipe['sft']>): Promise<readonly string[]> {
  try {
    await requireExamples(sft);
    return [];
  } catch (error) {
    return [describeError(error)];
  }
}
