/** The models of the lab, and the one that is looked at. What was asked outlives the room. */
import { defineStore } from 'pinia';
import { computed, reactive, ref, shallowRef } from 'vue';
import type { ModelList } from '../../preload/contract/models.js';
import { labFailure, type FailureFacts } from '../connection/failure.js';
import { modelGroups, type ModelChoice } from '../rooms/models/references.js';
import { useLab } from './lab.js';

export const useModels = defineStore('models', () => {
  const lab = useLab();
  const list = shallowRef<ModelList | null>(null);
  const failure = shallowRef<FailureFacts | null>(null);
  const chosen = ref('shipped/nano');
  /** What is done with the chosen one. */
  const view = ref<'chat' | 'samples' | 'facts' | 'measure' | 'save'>('chat');
  const groups = computed(() => (list.value ? modelGroups(list.value) : []));
  const choices = computed((): readonly ModelChoice[] => groups.value.flatMap((group) => group.choices));
  const current = computed(() => choices.value.find(({ key }) => key === chosen.value) ?? choices.value[0] ?? null);

  /** What is tried: kept as it was typed. */
  const trial = reactive({
    mode: 'solver' as 'solver' | 'challenger' | 'text',
    question: '3+8-5+2',
    text: '',
    chat: false,
    samples: 4,
    temperature: '' as number | '',
    maxNewTokens: '' as number | '',
    seed: 0,
  });

  /** Apart from its group, "Solver, best" would not say of which run. */
  function titleOf(choice: ModelChoice): string {
    const group = groups.value.find(({ choices: own }) => own.some(({ key }) => key === choice.key));
    return choice.ref.kind === 'run' ? `${group?.title ?? ''}: ${choice.title}` : choice.title;
  }

  async function refresh(): Promise<void> {
    if (!lab.client) return;
    try {
      list.value = await lab.client.api.models.list({});
      failure.value = null;
    } catch (error) {
      failure.value = labFailure(error, 'models.list');
    }
  }
  return { list, failure, chosen, view, groups, choices, current, trial, titleOf, refresh };
});
