/** `--json`: exactly the events, one object a line on stdout, and nothing else there. */
import type { RunEvent } from '../../../preload/contract/events.js';
import type { RunOutput } from '../follow.js';

export class JsonOutput implements RunOutput {
  event(event: RunEvent): void {
    process.stdout.write(`${JSON.stringify(event)}\n`);
  }

  notice(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  pausing(): void {
    this.notice('Pausing at the next safe point. Ctrl-C again stops at once.');
  }

  results(): void {
    // The events say what there is.
  }

  close(): void {
    // Nothing is held.
  }
}
