/**
 * A process of its own that opens one backend, measures it and tells its parent: a driver that crashes or hangs takes
 * only this process along. Started by doctor.ts.
 */
import { describeError, LabError } from '../lib/errors.js';
import { BACKENDS } from './compute.js';
import { measure } from './measure.js';
import type { Measurement } from './measure.js';
import { openCompute } from './open.js';

export type ProbeMessage =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'unusable'; readonly reason: string; readonly remedy: string | undefined };

async function probe(name: string | undefined): Promise<ProbeMessage> {
  try {
    const backend = BACKENDS.find((known) => known === name);
    if (!backend) throw new LabError('usage', `There is no backend '${name ?? ''}'.`);
    return { kind: 'measured', measurement: await measure(await openCompute(backend)) };
  } catch (error) {
    if (error instanceof LabError) return { kind: 'unusable', reason: error.message, remedy: error.remedy };
    return { kind: 'unusable', reason: describeError(error), remedy: undefined };
  }
}

const message = await probe(process.argv[2]);
// Drivers may keep threads alive; the message has been handed over when the callback comes.
process.send?.(message, () => process.exit(0));
