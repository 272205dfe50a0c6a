/**
 * Time of the repetition penalty's clustering (BLEU of all pairs and average linkage) and of the diversity filter.
 *
 *   node scripts/run-ts.mjs test/bench/clusters.ts
 */
import { sampleQuestion } from '../../main/domains/chains/question.js';
import { nearDuplicates } from '../../main/coevolution/near-duplicates.js';
import { clusterByBleu } from '../../main/coevolution/rewards/clusters.js';
import { domainNamed } from '../../main/coevolution/named-domain.js';
import { RandomKey } from '../../main/lib/random.js';

const key = RandomKey.of(1, 'bench');
const ROUNDS = 3;

/** Sentences of 30 to 90 words in which common words are common (Zipf), half of them variations of earlier ones. */
function sentences(count: number): string[] {
  const random = key.child('words').stream();
  const word = (): string => `w${Math.floor(1 / (random.uniform() + 1 / 3000))}`;
  const made: string[][] = [];
  for (let i = 0; i < count; i++) {
    const base = made[random.int(Math.max(1, made.length))];
    made.push(
      base && random.int(2) === 0
        ? base.map((w) => (random.uniform() < 0.2 ? word() : w))
        : Array.from({ length: 30 + random.int(61) }, word),
    );
  }
  return made.map((words) => words.join(' '));
}

const chains = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => sampleQuestion(key.child('chain', i), 2 + (i % 11)));

function best(work: () => number): { ms: number; result: number } {
  let ms = Infinity;
  let result = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    result = work();
    ms = Math.min(ms, performance.now() - start);
  }
  return { ms, result };
}

function report(name: string, work: () => number): void {
  const { ms, result } = best(work);
  process.stdout.write(`${name.padEnd(42)} ${ms.toFixed(0).padStart(7)} ms   ${result} clusters\n`);
}

for (const [kind, make] of [
  ['chains', chains],
  ['math', sentences],
] as const) {
  const domain = domainNamed(kind);
  for (const size of [96, 512, 2000]) {
    const texts = make(size).map((q) => domain.bleuTokens(q));
    const options = { threshold: 0.5, smoothing: domain.bleuSmoothing };
    report(`clusterByBleu, ${kind}, B = ${size}`, () => clusterByBleu(texts, options).sizes.length);
  }
  const questions = make(8000);
  const options = {
    normalise: (question: string) => domain.normaliseQuestion(question),
    bleuTokens: (question: string) => domain.bleuTokens(question),
    smoothing: domain.bleuSmoothing,
    threshold: 0.3,
    keepPerCluster: 1,
  };
  report(`nearDuplicates, ${kind}, N = 8000`, () => nearDuplicates(questions, options).filter((v) => v.kept).length);
}
