/** The task that looks at rollout servers as a run would: what they serve, whose weights, how fast. It changes nothing there. */
import type { LookedAt, TaskInput } from '../../preload/contract/tasks.js';
import { openCompute } from '../compute/open.js';
import { describeError } from '../lib/errors.js';
import { RandomKey } from '../lib/random.js';
import { TextGenerator } from '../model/generate.js';
import type { LanguageModel } from '../model/language-model.js';
import { sequenceLogProbs } from '../model/score.js';
import { compare } from '../rollouts/fingerprint.js';
import { sampleAt } from '../rollouts/sampler.js';
import type { RolloutServer } from '../rollouts/server.js';
import { isFailed } from '../rollouts/server.js';
import { scoresAt } from '../rollouts/serving.js';
import { openModel } from './open-model.js';
import type { TaskHandlers } from './serve.js';
import { serversOf } from './served-executor.js';

type Input = TaskInput<'rollouts'>;

/** Of the measurement of speed. */
const PROMPTS = 8;
const SAMPLES = 4;
const TOKENS = 64;

interface Probes {
  readonly texts: readonly (readonly number[])[];
  /** Their log-probabilities here. */
  readonly wanted: readonly number[];
}

export const rolloutsTask: TaskHandlers['rollouts'] = async (input, { signal }) => {
  const servers = serversOf(input.rollouts, input.key);
  const compute = await openCompute(input.backend);
  const { model } = await openModel(input);
  const generator = new TextGenerator(compute, model.config);
  const probes = await probesOf(model, generator, input);
  const looks: LookedAt[] = [];
  for (const server of servers) looks.push(await lookAt(server, { input, model, probes, signal }));
  return { servers: looks };
};

/** What the model writes by itself, from nothing but the token that begins or ends a text. */
async function probesOf(
  { config, generation, parameters }: LanguageModel,
  generator: TextGenerator,
  { rollouts }: Input,
): Promise<Probes> {
  const first = config.bosTokenId ?? generation.eosTokenIds[0] ?? 0;
  const { prompts, tokens } = rollouts.check;
  const [written = []] = await generator.generate(
    parameters,
    [{ prompt: [first], samples: prompts, key: RandomKey.of(0, 'fingerprint') }],
    { temperature: 1, topK: 0, topP: 1, maxNewTokens: tokens, stopTokens: generation.eosTokenIds },
  );
  const texts = written.map((one) => [first, ...one.tokens]);
  const wanted: number[] = [];
  for (const text of texts) wanted.push(...(await sequenceLogProbs(config, parameters.tensors, text)));
  return { texts, wanted };
}

interface Look {
  readonly input: Input;
  readonly model: LanguageModel;
  readonly probes: Probes;
  readonly signal: AbortSignal;
}

async function lookAt(server: RolloutServer, look: Look): Promise<LookedAt> {
  const { input, signal } = look;
  let found: LookedAt = {
    ...{ host: server.host, problem: null, version: null, models: [], reload: [], fingerprint: null },
    ...{ byTokens: null, logprobs: null, tokensPerSecond: null },
  };
  try {
    found = { ...found, models: await server.models(signal, 1), version: await versionOf(server, signal) };
    found = { ...found, reload: await reloadsOf(server, signal) };
    const name = nameOf(found, input);
    if (name === null) {
      const problem = `it serves ${found.models.map(({ id }) => id).join(', ') || 'nothing'}, not "${input.rollouts.model}"`;
      return { ...found, problem };
    }
    found = { ...found, fingerprint: await fingerprintOf(server, name, look) };
    found = { ...found, ...(await speedOf(server, name, look)) };
    return { ...found, problem: problemOf(found, input) };
  } catch (error) {
    signal.throwIfAborted();
    return { ...found, problem: describeError(error) };
  }
}

/** Other weights than the named ones are none where the run brings its own. */
function problemOf({ fingerprint, reload }: LookedAt, { rollouts }: Input): string | null {
  const way = rollouts.weights.reload;
  if (way === 'vllm' && !reload.includes('vllm'))
    return 'it offers no reload of weights: start vLLM with VLLM_SERVER_DEV_MODE=1, or set rollouts.weights.reload to command';
  if (way !== 'none' || fingerprint?.same === true) return null;
  return 'it serves other weights than the named ones, or rounds more than the tolerance';
}

function nameOf({ models }: LookedAt, { rollouts, anyName }: Input): string | null {
  if (models.some(({ id }) => id === rollouts.model)) return rollouts.model;
  return anyName && models.length === 1 ? (models[0]?.id ?? null) : null;
}

async function versionOf(server: RolloutServer, signal: AbortSignal): Promise<string | null> {
  const read = (value: unknown): string | null => {
    const { version } = (value ?? {}) as { version?: unknown };
    return typeof version === 'string' ? version : null;
  };
  const reply = await server.try({ message: server.beside('/version', null), read, signal });
  return isFailed(reply) ? null : reply;
}

/** Asked for with nothing to load: what is there refuses that, what is not there says so. */
async function reloadsOf(server: RolloutServer, signal: AbortSignal): Promise<LookedAt['reload']> {
  const offers = async (path: string): Promise<boolean> => {
    const reply = await server.try({ message: server.beside(path, {}), read: () => true, signal });
    return !isFailed(reply) || reply.kind === 'refused-request';
  };
  return [
    ...((await offers('/collective_rpc')) ? (['vllm'] as const) : []),
    ...((await offers('/v1/load_lora_adapter')) ? (['lora'] as const) : []),
  ];
}

async function fingerprintOf(server: RolloutServer, name: string, look: Look): Promise<LookedAt['fingerprint']> {
  const { texts, wanted } = look.probes;
  const { tolerance } = look.input.rollouts.check;
  const served = await scoresAt(server, { model: name, probes: texts, signal: look.signal });
  const { kind, largest } = compare(served, { wanted, before: [], tolerance });
  const mean = served.reduce((sum, value, i) => sum + Math.abs(value - (wanted[i] ?? 0)), 0) / wanted.length;
  return { same: kind === 'same', largest, mean, tokens: wanted.length };
}

async function speedOf(
  server: RolloutServer,
  name: string,
  { input, model, probes, signal }: Look,
): Promise<Pick<LookedAt, 'byTokens' | 'logprobs' | 'tokensPerSecond'>> {
  const [first = []] = probes.texts;
  const wish = {
    ...{ servers: [server], model: name, signal, stopTokens: model.generation.eosTokenIds },
    sampling: { temperature: 1, top_p: 1, top_k: 0, max_new_tokens: TOKENS },
    maxLength: model.config.maxPositions,
    concurrency: input.rollouts.concurrency,
  };
  const request = (i: number, samples: number) => ({
    ...{ prompt: first.slice(0, 1 + (i % Math.max(1, first.length - 1))), samples },
    key: RandomKey.of(0, 'speed', i),
  });
  const [one] = await sampleAt([request(0, 1)], { ...wish, logprobs: false });
  const byTokens = (one?.[0]?.tokens ?? null) !== null;
  const logprobs = await sampleAt([request(0, 1)], { ...wish, logprobs: true }).then(
    () => true,
    () => false,
  );
  signal.throwIfAborted();
  const start = performance.now();
  const groups = await sampleAt(
    Array.from({ length: PROMPTS }, (_, i) => request(i, SAMPLES)),
    { ...wish, logprobs: false },
  );
  const seconds = (performance.now() - start) / 1000;
  const lengths = groups.flat().map(({ tokens, text }) => tokens?.length ?? model.tokenizer.encode(text).length);
  return { byTokens, logprobs, tokensPerSecond: lengths.reduce((a, b) => a + b, 0) / seconds };
}
