/**
 * How long the phases of a recipe take here, measured with its model by an engine process. It costs half a minute of the whole
 * machine, so it is done when somebody asks for it, and what it found is kept while the lab lives.
 */
import { createHash } from 'node:crypto';
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import type { TaskOutput } from '../../../preload/contract/tasks.js';
import { modelFolder } from '../../hub/model-place.js';
import type { Lab } from '../lab.js';

export type Foretold = TaskOutput<'foretell'>;

export interface ForetellHow {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Models grow and machines change: what is older is measured again. */
const MOST_KEPT = 20;

export class Foreteller {
  private readonly found = new Map<string, Foretold>();

  constructor(private readonly lab: Pick<Lab, 'baseModel' | 'dataDir' | 'task'>) {}

  /** What was measured before of this recipe, whatever its name, seed or number of iterations. */
  known(recipe: Recipe, backend: BackendChoice): Foretold | null {
    return this.found.get(keyOf(recipe, backend)) ?? null;
  }

  async measure(recipe: Recipe, backend: BackendChoice, how: ForetellHow = {}): Promise<Foretold> {
    const folder = modelFolder(this.lab.baseModel(recipe));
    const foretold = await this.lab.task('foretell', { backend, folder, recipe }, how);
    const oldest = [...this.found.keys()][0];
    if (this.found.size >= MOST_KEPT && oldest !== undefined) this.found.delete(oldest);
    this.found.set(keyOf(recipe, backend), foretold);
    return foretold;
  }
}

function keyOf(
  { name: _, description: __, seed: ___, iterations: ____, ...recipe }: Recipe,
  backend: BackendChoice,
): string {
  return createHash('sha256')
    .update(JSON.stringify([backend, recipe]))
    .digest('hex');
}
