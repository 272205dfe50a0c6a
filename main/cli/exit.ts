/** How the process ends: after everything written has left, with the right code, and silently when the reader has gone. */

/** `rzero … | head` closes our output early; that is no error of ours, and there is nobody to tell. */
export function handleBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
}

/** Ends the process once both streams are flushed; native threads of a backend would otherwise keep it. */
export function finish(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
