/** What the charts of each role are zoomed to: kept with the run it belongs to, and told of once it has rested. */
import { computed, markRaw, watch, type ComputedRef, type Raw } from 'vue';
import { chartGroup, type ChartGroup } from '../../charts/group.js';
import type { Axis } from '../../charts/line.js';
import { kept } from '../kept.js';
import type { Zoomed } from './fine.js';
import type { Role } from './metrics.js';
import { readZooms, type Zooms } from './settings.js';

/** Whoever zooms goes on zooming. */
const RESTS_MS = 300;

export interface ZoomsOfRun {
  readonly groups: Raw<Readonly<Record<Role, ChartGroup>>>;
  readonly zoomed: ComputedRef<boolean>;
  /** The zoom of this run as it was left. */
  restore(run: string): void;
  /** What the charts of a role are zoomed to; null where they show all. */
  closeUp(role: Role): Zoomed | null;
  showAll(): void;
}

export function useZooms(
  at: { readonly run: () => string | null; readonly axis: () => Axis },
  on: { readonly whole: (role: Role) => void; readonly rested: () => void },
): ZoomsOfRun {
  const stored = kept<Zooms | null>('rzero.zoom', null, readZooms);
  /** Raw: charts take their refs as they are. */
  const groups = markRaw<Readonly<Record<Role, ChartGroup>>>({
    sft: chartGroup(),
    challenger: chartGroup(),
    solver: chartGroup(),
  });
  const [forChallenger, forSolver, forSft] = [groups.challenger.zoom, groups.solver.zoom, groups.sft.zoom];
  const showAll = (): void => void (forChallenger.value = forSolver.value = forSft.value = null);
  let resting: ReturnType<typeof setTimeout> | undefined;

  // Another axis has other units: what was zoomed to has no place on it.
  watch(at.axis, showAll);
  watch([forChallenger, forSolver], ([challenger, solver]) => {
    const run = at.run();
    if (run !== null) stored.value = { run, axis: at.axis(), challenger, solver };
    if (challenger === null) on.whole('challenger');
    if (solver === null) on.whole('solver');
    clearTimeout(resting);
    if (challenger ?? solver) resting = setTimeout(on.rested, RESTS_MS);
  });

  // A short phase that is over soon: its zoom is not kept.
  watch(forSft, (sft) => {
    if (sft === null) on.whole('sft');
    else on.rested();
  });

  return {
    groups,
    zoomed: computed(() => [forChallenger, forSolver, forSft].some((zoom) => zoom.value !== null)),
    restore(run) {
      const known = stored.value?.run === run && stored.value.axis === at.axis() ? stored.value : null;
      forChallenger.value = known?.challenger ?? null;
      forSolver.value = known?.solver ?? null;
      forSft.value = null;
    },
    closeUp(role) {
      const zoom = groups[role].zoom.value;
      return zoom && { axis: at.axis(), zoom };
    },
    showAll,
  };
}
