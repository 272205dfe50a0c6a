/**
 * Pre-training of the nano model: Muon and AdamW along a cosine of 1,200 steps that is left at step 500, on purpose. A
 * model trained to the end solves everything and leaves self-improvement nothing to show.
 */
import type { Compute } from '../../main/compute/compute.js';
import { RandomKey } from '../../main/lib/random.js';
import type { ModelConfig } from '../../main/model/config.js';
import type { Parameters } from '../../main/model/parameters.js';
import type { Tokenizer } from '../../main/model/tokenizer.js';
import type { TokenSample } from '../../main/training/batches.js';
import { MuonAdamW } from '../../main/training/muon-adamw.js';
import { cosineFactor } from '../../main/training/schedule.js';
import { SftTrainer, type SftMetrics } from '../../main/training/sft.js';
import { corpusOf, STEPS } from './corpus.js';
import { initialWeights } from './initial-weights.js';

const SCHEDULE = { warmup: 100, totalSteps: 1200, floor: 0.1 };
const CLIP_NORM = 1;
const MICRO_BATCH_TOKENS = 4096;
const MUON = { learningRate: 0.02, momentum: 0.95 };
const ADAMW = { learningRate: 2e-3, betas: [0.9, 0.98], epsilon: 1e-8, weightDecay: 0.05 } as const;

export interface PretrainOptions {
  readonly compute: Compute;
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly seed: number;
  readonly steps?: number;
}

export interface PretrainProgress extends SftMetrics {
  readonly step: number;
}

/** Yields after every step and returns the weights, which belong to the caller. */
export async function* pretrain(options: PretrainOptions): AsyncGenerator<PretrainProgress, Parameters> {
  const { compute, config, tokenizer, seed, steps = STEPS } = options;
  const key = RandomKey.of(seed, 'nano');
  const parameters = initialWeights(config, key.child('weights'));
  const optimiser = new MuonAdamW({ compute, parameters, muon: MUON, adamw: ADAMW });
  const trainer = new SftTrainer({
    // Gradients added up in one order whatever the number of cores, so that the same weights come out everywhere.
    compute: { ...compute, lanes: 1 },
    config,
    parameters,
    optimiser,
    clipNorm: CLIP_NORM,
    microBatchTokens: MICRO_BATCH_TOKENS,
  });
  const textsOf = corpusOf(seed);
  const end = config.eosTokenIds[0] as number;
  try {
    for (let step = 1; step <= steps; step++) {
      const samples = textsOf(step).map(({ prompt, completion }): TokenSample => ({
        prompt: tokenizer.encode(prompt),
        completion: [...tokenizer.encode(completion), end],
      }));
      const metrics = await trainer.step(samples, cosineFactor(step, SCHEDULE));
      yield { ...metrics, step };
    }
  } finally {
    optimiser.dispose();
  }
  return parameters;
}
