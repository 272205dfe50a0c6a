/**
 * Makes the data of the word-problems domain again: worked problems and problems alone for fine-tuning, and two held-out
 * benchmarks that share no name, thing or sentence with them. Problems for fine-tuning have one to three operations, those of
 * the benchmarks one to four.
 *
 *   node scripts/run-ts.mjs scripts/make-word-problems.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { domainNamed } from '../main/coevolution/named-domain.js';
import { resourcesDir } from '../main/lib/paths.js';
import { RandomKey } from '../main/lib/random.js';
import { wordProblem, type WordProblem } from './word-problems/stories.js';
import { HELD_OUT, TRAINING, type Vocabulary } from './word-problems/vocabulary.js';

const BENCHMARKS = [
  { name: 'word-problems-tune', seed: 71, perLevel: 50 },
  { name: 'word-problems-test', seed: 73, perLevel: 75 },
];
const LEVELS = [1, 2, 3, 4];
const SFT = { name: 'word-problems-sft', seed: 79, levels: [1, 2, 3], perLevel: 160, questionsPerLevel: 80 };

/** The text of each file, by its path under resources. */
export function makeWordProblems(): Map<string, string> {
  const taken = new Set<string>();
  const files = new Map<string, string>();
  for (const { name, seed, perLevel } of BENCHMARKS) {
    const rows = LEVELS.flatMap((level) =>
      problems(RandomKey.of(seed, name, level), { words: HELD_OUT, level, count: perLevel, taken }).map(
        ({ question, answer }) => ({ question, answer, difficulty: level }),
      ),
    );
    files.set(`benchmarks/${name}.jsonl`, lines(rows));
  }
  files.set(`data/${SFT.name}.jsonl`, lines(fineTuning(taken)));
  return files;
}

/** Chats of both roles, as the domain asks them: answers to problems, and problems asked for. */
function fineTuning(taken: Set<string>): object[] {
  const domain = domainNamed('word-problems');
  const drawn = SFT.levels.flatMap((level) => {
    const key = RandomKey.of(SFT.seed, SFT.name, level);
    const count = SFT.perLevel + SFT.questionsPerLevel;
    return problems(key, { words: TRAINING, level, count, taken }).map((problem, at) => ({ problem, at }));
  });
  const rows = drawn.map(({ problem, at }) => {
    const solves = at < SFT.perLevel;
    const asked = solves ? domain.solverPrompt(problem.question) : domain.challengerPrompt();
    if (asked.kind !== 'chat') throw new Error('The prompts of word-problems are chats.');
    const content = solves ? problem.solution : `<question>\n${problem.question}\n</question>`;
    return { messages: [...asked.messages, { role: 'assistant', content }] };
  });
  return RandomKey.of(SFT.seed, SFT.name, 'order').stream().shuffled(rows);
}

interface Wanted {
  readonly words: Vocabulary;
  readonly level: number;
  readonly count: number;
  readonly taken: Set<string>;
}

function problems(key: RandomKey, { words, level, count, taken }: Wanted): WordProblem[] {
  const made: WordProblem[] = [];
  for (let draw = 0; made.length < count; draw++) {
    const problem = wordProblem(key.child(draw), words, level);
    if (taken.has(problem.question)) continue;
    taken.add(problem.question);
    made.push(problem);
  }
  return made;
}

const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of makeWordProblems()) writeFileSync(join(resourcesDir(), path), text);
}
