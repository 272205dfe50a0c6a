import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RandomKey } from '../../main/lib/random.js';
import { CheckpointFiles } from '../../main/store/checkpoint-files.js';
import { readCheckpoints } from '../../main/store/checkpoints.js';
import { Database } from '../../main/store/database.js';
import { digestRun } from '../../main/store/digest.js';
import { createRun, readRun, runInfo } from '../../main/store/runs.js';
import { childScript, nextLine, type ChildScript } from '../support/child-script.js';
import { temporaryDirectory, testRecipe } from '../support/store-fixtures.js';

const UNITS = 220;
const KILLS = 20;
let script: ChildScript;
let dir: ReturnType<typeof temporaryDirectory>;

beforeAll(async () => {
  script = await childScript('test/support/store-child.ts');
});
afterAll(() => script.remove());
beforeEach(() => {
  dir = temporaryDirectory();
});
afterEach(() => dir.remove());

function newRun(folder: string): { id: string; number: number } {
  const db = Database.open(`${dir.path}/${folder}`);
  const run = createRun(db, { recipe: testRecipe() });
  db.close();
  return run;
}

describe('a process that writes the record', () => {
  // Would catch: a damaged database, a unit lost or half there, a row made twice or differently, a checkpoint row whose
  // files are not on the disk, files nobody sweeps, a lock that outlives its holder.
  it(`may be killed ${KILLS} times at random moments`, async () => {
    const straight = newRun('straight');
    expect(await script.finish(['work', `${dir.path}/straight`, straight.id, String(UNITS)])).toMatchObject({
      code: 0,
    });

    const killed = newRun('killed');
    const folder = `${dir.path}/killed`;
    const random = RandomKey.of(20, 'kills').stream();
    let kills = 0;
    for (let last = 0; last < UNITS;) {
      const child = script.start(['work', folder, killed.id, String(UNITS)]);
      let said = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
      let complaint = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
      if (kills < KILLS) {
        kills++;
        // After a few units, and then anywhere within the next ones.
        const [lines, delay] = [1 + random.int(6), random.uniform() * 6];
        child.stdout?.on('data', () => {
          if (said.split('\n').length > lines) setTimeout(() => child.kill('SIGKILL'), delay);
        });
      }
      await once(child, 'close');
      expect(complaint).toBe('');
      const db = Database.open(folder);
      db.check();
      const lines = said.trimEnd().split('\n');
      const committed = Number(lines.findLast((line) => line.startsWith('committed'))?.split(' ')[1] ?? 0);
      last = readRun(db, killed.number).seq;
      expect(last).toBeGreaterThanOrEqual(committed);
      const newest = readCheckpoints(db, killed.number)[0]?.seq ?? 0;
      expect(newest).toBe(last - (last % 2));
      expect((await new CheckpointFiles(db, killed).latestValid())?.seq ?? 0).toBe(newest);
      expect(runInfo(db, readRun(db, killed.number)).state).toBe(last === UNITS ? 'finished' : 'paused');
      db.close();
    }
    expect(kills).toBe(KILLS);
    const [a, b] = [Database.open(`${dir.path}/straight`), Database.open(folder)];
    expect(digestRun(b, killed.number)).toEqual(digestRun(a, straight.number));
    expect(await new CheckpointFiles(b, killed).sweep()).toBe(0);
    a.close();
    b.close();
  }, 120_000);

  // Would catch: readers that block the writer or see half a transaction.
  it('can be read meanwhile', async () => {
    const run = newRun('read');
    const folder = `${dir.path}/read`;
    const writer = script.start(['work', folder, run.id, '60']);
    await nextLine(writer);
    const [reader, code] = await Promise.all([
      script.finish(['count', folder, run.id, '300']),
      once(writer, 'close').then(([code]) => code as number | null),
    ]);
    expect(reader).toMatchObject({ code: 0, stdout: 'counted\n', stderr: '' });
    expect(code).toBe(0);
  });
});
