/** The studies of the lab, the one that is looked at, and what can be done with them. Outlives the room. */
import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { LabApi } from '../../preload/contract/contract.js';
import type { StudyFamilyInfo, StudyInfo, StudyTable } from '../../preload/contract/studies.js';
import { labFailure, type FailureFacts } from '../connection/failure.js';
import { saveText } from '../rooms/bench/save-text.js';
import { useConfirm } from './confirm.js';
import { useLab } from './lab.js';
import { useToasts } from './toasts.js';

export const useStudies = defineStore('studies', () => {
  const lab = useLab();
  const toasts = useToasts();
  const confirm = useConfirm();
  const list = shallowRef<readonly StudyInfo[] | null>(null);
  const families = shallowRef<readonly StudyFamilyInfo[]>([]);
  const failure = shallowRef<FailureFacts | null>(null);
  const table = shallowRef<StudyTable | null>(null);
  const tableFailure = shallowRef<FailureFacts | null>(null);
  /** What the reader has begun to ask for. */
  const wish = ref({ family: 'main-table', recipe: 'nano', seeds: 3, set: '' });
  let turn = 0;

  const byId = computed(() => new Map((list.value ?? []).map((study) => [study.id, study])));

  /** While the room lives. */
  function follow(): void {
    const end = lab.client?.follow((api, options) => api.studies.changes({}, options), {
      item: (next) => {
        [list.value, failure.value] = [next, null];
      },
      failure: (why) => {
        if (why.code !== 'connection') failure.value = why;
      },
    });
    onScopeDispose(() => end?.());
    void learnFamilies();
  }

  async function learnFamilies(): Promise<void> {
    if (families.value.length > 0 || !lab.client) return;
    try {
      families.value = await lab.client.api.studies.families({});
    } catch (error) {
      failure.value = labFailure(error, 'studies.families');
    }
  }

  /** Reads the table anew; an older answer never overwrites a newer one. */
  async function look(study: string): Promise<void> {
    const mine = ++turn;
    if (table.value?.study.id !== study) table.value = null;
    if (!lab.client) return;
    try {
      const found = await lab.client.api.studies.table({ study });
      if (mine === turn) [table.value, tableFailure.value] = [found, null];
    } catch (error) {
      if (mine === turn) tableFailure.value = labFailure(error, 'studies.table');
    }
  }

  /** Null where it failed, which is told. */
  async function act<T>(work: (api: LabApi) => Promise<T>): Promise<T | null> {
    if (!lab.client) return null;
    try {
      return await work(lab.client.api);
    } catch (error) {
      const { message, remedy } = labFailure(error, 'studies');
      toasts.show('failure', message, { detail: remedy });
      return null;
    }
  }

  function put(study: StudyInfo | null): void {
    if (!study) return;
    const others = (list.value ?? []).filter(({ id }) => id !== study.id);
    list.value = [study, ...others].sort((a, b) => b.createdAt - a.createdAt);
  }

  const goOn = async (study: string): Promise<void> => put(await act((api) => api.studies.goOn({ study })));
  const pause = async (study: string): Promise<void> => put(await act((api) => api.studies.pause({ study })));

  async function remove({ id, title }: StudyInfo): Promise<void> {
    const answer = await confirm.ask({
      title: `Forget the study “${title}”?`,
      text: 'Its runs stay in the list of runs. Begun again with the same recipe, the study takes them up.',
      answers: [{ id: 'forget', title: 'Forget it', look: 'danger' }],
      stay: 'Keep',
    });
    if (answer !== 'forget' || !(await act((api) => api.studies.remove({ study: id })))) return;
    list.value = (list.value ?? []).filter((study) => study.id !== id);
  }

  async function save(study: string, format: 'markdown' | 'csv'): Promise<void> {
    const made = await act((api) => api.studies.document({ study, format }));
    if (made) saveText(made.name, made.text, format === 'csv' ? 'text/csv' : 'text/markdown');
  }

  return {
    list,
    byId,
    families,
    failure,
    table,
    tableFailure,
    wish,
    follow,
    look,
    act,
    put,
    goOn,
    pause,
    remove,
    save,
  };
});
