/**
 * One process at a time asks the same of a run: two would pay for every answer twice. A claim is a file beside the answers
 * that names its process; it is looked at and taken inside a transaction of the database, so that no two can find it free.
 * A claim of a process that is gone is none.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../lib/errors.js';
import type { Database } from '../store/database.js';
import { identityOf, lifeOf, type ProcessIdentity } from '../store/process-identity.js';

const holder = z.object({
  pid: z.number(),
  host: z.string(),
  boot: z.string().nullable(),
  space: z.string().nullable(),
  started: z.string().nullable(),
});

/**
 * Takes the claim `name`, or says who has it. Returns how to give it back.
 * @throws LabError('busy') where a process has it, LabError('disk') where it cannot be written down
 */
export function claim(db: Database, name: string): () => void {
  const folder = join(db.dataDir, 'judge-cache');
  const file = join(folder, `${name}.at-work`);
  db.transaction(() => {
    const other = holderOf(file);
    if (other && lifeOf(other) !== 'dead') throw busy(other, file);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, `${JSON.stringify(identityOf())}\n`);
    } catch (cause) {
      throw new LabError('disk', `Nothing can be written into ${folder}, where answers of judges are kept.`, {
        cause,
        remedy: 'Make room or make the folder writable: nothing was sent yet.',
      });
    }
  });
  return () => rmSync(file, { force: true });
}

/** Null: nobody, or nobody that can be told from a broken file. */
function holderOf(file: string): ProcessIdentity | null {
  try {
    return holder.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function busy(other: ProcessIdentity, file: string): LabError {
  const away = lifeOf(other) === 'unknown';
  return new LabError('busy', `The same judge is at work on this run: process ${other.pid} on ${other.host}.`, {
    remedy: away
      ? `Wait until it is done; if that process is gone, delete ${file}.`
      : 'Wait until it is done, or pause it: what it has asked is not asked again.',
  });
}
