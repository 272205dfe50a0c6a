/** GRPO's update on rows of one length, nothing of it padding, against the products that the same layers could do at most. */
import type { Compute } from '../../../main/compute/compute.js';
import { RandomKey } from '../../../main/lib/random.js';
import type { ModelConfig } from '../../../main/model/config.js';
import type { Parameters } from '../../../main/model/parameters.js';
import { GrpoTrainer } from '../../../main/training/grpo.js';
import { grpoSchema, optimiserSchema } from '../../../preload/contract/recipe-parts.js';
import { matmulPeak, productsOf, trainingOperations, type Peak } from './matmul-peak.js';

export interface TrainingLoad {
  readonly rows: number;
  readonly length: number;
  /** null: the recipe's default. */
  readonly microBatchTokens: number | null;
  readonly headRows: number;
  readonly rounds: number;
}

export interface TrainingRound {
  /** Useful operations a second of the whole update. */
  readonly flops: number;
  readonly peak: Peak;
}

/** Step and products in turn; a first round, which traces, is left out. */
export async function trainingRounds(
  compute: Compute,
  { config, parameters }: { config: ModelConfig; parameters: Parameters },
  { rows, length, microBatchTokens, headRows, rounds }: TrainingLoad,
): Promise<{ readonly operations: number; readonly rounds: readonly TrainingRound[] }> {
  const random = RandomKey.of(0, 'flops').stream();
  // A prompt of one token each: every position but the last is computed, and predicts a token that is learnt from.
  const samples = Array.from({ length: rows }, (_, i) => ({
    prompt: [random.int(config.vocabSize)],
    completion: Array.from({ length }, () => random.int(config.vocabSize)),
    advantage: i % 2 === 0 ? 1 : -1,
  }));
  const grpo = grpoSchema.parse({ kl: 0, ...(microBatchTokens !== null && { micro_batch_tokens: microBatchTokens }) });
  const trainer = new GrpoTrainer({
    ...{ compute, config, parameters, grpo, reference: null, totalSteps: 1000 },
    optimiser: optimiserSchema.parse({ learning_rate: 1e-6 }),
  });
  const operations = trainingOperations(config, Array<number>(rows).fill(length));
  const measured: TrainingRound[] = [];
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    await trainer.step(samples);
    const flops = operations / ((performance.now() - start) / 1000);
    const peakRows = Math.min(rows * length, microBatchTokens ?? 2048);
    const peak = await matmulPeak(productsOf(config), { rows: peakRows, headRows, repeats: 3 });
    process.stderr.write(`training ${(flops / 1e9).toFixed(0)} of ${(peak.flops / 1e9).toFixed(0)} GFLOP/s\n`);
    if (round > 0) measured.push({ flops, peak });
  }
  trainer.dispose();
  return { operations, rounds: measured };
}
