/**
 * Makes the held-out benchmarks of the chains domain again: 80 questions of each of 3 to 12 terms, once for tuning, once
 * for claims. No question is a reordering of another, within a file or across the two.
 *
 *   node scripts/run-ts.mjs scripts/make-benchmarks.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { orderFreeForm, sampleQuestion, valueOf } from '../main/domains/chains/question.js';
import { resourcesDir } from '../main/lib/paths.js';
import { RandomKey } from '../main/lib/random.js';

const FILES = [
  { name: 'chains-tune', seed: 20250807 },
  { name: 'chains-test', seed: 41 },
] as const;
const PER_LEVEL = 80;
const LEVELS = Array.from({ length: 10 }, (_, i) => i + 3);

/** The text of each file, by name. */
export function makeBenchmarks(): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    FILES.map(({ name, seed }) => [
      name,
      LEVELS.map((terms) => level(RandomKey.of(seed, name, terms), terms, taken)).join(''),
    ]),
  );
}

function level(key: RandomKey, terms: number, taken: Set<string>): string {
  let lines = '';
  for (let draw = 0, count = 0; count < PER_LEVEL; draw++) {
    const question = sampleQuestion(key.child(draw), terms);
    const form = orderFreeForm(question);
    if (taken.has(form)) continue;
    taken.add(form);
    count++;
    lines += `${JSON.stringify({ question, answer: String(valueOf(question)), difficulty: terms })}\n`;
  }
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of makeBenchmarks()) writeFileSync(join(resourcesDir(), 'benchmarks', `${name}.jsonl`), text);
}
