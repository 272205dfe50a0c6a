import { expect, it } from 'vitest';
import { updateMetrics } from './step-metrics.js';
import { alarmsOfStep } from './guards.js';
import { loadRecipe } from './recipe.js';

// Would catch: "entropy fell to 0" in a step whose groups all have equal rewards.
it('reports no means of an update that trained on nothing', () => {
  const none = { loss: 0, kl: 0, entropy: 0, clippedFraction: 0, gradientNorm: 0, tokens: 0, trainedSamples: 0 };
  const metrics = updateMetrics({ ...none, learningRate: 1e-3 });
  expect(metrics).toEqual({ learning_rate: 1e-3, trained_samples: 0, trained_tokens: 0 });
  const place = { iteration: 1, phase: 'solver', step: 0 } as const;
  expect(alarmsOfStep(loadRecipe('nano').guards, place, metrics)).toEqual([]);
  const some = updateMetrics({ ...none, learningRate: 1e-3, trainedSamples: 1, tokens: 3 });
  expect(alarmsOfStep(loadRecipe('nano').guards, place, some).map((a) => a.kind)).toEqual(['entropy']);
});
