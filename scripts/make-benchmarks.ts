/**
 * Makes the held-out benchmarks of the chains domain again. No question is a reordering of another, within a file or across
 * them.
 *
 * - chains-tune, chains-test: what the nano model is trained on, 80 questions of each of 3 to 12 terms; one for tuning, one
 *   for claims.
 * - chains-oneway: another kind, to see what carries over: 35 questions of each of 5 to 10 terms that only add or only
 *   subtract. Their running values go far beyond those of chains with mixed signs. In the text the shipped model was
 *   pre-trained on they are 1 in 80, and none of these is among them.
 *
 *   node scripts/run-ts.mjs scripts/make-benchmarks.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { orderFreeForm, sampleQuestion, valueOf } from '../main/domains/chains/question.js';
import { resourcesDir } from '../main/lib/paths.js';
import { RandomKey } from '../main/lib/random.js';
import { corpusOf, SHIPPED_SEED, STEPS } from './nano/corpus.js';

interface Kind {
  readonly name: string;
  readonly seed: number;
  readonly levels: readonly number[];
  readonly perLevel: number;
  readonly draw: (key: RandomKey, terms: number) => string;
}

const upTo = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

const TRAINED: readonly Kind[] = [
  { name: 'chains-tune', seed: 20250807, levels: upTo(3, 12), perLevel: 80, draw: sampleQuestion },
  { name: 'chains-test', seed: 41, levels: upTo(3, 12), perLevel: 80, draw: sampleQuestion },
];
const OTHER: readonly Kind[] = [
  { name: 'chains-oneway', seed: 43, levels: upTo(5, 10), perLevel: 35, draw: oneWayQuestion },
];

/** Additions only, or subtractions only, in equal shares. */
function oneWayQuestion(key: RandomKey, terms: number): string {
  const sign = key.child('sign').stream().int(2) === 0 ? '+' : '-';
  return sampleQuestion(key, terms).replace(/[+-]/g, sign);
}

/** The text of each file, by name. */
export function makeBenchmarks(): Map<string, string> {
  const taken = new Set<string>();
  const trained = TRAINED.map((kind) => [kind.name, fileOf(kind, taken)] as const);
  for (const form of pretrained()) taken.add(form);
  return new Map([...trained, ...OTHER.map((kind) => [kind.name, fileOf(kind, taken)] as const)]);
}

/** The order-free forms of all questions the shipped model was pre-trained on. */
function pretrained(): Set<string> {
  const textsOf = corpusOf(SHIPPED_SEED);
  return new Set(upTo(1, STEPS).flatMap((step) => textsOf(step).map(({ question }) => orderFreeForm(question))));
}

function fileOf({ name, seed, levels, perLevel, draw }: Kind, taken: Set<string>): string {
  let lines = '';
  for (const terms of levels) {
    const key = RandomKey.of(seed, name, terms);
    for (let at = 0, count = 0; count < perLevel; at++) {
      const question = draw(key.child(at), terms);
      const form = orderFreeForm(question);
      if (taken.has(form)) continue;
      taken.add(form);
      count++;
      lines += `${JSON.stringify({ question, answer: String(valueOf(question)), difficulty: terms })}\n`;
    }
  }
  return lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of makeBenchmarks()) writeFileSync(join(resourcesDir(), 'benchmarks', `${name}.jsonl`), text);
}
