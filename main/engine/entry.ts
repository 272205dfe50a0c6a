/** The engine process: the only one that computes. The loop works here, so that no window and no terminal ever waits for it. */
import { describeError } from '../lib/errors.js';
import { openChannel } from './channel.js';
import { executeRun } from './run.js';
import { serveEngine } from './serve.js';

function onStopSignals(pause: () => void): void {
  process.on('SIGTERM', pause);
  process.on('SIGHUP', pause);
  // Ctrl-C reaches the whole process group; what it means is decided by the process that owns the terminal.
  process.on('SIGINT', () => undefined);
}

try {
  const code = await serveEngine(openChannel(), executeRun, onStopSignals);
  // Messages are sent asynchronously; the channel is closed once they are out, and native threads do not keep us.
  setTimeout(() => process.exit(code), 50);
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(2);
}
