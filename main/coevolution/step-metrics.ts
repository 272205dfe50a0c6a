/** Metrics that a Challenger and a Solver step have in common, under the names of a metrics row. */
import type { Completion, UpdateMetrics } from './executor.js';

/** 0 where there is nothing to average: a metrics row has no gaps for shares of nothing. */
export function meanOrZero(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

export function completionMetrics(completions: readonly Completion[]): Record<string, number> {
  return {
    completion_length: meanOrZero(completions.map((c) => c.tokens.length)),
    truncated_share: meanOrZero(completions.map((c) => Number(c.finish === 'length'))),
  };
}

/**
 * What an update reports, under the names of a metrics row. Where it trained on nothing, its means are over nothing and
 * are left out: a zero entropy would raise a false alarm.
 */
export function updateMetrics(update: UpdateMetrics): Record<string, number> {
  return {
    ...(update.trainedSamples > 0 && {
      loss: update.loss,
      kl: update.kl,
      entropy: update.entropy,
      clipped_fraction: update.clippedFraction,
      gradient_norm: update.gradientNorm,
    }),
    learning_rate: update.learningRate,
    trained_samples: update.trainedSamples,
    trained_tokens: update.tokens,
  };
}
