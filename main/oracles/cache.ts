/**
 * Answers on disk, by the SHA-256 of address and body: the same request is made once, by whichever run or process. They
 * were paid for, so they lie in the data directory, which nothing clears. A file that cannot be read is no answer.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../lib/errors.js';
import type { ChatAnswer } from './reply.js';

const stored = z.object({
  ok: z.literal(true),
  text: z.string(),
  thoughts: z.string().nullable(),
  finish: z.string().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
});

export function requestHash(url: string, body: string): string {
  return createHash('sha256').update(url).update('\n').update(body).digest('hex');
}

export class AnswerCache {
  private readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'judge-cache');
  }

  has(hash: string): boolean {
    return existsSync(this.place(hash));
  }

  async get(hash: string): Promise<ChatAnswer | null> {
    try {
      return stored.parse(JSON.parse(await readFile(this.place(hash), 'utf8')));
    } catch {
      return null;
    }
  }

  /** Beside its place, then renamed: a process that is killed leaves no half answer. */
  async put(hash: string, answer: ChatAnswer): Promise<void> {
    const place = this.place(hash);
    const beside = `${place}.${process.pid}-${randomBytes(4).toString('hex')}.partial`;
    try {
      await mkdir(dirname(place), { recursive: true });
      await writeFile(beside, `${JSON.stringify(answer)}\n`, { flush: true });
      await rename(beside, place);
    } catch (cause) {
      await rm(beside, { force: true }).catch(() => undefined);
      throw new LabError('disk', `An answer of the judge could not be kept in ${this.folder}.`, {
        cause,
        remedy: 'Make room or make the folder writable, then call again: what has a verdict is not asked twice.',
      });
    }
  }

  private place(hash: string): string {
    return join(this.folder, hash.slice(0, 2), `${hash}.json`);
  }
}
