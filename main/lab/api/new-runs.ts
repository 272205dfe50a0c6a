/** Making runs: several seeds of one recipe at once, and a run once more. */
import { recipeSchema } from '../../../preload/contract/recipe.js';
import type { RecipeSource } from '../../../preload/contract/recipes.js';
import type { BackendChoice, RunInfo } from '../../../preload/contract/runs.js';
import { LabError } from '../../lib/errors.js';
import type { Lab } from '../lab.js';
import { chosenRecipe } from './recipes.js';

interface Wish {
  readonly recipe: RecipeSource;
  readonly set: readonly string[];
  readonly seed: number | null;
  readonly seeds: readonly number[];
  readonly name: string | null;
  readonly backend: BackendChoice;
  readonly then: 'start' | 'queue' | 'keep';
}

export async function createMany(lab: Lab, { seeds, name, backend, then, ...choice }: Wish): Promise<RunInfo[]> {
  if (then === 'start' && seeds.length > 1)
    throw new LabError('usage', `${seeds.length} runs cannot start at once: one works at a time.`, {
      remedy: 'Put them into the queue.',
    });
  if (new Set(seeds).size < seeds.length)
    throw new LabError('usage', 'A seed is there twice: the same recipe and seed make the same run.', {
      remedy: 'Name each seed once.',
    });
  const recipe = chosenRecipe(choice);
  const made = seeds.map((seed) =>
    lab.createRun(recipe, {
      seed,
      later: then === 'keep',
      name: name !== null && seeds.length === 1 ? name : seedName(name ?? recipe.name, seed),
    }),
  );
  const ids = made.map(({ id }) => id);
  if (then === 'queue') lab.queue.add(ids, backend);
  if (then === 'start') for (const id of ids) await lab.start(id, { backend });
  return ids.map((id) => lab.run(id));
}

export function duplicate(
  lab: Lab,
  run: string,
  { seed, name }: { readonly seed: number | null; readonly name: string | null },
): RunInfo {
  const { name: before, seed: same } = lab.run(run);
  const recipe = recipeSchema.safeParse(lab.recipeOf(run));
  if (!recipe.success)
    throw new LabError(
      'recipe',
      `The recipe of run ${before} is of an older version: ${recipe.error.issues[0]?.message ?? ''}`,
      {
        remedy: 'Make a new run from it, where the form says what to mend.',
      },
    );
  const wished =
    name ??
    (seed === null || seed === same
      ? freeName(`${before} again`, lab)
      : seedName(before.replace(/-seed-\d+$/, ''), seed));
  return lab.createRun(recipe.data, { seed: seed ?? same, name: wished, later: true, domainOf: run });
}

/** Copies of copies are told apart in the list, and by name on the command line. */
function freeName(name: string, lab: Lab): string {
  const taken = new Set(lab.runs().map((run) => run.name));
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name} ${n}`;
  return free;
}

const seedName = (what: string, seed: number): string => `${what}-seed-${seed}`;
