/**
 * A role's model in this process: its own weights (all of the model's, or an adapter), a text generator, and within a phase
 * a GRPO trainer.
 */
import type {
  Completion,
  PhaseConfig,
  Policy,
  Prompt,
  SampledText,
  SampleOptions,
  SampleRequest,
  SnapshotPart,
  TrainingSample,
  UpdateMetrics,
} from '../coevolution/executor.js';
import { LabError } from '../lib/errors.js';
import type { SequenceSoFar } from '../model/generate.js';
import { saveModelFolder } from '../model/folder.js';
import { merged } from '../model/lora-merge.js';
import type { Parameters, Weights } from '../model/parameters.js';
import { GrpoTrainer } from '../training/grpo.js';
import { TYPICAL_PROMPT, type WorkSize } from '../sizes/work-size.js';
import { promptText } from './prompt-text.js';
import type { RoleMachinery } from './role-machinery.js';

interface PhaseWork {
  readonly trainer: GrpoTrainer;
  /** The role's own weights as the phase found them; null where KL is measured from the base, which nobody changes. */
  readonly start: Parameters | null;
  readonly referenceVersion: string;
}

/** What a snapshot says of a policy besides its files. */
export interface PolicyState {
  /** Updates since the run began: names the version of the weights. */
  readonly updates: number;
  readonly phase: {
    readonly referenceVersion: string;
    readonly step: number;
    readonly optimiserUpdates: number;
  } | null;
  /** How much training works on at once, once that is known: the whole run keeps to it, so as to repeat bit for bit. */
  readonly size?: WorkSize | undefined;
}

/** Files of a phase that a restored policy takes up again at `beginPhase`. */
interface RestoredPhase {
  readonly state: NonNullable<PolicyState['phase']>;
  readonly parts: ReadonlyMap<string, string>;
}

export class LocalPolicy implements Policy {
  private updates = 0;
  private work: PhaseWork | null = null;
  private restored: RestoredPhase | null = null;
  private size: WorkSize | undefined;

  constructor(
    private readonly role: 'challenger' | 'solver',
    private readonly machinery: RoleMachinery,
    private parameters: Parameters,
  ) {}

  async sample(requests: readonly SampleRequest[], options: SampleOptions): Promise<Completion[][]> {
    const { sampling, signal, onProgress } = options;
    const { generator, model } = this.machinery;
    const generated = await generator.generate(
      this.machinery.network(this.parameters),
      requests.map(({ prompt, samples, key }) => ({ prompt: this.encode(prompt), samples, key })),
      {
        temperature: sampling.temperature,
        topK: sampling.top_k,
        topP: sampling.top_p,
        maxNewTokens: sampling.max_new_tokens,
        stopTokens: model.generation.eosTokenIds,
      },
      {
        signal,
        ...(onProgress && {
          onProgress: ({ latest, ...counts }) => onProgress({ ...counts, latest: () => this.textOf(latest()) }),
        }),
      },
    );
    return generated.map((group) =>
      group.map(({ tokens, finish }) => ({
        tokens,
        finish,
        text: this.textOfTokens(tokens, finish),
      })),
    );
  }

  lengthOf(prompt: Prompt): { tokens: number; limit: number } {
    return { tokens: this.encode(prompt).length, limit: this.machinery.model.config.maxPositions };
  }

  async beginPhase({ optimiser, grpo, newTokens, steps, done }: PhaseConfig): Promise<void> {
    this.endPhase();
    const { compute, model, base, dropout, network, read, notice } = this.machinery;
    const { parameters } = this;
    const { config } = model;
    // A phase that begins takes nothing up: where both roles are one model, what was restored may be the other phase's.
    const restored = done > 0 ? this.restored : null;
    this.restored = null;
    if (done > 0 && !restored) {
      throw new LabError(
        'internal',
        `The ${this.role} is to go on at step ${done}, but no optimiser state was restored.`,
      );
    }
    const referenceVersion = restored?.state.referenceVersion ?? this.version;
    const start = this.keepsStart ? await (restored ? read(fileOf(restored, 'reference')) : parameters.clone()) : null;
    const trainer = new GrpoTrainer({
      ...{ compute, config, parameters, optimiser, grpo, totalSteps: steps },
      longestRow: Math.min(config.maxPositions, newTokens + TYPICAL_PROMPT),
      ...(base && { frozen: base }),
      ...(dropout && { dropout: dropout.child(referenceVersion) }),
      reference: start ? network(start) : base,
      size: this.size,
      onSmaller: (size, why) => notice(smallerText(this.role, size, why)),
    });
    if (restored) {
      trainer.restore({
        step: restored.state.step,
        updates: restored.state.optimiserUpdates,
        first: await read(fileOf(restored, 'first-moments')),
        second: await read(fileOf(restored, 'second-moments')),
      });
    }
    this.size = trainer.size;
    this.work = { trainer, start, referenceVersion };
  }

  async update(batch: readonly TrainingSample[], signal?: AbortSignal): Promise<UpdateMetrics> {
    if (!this.work) throw new LabError('internal', `The ${this.role} is asked to learn outside a phase.`);
    const metrics = await this.work.trainer.step(
      batch.map(({ prompt, completion, advantage }) => ({
        prompt: this.encode(prompt),
        completion: completion.tokens,
        advantage,
        ...(completion.logprobs && { oldLogProbs: Float32Array.from(completion.logprobs) }),
      })),
      signal,
    );
    this.size = this.work.trainer.size;
    this.updates += 1;
    return metrics;
  }

  endPhase(): void {
    this.work?.trainer.dispose();
    this.work?.start?.dispose();
    this.work = null;
  }

  dispose(): void {
    this.endPhase();
    this.parameters.dispose();
  }

  get state(): PolicyState {
    const optimiser = this.work?.trainer.optimiserState();
    return {
      updates: this.updates,
      phase:
        this.work && optimiser
          ? { referenceVersion: this.work.referenceVersion, step: optimiser.step, optimiserUpdates: optimiser.updates }
          : null,
      size: this.size,
    };
  }

  parts(): SnapshotPart[] {
    const part = (name: string, version: string, parameters: Parameters): SnapshotPart => ({
      name,
      version,
      write: (path) => this.machinery.write(path, parameters),
    });
    const weights = part(this.role, this.version, this.parameters);
    if (!this.work) return [weights];
    const { trainer, start, referenceVersion } = this.work;
    const { first, second } = trainer.optimiserState();
    return [
      weights,
      ...(start ? [part('reference', referenceVersion, start)] : []),
      // Named by the phase too: where both roles are one model, two phases meet at the same number of updates.
      part('first-moments', `${this.version}-since-${referenceVersion}-first`, first),
      part('second-moments', `${this.version}-since-${referenceVersion}-second`, second),
    ];
  }

  async restore(parts: ReadonlyMap<string, string>, state: PolicyState): Promise<void> {
    this.endPhase();
    const restored: RestoredPhase | null = state.phase ? { state: state.phase, parts } : null;
    const old = this.parameters;
    this.parameters = await this.machinery.read(fileOf({ parts }, this.role));
    old.dispose();
    this.updates = state.updates;
    this.size = state.size;
    this.restored = restored;
  }

  private get keepsStart(): boolean {
    return this.machinery.base === null || this.machinery.reference === 'phase';
  }

  /** Shape, tokenizer and template. */
  get model(): RoleMachinery['model'] {
    return this.machinery.model;
  }

  /** The present weights as a whole network, which stays the policy's. */
  get network(): Weights {
    return this.machinery.network(this.parameters);
  }

  /** Writes what the role is at present as an ordinary model, an adapter folded into its base. */
  async exportTo(folder: string): Promise<void> {
    const { model, base } = this.machinery;
    if (base === null) return saveModelFolder(folder, { ...model, parameters: this.parameters });
    const whole = merged(model.config, base, this.parameters);
    try {
      await saveModelFolder(folder, { ...model, config: { ...model.config, lora: null }, parameters: whole });
    } finally {
      whole.dispose();
    }
  }

  /** The role's own weights, for a learner that trains them in place and says so with `changed`. */
  get weights(): Parameters {
    return this.parameters;
  }

  changed(): void {
    this.updates += 1;
  }

  /** Goes on with other weights, which belong to it from now on. */
  adopt(parameters: Parameters): void {
    this.parameters.dispose();
    this.parameters = parameters;
    this.changed();
  }

  /** Names the present weights within the run. */
  get version(): string {
    return `${this.role}-${this.updates}`;
  }

  /** Tokens as text: without the stop token where there was one. */
  textOfTokens(tokens: readonly number[], finish: Completion['finish'] | null): string {
    return this.machinery.model.tokenizer.decode(finish === 'stop' ? tokens.slice(0, -1) : tokens);
  }

  private textOf(sequence: SequenceSoFar | null): SampledText | null {
    if (!sequence) return null;
    const { request, tokens, finish } = sequence;
    return { request, finish, tokens: tokens.length, text: this.textOfTokens(tokens, finish) };
  }

  encode(prompt: Prompt): number[] {
    const { model } = this.machinery;
    return model.tokenizer.encode(promptText(model, prompt));
  }
}

/** For the record, where memory made a run work in smaller pieces. */
export function smallerText(who: string, { tokens, kept }: WorkSize, why: string): string {
  const recomputed = kept === 'inputs' ? ', every block computed again on the way back' : '';
  return `A training step of ${who === 'fine-tuning' ? who : `the ${who}`} did not fit into memory (${why}). It is made again in micro-batches of ${tokens} tokens${recomputed}.`;
}

function fileOf({ parts }: Pick<RestoredPhase, 'parts'>, name: string): string {
  const path = parts.get(name);
  if (path === undefined) throw new LabError('internal', `The checkpoint has no part "${name}".`);
  return path;
}
