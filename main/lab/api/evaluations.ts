/** The routes of measurements that are compared. */
import { implement } from '@orpc/server';
import { evaluationsContract } from '../../../preload/contract/evaluations.js';
import type { Lab } from '../lab.js';

export function evaluationsRouter(lab: Lab) {
  const os = implement(evaluationsContract);
  return os.router({
    compare: os.compare.handler(({ input }) => lab.ask('evaluations.compare', input)),
    changed: os.changed.handler(({ input }) => lab.ask('evaluations.changed', input)),
  });
}
