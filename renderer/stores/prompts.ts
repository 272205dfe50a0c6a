/** The prompts that are being edited: which recipe they belong to, and what they are now. Outlives the room. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { LabApi } from '../../preload/contract/contract.js';
import type { RecipePrompts } from '../../preload/contract/recipe-prompts.js';
import type { RecipeSource } from '../../preload/contract/recipes.js';
import { labFailure, type FailureFacts } from '../connection/failure.js';
import { draftOf, problemsOf, type PartKey } from '../rooms/prompts/parts.js';
import { useLab } from './lab.js';

const NO_PROMPTS: RecipePrompts = { challenger_system: null, challenger: null, solver_system: null, solver: null };
type Shown = Awaited<ReturnType<LabApi['prompts']['of']>>;

export const usePrompts = defineStore('prompts', () => {
  const lab = useLab();
  const names = shallowRef<readonly string[] | null>(null);
  /** Domains that ship. */
  const domains = shallowRef<readonly string[]>([]);
  const source = shallowRef<RecipeSource>({ kind: 'shipped', name: 'nano' });
  const shown = shallowRef<Shown | null>(null);
  const draft = shallowRef<RecipePrompts | null>(null);
  const failure = shallowRef<FailureFacts | null>(null);
  const role = ref<'challenger' | 'solver'>('challenger');
  const problems = computed((): ReadonlyMap<PartKey, string> => {
    if (!draft.value || !shown.value) return new Map();
    const { shipped, domain } = shown.value;
    return problemsOf(draft.value, { shipped, drawsTopics: domain.topics !== null });
  });
  const changed = computed(() => {
    if (!draft.value || !shown.value) return false;
    const before = draftOf(shown.value.shipped, shown.value.now);
    return (Object.keys(before) as PartKey[]).some((key) => before[key] !== draft.value?.[key]);
  });

  let asked = 0;
  /** Of several that are asked for at once the last one counts: an earlier answer must not undo what is edited by then. */
  async function open(next: RecipeSource): Promise<boolean> {
    if (!lab.client) return false;
    const own = ++asked;
    failure.value = null;
    try {
      if (names.value === null) {
        const [recipes, shipped] = await Promise.all([
          lab.client.api.recipes.list({}),
          lab.client.api.domains.list({}),
        ]);
        names.value = recipes.map(({ name }) => name);
        domains.value = shipped.map(({ reference }) => reference);
      }
      const found = await lab.client.api.prompts.of({ recipe: next });
      if (own !== asked) return false;
      source.value = next;
      shown.value = found;
      draft.value = draftOf(found.shipped, found.now);
      return true;
    } catch (error) {
      if (own === asked) failure.value = labFailure(error, 'prompts.of');
      return false;
    }
  }

  /** The same recipe on another domain, with the prompts of that: those of one's own were written for the one before. */
  async function moveTo(domain: string): Promise<boolean> {
    if (!lab.client) return false;
    failure.value = null;
    try {
      const { text } = await lab.client.api.prompts.compose({ recipe: source.value, prompts: NO_PROMPTS, domain });
      return await open({ kind: 'text', text });
    } catch (error) {
      failure.value = labFailure(error, 'prompts.compose');
      return false;
    }
  }

  function edit(key: PartKey, text: string | null): void {
    if (draft.value) draft.value = { ...draft.value, [key]: text };
  }

  /** The recipe's whole text with the draft in it; null where it cannot be had, which `failure` then says. */
  async function compose(): Promise<string | null> {
    if (!lab.client || !draft.value) return null;
    failure.value = null;
    try {
      return (await lab.client.api.prompts.compose({ recipe: source.value, prompts: draft.value })).text;
    } catch (error) {
      failure.value = labFailure(error, 'prompts.compose');
      return null;
    }
  }
  return { names, domains, source, shown, draft, failure, role, problems, changed, open, moveTo, edit, compose };
});
