/**
 * An executor that computes nothing and knows how long it would have taken: what it "samples" are completions that the model
 * did write, drawn anew, and its clock goes on by the costs that were measured. With it the loop itself says how much work a
 * recipe is.
 */
import type {
  Completion,
  Executor,
  Learner,
  LearnerConfig,
  LearnerMetrics,
  LearnerSequence,
  PhaseConfig,
  Policy,
  Prompt,
  SampleOptions,
  SampleRequest,
  Snapshot,
  SupervisedExample,
  TrainingSample,
  UpdateMetrics,
} from '../../coevolution/executor.js';
import { LabError } from '../../lib/errors.js';
import type { WorkSize } from '../../sizes/work-size.js';
import { bucketLength } from '../../training/batches.js';
import { type Costs, type Machine, on, paddedTokens, writingSeconds } from './costs.js';

export interface Clock {
  seconds: number;
}

export interface ForetoldWork {
  readonly machine: Machine;
  readonly costs: Costs;
  readonly size: WorkSize;
  readonly encode: (prompt: Prompt) => readonly number[];
  readonly encodeExample: (example: SupervisedExample) => LearnerSequence;
  readonly clock: Clock;
}

/** Share of a step's work that its forward pass is, by which a loss alone is counted. */
const FORWARD = 1 / 3;
const NO_METRICS = { loss: 1, kl: 0, entropy: 1, clippedFraction: 0, gradientNorm: 1, learningRate: 0 };

class ForetoldPolicy implements Policy {
  constructor(
    private readonly work: ForetoldWork,
    private readonly written: readonly Completion[],
  ) {}

  sample(requests: readonly SampleRequest[], { sampling }: SampleOptions): Promise<Completion[][]> {
    const { machine, costs, clock, encode } = this.work;
    const groups = requests.map(({ samples, key }) =>
      Array.from({ length: samples }, (_, j) =>
        this.drawn(key.child(j).stream().int(this.written.length), sampling.max_new_tokens),
      ),
    );
    const writings = groups.map((group, i) => ({
      promptTokens: encode((requests[i] as SampleRequest).prompt).length,
      lengths: group.map(({ tokens }) => tokens.length),
    }));
    clock.seconds += writingSeconds(machine, writings, sampling.max_new_tokens, costs);
    return Promise.resolve(groups);
  }

  beginPhase(_: PhaseConfig): Promise<void> {
    return Promise.resolve();
  }

  /** Of a group that agrees nothing is learnt; what was drawn at random may agree less often than the model would. */
  update(batch: readonly TrainingSample[]): Promise<UpdateMetrics> {
    const { machine, costs, clock, encode, size } = this.work;
    const samples = batch
      .filter(({ advantage, completion }) => advantage !== 0 && completion.tokens.length > 0)
      .map(({ prompt, completion }) => ({ prompt: encode(prompt), completion: completion.tokens }));
    const padded = paddedTokens(machine, samples, { size, sharePrompts: true, packInto: null });
    if (samples.length > 0) clock.seconds += on(costs.learning, padded);
    return Promise.resolve({ ...NO_METRICS, tokens: padded, trainedSamples: samples.length });
  }

  endPhase(): void {
    // Nothing is held.
  }

  private drawn(at: number, limit: number): Completion {
    const completion = this.written[at] as Completion;
    if (completion.tokens.length <= limit) return completion;
    return { ...completion, tokens: completion.tokens.slice(0, limit), finish: 'length' };
  }
}

class ForetoldLearner implements Learner {
  private packInto: number | null = null;

  constructor(private readonly work: ForetoldWork) {}

  get maxLength(): number {
    return this.work.machine.config.maxPositions;
  }

  encode(example: SupervisedExample): LearnerSequence {
    return this.work.encodeExample(example);
  }

  begin({ packInto }: LearnerConfig): Promise<void> {
    this.packInto = packInto && Math.min(bucketLength(packInto), this.maxLength);
    return Promise.resolve();
  }

  step(sequences: readonly LearnerSequence[]): Promise<LearnerMetrics> {
    const { costs, clock } = this.work;
    const padded = this.padded(sequences);
    clock.seconds += on(costs.learning, padded);
    return Promise.resolve({ ...NO_METRICS, tokens: padded, filled: 1 });
  }

  evaluate(sequences: readonly LearnerSequence[]): Promise<number> {
    const { costs, clock } = this.work;
    clock.seconds += FORWARD * costs.learning.each * this.padded(sequences);
    // Ever better, so that fine-tuning is not given up before its last step.
    return Promise.resolve(1 / (1 + clock.seconds));
  }

  keep(): void {
    // Nothing is held.
  }

  end(): void {
    // Nothing is held.
  }

  private padded(sequences: readonly LearnerSequence[]): number {
    const { machine, size } = this.work;
    return paddedTokens(machine, sequences, { size, sharePrompts: false, packInto: this.packInto });
  }
}

/** `written`: what each role's model did write; at least one each. */
export class ForetoldExecutor implements Executor {
  readonly learner: Learner;
  readonly challenger: Policy;
  readonly solver: Policy;

  constructor(
    work: ForetoldWork,
    written: { readonly challenger: readonly Completion[]; readonly solver: readonly Completion[] },
  ) {
    this.learner = new ForetoldLearner(work);
    this.challenger = new ForetoldPolicy(work, written.challenger);
    this.solver = new ForetoldPolicy(work, written.solver);
  }

  snapshot(): Snapshot {
    return { parts: [], state: null };
  }

  restore(): Promise<void> {
    throw new LabError('internal', 'What is only foretold cannot be resumed.');
  }

  dispose(): void {
    // Nothing is held.
  }
}
