/** "nano-2@3" as a run and one of its iterations. */
import type { IterationSummary } from '../../preload/contract/events.js';
import type { RunInfo } from '../../preload/contract/runs.js';
import type { Lab } from '../lab/lab.js';
import { LabError } from '../lib/errors.js';

interface Named {
  readonly run: string;
  /** Null: the newest. */
  readonly iteration: number | null;
}

/** The whole text may be a run's name; else what stands after its last @ says which iteration. */
export function measurementOf(lab: Pick<Lab, 'run'>, named: string): Named {
  const at = named.lastIndexOf('@');
  const whole = at < 0 ? lab.run(named) : known(lab, named);
  if (whole) return { run: whole.id, iteration: null };
  if (at === 0)
    throw new LabError('usage', `"${named}" names no run.`, {
      remedy: 'Write the run before the @, as in last@best; "rzero runs" lists them.',
    });
  const info = lab.run(named.slice(0, at));
  return { run: info.id, iteration: iterationOf(info, named.slice(at + 1)) };
}

function known(lab: Pick<Lab, 'run'>, name: string): RunInfo | null {
  try {
    return lab.run(name);
  } catch (error) {
    if (error instanceof LabError && error.code === 'not-found') return null;
    throw error;
  }
}

function iterationOf({ name, summaries }: RunInfo, word: string): number | null {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  if (word === 'last') return null;
  if (word === 'base') return 0;
  if (word === 'before') return -1;
  if (word === 'best') return best(name, summaries);
  throw new LabError('usage', `"@${word}" is no iteration.`, {
    remedy: 'Write a number (0 is the base model), base, before (fine-tuning), best or last, as in last@3.',
  });
}

/** The iteration of the best checkpoint: highest greedy score on the guard benchmark, the earliest on a tie. */
function best(name: string, summaries: readonly IterationSummary[]): number {
  const scored = summaries.flatMap(({ iteration, guard }) => (guard ? [{ iteration, score: guard.greedy.value }] : []));
  const [first, ...rest] = scored;
  if (first) return rest.reduce((top, one) => (one.score > top.score ? one : top), first).iteration;
  throw new LabError('usage', `The run ${name} has no guard benchmark, by which a best iteration could be told.`, {
    remedy: 'Name an iteration by its number.',
  });
}
