/** A role's model in this process: tfjs weights, a text generator, and within a phase a GRPO trainer. */
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
import type { Compute } from '../compute/compute.js';
import { LabError } from '../lib/errors.js';
import type { SequenceSoFar, TextGenerator } from '../model/generate.js';
import type { LanguageModel } from '../model/language-model.js';
import type { Parameters } from '../model/parameters.js';
import { readParameters, writeParameters } from '../model/weights.js';
import { GrpoTrainer } from '../training/grpo.js';
import { promptText } from './prompt-text.js';

export interface PolicyMachinery {
  readonly compute: Compute;
  readonly generator: TextGenerator;
  /** Shape, tokenizer and template, shared by both roles. */
  readonly model: LanguageModel;
}

interface PhaseWork {
  readonly trainer: GrpoTrainer;
  readonly reference: Parameters;
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

  constructor(
    private readonly role: 'challenger' | 'solver',
    private readonly machinery: PolicyMachinery,
    private parameters: Parameters,
  ) {}

  async sample(requests: readonly SampleRequest[], options: SampleOptions): Promise<Completion[][]> {
    const { sampling, signal, onProgress } = options;
    const { generator, model } = this.machinery;
    const generated = await generator.generate(
      this.parameters,
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
        text: this.decode(tokens, finish),
      })),
    );
  }

  lengthOf(prompt: Prompt): { tokens: number; limit: number } {
    return { tokens: this.encode(prompt).length, limit: this.machinery.model.config.maxPositions };
  }

  async beginPhase({ optimiser, grpo, steps, done }: PhaseConfig): Promise<void> {
    this.endPhase();
    const { compute, model } = this.machinery;
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
    const reference = restored ? await readParameters(fileOf(restored, 'reference'), config) : parameters.clone();
    const trainer = new GrpoTrainer({ compute, config, parameters, reference, optimiser, grpo, totalSteps: steps });
    if (restored) {
      trainer.restore({
        step: restored.state.step,
        updates: restored.state.optimiserUpdates,
        first: await readParameters(fileOf(restored, 'first-moments'), config),
        second: await readParameters(fileOf(restored, 'second-moments'), config),
      });
    }
    this.work = { trainer, reference, referenceVersion: restored?.state.referenceVersion ?? this.version };
  }

  async update(batch: readonly TrainingSample[], signal?: AbortSignal): Promise<UpdateMetrics> {
    if (!this.work) throw new LabError('internal', `The ${this.role} is asked to learn outside a phase.`);
    const metrics = await this.work.trainer.step(
      batch.map(({ prompt, completion, advantage }) => ({
        prompt: this.encode(prompt),
        completion: completion.tokens,
        advantage,
      })),
      signal,
    );
    this.updates += 1;
    return metrics;
  }

  endPhase(): void {
    this.work?.trainer.dispose();
    this.work?.reference.dispose();
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
    };
  }

  parts(): SnapshotPart[] {
    const part = (name: string, version: string, parameters: Parameters): SnapshotPart => ({
      name,
      version,
      write: (path) => writeParameters(path, this.machinery.model.config, parameters),
    });
    const weights = part(this.role, this.version, this.parameters);
    if (!this.work) return [weights];
    const { trainer, reference, referenceVersion } = this.work;
    const { first, second } = trainer.optimiserState();
    return [
      weights,
      part('reference', referenceVersion, reference),
      // Named by the phase too: where both roles are one model, two phases meet at the same number of updates.
      part('first-moments', `${this.version}-since-${referenceVersion}-first`, first),
      part('second-moments', `${this.version}-since-${referenceVersion}-second`, second),
    ];
  }

  async restore(parts: ReadonlyMap<string, string>, state: PolicyState): Promise<void> {
    this.endPhase();
    const restored: RestoredPhase | null = state.phase ? { state: state.phase, parts } : null;
    const old = this.parameters;
    this.parameters = await readParameters(fileOf({ parts }, this.role), this.machinery.model.config);
    old.dispose();
    this.updates = state.updates;
    this.restored = restored;
  }

  /** The weights, for a learner that trains them in place and says so with `changed`. */
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

  private textOf(sequence: SequenceSoFar | null): SampledText | null {
    if (!sequence) return null;
    const { request, tokens, finish } = sequence;
    return { request, finish, tokens: tokens.length, text: this.decode(tokens, finish) };
  }

  private decode(tokens: readonly number[], finish: Completion['finish'] | null): string {
    return this.machinery.model.tokenizer.decode(finish === 'stop' ? tokens.slice(0, -1) : tokens);
  }

  private encode(prompt: Prompt): number[] {
    const { model } = this.machinery;
    return model.tokenizer.encode(promptText(model, prompt));
  }
}

function fileOf({ parts }: Pick<RestoredPhase, 'parts'>, name: string): string {
  const path = parts.get(name);
  if (path === undefined) throw new LabError('internal', `The checkpoint has no part "${name}".`);
  return path;
}
