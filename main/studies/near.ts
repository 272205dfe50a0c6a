/**
 * Runs that one may take for an arm and that are none: the same recipe by name, the same seed. Of the nearest it is said
 * what differs, so that nobody wonders why a study makes again what seems to be there.
 */
import { recipeSchema, type Recipe } from '../../preload/contract/recipe.js';
import { isRecord } from '../coevolution/recipe-issues.js';
import { METHOD_VERSION } from '../coevolution/method.js';
import { GRADER_VERSION } from '../grading/canonical.js';
import type { Database } from '../store/database.js';
import { identityOfRun } from '../store/run-identities.js';
import { readRun, type RunRow } from '../store/runs.js';
import type { NewArm } from '../store/studies.js';
import { canonicalRecipe, remove, stableJson } from './canonical-recipe.js';
import type { Inputs } from './inputs.js';

export interface NearRun {
  readonly run: string;
  readonly name: string;
  readonly seed: number;
  readonly arm: string;
  /** Keys of the recipe. */
  readonly differs: readonly string[];
  /** What else makes it another run, in sentences without a full stop. */
  readonly because: readonly string[];
}

/** Runs of a recipe that are compared with an arm; the newest. */
const MOST = 50;

/**
 * @param own keys in which the arm itself differs from the study's recipe: a run without them was meant as another arm
 * @returns null where no run of this recipe and seed is there
 */
export function nearestRun(
  db: Database,
  { arm, seed, recipe, parts, identity }: NewArm,
  { own, taken }: { readonly own: readonly string[]; readonly taken: ReadonlySet<string> },
): NearRun | null {
  const found = db
    .all<{ number: number }>(
      'SELECT number FROM runs WHERE recipe_name = ? AND seed = ? ORDER BY created_at DESC, number DESC LIMIT ?',
      ...[recipe.name, seed, MOST],
    )
    .map(({ number }) => readRun(db, number))
    .filter((run) => !taken.has(run.id))
    .map((run) => ({ run, ...differences(db, run, { recipe, parts: parts as Inputs, identity }) }))
    .filter(({ differs }) => !differs.some((key) => own.some((set) => `${key}.`.startsWith(`${set}.`))))
    .sort((a, b) => a.differs.length - b.differs.length);
  const [nearest] = found;
  return nearest ? { ...nearest, run: nearest.run.id, name: nearest.run.name, seed, arm } : null;
}

interface Wanted {
  readonly recipe: Recipe;
  readonly parts: Inputs;
  readonly identity: string;
}

function differences(db: Database, run: RunRow, wanted: Wanted): Pick<NearRun, 'differs' | 'because'> {
  const known = identityOfRun(db, run.number);
  const parsed = recipeSchema.safeParse(run.recipe);
  if (!parsed.success) return { differs: [], because: ['its recipe is of another version of this program'] };
  const inputs = known ? (known.parts as Partial<Inputs>) : null;
  const differs = [
    ...keysThatDiffer(parsed.data, wanted.recipe, inputs !== null),
    ...(inputs ? contentsThatDiffer(inputs, wanted.parts, { run: parsed.data, arm: wanted.recipe }) : []),
  ];
  const because = [
    ...versionsThatDiffer(run, known?.parts ?? null),
    ...(run.forkedFrom === null ? [] : ['it is a fork']),
  ];
  if (differs.length + because.length > 0) return { differs, because };
  if (known?.identity !== wanted.identity)
    return { differs, because: ['what its model, domain and benchmarks held was not recorded'] };
  return {
    differs,
    because: [run.state === 'failed' ? 'it failed before its first step' : 'people corrected its labels'],
  };
}

/** Contents are compared instead, where they are known. */
const NAMED: readonly { readonly path: readonly string[]; readonly of: (inputs: Partial<Inputs>) => unknown }[] = [
  { path: ['model'], of: ({ model }) => model },
  { path: ['domain'], of: ({ domain }) => domain },
  { path: ['evaluation', 'benchmark'], of: ({ benchmarks }) => benchmarks?.benchmark },
  { path: ['evaluation', 'guard_benchmark'], of: ({ benchmarks }) => benchmarks?.guard_benchmark },
  { path: ['evaluation', 'others'], of: ({ benchmarks }) => benchmarks?.others },
  { path: ['sft', 'data'], of: ({ data }) => data },
];

function keysThatDiffer(a: Recipe, b: Recipe, contentsKnown: boolean): string[] {
  const [one, other] = [a, b].map((recipe) => {
    const tree = canonicalRecipe(recipe);
    if (contentsKnown) for (const { path } of NAMED) remove(tree, path);
    return tree;
  });
  return pathsThatDiffer(one, other, []);
}

function pathsThatDiffer(a: unknown, b: unknown, path: readonly string[]): string[] {
  if (stableJson(a ?? null) === stableJson(b ?? null)) return [];
  // A group whose keys all hold their default is left out.
  const [one, other] = [a ?? {}, b ?? {}];
  if (!isRecord(one) || !isRecord(other)) return [path.join('.')];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) => pathsThatDiffer(one[key], other[key], [...path, key]));
}

function contentsThatDiffer(
  had: Partial<Inputs>,
  wants: Inputs,
  recipes: { readonly run: Recipe; readonly arm: Recipe },
): string[] {
  return NAMED.flatMap(({ path, of }) => {
    if (stableJson(of(had) ?? null) === stableJson(of(wants) ?? null)) return [];
    const [before, now] = [recipes.run, recipes.arm].map((recipe) => stableJson(at(recipe, path) ?? null));
    return [before === now ? `what ${path.join('.')} holds` : path.join('.')];
  });
}

function at(recipe: Recipe, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isRecord(node) ? node[key] : undefined), recipe);
}

type Version = string | number | undefined;

/** As it was identified; before runs had an identity, as the program wrote them down. */
function versionsThatDiffer({ versions }: RunRow, parts: unknown): string[] {
  const { method, grader } = (parts ?? versions) as { readonly method?: Version; readonly grader?: Version };
  const told = (what: string, had: Version, now: number): string[] =>
    had === undefined || String(had) === String(now)
      ? []
      : [`it was made by version ${String(had)} of the ${what}, and this is ${now}`];
  return [...told('method', method, METHOD_VERSION), ...told('grader', grader, GRADER_VERSION)];
}
