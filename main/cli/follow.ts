/**
 * Follows a run of this process from start to end: events go to the chosen output, Ctrl-C becomes a pause and, the second
 * time, a stop. Returns the exit code.
 */
import type { BackendChoice } from '../../preload/contract/runs.js';
import type { ComparedBenchmark } from '../../preload/contract/evaluations.js';
import type { RunEvent } from '../../preload/contract/events.js';
import type { EngineEnd } from '../lab/engine-session.js';
import type { Lab } from '../lab/lab.js';
import { LabError, type ErrorCode } from '../lib/errors.js';
import { gainsOf } from './gains.js';
import { JsonOutput } from './view/json-output.js';
import { LiveOutput } from './view/live-output.js';
import { PlainOutput } from './view/plain-output.js';

/** Where the events of a run are shown. */
export interface RunOutput {
  event(event: RunEvent): void;
  /** A word to the person at the terminal that is no event. */
  notice(text: string): void;
  /** Ctrl-C was pressed once. */
  pausing(): void;
  /** The process that worked has ended; what the run has gained so far. */
  results(gains: readonly ComparedBenchmark[]): void;
  close(): void;
}

export interface FollowOptions {
  readonly backend: BackendChoice;
  readonly json: boolean;
  /** Only events after this one are shown; the others are history. */
  readonly after?: number;
}

export function outputFor(runId: string, json: boolean): RunOutput {
  if (json) return new JsonOutput();
  return process.stdout.isTTY && process.env.TERM !== 'dumb' ? new LiveOutput(runId) : new PlainOutput(runId);
}

/** What is said of a run that is not at its end, but whole. */
export function howToGoOn(runId: string, outcome: EngineEnd['outcome']): string | null {
  if (outcome === 'killed') return `Stopped at once. Resume from the last checkpoint with: rzero resume ${runId}`;
  return outcome === 'paused' ? `Paused. Go on with: rzero resume ${runId}` : null;
}

/** The first signal asks for a pause, a second Ctrl-C ends the engine at once. */
function listenForSignals(lab: Lab, runId: string, output: RunOutput): () => void {
  let asked = false;
  const pause = (): void => {
    if (!asked) {
      asked = true;
      output.pausing();
      try {
        lab.pause(runId);
      } catch {
        // The record is locked, or the run ends just now: the engine is told directly.
        void lab.settle();
      }
    }
  };
  const interrupt = (): void => {
    if (asked) lab.stop(runId);
    else pause();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', pause);
  process.on('SIGHUP', pause);
  return () => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', pause);
    process.off('SIGHUP', pause);
  };
}

export async function follow(lab: Lab, runId: string, options: FollowOptions): Promise<0 | 1> {
  const output = outputFor(runId, options.json);
  let unsubscribe: (() => void) | undefined;
  let stopListening: (() => void) | undefined;
  try {
    // Subscribed before the start, so that not even the first event is missed.
    unsubscribe = lab.subscribe(runId, (event) => output.event(event), options.after ?? -1);
    const started = lab.start(runId, { backend: options.backend });
    stopListening = listenForSignals(lab, runId, output);
    await started;
    const { outcome, error } = await lab.ended(runId);
    output.results(await gainsOf(lab, runId));
    const goOn = howToGoOn(runId, outcome);
    if (goOn !== null) output.notice(goOn);
    if (outcome === 'failed') {
      throw new LabError((error?.code ?? 'engine') as ErrorCode, error?.message ?? 'The run failed.', {
        remedy: error?.remedy ?? `It can be resumed: rzero resume ${runId}`,
      });
    }
    return outcome === 'finished' || outcome === 'paused' ? 0 : 1;
  } finally {
    stopListening?.();
    unsubscribe?.();
    output.close();
  }
}
