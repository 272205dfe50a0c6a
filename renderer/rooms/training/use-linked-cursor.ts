/** One cursor for both roles: where one points to a step, the other's charts point to the step of the same moment. */
import { watch } from 'vue';
import type { Axis } from '../../charts/line.js';
import { useTraining } from '../../stores/training.js';
import { lineOf } from './curve.js';
import { sameMoment, type Clock } from './links.js';
import type { Role as AnyRole } from './metrics.js';

/** Those of the loop; fine-tuning is over when they begin. */
type Role = Exclude<AnyRole, 'sft'>;

const NONE: Clock = { steps: [], active: [] };

export function useLinkedCursor(): void {
  const store = useTraining();
  const clockOf = (role: Role): Clock => {
    const reward = store.curve({ phase: role, name: 'reward' });
    return reward ? lineOf(reward, { role, name: '' }) : NONE;
  };
  function follow(x: number | null, [from, to]: readonly [Role, Role], axis: Axis): number | null {
    if (x === null || axis !== 'step') return x;
    return sameMoment(x, clockOf(from), clockOf(to));
  }
  let leading = false;
  const roles: readonly (readonly [Role, Role])[] = [
    ['challenger', 'solver'],
    ['solver', 'challenger'],
  ];
  for (const [from, to] of roles) {
    watch(
      store.groups[from].cursor,
      (x) => {
        // What follows does not lead: the step it was sent to is a moment a little earlier.
        if (leading) return;
        leading = true;
        store.groups[to].cursor.value = follow(x, [from, to], store.settings.axis);
        leading = false;
      },
      { flush: 'sync' },
    );
    watch(
      store.groups[from].zoom,
      (zoom) => {
        if (store.settings.axis !== 'step') store.groups[to].zoom.value = zoom;
      },
      { flush: 'sync' },
    );
  }
}
