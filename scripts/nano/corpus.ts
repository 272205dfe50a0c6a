/**
 * Pre-training text of the nano model: one part in five writes a question, the rest solve one. Short questions are much
 * more frequent than long ones, so that the model knows the method and fails at length: room for the loop to work in.
 * No question of a benchmark, in any order of its terms, is ever in it: the two named here are kept out, and those made
 * later keep out of it (scripts/make-benchmarks.ts). So the shipped weights can be made again whatever else ships.
 */
import { loadShipped } from '../../main/benchmarks/benchmark.js';
import { filterOf } from '../../main/benchmarks/held-out.js';
import { domainNamed } from '../../main/coevolution/named-domain.js';
import { formatSolution, sampleQuestion } from '../../main/domains/chains/question.js';
import type { Prompt } from '../../main/coevolution/executor.js';
import { RandomKey } from '../../main/lib/random.js';

/** Number of terms k, with probability proportional to 0.55^(k − 2). */
const TERMS = Array.from({ length: 11 }, (_, i) => i + 2);
const TERM_WEIGHTS = TERMS.map((k) => 0.55 ** (k - 2));
const WRITING_SHARE = 0.2;
/** Named, not all that ship: what ships later must not change the weights that ship, which this text repeats bit for bit. */
const HELD_OUT = ['chains-test', 'chains-tune'];

export interface CorpusText {
  readonly question: string;
  readonly prompt: string;
  /** Without the end-of-sequence token. */
  readonly completion: string;
}

/** Chosen on chains-tune, by its profile and by what the loop makes of it; chains-test was never looked at. See docs/lab-notes.md. */
export const SHIPPED_SEED = 5;
export const STEPS = 500;
const BATCH = 128;

/** The texts of each step (from 1) of a pre-training. */
export function corpusOf(seed: number): (step: number) => CorpusText[] {
  const key = RandomKey.of(seed, 'nano');
  const text = createCorpus();
  return (step) => Array.from({ length: BATCH }, (_, item) => text(key.child('text', step, item)));
}

/** Text `item` of a corpus, from its key alone. */
export function createCorpus(): (key: RandomKey) => CorpusText {
  const domain = domainNamed('chains');
  const heldOut = filterOf(domain, HELD_OUT.map(loadShipped));
  return (key) => {
    const question = drawQuestion(key.child('question'), heldOut);
    if (key.child('kind').stream().uniform() < WRITING_SHARE) {
      return {
        question,
        prompt: textOf(domain.challengerPrompt()),
        completion: `<question>${question}</question>`,
      };
    }
    return { question, prompt: textOf(domain.solverPrompt(question)), completion: formatSolution(question) };
  };
}

function drawQuestion(key: RandomKey, heldOut: (question: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    const draw = key.child(attempt);
    const terms = TERMS[draw.child('terms').stream().weighted(TERM_WEIGHTS)] as number;
    const question = sampleQuestion(draw, terms);
    if (!heldOut(question)) return question;
  }
}

function textOf(prompt: Prompt): string {
  if (prompt.kind !== 'text') throw new TypeError('the chains domain prompts with plain text');
  return prompt.text;
}
