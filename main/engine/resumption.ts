/** What a resumed run keeps of its earlier processes, and what it says where it cannot. */
import type { EventBody } from '../../preload/contract/events.js';
import type { BackendChoice } from '../../preload/contract/runs.js';
import { BACKENDS, type BackendName, type Compute } from '../compute/compute.js';
import { openCompute } from '../compute/open.js';
import { GRADER_VERSION } from '../grading/canonical.js';
import { LabError } from '../lib/errors.js';
import type { LoadedCheckpoint } from '../store/checkpoint-files.js';
import type { RunRow } from '../store/runs.js';

type Before = Pick<RunRow, 'seq' | 'backend' | 'versions'>;

/**
 * The backend a run has worked on so far; null where nothing was committed yet. Another one computes other last bits,
 * so a run stays where it began unless told otherwise.
 */
export function backendSoFar({ seq, versions }: Before): BackendName | null {
  if (seq === 0) return null;
  return BACKENDS.find((name) => name === versions['backend']) ?? null;
}

export async function openBackend(choice: BackendChoice, before: Before): Promise<Compute> {
  const kept = choice === 'auto' ? backendSoFar(before) : null;
  try {
    return await openCompute(kept ?? choice);
  } catch (error) {
    if (kept === null || !(error instanceof LabError)) throw error;
    throw new LabError('backend', `The run has worked on ${before.backend ?? kept} so far. ${error.message}`, {
      cause: error,
      remedy: `Run "rzero doctor", or go on with another --backend: numbers then differ in their last bits.`,
    });
  }
}

/**
 * The grader's version as the run records it; where another one goes on, both, and from which unit on: every row has the number of
 * its unit, and so every verdict its version.
 */
export function graderVersions({ seq, versions }: Before): string {
  const [earlier, now] = [versions['grader'], String(GRADER_VERSION)];
  if (seq === 0 || earlier === undefined) return now;
  if (graderSoFar(earlier) === now) return earlier;
  return `${earlier}, ${now} from ${seq + 1}`;
}

/** The last of the versions that were recorded. */
const graderSoFar = (recorded: string): string => /(\d+)(?: from \d+)?$/.exec(recorded)?.[1] ?? recorded;

/** Warnings to begin with: another backend or grader than before, checkpoints that could not be used. */
export function resumptionWarnings(
  before: Before,
  description: string,
  skipped: LoadedCheckpoint['skipped'],
): EventBody[] {
  const messages = skipped.map(({ seq, reason }) => `checkpoint ${seq} is passed over: ${reason}`);
  if (before.seq > 0 && before.backend !== null && before.backend !== description) {
    messages.unshift(
      `the run worked on ${before.backend} before and goes on on ${description}: it will not repeat bit for bit`,
    );
  }
  const grader = before.versions['grader'];
  if (before.seq > 0 && grader !== undefined && graderSoFar(grader) !== String(GRADER_VERSION)) {
    messages.unshift(
      `answers were compared by version ${graderSoFar(grader)} of the grader and are by version ${GRADER_VERSION} from here on`,
    );
  }
  return messages.map((message) => ({ type: 'log', level: 'warn', message }));
}
