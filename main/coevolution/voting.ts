/** Asks the Solver a question m times and counts what it says (paper, section 3.2: p-hat by majority vote). */
import type { SamplingRecipe } from '../../preload/contract/recipe.js';
import type { Domain } from '../domains/domain.js';
import type { RandomKey } from '../lib/random.js';
import type { Completion, Policy, SampleProgress } from './executor.js';
import type { Votes } from './labelling/labeller.js';
import { tally } from './labelling/vote.js';
import type { AnswerRecord } from './unit.js';

export interface VotingOptions {
  readonly samples: number;
  readonly sampling: SamplingRecipe;
  readonly key: RandomKey;
  readonly source: 'vote' | 'rewrite';
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: SampleProgress) => void;
}

/** One completion as a row: what was said, what was understood. */
export function answerRecord(
  domain: Domain,
  completion: Completion,
  source: AnswerRecord['source'],
  sample: number,
): AnswerRecord {
  const answer = domain.extractAnswer(completion.text, completion.finish);
  return {
    source,
    sample,
    text: completion.text,
    answer,
    canonical: answer === null ? null : domain.canonicalAnswer(answer),
    finish: completion.finish,
    tokens: completion.tokens.length,
    reward: null,
    advantage: null,
  };
}

export function countVotes(answers: readonly AnswerRecord[]): Votes {
  const { label, share } = tally(answers.map((a) => a.canonical));
  return { answers, label, share };
}

/** Votes on each question; question i draws from `key.child(i)`. */
export async function collectVotes(
  { solver, domain }: { readonly solver: Policy; readonly domain: Domain },
  questions: readonly string[],
  options: VotingOptions,
): Promise<Votes[]> {
  if (questions.length === 0) return [];
  const completions = await solver.sample(
    questions.map((question, i) => ({
      prompt: domain.solverPrompt(question),
      samples: options.samples,
      key: options.key.child(i),
    })),
    {
      sampling: options.sampling,
      signal: options.signal,
      ...(options.onProgress && { onProgress: options.onProgress }),
    },
  );
  return completions.map((group) => countVotes(group.map((c, j) => answerRecord(domain, c, options.source, j))));
}
