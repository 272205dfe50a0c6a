/**
 * A lock between processes that outlives none of them: a file with the owner's pid, host and start time. A lock whose
 * owner is dead is taken over; among several that notice, exactly one may remove it (a hard link named after the dead
 * lock's token is the referee). On another host nothing can be said about a pid, so there the lock counts as dead when
 * its owner has not touched it for a minute.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HEARTBEAT_MS = 5_000;
const SILENT_MS = 60_000;
/** How long a takeover may rest between its two steps before it counts as dead itself. */
const TAKEOVER_MS = 10_000;

/** @typedef {{ pid: number, host: string, started: string, token: string }} Owner */

/**
 * @template T
 * @param {string} path @param {() => Promise<T>} work
 * @param {{ onWait?: (owner: Owner) => void, pollMs?: number }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { onWait, pollMs = 100 } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const owner = { pid: process.pid, host: hostname(), started: startOf(process.pid), token: randomUUID() };
  let told = false;
  while (!tryCreate(path, owner)) {
    const holder = readOwner(path);
    if (holder && isDead(path, holder)) {
      removeDead(path, holder);
      continue;
    }
    if (holder && !told) onWait?.(holder);
    told ||= holder !== null;
    await sleep(pollMs);
  }
  const release = () => {
    if (readOwner(path)?.token === owner.token) unlinkQuietly(path);
  };
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

/** Complete from the first moment: written aside, then linked to its name. @param {string} path @param {Owner} owner */
function tryCreate(path, owner) {
  const draft = `${path}.${owner.token}`;
  writeFileSync(draft, JSON.stringify(owner));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkQuietly(draft);
  }
}

/** @param {string} path @returns {Owner | null} */
function readOwner(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} path @param {Owner} owner */
function isDead(path, owner) {
  if (owner.host !== hostname()) return ageOf(path) > SILENT_MS;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
  // The pid lives, but it may be somebody else's by now.
  const started = startOf(owner.pid);
  return owner.started !== '' && started !== '' && started !== owner.started;
}

/** @param {string} path @param {Owner} holder */
function removeDead(path, holder) {
  const referee = `${path}.dead-${holder.token}`;
  try {
    linkSync(path, referee);
  } catch {
    // Somebody else is removing it, or has. If they died while at it, the way is free again after a while.
    if (ageOf(referee) > TAKEOVER_MS) unlinkQuietly(referee);
    return;
  }
  // The link may have caught a younger lock than the one judged dead: then leave that one alone.
  if (readOwner(referee)?.token === holder.token) unlinkQuietly(path);
  unlinkQuietly(referee);
}

/** When a process started, by the kernel's clock; '' where there is no such file. @param {number} pid */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Milliseconds since a file last changed, 0 where it is gone. @param {string} path */
function ageOf(path) {
  try {
    const { mtimeMs, ctimeMs } = statSync(path);
    return Date.now() - Math.max(mtimeMs, ctimeMs);
  } catch {
    return 0;
  }
}

/** @param {string} path */
function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Removed under us; the release will see that too.
  }
}

/** @param {string} path */
function unlinkQuietly(path) {
  try {
    unlinkSync(path);
  } catch {
    // Gone already.
  }
}
