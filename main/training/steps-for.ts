/** Which steps train a model on a backend. */
import type { Compute } from '../compute/compute.js';
import type { ModelConfig } from '../model/config.js';
import { isNarrow } from '../sizes/network.js';
import { BlockSteps } from './block-steps.js';
import type { TrainingSteps } from './steps.js';
import { WholeSteps } from './whole-steps.js';
import type { WorkSize } from '../sizes/work-size.js';

export function stepsFor(compute: Compute, c: ModelConfig, size: WorkSize): TrainingSteps {
  return isNarrow(c) ? new WholeSteps(compute, c, size.tokens) : new BlockSteps(compute, c, size);
}
