/**
 * An executor that computes nothing and knows how long it would have taken: what it "samples" are completions that the model
 * did write, or, once it has been fine-tuned, those it was to learn, drawn anew; and its clock goes on by the costs that were
 * measured. With it the loop itself says how much work a recipe is.
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
import type { Domain } from '../../domains/domain.js';
import { LabError } from '../../lib/errors.js';
import { RandomKey } from '../../lib/random.js';
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
  /** What a question is: by that the texts of the two roles are told apart. */
  readonly domain: Pick<Domain, 'parseQuestion'>;
  readonly encode: (prompt: Prompt) => readonly number[];
  readonly encodeExample: (example: SupervisedExample) => LearnerSequence;
  readonly clock: Clock;
  /** Whether the costs of learning were measured with the reference's log-probabilities. */
  readonly reference: boolean;
}

/**
 * Passes over the network of a token that is learnt from, in forward passes: forward, and backward for states and weights. Of
 * adapters the gradients of weights are next to nothing.
 */
const PASSES = { whole: 3, adapters: 2 };
/** Texts that a prompt is answered with: some answers agree, as those to a question worth asking do. */
const ANSWERS = 2;
const NO_METRICS = { loss: 1, kl: 0, entropy: 1, clippedFraction: 0, gradientNorm: 1, learningRate: 0 };

/** What each role writes: at least one text each. */
export interface Written {
  readonly challenger: readonly Completion[];
  readonly solver: readonly Completion[];
}

class ForetoldPolicy implements Policy {
  constructor(
    private readonly work: ForetoldWork,
    private readonly written: () => readonly Completion[],
    /** Different texts behind one prompt. */
    private readonly variety: number,
  ) {}

  sample(requests: readonly SampleRequest[], { sampling }: SampleOptions): Promise<Completion[][]> {
    const { machine, costs, clock, encode } = this.work;
    const groups = requests.map(({ prompt, samples, key }) => {
      const texts = this.textsFor(prompt);
      return Array.from({ length: samples }, (_, j) =>
        cutTo(sampling.max_new_tokens, texts[key.child(j).stream().int(texts.length)] as Completion),
      );
    });
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

  /** Of a group that agrees nothing is learnt. */
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

  /** The same whenever the same is asked. */
  private textsFor(prompt: Prompt): readonly Completion[] {
    const all = this.written();
    if (this.variety >= all.length) return all;
    const stream = RandomKey.of(0, JSON.stringify(prompt)).stream();
    return Array.from({ length: this.variety }, () => all[stream.int(all.length)] as Completion);
  }
}

function cutTo(limit: number, completion: Completion): Completion {
  if (completion.tokens.length <= limit) return completion;
  return { ...completion, tokens: completion.tokens.slice(0, limit), finish: 'length' };
}

class ForetoldLearner implements Learner {
  private packInto: number | null = null;
  private readonly examples: SupervisedExample[] = [];

  constructor(
    private readonly work: ForetoldWork,
    /** Given what the model writes from now on. */
    private readonly onLearnt: (written: Partial<Written>) => void,
  ) {}

  get maxLength(): number {
    return this.work.machine.config.maxPositions;
  }

  encode(example: SupervisedExample): LearnerSequence {
    this.examples.push(example);
    return this.work.encodeExample(example);
  }

  begin({ packInto }: LearnerConfig): Promise<void> {
    this.packInto = packInto && Math.min(bucketLength(packInto), this.maxLength);
    return Promise.resolve();
  }

  step(sequences: readonly LearnerSequence[]): Promise<LearnerMetrics> {
    const { costs, clock } = this.work;
    const padded = this.padded(sequences);
    clock.seconds += on(costs.learning, padded * this.share('step'));
    return Promise.resolve({ ...NO_METRICS, tokens: padded, filled: 1 });
  }

  evaluate(sequences: readonly LearnerSequence[]): Promise<number> {
    const { costs, clock } = this.work;
    clock.seconds += this.share('forward') * costs.learning.each * this.padded(sequences);
    // Ever better, so that fine-tuning is not given up before its last step.
    return Promise.resolve(1 / (1 + clock.seconds));
  }

  keep(): void {
    // Nothing is held.
  }

  end(): void {
    const learnt = this.examples.map((example) => this.completionOf(example));
    const asks = learnt.map(({ text, finish }) => this.work.domain.parseQuestion(text, finish).valid);
    this.onLearnt({
      challenger: learnt.filter((_, i) => asks[i]),
      solver: learnt.filter((_, i) => !asks[i]),
    });
  }

  private completionOf(example: SupervisedExample): Completion {
    const { completion } = this.work.encodeExample(example);
    return { text: example.completion, tokens: completion, finish: 'stop' };
  }

  /** Of what was measured, which went through the reference as well where the recipe has one. */
  private share(what: 'step' | 'forward'): number {
    const { reference, machine } = this.work;
    const passes = PASSES[machine.config.lora ? 'adapters' : 'whole'];
    return (what === 'step' ? passes : 1) / (passes + (reference ? 1 : 0));
  }

  private padded(sequences: readonly LearnerSequence[]): number {
    const { machine, size } = this.work;
    return paddedTokens(machine, sequences, { size, sharePrompts: false, packInto: this.packInto });
  }
}

export class ForetoldExecutor implements Executor {
  readonly learner: Learner;
  readonly challenger: Policy;
  readonly solver: Policy;

  /** @param written what the model writes before it has learnt anything. */
  constructor(
    work: ForetoldWork,
    private written: Written,
  ) {
    this.learner = new ForetoldLearner(work, ({ challenger = [], solver = [] }) => {
      this.written = {
        challenger: challenger.length > 0 ? challenger : this.written.challenger,
        solver: solver.length > 0 ? solver : this.written.solver,
      };
    });
    this.challenger = new ForetoldPolicy(work, () => this.written.challenger, Infinity);
    this.solver = new ForetoldPolicy(work, () => this.written.solver, ANSWERS);
  }

  /** What the roles write by now. */
  get writing(): Written {
    return this.written;
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
