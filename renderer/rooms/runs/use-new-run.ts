/** The state of a run that is being made up: values from a preset, checked by the lab while one types, and what it would take. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { LabApi } from '../../../preload/contract/contract.js';
import type { Preflight } from '../../../preload/contract/preflight.js';
import { diffRecipes, type RecipeTree } from '../../../preload/contract/recipe-diff.js';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import { checkFields, type Messages } from '../../form/check.js';
import type { Json, Schema } from '../../form/fields.js';
import type { NewRunDraft, Preset } from '../../stores/new-run-draft.js';
import { recipeFields } from './recipe-fields.js';
import { seedsOf } from './seeds-field.js';

/** After the last key: long enough not to ask for every letter. */
const REST_MS = 350;

/** What the room was opened for: a text that another room hands over, the recipe of a run, or to go on with what was left. */
export interface Beginning {
  readonly text: string | null;
  readonly run: string | null;
  readonly kept: NewRunDraft | null;
}

function seedIn({ recipe: { seed } }: Preset): string {
  return typeof seed === 'number' ? String(seed) : '0';
}

export function useNewRun(api: () => LabApi | null) {
  const schema = shallowRef<Schema | null>(null);
  const preset = shallowRef<Preset | null>(null);
  const values = shallowRef<Json>({});
  const seedText = ref('');
  const name = ref('');
  const backend = ref<BackendChoice>('auto');
  const issues = shallowRef<Messages>({});
  const valid = ref(false);
  const found = shallowRef<Preflight | null>(null);
  const asking = ref(false);
  const measuring = ref(false);
  const failure = ref<string | null>(null);

  const fields = computed(() =>
    schema.value ? recipeFields(schema.value, preset.value?.recipe as Json | undefined) : null,
  );
  const seeds = computed(() => seedsOf(seedText.value));
  const typed = computed((): Messages =>
    fields.value && preset.value ? checkFields(fields.value.all, values.value) : {},
  );
  const messages = computed((): Messages => ({ ...issues.value, ...typed.value }));
  const differences = computed(() =>
    preset.value ? diffRecipes([preset.value.recipe, values.value as RecipeTree], ['seed']) : [],
  );
  /** The recipe as the lab is told it. */
  const source = computed(() => ({ kind: 'text' as const, text: JSON.stringify(values.value) }));
  const runs = computed(() => ('seeds' in seeds.value ? seeds.value.seeds.length : 1));

  function take(next: Preset): void {
    preset.value = next;
    values.value = next.recipe as Json;
    seedText.value = seedIn(next);
  }

  function goOn(kept: NewRunDraft): void {
    take(kept.preset);
    values.value = kept.values as Json;
    [seedText.value, name.value, backend.value] = [kept.seeds, kept.name, kept.backend];
  }

  /** Null where nothing differs from what one began with. */
  const draft = computed((): NewRunDraft | null => {
    if (!preset.value) return null;
    const left = differences.value.length > 0 || name.value !== '' || seedText.value !== seedIn(preset.value);
    if (!left) return null;
    const now = { values: values.value as RecipeTree, seeds: seedText.value, name: name.value, backend: backend.value };
    return { preset: preset.value, ...now };
  });

  let asked = 0;
  async function look(): Promise<void> {
    const lab = api();
    const turn = ++asked;
    if (!lab || !preset.value) return;
    asking.value = true;
    try {
      const answer = await lab.recipes.validate({ recipe: source.value });
      if (turn !== asked) return;
      valid.value = answer.valid;
      issues.value = answer.valid
        ? {}
        : Object.fromEntries(answer.issues.map(({ path, message }) => [path.join('.'), message]));
      if (!answer.valid) return;
      const next = await lab.runs.preflight({ recipe: source.value, backend: backend.value, runs: runs.value });
      if (turn === asked) found.value = next;
      failure.value = null;
    } catch (error) {
      if (turn === asked) failure.value = error instanceof Error ? error.message : String(error);
    } finally {
      if (turn === asked) asking.value = false;
    }
  }

  /** The same with the time measured, which takes a while; what is changed meanwhile makes it void. */
  async function measure(): Promise<void> {
    const lab = api();
    const turn = asked;
    if (!lab || !valid.value || measuring.value) return;
    measuring.value = true;
    try {
      const wish = { recipe: source.value, backend: backend.value, runs: runs.value, measure: true };
      const next = await lab.runs.preflight(wish);
      if (turn === asked) found.value = next;
      failure.value = null;
    } catch (error) {
      if (turn === asked) failure.value = error instanceof Error ? error.message : String(error);
    } finally {
      measuring.value = false;
    }
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  watch([values, backend, runs], () => {
    // What was true of the last values need not be of these.
    valid.value = false;
    asked += 1;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), REST_MS);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    asked += 1;
  });

  return {
    ...{ schema, preset, values, seedText, name, backend, valid, found, asking, measuring, failure },
    ...{ fields, seeds, messages, differences, source, runs, take, goOn, measure, draft },
  };
}
