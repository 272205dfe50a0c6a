/**
 * Drives the loop: commits its units one by one until it ends, is asked to pause or a guard stops it. A rollback is
 * noted in the state before it is carried out, so that a process that dies in between carries it out on its return.
 */
import type { EventBody } from '../../preload/contract/events.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import type { PausePlace } from '../../preload/contract/steering.js';
import type { LoopContext } from '../coevolution/context.js';
import { coevolve } from '../coevolution/loop.js';
import type { LoopState } from '../coevolution/state.js';
import type { Unit } from '../coevolution/unit.js';
import { describeError, LabError } from '../lib/errors.js';
import { RolloutsUnavailable } from '../rollouts/unavailable.js';
import type { RunRecorder } from '../store/record.js';
import type { CheckpointState, Journal } from './journal.js';
import type { PauseWatch } from './pause-watch.js';

export interface Drive {
  readonly context: LoopContext;
  readonly journal: Journal;
  readonly recorder: RunRecorder;
  readonly stop: Pick<PauseWatch, 'reason' | 'abandon'>;
  /** What the compiled steps did, told when the process stops working. */
  readonly summary: () => EventBody;
}

export async function drive(parts: Drive, start: LoopState): Promise<'finished' | 'paused'> {
  const { context, journal, recorder, stop, summary } = parts;
  let state = start;
  const began = performance.now();
  const paused = (reason: string): 'paused' => {
    journal.emit(summary(), { type: 'run.paused', ...state.cursor, reason });
    return 'paused';
  };
  const units = coevolve(context, state);
  for (;;) {
    if (state.rollback !== null && state.stopped === null) {
      const why = state.rollback;
      state = await rollBack(parts, state, why);
      if (state.stopped === null) return paused(`alarm: ${why} There is no best checkpoint to return to.`);
      break;
    }
    let next: IteratorResult<Unit, LoopState>;
    try {
      next = await units.next();
    } catch (error) {
      const passing = isPassing(error) && !stop.abandon.aborted;
      if (!stop.abandon.aborted && !passing) throw error;
      // What is committed must not be made again as well.
      await journal.saveCommitted(state);
      return paused(passing ? describeError(error) : 'paused within a step, which will be made again');
    }
    if (next.done) break;
    const { unit, alarm } = judged(next.value);
    const reason = stop.reason(endsOf(unit, context.recipe)) ?? ownPause(unit, context.recipe) ?? alarm;
    await journal.commit(unit, { force: reason !== null });
    state = unit.state;
    if (reason !== null && state.rollback === null) return paused(reason);
  }
  const seconds = recorder.run.activeSeconds + (performance.now() - began) / 1000;
  journal.emit(summary(), {
    type: 'run.finished',
    summaries: [...state.summaries],
    seconds,
    zeroData: recorder.zeroData(),
  });
  return 'finished';
}

/** What may be otherwise when the run is resumed: a server, or the memory there is. The step has changed nothing. */
function isPassing(error: unknown): boolean {
  return error instanceof RolloutsUnavailable || (error instanceof LabError && error.code === 'memory');
}

/** What ends with a unit. The last iteration ends the run: there is nothing to pause. */
function endsOf(unit: Unit, { iterations }: Recipe): PausePlace[] {
  if (endsCurriculum(unit)) return ['curriculum'];
  const last = unit.events.some((event) => event.type === 'iteration.finished');
  return last && unit.iteration < iterations ? ['iteration'] : [];
}

/** The recipe's own wish. An empty curriculum has nothing to review. */
function ownPause(unit: Unit, { reviews }: Recipe): string | null {
  if (!reviews.pause_after_curriculum || !endsCurriculum(unit) || unit.state.curriculum.length === 0) return null;
  return 'the recipe pauses after each curriculum, so that there is time to review it';
}

function endsCurriculum({ phase, milestone }: Unit): boolean {
  return phase === 'curriculum' && milestone;
}

/** What the unit's alarms ask for: a reason to stop, and in its state whether to roll back. */
function judged(unit: Unit): { unit: Unit; alarm: string | null } {
  const alarm = unit.events.find((event) => event.type === 'alarm' && event.action !== 'warn');
  if (alarm?.type !== 'alarm') return { unit, alarm: null };
  const rollback = alarm.action === 'rollback' ? alarm.message : null;
  return { unit: { ...unit, state: { ...unit.state, rollback } }, alarm: `alarm: ${alarm.message}` };
}

/**
 * Returns both roles to the best checkpoint and stops the run there. Where there is none the weights stay as they are,
 * and only the note is taken back: a person decides whether to go on.
 */
async function rollBack({ context, journal, recorder }: Drive, state: LoopState, why: string): Promise<LoopState> {
  const best = await recorder.checkpoints.bestValid();
  if (best)
    await context.executor.restore(new Map(Object.entries(best.files)), (best.state as CheckpointState).executor);
  const stopped = best ? `rolled back to iteration ${best.cursor.iteration}: ${why}` : null;
  const message = stopped ?? `not rolled back, for there is no best checkpoint: ${why}`;
  const after: LoopState = { ...state, stopped, rollback: null };
  const events: EventBody[] = [{ type: 'log', level: 'warn', message }];
  // Not a milestone: it ends no phase a second time.
  const note: Unit = { ...state.cursor, rows: {}, events, state: after, milestone: false };
  await journal.commit(note, { force: true, note: true });
  return after;
}
