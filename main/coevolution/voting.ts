/** Asks the Solver a question m times and counts what it says (paper, section 3.2: p-hat by majority vote). */
import type { SamplingRecipe } from '../../preload/contract/recipe.js';
import type { Domain } from '../domains/domain.js';
import type { AnswerEquality } from '../grading/equality.js';
import type { RandomKey } from '../lib/random.js';
import type { Completion, Policy, SampledText, SampleProgress } from './executor.js';
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

function countVotes(answers: readonly AnswerRecord[]): Votes {
  const { label, share } = tally(answers.map((a) => a.canonical));
  return { answers, label, share };
}

/** The same answers with the forms by which they are counted: of equal ones the first, of each group by itself. */
export async function unified(
  groups: readonly (readonly AnswerRecord[])[],
  equality: AnswerEquality,
): Promise<AnswerRecord[][]> {
  const forms = await equality.unify(groups.map((group) => group.map(({ canonical }) => canonical)));
  return groups.map((group, i) =>
    group.map((record, j) => {
      const canonical = forms[i]?.[j] ?? null;
      return canonical === record.canonical ? record : { ...record, canonical };
    }),
  );
}

interface Voting {
  readonly solver: Policy;
  readonly domain: Domain;
  readonly equality: AnswerEquality;
}

/** Votes on each question; question i draws from `key.child(i)`. */
export async function collectVotes(
  { solver, domain, equality }: Voting,
  questions: readonly string[],
  options: VotingOptions,
): Promise<Votes[]> {
  if (questions.length === 0) return [];
  if (domain.present)
    return collectPresented({ solver, domain, equality, present: domain.present }, questions, options);
  const completions = await solver.sample(
    questions.map((question, i) => ({
      prompt: domain.solverPrompt(question),
      samples: options.samples,
      key: options.key.child(i),
    })),
    sampleOptions(options, 1),
  );
  const records = completions.map((group) => group.map((c, j) => answerRecord(domain, c, options.source, j)));
  return (await unified(records, equality)).map(countVotes);
}

/** As above where each vote is shown the question in a form of its own; answers are told, and counted, in the question's terms. */
async function collectPresented(
  { solver, domain, equality, present }: Voting & { readonly present: NonNullable<Domain['present']> },
  questions: readonly string[],
  options: VotingOptions,
): Promise<Votes[]> {
  const shown = questions.map((question, i) =>
    Array.from({ length: options.samples }, (_, j) => present(question, options.key.child(i, 'shown', j))),
  );
  const completions = await solver.sample(
    shown.flatMap((forms, i) =>
      forms.map(({ question }, j) => ({
        prompt: domain.solverPrompt(question),
        samples: 1,
        key: options.key.child(i, 'vote', j),
      })),
    ),
    sampleOptions(options, options.samples),
  );
  const records = shown.map((forms, i) =>
    forms.map(({ restore }, j) => {
      const [completion] = completions[i * options.samples + j] as [Completion];
      const record = answerRecord(domain, completion, options.source, j);
      if (record.canonical === null) return record;
      const canonical = restore(record.canonical);
      return canonical === record.canonical ? record : { ...record, answer: canonical, canonical };
    }),
  );
  return (await unified(records, equality)).map(countVotes);
}

/** @param perQuestion requests for each question: who watches is told the question */
function sampleOptions(
  { sampling, signal, onProgress }: VotingOptions,
  perQuestion: number,
): Parameters<Policy['sample']>[1] {
  const question = (sampled: SampledText): SampledText => ({
    ...sampled,
    request: Math.floor(sampled.request / perQuestion),
  });
  return {
    work: 'votes',
    sampling,
    signal,
    ...(onProgress && {
      onProgress: ({ latest, ...counts }: SampleProgress) =>
        onProgress({
          ...counts,
          ...(latest && {
            latest: () => {
              const sampled = latest();
              return sampled && question(sampled);
            },
          }),
        }),
    }),
  };
}
