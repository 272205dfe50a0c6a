/** The repainting view of a terminal. */
import type { ComparedBenchmark } from '../../../preload/contract/evaluations.js';
import type { RunEvent } from '../../../preload/contract/events.js';
import { emptyRun, reduceRun, type RunView } from '../../../preload/contract/run-state.js';
import type { RunOutput } from '../follow.js';
import { wantsColour } from './colours.js';
import { finalTable } from './final-table.js';
import { frame } from './frame.js';
import { Painter } from './painter.js';

export class LiveOutput implements RunOutput {
  private view: RunView;
  private asked = false;
  private gains: readonly ComparedBenchmark[] = [];
  private readonly notices: string[] = [];
  private readonly painter: Painter;
  /** Keeps the remaining times moving while a phase is silent. */
  private readonly ticker: NodeJS.Timeout;

  constructor(runId: string) {
    this.view = emptyRun(runId);
    const colour = wantsColour(process.stdout);
    this.painter = new Painter(process.stdout, (columns) =>
      // A failure is told beneath, with its remedy, by who follows the run: not twice.
      frame({ ...this.view, error: null }, { columns, colour, now: Date.now(), pausing: this.asked }),
    );
    this.ticker = setInterval(() => this.painter.update(), 1000);
  }

  event(event: RunEvent): void {
    this.view = reduceRun(this.view, event);
    this.painter.update();
  }

  notice(text: string): void {
    this.notices.push(text);
  }

  pausing(): void {
    this.asked = true;
    this.painter.update();
  }

  results(gains: readonly ComparedBenchmark[]): void {
    this.gains = gains;
  }

  close(): void {
    clearInterval(this.ticker);
    this.painter.close();
    const { summaries, zeroData } = this.view;
    const rows = [
      ...(summaries.length > 0 ? ['', finalTable(summaries, { zeroData, gains: this.gains })] : []),
      ...this.notices,
    ];
    for (const row of rows) process.stdout.write(`${row}\n`);
  }
}
