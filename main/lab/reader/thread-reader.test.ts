/** The reading thread, built and started as it is in the product. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { questionQueries } from '../../../preload/contract/questions.js';
import { childScript, type ChildScript } from '../../../test/support/child-script.js';
import { databasePerTest } from '../../../test/support/database-per-test.js';
import { writeQuestions } from '../../../test/support/question-fixtures.js';
import { testRecipe } from '../../../test/support/store-fixtures.js';
import type { Database } from '../../store/database.js';
import { read } from './reads.js';
import { createRun } from '../../store/runs.js';
import { ThreadReader } from './thread-reader.js';

let script: ChildScript;
let db: Database;
let reader: ThreadReader;

beforeAll(async () => {
  script = await childScript(join(import.meta.dirname, 'thread.ts'));
});
afterAll(() => script.remove());
databasePerTest((opened) => (db = opened));
beforeEach(() => {
  reader = new ThreadReader(db.dataDir, script.path);
});
afterEach(() => reader.close());

function input(run: string) {
  return questionQueries.page.input.parse({ run, total: true });
}

// Would catch: an answer that goes to another question, or differs from what this process would have said.
it('answers many questions at once, each its own, as the record stands then', async () => {
  const runs = [1, 2, 3].map((n) => {
    const run = createRun(db, { recipe: testRecipe() });
    writeQuestions(
      db,
      run.number,
      1,
      Array.from({ length: n }, (_, item) => ({ item, pHat: 0.5, kept: true })),
    );
    return run.id;
  });
  const answers = await Promise.all(runs.map((run) => reader.ask('questions.page', input(run))));
  expect(answers.map((page) => page.total)).toEqual([1, 2, 3]);
  expect(answers).toEqual(runs.map((run) => read(db, 'questions.page', input(run))));
});

// Would catch: a failure that loses its code and remedy on the way, or that leaves the thread dead.
it('hands on a failure as it is, and goes on', async () => {
  const run = createRun(db, { recipe: testRecipe() });
  await expect(reader.ask('questions.page', input('nobody'))).rejects.toMatchObject({
    code: 'not-found',
    remedy: expect.stringContaining('list of runs') as string,
  });
  expect((await reader.ask('questions.page', input(run.id))).rows).toEqual([]);
});

// Would catch: a server that is ended and goes before its record is closed, with the code of a program that hung (13).
it('is waited for where nothing else keeps the process', async () => {
  const closing = await childScript(join(import.meta.dirname, '../../../test/support/closing-reader.ts'));
  try {
    const slow = join(db.dataDir, 'slow.mjs');
    writeFileSync(
      slow,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', (m) => (m === null ? setTimeout(() => process.exit(), 300) : parentPort.postMessage({ id: m.id, output: null })));`,
    );
    expect(await closing.finish([slow])).toMatchObject({ code: 0, stdout: 'closed\n', stderr: '' });
  } finally {
    closing.remove();
  }
});

// Would catch: a page that waits for ever because the thread could not even start.
it('fails clearly where the thread dies, and for what is asked after the end', async () => {
  const run = createRun(db, { recipe: testRecipe() });
  const broken = new ThreadReader(db.dataDir, join(db.dataDir, 'missing.mjs'));
  await expect(broken.ask('questions.page', input(run.id))).rejects.toMatchObject({ code: 'database' });
  await broken.close();
  await expect(broken.ask('questions.page', input(run.id))).rejects.toMatchObject({ code: 'busy' });
});
