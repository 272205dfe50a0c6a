/** Which arms a study has: every design with every seed, as whole recipes with their identities. */
import type { Recipe } from '../../preload/contract/recipe.js';
import { parseRecipe } from '../coevolution/recipe.js';
import { requireExamples } from '../coevolution/sft/require-data.js';
import { LabError } from '../lib/errors.js';
import type { NewArm } from '../store/studies.js';
import { identityBefore, identityOf } from './identity.js';
import type { InputReader } from './inputs.js';
import type { StudyFamily } from './study.js';

/**
 * In every arm: guards only warn, so that none is paused or rolled back (the table counts the alarms), and nobody's
 * reviews change an arm.
 */
export const OF_EVERY_ARM: readonly string[] = [
  'guards.action=warn',
  'reviews.use=false',
  'reviews.pause_after_curriculum=false',
];

export interface Planning {
  readonly family: StudyFamily;
  /** Complete; its seed is not looked at. */
  readonly recipe: Recipe;
  readonly seeds: readonly number[];
}

/**
 * Seed by seed, so that an interrupted study has whole seeds to show.
 * @throws LabError('usage') where a seed stands twice or data cannot be learnt from, LabError('recipe') where an arm cannot be made from the recipe
 */
export async function planArms({ family, recipe, seeds }: Planning, inputs: InputReader): Promise<NewArm[]> {
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined) throw new LabError('usage', `Seed ${twice} stands twice.`, { remedy: 'Give each once.' });
  const { arms } = family.design(recipe);
  const planned: NewArm[] = [];
  const read = new Set<string>();
  for (const seed of seeds)
    for (const { name, set, after } of arms) {
      const source = `${recipe.name}, arm ${name} of ${family.name}`;
      const own = parseRecipe(recipe, { source, set: [...OF_EVERY_ARM, ...set], seed });
      // Fine-tuning may be the last arm, hours from now: what is wrong with its data is said before the first.
      const data = JSON.stringify(own.sft);
      if (!read.has(data)) await requireExamples(own.sft);
      read.add(data);
      const alone = identityOf(own, await inputs.of(own));
      const from = planned.find((arm) => arm.arm === after && arm.seed === seed);
      planned.push({ arm: name, seed, recipe: own, ...(from ? identityBefore(alone, from) : alone) });
    }
  return planned;
}
