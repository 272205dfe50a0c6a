/** Whether a recipe's adapters fit its model and the backend, before there is a run. Pure. */
import type { Recipe } from '../../../preload/contract/recipe.js';
import { requireBfloat16, requireDropout } from '../../lib/backend-needs.js';
import { describeError } from '../../lib/errors.js';
import { requireFittingAdapters } from '../../sizes/adapters.js';
import type { ModelShape } from './model-shape.js';

interface Place {
  /** Null where the model was not read. */
  readonly shape: ModelShape | null;
  /** Null where none starts. */
  readonly backend: string | null;
}

/** What would stop the run, in words. */
export function adapterFaults({ lora }: Pick<Recipe, 'lora'>, { shape, backend }: Place): string[] {
  if (lora === null) return [];
  const faults: string[] = [];
  const attempt = (require: () => void): void => {
    try {
      require();
    } catch (error) {
      faults.push(describeError(error));
    }
  };
  if (shape !== null) attempt(() => requireFittingAdapters(shape, lora));
  if (backend !== null && lora.base_dtype === 'bfloat16') attempt(() => requireBfloat16(backend));
  if (backend !== null && lora.dropout > 0) attempt(() => requireDropout(backend));
  return faults;
}
