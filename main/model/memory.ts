/** How much memory a model may take here, asked before its weights are read. */
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { LabError } from '../lib/errors.js';

/** Bytes that can be taken without swapping, as far as the system says. */
export function availableMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  // 0 or a huge number mean that no container limit is set.
  const ownLimit = limit > 0 && limit < totalmem() ? limit - process.memoryUsage.rss() : Infinity;
  return Math.max(0, Math.min(systemMemory(), ownLimit));
}

function systemMemory(): number {
  if (process.platform === 'linux') {
    try {
      const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
      if (kib !== undefined) return Number(kib) * 1024;
    } catch {
      // No /proc: the general answer below.
    }
  }
  // macOS counts reclaimable caches as used; what is surely taken there is not told, so only the total is held against it.
  return process.platform === 'darwin' ? totalmem() * 0.8 : freemem();
}

export function requireMemory(what: string, bytes: number, available = availableMemory()): void {
  if (bytes <= available) return;
  throw new LabError('memory', `${what} needs ${gibibytes(bytes)} of memory; ${gibibytes(available)} is available.`, {
    remedy: 'Close other programs, choose a smaller model, or use a machine with more memory.',
  });
}

function gibibytes(bytes: number): string {
  return bytes < 2 ** 29 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
