/** What `rzero show` prints: the last frame of the run, its place on disk and its table. Pure. */
import type { RunEvent } from '../../../preload/contract/events.js';
import { emptyRun, reduceRun } from '../../../preload/contract/run-state.js';
import type { RunInfo } from '../../../preload/contract/runs.js';
import { finalTable } from './final-table.js';
import { duration, moment, printable } from './format.js';
import { frame, type FrameOptions } from './frame.js';

export function showText(info: RunInfo, events: readonly RunEvent[], options: FrameOptions): string {
  const view = events.reduce(reduceRun, {
    ...emptyRun(info.id),
    name: info.name,
    recipe: info.recipe,
    seed: info.seed,
    backend: info.backend ?? '',
    iterations: info.iterations,
  });
  const { iteration, phase, step } = info.cursor;
  const place = info.state === 'finished' ? '' : ` at iteration ${iteration}, ${phase}, step ${step}`;
  return [
    ...frame(view, options),
    '',
    `${info.state}${place}, ${duration(info.activeSeconds)} of work, since ${moment(info.createdAt)}`,
    `${info.id} in ${printable(info.directory)}`,
    ...(info.error === null ? [] : [printable(info.error)]),
    '',
    finalTable(info.summaries),
  ].join('\n');
}
