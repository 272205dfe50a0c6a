/**
 * A role that is sampled at servers for some of its work and here for the rest; it learns here. What comes back is as what
 * is sampled here: token ids with the stop token, text by our own tokenizer.
 */
import type {
  Completion,
  PhaseConfig,
  Policy,
  Prompt,
  SampleOptions,
  SampleRequest,
  TrainingSample,
  UpdateMetrics,
} from '../coevolution/executor.js';
import type { RolloutsRecipe, RolloutWork } from '../../preload/contract/recipe-rollouts.js';
import { describeError } from '../lib/errors.js';
import { RandomKey } from '../lib/random.js';
import { sequenceLogProbs } from '../model/score.js';
import type { ServedCompletion } from '../rollouts/completions.js';
import { sampleAt } from '../rollouts/sampler.js';
import type { RolloutServer } from '../rollouts/server.js';
import type { ServedWeights, Serving } from '../rollouts/serving.js';
import { RolloutsUnavailable } from '../rollouts/unavailable.js';
import type { LocalPolicy } from './local-policy.js';

export interface ServedBy {
  readonly recipe: RolloutsRecipe;
  readonly servers: readonly RolloutServer[];
  readonly serving: Serving;
  readonly say: (message: string, level: 'info' | 'warn') => void;
}

const LEARNT_FROM: readonly RolloutWork[] = ['challenger', 'solver'];

export class ServedPolicy implements Policy {
  /** Weights that are sampled here although they should not be, for the servers failed with them. */
  private givenUp: string | null = null;

  constructor(
    private readonly local: LocalPolicy,
    private readonly by: ServedBy,
  ) {}

  async sample(requests: readonly SampleRequest[], options: SampleOptions): Promise<Completion[][]> {
    const { recipe, say } = this.by;
    if (!recipe.work[options.work] || this.givenUp === this.local.version) return this.local.sample(requests, options);
    this.givenUp = null;
    try {
      return await this.sampleElsewhere(requests, options);
    } catch (error) {
      if (!(error instanceof RolloutsUnavailable) || recipe.fallback !== 'local') throw error;
      this.givenUp = this.local.version;
      say(`${describeError(error)} Sampled here instead until there are new weights.`, 'warn');
      return this.local.sample(requests, options);
    }
  }

  private async sampleElsewhere(
    requests: readonly SampleRequest[],
    { work, sampling, signal = new AbortController().signal, onProgress }: SampleOptions,
  ): Promise<Completion[][]> {
    const { recipe, servers, serving } = this.by;
    const { local } = this;
    await serving.ensure(this.weights(requests, signal), signal);
    const { config, generation } = local.model;
    const prompts = requests.map(({ prompt, samples, key }) => ({ prompt: local.encode(prompt), samples, key }));
    const maxLength = this.lengthFor(prompts, sampling.max_new_tokens);
    const total = requests.reduce((sum, { samples }) => sum + samples, 0);
    let [finished, tokens] = [0, 0];
    const groups = await sampleAt(prompts, {
      ...{ servers, sampling, maxLength, signal, model: recipe.model, concurrency: recipe.concurrency },
      stopTokens: generation.eosTokenIds,
      logprobs: LEARNT_FROM.includes(work),
      onCompletions: (request, completions) => {
        finished += completions.length;
        const read = completions.map((completion) => this.completionOf(completion));
        tokens += read.reduce((sum, completion) => sum + completion.tokens.length, 0);
        const [first] = read;
        const latest = first && { request, text: first.text, tokens: first.tokens.length, finish: first.finish };
        onProgress?.({ finished, total, tokens, ...(latest && { latest: () => latest }) });
      },
    });
    const read = groups.map((group) => group.map((completion) => this.completionOf(completion)));
    if (read.some((group) => group.some((one) => one.tokens.some((token) => token >= config.vocabSize))))
      throw new RolloutsUnavailable(
        `A rollout server gave tokens that the model does not have (it has ${config.vocabSize}).`,
        'It serves another model; then go on with rzero resume.',
      );
    // By the weights here the ratio begins at 1, as for what is sampled here.
    return recipe.ratio === 'server' ? read : read.map((group) => group.map(withoutLogprobs));
  }

  private completionOf({ tokens, text, finish, logprobs }: ServedCompletion): Completion {
    const { local } = this;
    if (tokens !== null)
      return { tokens, finish, text: local.textOfTokens(tokens, finish), ...(logprobs && { logprobs }) };
    const { tokenizer, generation } = local.model;
    const [stop] = generation.eosTokenIds;
    const encoded = tokenizer.encode(text);
    return { text, finish, tokens: finish === 'stop' && stop !== undefined ? [...encoded, stop] : encoded };
  }

  /** What the shortest-sighted server reads; what is sampled elsewhere must not be cut shorter than here. */
  private lengthFor(prompts: readonly { readonly prompt: readonly number[] }[], wanted: number): number {
    const here = this.local.model.config.maxPositions;
    const there = this.by.serving.maxLength ?? here;
    const longest = prompts.reduce((most, { prompt }) => Math.max(most, prompt.length), 0);
    const needed = Math.min(here, longest + wanted);
    if (there < needed)
      throw new RolloutsUnavailable(
        `A rollout server reads ${there} tokens at most, and a prompt with its answer may take ${needed}.`,
        `Start it with a longer context (vLLM: --max-model-len ${needed}), or lower max_new_tokens in a new run.`,
      );
    return Math.min(here, there);
  }

  private weights(requests: readonly SampleRequest[], signal: AbortSignal): ServedWeights {
    const { local } = this;
    return {
      version: local.version,
      export: (folder) => local.exportTo(folder),
      score: (sequences) => scoreAll(local, sequences),
      probes: () => this.probes(requests, signal),
    };
  }

  /** Prompts of the run with what the present weights write behind them. */
  private async probes(requests: readonly SampleRequest[], signal: AbortSignal): Promise<number[][]> {
    const { prompts: wanted, tokens } = this.by.recipe.check;
    const distinct = [...new Map(requests.map(({ prompt }) => [JSON.stringify(prompt), prompt])).values()];
    const chosen = distinct.slice(0, wanted);
    const samples = Math.ceil(wanted / Math.max(1, chosen.length));
    const groups = await this.local.sample(
      chosen.map((prompt, i) => ({ prompt, samples, key: RandomKey.of(0, 'fingerprint', i) })),
      { work: 'votes', sampling: { temperature: 1, top_p: 1, top_k: 0, max_new_tokens: tokens }, signal },
    );
    const longest = Math.min(this.local.model.config.maxPositions, this.by.serving.maxLength ?? Infinity) - 1;
    return chosen.flatMap((prompt, i) =>
      (groups[i] ?? []).map((one) => [...this.local.encode(prompt), ...one.tokens].slice(0, longest)),
    );
  }

  lengthOf(prompt: Prompt): { tokens: number; limit: number } {
    return this.local.lengthOf(prompt);
  }

  beginPhase(config: PhaseConfig): Promise<void> {
    return this.local.beginPhase(config);
  }

  update(batch: readonly TrainingSample[], signal?: AbortSignal): Promise<UpdateMetrics> {
    return this.local.update(batch, signal);
  }

  endPhase(): void {
    this.local.endPhase();
  }
}

async function scoreAll(local: LocalPolicy, sequences: readonly (readonly number[])[]): Promise<Float32Array[]> {
  const { config } = local.model;
  const scores: Float32Array[] = [];
  for (const tokens of sequences) scores.push(await sequenceLogProbs(config, local.network.tensors, tokens));
  return scores;
}

function withoutLogprobs({ text, tokens, finish }: Completion): Completion {
  return { text, tokens, finish };
}
