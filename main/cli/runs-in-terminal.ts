/**
 * The terminal of a lab that is served: shows a run of this lab while it works, whoever has started it, one at a time, and
 * says how it ended.
 */
import type { EngineEnd } from '../lab/engine-session.js';
import type { Lab } from '../lab/lab.js';
import { describeError } from '../lib/errors.js';
import { gainsOf } from './gains.js';
import { howToGoOn, outputFor, type RunOutput } from './follow.js';
import { PAUSING } from './until-ended.js';

export class RunsInTerminal {
  private shown: RunOutput | null = null;
  private outcome: EngineEnd['outcome'] | null = null;
  private unwatch: () => void = () => undefined;
  /** What was recorded before this process began is history, and not shown. */
  private readonly history: ReadonlyMap<string, number>;

  /** @param between called after each run, when the terminal is free */
  constructor(
    private readonly lab: Lab,
    private readonly between: () => void,
  ) {
    this.history = new Map(lab.runs().map(({ id }) => [id, lab.lastSequence(id)]));
  }

  get busy(): boolean {
    return this.shown !== null;
  }

  /** How the last run that was shown ended; null where none was. */
  get lastOutcome(): EngineEnd['outcome'] | null {
    return this.outcome;
  }

  /** Shows runs that pages start. */
  watch(): void {
    this.unwatch = this.lab.onChange(() => this.look());
  }

  /** Starts a run and shows it from its first event. */
  start(id: string): void {
    void this.follow(id, () => this.lab.start(id));
  }

  say(text: string): void {
    if (this.shown) this.shown.notice(text);
    else process.stdout.write(`${text}\n`);
  }

  /** A first signal has come. */
  pausing(): void {
    if (this.shown) this.shown.pausing();
    else if (this.lab.working.length > 0) process.stderr.write(`${PAUSING}\n`);
  }

  close(): void {
    this.unwatch();
  }

  private look(): void {
    const [id] = this.lab.working;
    if (this.shown === null && id !== undefined) void this.follow(id, () => Promise.resolve());
  }

  private async follow(id: string, start: () => Promise<void>): Promise<void> {
    const output = (this.shown = outputFor(id, false));
    const leave = this.lab.subscribe(id, (event) => output.event(event), this.history.get(id) ?? -1);
    try {
      const started = start();
      started.catch(() => undefined);
      // Where no process could even be launched there is no end, and `started` says why.
      const { outcome, error } = await this.lab.ended(id).catch(async (other: unknown) => {
        await started;
        throw other;
      });
      this.outcome = outcome;
      output.results(await gainsOf(this.lab, id));
      const goOn = howToGoOn(id, outcome);
      if (goOn !== null) output.notice(goOn);
      if (outcome === 'failed') output.notice(`The run failed: ${error?.message ?? ''} ${error?.remedy ?? ''}`.trim());
    } catch (error) {
      this.outcome = 'failed';
      output.notice(describeError(error));
    } finally {
      leave();
      output.close();
      this.shown = null;
      this.between();
      this.look();
    }
  }
}
