/** Programs that must end well, and what their runs leave behind: for tests that hold an interrupted run against a whole one. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { formatSolution, sampleQuestion } from '../../main/domains/chains/question.js';
import { RandomKey } from '../../main/lib/random.js';
import { CheckpointFiles } from '../../main/store/checkpoint-files.js';
import { Database } from '../../main/store/database.js';
import { digestRun, type TableDigest } from '../../main/store/digest.js';
import { findRun } from '../../main/store/runs.js';
import type { Checkpoint } from '../../preload/contract/steering.js';
import { type Ended, rzero } from './run-program.js';

/** `rzero ARGS` on a data folder; the test fails where it fails. */
export async function done(dataDir: string, ...args: string[]): Promise<Ended> {
  const ended = await rzero(...args, '--data-dir', dataDir);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended;
}

export async function checkpointsOf(dataDir: string, run: string): Promise<readonly Checkpoint[]> {
  const shown = await done(dataDir, 'show', run, '--json');
  return (JSON.parse(shown.stdout) as { checkpoints: Checkpoint[] }).checkpoints;
}

/** What a run ends with, to the bit. */
export interface Remains {
  readonly rows: Record<string, TableDigest>;
  /** SHA-256 of every file of weights of the last checkpoint, by its part. */
  readonly weights: Record<string, string>;
}

/** `look` sees the open record and where the weights are. */
export async function remainsOf(
  dataDir: string,
  run: string,
  look: (db: Database, files: Readonly<Record<string, string>>, rows: Remains['rows']) => void = () => undefined,
): Promise<Remains> {
  const db = Database.open(dataDir, { mode: 'read' });
  try {
    const row = findRun(db, run);
    // A manifest holds seconds, so its hash may differ; what it names is compared.
    const rows = digestRun(db, row.number, { without: ['checkpoints.sha256'] });
    const files = (await new CheckpointFiles(db, row).latestValid())?.files ?? {};
    look(db, files, rows);
    const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
    return { rows, weights: Object.fromEntries(Object.entries(files).map(([part, path]) => [part, sha256(path)])) };
  } finally {
    db.close();
  }
}

/** Worked chains as data for fine-tuning, at `path`. */
export function writeChains(path: string, count: number): void {
  const row = (_: unknown, i: number): string => {
    const question = sampleQuestion(RandomKey.of(3, 'sft', i), 6 + (i % 3));
    return `${JSON.stringify({ question, answer: formatSolution(question) })}\n`;
  };
  writeFileSync(path, Array.from({ length: count }, row).join(''));
}
