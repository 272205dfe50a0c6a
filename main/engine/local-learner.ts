/** Supervised fine-tuning in this process: trains the Solver's weights in place, and gives both roles what came out. */
import { z } from 'zod';
import type {
  Learner,
  LearnerConfig,
  LearnerMetrics,
  LearnerSequence,
  SnapshotPart,
  SupervisedExample,
} from '../coevolution/executor.js';
import { LabError } from '../lib/errors.js';
import type { Parameters } from '../model/parameters.js';
import { AdamW } from '../training/adamw-optimiser.js';
import { bucketLength } from '../training/batches.js';
import { learningRateAt } from '../training/schedule.js';
import { SftTrainer } from '../training/sft.js';
import { smallerText, type LocalPolicy } from './local-policy.js';
import type { RoleMachinery } from './role-machinery.js';
import { sequenceOf } from './sft-tokens.js';

/** How much training works on at once. Not in checkpoints of older versions. */
export const workSize = z.object({ tokens: z.number().int(), kept: z.enum(['inputs', 'products']) });

export const learnerState = z.object({
  updates: z.number().int(),
  kept: z.string().nullable(),
  size: workSize.optional(),
});
export type LearnerState = z.infer<typeof learnerState>;

interface Work {
  readonly config: LearnerConfig;
  readonly optimiser: AdamW;
  readonly trainer: SftTrainer;
}

/** Weights set aside, and which they were. */
interface Kept {
  readonly parameters: Parameters;
  readonly version: string;
}

const FILES = { first: 'sft-first-moments', second: 'sft-second-moments', kept: 'sft-kept' } as const;

export interface LocalLearnerOptions {
  readonly machinery: RoleMachinery;
  readonly solver: LocalPolicy;
  readonly challenger: LocalPolicy;
}

export class LocalLearner implements Learner {
  private work: Work | null = null;
  private kept: Kept | null = null;
  private restored: { readonly parts: ReadonlyMap<string, string>; readonly state: LearnerState } | null = null;

  constructor(private readonly options: LocalLearnerOptions) {}

  get maxLength(): number {
    return this.options.machinery.model.config.maxPositions;
  }

  encode(example: SupervisedExample): LearnerSequence {
    return sequenceOf(this.options.machinery.model, example);
  }

  async begin(config: LearnerConfig): Promise<void> {
    this.dispose();
    const { machinery, solver } = this.options;
    const { compute, model, base, dropout } = machinery;
    const restored = this.restored;
    this.restored = null;
    if (config.done > 0 && !restored) {
      throw new LabError(
        'internal',
        `Fine-tuning is to go on at step ${config.done}, but no state of it was restored.`,
      );
    }
    const read = (name: string): Promise<Parameters> => machinery.read(fileOf(restored?.parts, name));
    const state = restored && {
      updates: restored.state.updates,
      first: await read(FILES.first),
      second: await read(FILES.second),
    };
    if (restored && restored.state.kept !== null) {
      this.kept = { parameters: await read(FILES.kept), version: restored.state.kept };
    }
    const parameters = solver.weights;
    const optimiser = new AdamW({ compute, parameters, recipe: config.optimiser }, state);
    const trainer = new SftTrainer({
      ...{ compute, config: model.config, parameters, optimiser },
      ...(base && { frozen: base }),
      ...(dropout && { dropout: dropout.child('sft') }),
      clipNorm: config.optimiser.clip_norm,
      microBatchTokens: config.microBatchTokens,
      size: restored?.state.size,
      longestRow: config.longest,
      onSmaller: (size, why) => machinery.notice(smallerText('fine-tuning', size, why)),
      packInto: config.packInto && Math.min(bucketLength(config.packInto), model.config.maxPositions),
    });
    this.work = { config, optimiser, trainer };
  }

  async step(sequences: readonly LearnerSequence[], signal?: AbortSignal): Promise<LearnerMetrics> {
    const { trainer, optimiser, config } = this.atWork();
    const learningRate = learningRateAt(config.optimiser, optimiser.current().updates, config.steps);
    const { padded, ...metrics } = await trainer.step(sequences, learningRate, signal);
    this.options.solver.changed();
    const real = sequences.reduce((sum, { prompt, completion }) => sum + prompt.length + completion.length - 1, 0);
    return { ...metrics, learningRate, filled: real / padded };
  }

  async evaluate(sequences: readonly LearnerSequence[], signal?: AbortSignal): Promise<number> {
    return (await this.atWork().trainer.evaluate(sequences, signal)).loss;
  }

  keep(): void {
    this.kept?.parameters.dispose();
    const { weights, version } = this.options.solver;
    this.kept = { parameters: weights.clone(), version };
  }

  end(weights: 'kept' | 'present'): void {
    const { solver, challenger } = this.options;
    if (weights === 'kept' && this.kept && this.kept.version !== solver.version) {
      solver.adopt(this.kept.parameters);
      this.kept = null;
    }
    if (challenger !== solver) challenger.adopt(solver.weights.clone());
    this.dispose();
  }

  get state(): LearnerState | null {
    if (!this.work) return null;
    const { optimiser, trainer } = this.work;
    return { updates: optimiser.current().updates, kept: this.kept?.version ?? null, size: trainer.size };
  }

  parts(): SnapshotPart[] {
    if (!this.work) return [];
    const { version } = this.options.solver;
    const { first, second } = this.work.optimiser.current();
    const part = (name: string, of: string, parameters: Parameters): SnapshotPart => ({
      name,
      version: of,
      write: (path) => this.options.machinery.write(path, parameters),
    });
    return [
      part(FILES.first, `${version}-first`, first),
      part(FILES.second, `${version}-second`, second),
      ...(this.kept ? [part(FILES.kept, `${this.kept.version}-kept`, this.kept.parameters)] : []),
    ];
  }

  /** Takes note of a snapshot; its files are read when fine-tuning goes on. */
  restore(parts: ReadonlyMap<string, string>, state: LearnerState | null): void {
    this.dispose();
    this.restored = state && { parts, state };
  }

  dispose(): void {
    this.work?.optimiser.dispose();
    this.work = null;
    this.kept?.parameters.dispose();
    this.kept = null;
  }

  private atWork(): Work {
    if (this.work) return this.work;
    throw new LabError('internal', 'The model is asked to learn before fine-tuning has begun.');
  }
}

function fileOf(parts: ReadonlyMap<string, string> | undefined, name: string): string {
  const path = parts?.get(name);
  if (path === undefined) throw new LabError('internal', `The checkpoint has no part "${name}".`);
  return path;
}
