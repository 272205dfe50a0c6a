/**
 * What set-up says: nothing while there is nothing to do, else short lines on stderr, so that stdout stays the
 * program's own. RZERO_TIMINGS=1 prints where the time went.
 */

/** @type {{ name: string, ms: number }[]} */
const timings = [];
let progressShown = false;

/** @param {string} line */
export function say(line) {
  clearProgress();
  process.stderr.write(`${line}\n`);
}

/** One line that is rewritten in place; without a terminal nothing, since a log has no use for it. @param {string} line */
export function progress(line) {
  if (!process.stderr.isTTY) return;
  const width = Math.max(20, (process.stderr.columns ?? 80) - 1);
  process.stderr.write(`\r\u001b[2K${line.slice(0, width)}`);
  progressShown = true;
}

export function clearProgress() {
  if (!progressShown) return;
  process.stderr.write('\r\u001b[2K');
  progressShown = false;
}

/** @template T @param {string} name @param {() => T | Promise<T>} work @returns {Promise<T>} */
export async function timed(name, work) {
  const start = performance.now();
  try {
    return await work();
  } finally {
    timings.push({ name, ms: performance.now() - start });
  }
}

export function printTimings() {
  if (process.env['RZERO_TIMINGS'] !== '1') return;
  const parts = timings.map(({ name, ms }) => `${name} ${ms.toFixed(0)} ms`);
  say(`set-up done ${performance.now().toFixed(0)} ms after the process began: ${parts.join(', ')}`);
}

/** A failure that is explained already: its message is for people, its stack for nobody. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}
