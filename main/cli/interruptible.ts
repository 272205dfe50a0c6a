/**
 * Work that Ctrl-C or a polite kill ends at once: for tasks, which have nothing to save, and downloads, which go on another time.
 * @param remedy what to do about it, where there is something
 * @throws LabError('usage') where it was interrupted
 */
import { LabError } from '../lib/errors.js';

export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, remedy?: string): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new LabError('usage', 'Interrupted.', remedy ? { remedy } : {}));
  process.on('SIGINT', abort);
  process.on('SIGTERM', abort);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', abort);
    process.off('SIGTERM', abort);
  }
}
