/** Pairs of answers with the verdict that is expected, in 31 kinds: `pairs.jsonl`, by the conventions of docs/grading.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const pairSchema = z.object({
  kind: z.string(),
  gold: z.string(),
  pred: z.string(),
  verdict: z.enum(['equal', 'different']),
});
export type ExpectedPair = z.infer<typeof pairSchema>;

export function expectedPairs(): ExpectedPair[] {
  const text = readFileSync(join(import.meta.dirname, 'pairs.jsonl'), 'utf8').trim();
  return text.split('\n').map((line) => pairSchema.parse(JSON.parse(line)));
}
