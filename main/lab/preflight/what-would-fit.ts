/** The change to a recipe that would make it fit into the memory there is. */
import { loraSchema } from '../../../preload/contract/recipe-lora.js';
import type { Recipe } from '../../../preload/contract/recipe.js';
import { memoryParts, type MemoryPlace, sizeText, totalBytes } from './memory.js';
import type { ModelShape } from './model-shape.js';

interface Change {
  /** As one would write it on a command line. */
  readonly set: readonly string[];
  /** Null where the recipe has it so already. */
  readonly to: (recipe: Recipe) => Recipe | null;
}

const SHORT = 1024;

const AUTO: Change = {
  set: ['challenger.grpo.micro_batch_tokens=auto', 'solver.grpo.micro_batch_tokens=auto'],
  to: ({ challenger, solver, ...rest }) =>
    [challenger, solver].every(({ grpo }) => grpo.micro_batch_tokens === 'auto')
      ? null
      : {
          ...rest,
          challenger: { ...challenger, grpo: { ...challenger.grpo, micro_batch_tokens: 'auto' } },
          solver: { ...solver, grpo: { ...solver.grpo, micro_batch_tokens: 'auto' } },
        },
};
const NARROW_BASE: Change = {
  set: ['lora.base_dtype=bfloat16'],
  to: ({ lora, ...rest }) =>
    lora?.base_dtype === 'float32' ? { ...rest, lora: { ...lora, base_dtype: 'bfloat16' } } : null,
};
const ADAPTERS: Change = {
  set: ["'lora={rank: 16}'"],
  to: (recipe) => (recipe.lora ? null : { ...recipe, lora: loraSchema.parse({ rank: 16 }) }),
};
const NARROW_ADAPTERS: Change = {
  set: ["'lora={rank: 16, base_dtype: bfloat16}'"],
  to: (recipe) => (recipe.lora ? null : { ...recipe, lora: loraSchema.parse({ rank: 16, base_dtype: 'bfloat16' }) }),
};
const SHORTER: Change = {
  set: [`challenger.sampling.max_new_tokens=${SHORT}`, `solver.sampling.max_new_tokens=${SHORT}`],
  to: ({ challenger, solver, ...rest }) =>
    [challenger, solver].every(({ sampling }) => sampling.max_new_tokens <= SHORT)
      ? null
      : {
          ...rest,
          challenger: { ...challenger, sampling: { ...challenger.sampling, max_new_tokens: SHORT } },
          solver: { ...solver, sampling: { ...solver.sampling, max_new_tokens: SHORT } },
        },
};

/** What leaves the method as it is first; then what changes less of it. */
const TRIED: readonly (readonly Change[])[] = [
  ...[[AUTO], [NARROW_BASE], [AUTO, NARROW_BASE]],
  ...[[ADAPTERS], [AUTO, ADAPTERS], [AUTO, NARROW_ADAPTERS]],
  ...[
    [SHORTER],
    [AUTO, SHORTER],
    [AUTO, NARROW_BASE, SHORTER],
    [AUTO, ADAPTERS, SHORTER],
    [AUTO, NARROW_ADAPTERS, SHORTER],
  ],
];

/** A sentence that names it, or says that there is none. */
export function whatWouldFit(
  shape: ModelShape,
  recipe: Recipe,
  place: MemoryPlace & { readonly available: number },
): string {
  let least = Infinity;
  for (const changes of TRIED) {
    const made = applied(recipe, changes);
    if (made === null) continue;
    const needed = totalBytes(memoryParts(shape, made.recipe, place));
    if (needed <= place.available) {
      return `With ${made.set.map((one) => `--set ${one}`).join(' ')} it would need ${sizeText(needed)}, and fit.`;
    }
    least = Math.min(least, needed);
  }
  const best = Number.isFinite(least) ? `Adapters and shorter answers would need ${sizeText(least)} still: ` : '';
  const advice = 'close other programs, choose a smaller model, or use a machine with more memory.';
  return best === '' ? `${advice.charAt(0).toUpperCase()}${advice.slice(1)}` : `${best}${advice}`;
}

/** Those of the changes that the recipe does not have yet; null where a change cannot be made of it, or none is left. */
function applied(recipe: Recipe, changes: readonly Change[]): { recipe: Recipe; set: string[] } | null {
  const set: string[] = [];
  let changed = recipe;
  for (const change of changes) {
    const next = change.to(changed);
    if (next === null) continue;
    changed = next;
    set.push(...change.set);
  }
  return set.length === 0 ? null : { recipe: changed, set };
}
