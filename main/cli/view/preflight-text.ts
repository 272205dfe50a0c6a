/** What is known of a run before it is made, as text. Pure. */
import type { Preflight } from '../../../preload/contract/preflight.js';
import { duration, printable } from './format.js';

/** As the lab's other estimates of memory and disk are told. */
function size(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

export function preflightText(
  recipe: string,
  { backend, memory, disk, time, warnings, blockers }: Preflight,
): string[] {
  const rows: string[][] = [['computes on', printable(backend.expected ?? 'not known')]];
  const parts: string[] = [];
  const add = (what: string, needed: number, there: string, of: readonly { what: string; bytes: number }[]): void => {
    rows.push([what, `about ${size(needed)}${there}`]);
    parts.push(`${what}:`, ...of.map((part) => `  ${size(part.bytes).padStart(8)}  ${printable(part.what)}`));
  };
  if (memory) {
    const free = memory.available === null ? '' : ` of ${size(memory.available)} free`;
    add(memory.card ? `memory of ${printable(memory.card)}` : 'memory', memory.needed, free, memory.parts);
  }
  if (disk) add('disk', disk.needed, ` of ${size(disk.free)} free`, disk.parts);
  rows.push(['time', timeText(time)]);
  const width = Math.max(...rows.map(([what = '']) => what.length));
  return [
    `A run of ${printable(recipe)}:`,
    '',
    ...rows.map(([what = '', value = '']) => `  ${what.padEnd(width)}  ${value}`),
    '',
    ...parts,
    printable(time.source),
    ...warnings.map((text) => `→ ${printable(text)}`),
    ...blockers.map((text) => `✗ ${printable(text)}`),
  ];
}

function timeText({ seconds, iteration }: Preflight['time']): string {
  if (seconds === null) return 'not known';
  const { likely, low, high } = seconds;
  const spread = high - low > 0.05 * likely ? ` (${duration(low)} to ${duration(high)})` : '';
  const each = iteration === null ? '' : `, an iteration about ${duration(iteration)}`;
  return `about ${duration(likely)}${spread}${each}`;
}
