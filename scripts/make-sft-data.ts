/**
 * Makes the shipped set of worked chains again, for fine-tuning the nano model: questions of 6 to 10 terms, where it is right
 * in a quarter to four fifths of its answers, each with the trace it is to write. No question is a reordering of another or
 * of one in a shipped benchmark.
 *
 *   node scripts/run-ts.mjs scripts/make-sft-data.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadShipped } from '../main/benchmarks/benchmark.js';
import { filterOf } from '../main/benchmarks/held-out.js';
import { domainNamed } from '../main/coevolution/named-domain.js';
import { formatSolution, orderFreeForm, sampleQuestion } from '../main/domains/chains/question.js';
import { resourcesDir } from '../main/lib/paths.js';
import { RandomKey } from '../main/lib/random.js';

const NAME = 'chains-sft';
const SEED = 20251123;
const LEVELS = [6, 7, 8, 9, 10];
const PER_LEVEL = 40;
/** Named, so that what ships later does not change the file. A run leaves out whatever its benchmarks ask anyway. */
const HELD_OUT = ['chains-test', 'chains-tune', 'chains-oneway'];

/** The text of the file. */
export function makeSftData(): string {
  const isHeldOut = filterOf(domainNamed('chains'), HELD_OUT.map(loadShipped));
  const taken = new Set<string>();
  const rows = LEVELS.flatMap((terms) => {
    const key = RandomKey.of(SEED, NAME, terms);
    const level: string[] = [];
    for (let draw = 0; level.length < PER_LEVEL; draw++) {
      const question = sampleQuestion(key.child(draw), terms);
      if (taken.has(orderFreeForm(question)) || isHeldOut(question)) continue;
      taken.add(orderFreeForm(question));
      level.push(`${JSON.stringify({ question, answer: formatSolution(question) })}\n`);
    }
    return level;
  });
  return rows.join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(resourcesDir(), 'data', `${NAME}.jsonl`), makeSftData());
}
