/**
 * Which process this is, so exactly that another can tell later whether it still lives: a process id alone is given
 * out again. Linux says when a process started, which boot it belongs to and in which container its id counts; where
 * a system does not say, that part is null and is not compared.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  readonly boot: string | null;
  /** The process-id namespace. */
  readonly space: string | null;
  /** Start time in clock ticks since boot. */
  readonly started: string | null;
}

export function identityOf(pid: number = process.pid): ProcessIdentity {
  return {
    pid,
    host: hostname(),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    space: attempt(() => readlinkSync('/proc/self/ns/pid')),
    started: processStat(pid)?.started ?? null,
  };
}

/** `unknown`: it ran on another machine or in another container, where this one cannot look. */
export function lifeOf(owner: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  const here = identityOf();
  if (owner.host !== here.host) return 'unknown';
  if (owner.boot !== here.boot) return 'dead';
  if (owner.space !== here.space) return 'unknown';
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'dead';
  }
  const stat = processStat(owner.pid);
  if (stat?.state === 'Z' || stat?.state === 'X') return 'dead';
  return owner.started !== null && stat !== null && stat.started !== owner.started ? 'dead' : 'alive';
}

function processStat(pid: number): { state: string; started: string } | null {
  return attempt(() => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold any character; the fields that count come after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, started] = [fields[0], fields[19]];
    return state === undefined || started === undefined ? null : { state, started };
  });
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
