import { describe, expect, it } from 'vitest';
import { evaluationSchema } from '../../preload/contract/events.js';
import { samplingSchema } from '../../preload/contract/recipe-parts.js';
import type { Completion, Policy, SampleOptions, SampleRequest } from '../coevolution/executor.js';
import { formatSolution } from '../domains/chains/question.js';
import { domainNamed } from '../coevolution/named-domain.js';
import { RandomKey } from '../lib/random.js';
import { loadShipped } from './benchmark.js';
import { evaluate, evaluateQuestions } from './evaluate.js';
import { decideByForm } from './verdicts.js';

const domain = domainNamed('chains');
const benchmark = loadShipped('chains-tune');
const key = RandomKey.of(9, 'evaluate');
const sampling = samplingSchema.parse({ max_new_tokens: 112 });

/** Reads no chain of more than 7 terms. */
const SHORT_SIGHTED = {
  lengthOf: (prompt: { kind: string; text?: string }) => ({
    tokens: (prompt.text ?? '').replace(/<[^>]+>/g, '').split(/[+-]/).length,
    limit: 8,
  }),
};

/** Knows every answer greedily up to 6 terms; sampled, is right with probability 3/4 by its key; sometimes cut off. */
class Pupil implements Pick<Policy, 'sample'> {
  readonly calls: SampleOptions[] = [];

  sample(requests: readonly SampleRequest[], options: SampleOptions): Promise<Completion[][]> {
    this.calls.push(options);
    const total = requests.reduce((sum, r) => sum + r.samples, 0);
    options.onProgress?.({ finished: total, total, tokens: 10 * total });
    return Promise.resolve(
      requests.map(({ prompt, samples, key: own }) =>
        Array.from({ length: samples }, (_, j) =>
          this.answer(prompt.kind === 'text' ? prompt.text : '', own.child(j), options),
        ),
      ),
    );
  }

  private answer(prompt: string, own: RandomKey, { sampling: { temperature } }: SampleOptions): Completion {
    const question = prompt.replace(/<[^>]+>/g, '');
    const draw = own.stream().uniform();
    const right = temperature === 0 ? question.split(/[+-]/).length <= 6 : draw < 0.75;
    const text = formatSolution(question) + (right ? '' : '0000');
    return { text, tokens: [1, 2], finish: temperature > 0 && draw > 0.99 ? 'length' : 'stop' };
  }
}

describe('evaluation', () => {
  it('grades greedy and sampled answers, by difficulty and with intervals', async () => {
    const pupil = new Pupil();
    const progress: number[] = [];
    const { evaluation, rows } = await evaluate({
      policy: pupil,
      task: domain,
      benchmark,
      samples: 8,
      sampling,
      key,
      onProgress: ({ finished, total }) => progress.push(finished / total),
    });
    expect(evaluationSchema.parse(evaluation)).toEqual(evaluation);
    expect(pupil.calls.map((c) => c.sampling.temperature)).toEqual([0, 1]);
    expect(progress).toEqual([1 / 9, 1]);
    // 0 with zeros behind it is still 0: the pupil is right there by accident.
    const zeros = benchmark.questions.filter((q) => q.answer === '0');
    const known = benchmark.questions.filter((q) => (q.difficulty as number) <= 6 || q.answer === '0').length;
    expect(evaluation.greedy.value).toBe(known / 800);
    expect(Math.abs((evaluation.mean?.value ?? 0) - 0.75)).toBeLessThan(0.03);
    expect(evaluation.mean?.low).toBeLessThan(evaluation.mean?.value ?? 0);
    expect(evaluation.byDifficulty.map((d) => d.difficulty)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(evaluation.byDifficulty[0]).toMatchObject({ greedy: 1, n: 80 });
    expect(evaluation.byDifficulty[9]?.greedy).toBe(zeros.filter((q) => q.difficulty === 12).length / 80);
    const right = rows.flatMap((r) => r.samples).filter((s) => s.verdict === 'equal').length;
    expect(evaluation.mean?.value).toBe(right / 6400);
    const cut = rows.flatMap((r) => r.samples).filter((s) => s.finish === 'length');
    expect(cut.length).toBeGreaterThan(0);
    for (const sample of cut) expect(sample).toMatchObject({ extracted: null, verdict: 'different' });
  });

  it('gives in slices what it gives at once (a resumed evaluation must not change)', async () => {
    const options = { policy: new Pupil(), task: domain, samples: 3, sampling, key };
    const indexed = benchmark.questions.slice(0, 60).map((q, index) => ({ ...q, index }));
    const whole = await evaluateQuestions({ ...options, questions: indexed });
    const slices = [
      ...(await evaluateQuestions({ ...options, questions: indexed.slice(0, 17) })),
      ...(await evaluateQuestions({ ...options, questions: indexed.slice(17) })),
    ];
    expect(slices).toEqual(whole);
    expect(new Set(whole.map((r) => r.samples.map((s) => s.verdict).join())).size).toBeGreaterThan(3);
  });

  // Would catch: an answer that nobody could judge, counted as wrong, or as right, or forgotten.
  it('counts what cannot be decided apart, and waits for who decides', async () => {
    const questions = benchmark.questions.slice(0, 40);
    const options = { policy: new Pupil(), task: domain, benchmark: { ...benchmark, questions }, samples: 4 };
    const decided = await evaluate({ ...options, sampling, key });
    const doubtful = (answer: string): boolean => answer.length > 2;
    const { evaluation, rows } = await evaluate({
      ...{ ...options, sampling, key },
      decide: async (task, pairs) => {
        const sure = await Promise.resolve(decideByForm(task, pairs));
        return sure.map((decision, i) =>
          doubtful(pairs[i]?.answer ?? '') ? { verdict: 'undecided', reason: 'too long' } : decision,
        );
      },
    });
    const all = rows.flatMap(({ greedy, samples }) => [greedy, ...samples]);
    const before = decided.rows.flatMap(({ greedy, samples }) => [greedy, ...samples]);
    expect(before.every(({ verdict }) => verdict !== 'undecided')).toBe(true);
    all.forEach((answer, i) => {
      const doubt = answer.extracted !== null && doubtful(answer.extracted);
      expect(answer.verdict).toBe(doubt ? 'undecided' : before[i]?.verdict);
      expect(answer.reason).toBe(doubt ? 'too long' : null);
    });
    const sampled = rows.flatMap(({ samples }) => samples);
    const of = (verdict: string): number => sampled.filter((answer) => answer.verdict === verdict).length;
    expect(of('undecided')).toBeGreaterThan(20);
    expect(evaluation.undecided).toEqual({
      greedy: rows.filter(({ greedy }) => greedy.verdict === 'undecided').length,
      sampled: of('undecided'),
    });
    expect(evaluation.greedy.n).toBe(40 - (evaluation.undecided?.greedy ?? 0));
    expect(evaluation.mean?.value).toBeCloseTo(of('equal') / (of('equal') + of('different')), 12);
    expect(decided.evaluation).not.toHaveProperty('undecided');
    expect(evaluationSchema.parse(evaluation)).toEqual(evaluation);
  });

  it('asks greedily only when k is 0', async () => {
    const pupil = new Pupil();
    const { evaluation } = await evaluate({ policy: pupil, task: domain, benchmark, samples: 0, sampling, key });
    expect(pupil.calls).toHaveLength(1);
    expect(evaluation.mean).toBeNull();
    expect(evaluation.byDifficulty.every((d) => d.mean === null)).toBe(true);
  });
});

// Would catch: one long question that ends a run of hours, an answer given to the wrong question behind it, a share that
// counts what was never asked, and other random draws for the questions that were.
it('counts questions that the model cannot read as undecided, and asks the others as ever', async () => {
  const pupil = new Pupil();
  const lengthOf = SHORT_SIGHTED.lengthOf as NonNullable<Policy['lengthOf']>;
  const how = { task: domain, samples: 2, sampling, key, decide: decideByForm };
  const policy = { sample: pupil.sample.bind(pupil), lengthOf };
  const limited = await evaluate({ ...how, policy, benchmark });
  const whole = await evaluate({ ...how, policy: new Pupil(), benchmark });
  const terms = (question: string): number => question.split(/[+-]/).length;
  const long = limited.rows.filter(({ question }) => terms(question) >= 8);
  expect(long.length).toBeGreaterThan(0);
  expect(limited.rows.length).toBeGreaterThan(long.length);
  limited.rows.forEach((row, i) => {
    if (terms(row.question) < 8) return expect(row).toEqual(whole.rows[i]);
    expect([row.greedy, ...row.samples].map(({ verdict }) => verdict)).toEqual(Array(3).fill('undecided'));
    expect(row.greedy.reason).toBe(
      `too long for the model: the prompt has ${terms(row.question)} tokens, and with an answer it reads 8`,
    );
  });
  expect(limited.evaluation.undecided).toEqual({ greedy: long.length, sampled: 2 * long.length });
  expect(limited.evaluation.greedy.n).toBe(benchmark.questions.length - long.length);
});
