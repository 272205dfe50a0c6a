/** What `rzero show` prints: the last frame of the run, its place on disk, its table and its checkpoints. Pure. */
import type { ComparedBenchmark } from '../../../preload/contract/evaluations.js';
import type { RunEvent } from '../../../preload/contract/events.js';
import { emptyRun, reduceRun } from '../../../preload/contract/run-state.js';
import type { Cursor, RunInfo } from '../../../preload/contract/runs.js';
import type { Checkpoint } from '../../../preload/contract/steering.js';
import { finalTable } from './final-table.js';
import { bytes, duration, moment, NONE, printable } from './format.js';
import { frame, type FrameOptions } from './frame.js';
import { table } from './text.js';

export interface Shown {
  readonly info: RunInfo;
  readonly events: readonly RunEvent[];
  readonly checkpoints: readonly Checkpoint[];
  readonly gains: readonly ComparedBenchmark[];
}

export function showText({ info, events, checkpoints, gains }: Shown, options: FrameOptions): string {
  const view = events.reduce(reduceRun, {
    ...emptyRun(info.id),
    name: info.name,
    recipe: info.recipe,
    seed: info.seed,
    backend: info.backend ?? '',
    iterations: info.iterations,
    zeroData: info.zeroData,
  });
  const place = info.state === 'finished' ? '' : ` at ${placeOf(info.cursor)}`;
  return [
    ...frame(view, options),
    '',
    `${info.state}${place}, ${duration(info.activeSeconds)} of work, since ${moment(info.createdAt)}`,
    `${info.id} in ${printable(info.directory)}`,
    ...(info.forkedFrom === null ? [] : [`forked from ${info.forkedFrom.run} at ${placeOf(info.forkedFrom)}`]),
    ...(info.pausing === null || info.pausing === 'now' ? [] : [`will pause at the end of the ${info.pausing}`]),
    ...(info.error === null ? [] : [printable(info.error)]),
    '',
    finalTable(info.summaries, { zeroData: info.zeroData, gains }),
    ...(checkpoints.length === 0 ? [] : ['', ...checkpointTable(checkpoints)]),
  ].join('\n');
}

function placeOf({ iteration, phase, step }: Cursor): string {
  return `iteration ${iteration}, ${phase}, step ${step}`;
}

function checkpointTable(checkpoints: readonly Checkpoint[]): string[] {
  const columns = [
    { title: 'checkpoint', align: 'right' as const },
    ...['at', 'time', 'size', ''].map((title) => ({ title, align: 'left' as const })),
  ];
  return table(
    columns,
    checkpoints.map((c) => [
      String(c.checkpoint),
      placeOf(c),
      c.time === null ? NONE : moment(c.time),
      bytes(c.bytes),
      [c.latest && 'latest', c.best && 'best', c.endsIteration && 'end of iteration'].filter(Boolean).join(', '),
    ]),
  );
}
