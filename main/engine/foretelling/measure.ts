/**
 * A few seconds of each kind of work a run consists of, done with the model itself: what it writes to the recipe's own prompts,
 * calls of decoding with few rows and with many, prompts that are read, and updates of two sizes.
 */
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { Completion, Prompt, SampleRequest, TrainingSample } from '../../coevolution/executor.js';
import { drawTopic } from '../../coevolution/topics.js';
import type { Domain } from '../../domains/domain.js';
import { RandomKey } from '../../lib/random.js';
import { TextGenerator } from '../../model/generate.js';
import { isNarrow } from '../../sizes/network.js';
import { rowsThatFit } from '../../sizes/decoding.js';
import type { LocalExecutor } from '../local-executor.js';
import type { LocalPolicy } from '../local-policy.js';
import { type Costs, type Line, lineThrough, type Machine, paddedTokens } from './costs.js';

export interface Measured {
  readonly costs: Costs;
  readonly written: { readonly challenger: readonly Completion[]; readonly solver: readonly Completion[] };
}

export interface MeasureOptions {
  readonly recipe: Recipe;
  readonly domain: Domain;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** Of the Challenger, and of the Solver for each of a few questions. */
const SAMPLES = { challenger: 8, questions: 4, answers: 4 };
/** Calls of decoding that are timed, behind one that is not. */
const CALLS = 6;
const FEW_ROWS = 8;
/** Samples of an update, of one prompt. */
const LEARNT = { few: 2, many: 8 };
const PARTS = 5;

export async function measureCosts(machine: Machine, local: LocalExecutor, options: MeasureOptions): Promise<Measured> {
  const { recipe, onProgress } = options;
  const key = RandomKey.of(recipe.seed, 'foretelling');
  const asked = promptOf(options.domain, key);
  const questions = await write(
    local.challenger,
    [{ prompt: asked, samples: SAMPLES.challenger, key: key.child('q') }],
    {
      ...options,
      work: 'challenger',
    },
  );
  onProgress(1, PARTS);
  const put = questionsOf(options.domain, questions.flat());
  const requests = put.map((question, i) => ({
    prompt: options.domain.solverPrompt(question),
    samples: SAMPLES.answers,
    key: key.child('a', i),
  }));
  const answers = await write(local.solver, requests, { ...options, work: 'solver' });
  onProgress(2, PARTS);
  const prompts = requests.map(({ prompt }) => local.solver.encode(prompt));
  const { decoding, reading } = await decodingCosts(machine, local, {
    prompts,
    rows: rowsOf(machine, recipe, prompts),
    signal: options.signal,
  });
  onProgress(4, PARTS);
  const learning = await learningCosts(machine, local, { recipe, requests, answers, signal: options.signal });
  onProgress(PARTS, PARTS);
  return {
    costs: { decoding, reading, learning },
    written: { challenger: questions.flat(), solver: answers.flat() },
  };
}

function promptOf(domain: Domain, key: RandomKey): Prompt {
  return domain.challengerPrompt(drawTopic(domain, key.child('topic')));
}

/** Questions among what was written; where there is none, what was written itself: its length is what matters here. */
function questionsOf(domain: Domain, written: readonly Completion[]): string[] {
  const valid = written.flatMap(({ text, finish }) => {
    const parsed = domain.parseQuestion(text, finish);
    return parsed.valid ? [parsed.question] : [];
  });
  const some = valid.length > 0 ? valid : written.map(({ text }) => text.trim() || '1 + 1');
  return some.slice(0, SAMPLES.questions);
}

async function write(
  policy: LocalPolicy,
  requests: readonly SampleRequest[],
  { recipe, signal, work }: Pick<MeasureOptions, 'recipe' | 'signal'> & { readonly work: 'challenger' | 'solver' },
): Promise<Completion[][]> {
  const sampling = work === 'challenger' ? recipe.challenger.sampling : recipe.solver.sampling;
  return policy.sample(requests, { work, sampling, signal });
}

/** Rows of the largest batch that the recipe samples together. */
function rowsOf(
  { config }: Machine,
  { curriculum, checkpoint, solver }: Recipe,
  prompts: readonly (readonly number[])[],
): number {
  const promptTokens = Math.max(...prompts.map(({ length }) => length));
  const votes = Math.min(curriculum.questions, checkpoint.chunk) * curriculum.votes;
  const learnt = solver.questions_per_step * solver.rollouts_per_question;
  const work = { promptTokens, newTokens: curriculum.vote_sampling.max_new_tokens, steps: 1 };
  const sequences = Math.max(votes, learnt);
  return Math.min(
    sequences,
    rowsThatFit(config, { ...work, sequences, prompts: Math.max(1, Math.ceil(sequences / 8)) }),
  );
}

/** Every row writes on to the same length, for no token ends it. */
async function decodingCosts(
  { compute, config }: Machine,
  local: LocalExecutor,
  {
    prompts,
    rows,
    signal,
  }: { readonly prompts: readonly number[][]; readonly rows: number; readonly signal: AbortSignal },
): Promise<{ decoding: Line; reading: number }> {
  const generator = new TextGenerator(compute, config);
  const stepsACall = isNarrow(config) ? 8 : 1;
  const seconds = async (count: number, calls: number): Promise<number> => {
    const each = Math.ceil(count / prompts.length);
    const requests = prompts.map((prompt, i) => ({ prompt, samples: each, key: RandomKey.of(i, 'decoding') }));
    const start = performance.now();
    await generator.generate(
      local.solver.network,
      requests,
      { temperature: 1, topK: 0, topP: 1, maxNewTokens: calls * stepsACall, stopTokens: [] },
      { signal },
    );
    return (performance.now() - start) / 1000;
  };
  const points: [number, number][] = [];
  let beginning = 0;
  for (const count of [FEW_ROWS, Math.max(2 * FEW_ROWS, rows)]) {
    const real = Math.ceil(count / prompts.length) * prompts.length;
    await seconds(real, 1);
    const short = await seconds(real, 1);
    const long = await seconds(real, 1 + CALLS);
    points.push([real, Math.max(0, long - short) / CALLS]);
    if (beginning === 0) beginning = Math.max(0, short - Math.max(0, long - short) / CALLS);
  }
  const tokens = prompts.reduce((sum, { length }) => sum + length, 0);
  const [few, many] = points as [[number, number], [number, number]];
  return { decoding: lineThrough(few, many), reading: beginning / tokens };
}

async function learningCosts(
  machine: Machine,
  local: LocalExecutor,
  given: {
    readonly recipe: Recipe;
    readonly requests: readonly SampleRequest[];
    readonly answers: readonly (readonly Completion[])[];
    readonly signal: AbortSignal;
  },
): Promise<Line> {
  const { recipe, requests, answers, signal } = given;
  const { optimiser, grpo } = recipe.solver;
  const { solver } = local;
  const newTokens = recipe.solver.sampling.max_new_tokens;
  await solver.beginPhase({ optimiser, grpo: { ...grpo, minibatches: 1 }, newTokens, steps: 10, done: 0 });
  const prompt = (requests[0] as SampleRequest).prompt;
  const completions = answers.flat().filter(({ tokens }) => tokens.length > 0);
  const batchOf = (count: number): TrainingSample[] =>
    Array.from({ length: count }, (_, i) => ({
      prompt,
      completion: completions[i % completions.length] as Completion,
      advantage: i % 2 === 0 ? 1 : -1,
    }));
  const points: [number, number][] = [];
  for (const count of [LEARNT.few, LEARNT.many]) {
    const batch = batchOf(count);
    const samples = batch.map(({ completion }) => ({ prompt: solver.encode(prompt), completion: completion.tokens }));
    const size = solver.state.size;
    const padded = size ? paddedTokens(machine, samples, { size, sharePrompts: true, packInto: null }) : 0;
    // The first traces, and touches memory for the first time.
    await solver.update(batch, signal);
    const start = performance.now();
    await solver.update(batch, signal);
    points.push([padded, (performance.now() - start) / 1000]);
  }
  solver.endPhase();
  const [few, many] = points as [[number, number], [number, number]];
  return lineThrough(few, many);
}
