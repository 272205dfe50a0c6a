/** What a process takes of the machine: resident memory, and processor time so far. Null where the system does not tell. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export interface ProcessUse {
  readonly memory: number | null;
  /** Seconds of all its threads since it began. */
  readonly seconds: number | null;
}

const NOTHING: ProcessUse = { memory: null, seconds: null };
/** Clock ticks a second in /proc: fixed at 100 on every Linux that Node runs on. */
const TICKS = 100;
const run = promisify(execFile);

export async function processUse(pid: number): Promise<ProcessUse> {
  if (process.platform === 'linux') return linuxUse(pid);
  if (process.platform === 'darwin') return psUse(pid);
  return NOTHING;
}

function linuxUse(pid: number): ProcessUse {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      memory: kilobytes === undefined ? null : 1024 * Number(kilobytes),
      seconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
    };
  } catch {
    // It has just ended.
    return NOTHING;
  }
}

async function psUse(pid: number): Promise<ProcessUse> {
  try {
    const { stdout } = await run('ps', ['-o', 'rss=,cputime=', '-p', String(pid)], { timeout: 2000 });
    return readPs(stdout);
  } catch {
    return NOTHING;
  }
}

/** `12345  1:02.50`: kilobytes, then [hours:]minutes:seconds. */
export function readPs(line: string): ProcessUse {
  const [, kilobytes, time] = /^\s*(\d+)\s+([\d:.]+)/.exec(line) ?? [];
  if (kilobytes === undefined || time === undefined) return NOTHING;
  const seconds = time.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
  return { memory: 1024 * Number(kilobytes), seconds };
}
