/** How much memory a model may take here, asked before its weights are read. */
import { availableMemory } from '../lib/available-memory.js';
import { bytesText } from '../lib/bytes-text.js';
import { LabError } from '../lib/errors.js';

export function requireMemory(what: string, bytes: number, available = availableMemory()): void {
  if (bytes <= available) return;
  throw new LabError('memory', `${what} needs ${bytesText(bytes)} of memory; ${bytesText(available)} is available.`, {
    remedy: 'Close other programs, choose a smaller model, or use a machine with more memory.',
  });
}
