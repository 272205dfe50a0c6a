/** One GRPO step of ours from prompts to new weights, timed in its two parts. The other side is `peers/grpo_step.py`. */
import type { Generated, GenerationRequest, GenerationSampling, TextGenerator } from '../../../main/model/generate.js';
import type { Parameters } from '../../../main/model/parameters.js';
import { groupAdvantages } from '../../../main/training/advantages.js';
import type { GrpoTrainer } from '../../../main/training/grpo.js';

export interface TimedStep {
  readonly seconds: number;
  readonly rollouts: number;
  readonly update: number;
  /** Samples whose group had variance. */
  readonly trained: number;
  /** Completion tokens. */
  readonly tokens: number;
}

export interface StepParts {
  readonly generator: TextGenerator;
  readonly parameters: Parameters;
  readonly sampling: GenerationSampling;
  readonly trainer: GrpoTrainer;
  /** Of a completion of request `group`. */
  readonly reward: (completion: Generated, group: number) => number;
}

export async function timedStep(parts: StepParts, requests: readonly GenerationRequest[]): Promise<TimedStep> {
  const start = performance.now();
  const made = await parts.generator.generate(parts.parameters, requests, parts.sampling);
  const rolledOut = performance.now();
  const rewards = made.map((group, i) => group.map((completion) => parts.reward(completion, i)));
  const { advantages } = groupAdvantages(rewards, true);
  const batch = made.flatMap((group, i) =>
    group.map(({ tokens }, j) => ({
      prompt: requests[i]?.prompt as number[],
      completion: tokens,
      advantage: advantages[i]?.[j] as number,
    })),
  );
  const { trainedSamples } = await parts.trainer.step(batch);
  const end = performance.now();
  return {
    seconds: (end - start) / 1000,
    rollouts: (rolledOut - start) / 1000,
    update: (end - rolledOut) / 1000,
    trained: trainedSamples,
    tokens: batch.reduce((sum, { completion }) => sum + completion.length, 0),
  };
}
