/** Small reactive facts about the world: the colour scheme, the time. Each cleans up with its component. */
import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue';
import { DARK, LIGHT, type Palette } from './charts/palette.js';

export function usePalette(): ComputedRef<Palette> {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  const dark = ref(query.matches);
  const update = (): void => {
    dark.value = query.matches;
  };
  query.addEventListener('change', update);
  onScopeDispose(() => query.removeEventListener('change', update));
  return computed(() => (dark.value ? DARK : LIGHT));
}

export function useIntervalNow(ms: number): Ref<number> {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), ms);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
