/** A model of the hub on its way into the list: looked at first, then fetched. It takes its time, and goes on while one is in another room. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Fetching, HubPreview } from '../../preload/contract/model-sources.js';
import { labFailure, type FailureFacts } from '../connection/failure.js';
import { useLab } from './lab.js';
import { useModels } from './models.js';

/** OWNER/NAME, with @REVISION where not the main branch is meant. */
const HUB_NAME = /^([\w-][\w.-]*\/[\w-][\w.-]*)(?:@(.+))?$/;

export function hubName(text: string): { readonly repository: string; readonly revision: string } | null {
  const [, repository, revision = 'main'] = HUB_NAME.exec(text.trim()) ?? [];
  return repository === undefined ? null : { repository, revision };
}

export const useFetchingModel = defineStore('fetching-model', () => {
  const lab = useLab();
  const models = useModels();
  /** What was typed. */
  const wish = ref('');
  const preview = shallowRef<HubPreview | null>(null);
  const news = shallowRef<Exclude<Fetching, { kind: 'done' }> | null>(null);
  const failure = shallowRef<FailureFacts | null>(null);
  const phase = ref<'rest' | 'looking' | 'fetching' | 'stopped'>('rest');
  const busy = computed(() => phase.value === 'looking' || phase.value === 'fetching');
  let own = new AbortController();

  /** A folder is added at once, a repository is only looked at. */
  async function look(): Promise<void> {
    if (!lab.client || busy.value) return;
    const { signal } = (own = new AbortController());
    const { api } = lab.client;
    const named = hubName(wish.value);
    [preview.value, failure.value, news.value, phase.value] = [null, null, null, 'looking'];
    try {
      if (named) preview.value = await api.models.preview(named, { signal });
      else await added(`folder/${(await api.models.add({ folder: wish.value.trim() }, { signal })).id}`);
    } catch (error) {
      if (!signal.aborted) failure.value = labFailure(error, 'models.preview');
    } finally {
      phase.value = 'rest';
    }
  }

  /** Fetches what is missing; after a stop or a failure it goes on where it stood. */
  async function fetch(): Promise<void> {
    const wanted = preview.value;
    if (!lab.client || busy.value || !wanted) return;
    const { signal } = (own = new AbortController());
    [failure.value, news.value, phase.value] = [null, null, 'fetching'];
    try {
      const { repository, revision } = wanted;
      for await (const item of await lab.client.api.models.fetch({ repository, revision }, { signal })) {
        if (item.kind !== 'done') news.value = item;
        else {
          preview.value = null;
          await added(`hub/${item.model.id}`);
        }
      }
      phase.value = 'rest';
    } catch (error) {
      phase.value = 'stopped';
      if (!signal.aborted) failure.value = labFailure(error, 'models.fetch');
    }
  }

  async function added(key: string): Promise<void> {
    wish.value = '';
    await models.refresh();
    models.chosen = key;
  }
  function stop(): void {
    own.abort();
  }
  function forget(): void {
    stop();
    [preview.value, failure.value, news.value, phase.value] = [null, null, null, 'rest'];
  }
  return { wish, preview, news, failure, phase, busy, look, fetch, stop, forget };
});
