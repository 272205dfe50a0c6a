/** Two files of answers compared question by question, as two measurements of runs are. */
import { realpathSync } from 'node:fs';
import type { Comparison } from '../../preload/contract/evaluations.js';
import { LabError } from '../lib/errors.js';
import { compareCommon, pairQuestions } from '../store/queries/paired-questions.js';
import { readAnswerFile } from './answer-reader.js';

export interface FileComparison extends Pick<Comparison, 'benchmarks' | 'refused'> {
  readonly a: { readonly file: string };
  readonly b: { readonly file: string };
}

/** @throws LabError('usage') where a file is none of answers, both are one, or they have no benchmark in common */
export async function compareAnswerFiles(
  a: string,
  b: string,
  wanted: readonly string[] = [],
): Promise<FileComparison> {
  const [first, second] = [await readAnswerFile(a), await readAnswerFile(b)];
  if (realpathSync(a) === realpathSync(b)) {
    throw new LabError('usage', `A and B are the same file: ${a}.`, { remedy: 'Name the files of two measurements.' });
  }
  const compared = compareCommon({
    ...{ a: [...first.keys()], b: [...second.keys()], wanted },
    pairsOf: (name) => pairQuestions(first.get(name) ?? [], second.get(name) ?? []),
    remedy: () => 'Measure both on the same benchmark, with "rzero eval MODEL --benchmark NAME --out FILE.jsonl".',
  });
  return { a: { file: a }, b: { file: b }, ...compared };
}
