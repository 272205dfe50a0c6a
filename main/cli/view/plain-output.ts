/** Plain lines, where stdout is no terminal. */
import type { ComparedBenchmark } from '../../../preload/contract/evaluations.js';
import type { RunEvent } from '../../../preload/contract/events.js';
import { emptyRun, reduceRun, type RunView } from '../../../preload/contract/run-state.js';
import type { RunOutput } from '../follow.js';
import { finalTable } from './final-table.js';
import { heartbeat, lineOf } from './lines.js';

const QUIET_MS = 10_000;

export class PlainOutput implements RunOutput {
  private view: RunView;
  private lastLineAt = Date.now();

  constructor(runId: string) {
    this.view = emptyRun(runId);
  }

  event(event: RunEvent): void {
    this.view = reduceRun(this.view, event);
    const silent = Date.now() - this.lastLineAt > QUIET_MS;
    const line = lineOf(event, this.view) ?? (event.type === 'phase.progress' && silent ? heartbeat(this.view) : null);
    if (line !== null) this.say(line);
  }

  notice(text: string): void {
    this.say(text);
  }

  pausing(): void {
    this.say('Pausing at the next safe point. Ctrl-C again stops at once.');
  }

  results(gains: readonly ComparedBenchmark[]): void {
    if (this.view.state !== 'finished') return;
    const { summaries, zeroData } = this.view;
    this.say(`\n${finalTable(summaries, { zeroData, gains })}`);
  }

  close(): void {
    // Nothing is held.
  }

  private say(text: string): void {
    this.lastLineAt = Date.now();
    process.stdout.write(`${text}\n`);
  }
}
