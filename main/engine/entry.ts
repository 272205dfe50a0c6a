/** The engine process: the only one that computes. The loop works here, so that no window and no terminal ever waits for it. */
import { describeError } from '../lib/errors.js';
import { openChannel } from './channel.js';
import { serveEngine, type Execution } from './serve.js';

function onStopSignals(pause: () => void): void {
  process.on('SIGTERM', pause);
  process.on('SIGHUP', pause);
  // Ctrl-C reaches the whole process group; what it means is decided by the process that owns the terminal.
  process.on('SIGINT', () => undefined);
}

try {
  const abilities = {
    // Loaded when asked for: the process says that it is ready before a backend's libraries are read.
    execute: async (execution: Execution) => (await import('./run.js')).executeRun(execution),
    tasks: async () => (await import('./tasks.js')).taskHandlers,
  };
  const code = await serveEngine(openChannel(), abilities, onStopSignals);
  // Messages are sent asynchronously; native threads do not keep us once they are out.
  setTimeout(() => process.exit(code), 50);
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(2);
}
