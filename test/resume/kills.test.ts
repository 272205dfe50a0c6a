/**
 * A run killed twenty times at random moments ends with the same weights and the same rows as one that was never
 * interrupted. Would catch: state missing from a checkpoint, randomness that depends on history, rows written outside
 * their unit, a first replay that differs from the later ones, files swept too early.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LabError } from '../../main/lib/errors.js';
import { RandomKey } from '../../main/lib/random.js';
import { DATABASE_FILE, Database } from '../../main/store/database.js';
import { findRun } from '../../main/store/runs.js';
import { type Remains, remainsOf } from '../support/finished-runs.js';
import { startRzero } from '../support/run-program.js';
import { SMALL_RUN } from '../support/small-runs.js';
import { until } from '../support/until.js';

const KILLS = 20;
const SMALL = SMALL_RUN.flatMap((set) => ['--set', set]);

/** Tables that hold wall-clock or bookkeeping of processes; every other row must repeat. */
const CLOCKED = ['runs', 'timings', 'events', 'run_locks', 'requests', 'run_queue', 'queue_state'];
/** What runs are for each other: decided before a run begins. */
const STUDIES = ['run_identities', 'run_origins', 'studies', 'study_arms', 'file_digests', 'run_domains', 'run_models'];
/** What people wrote, which no resume may touch. */
const REVIEWS = [
  ...['review_actions', 'review_audit_items', 'review_audits', 'review_drafts', 'review_guidelines'],
  'review_switches',
  // And what judge models said.
  ...['judges', 'judge_verdicts', 'judge_answers'],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-kills-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fingerprint = (dataDir: string): Promise<Remains> =>
  remainsOf(dataDir, 'probe', (db, _, rows) => {
    // A table that is added and not compared would be a hole in this test.
    const tables = db.all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'question_search%'",
    );
    expect([...Object.keys(rows), ...CLOCKED, ...REVIEWS, ...STUDIES].sort()).toEqual(tables.map((t) => t.name).sort());
  });

/** Null where there is no such run yet. */
function stateOf(dataDir: string): string | null {
  if (!existsSync(join(dataDir, DATABASE_FILE))) return null;
  const db = Database.open(dataDir);
  try {
    return findRun(db, 'probe').state;
  } catch (error) {
    if (error instanceof LabError && error.code === 'not-found') return null;
    throw error;
  } finally {
    db.close();
  }
}

const start = ['run', 'nano', '--name', 'probe', '--seed', '7', '--json', ...SMALL];
/** Units of work that a process has said to have saved. */
const saved = (said: string): number => said.split('"type":"checkpoint.saved"').length - 1;

/** Without interruption: how long a start takes, and how many units the work has. */
async function calmRun(dataDir: string): Promise<{ startMs: number; unitMs: number; units: number }> {
  const began = performance.now();
  const { speaking, ended } = startRzero([...start, '--data-dir', dataDir]);
  await speaking;
  const startMs = performance.now() - began;
  const end = await ended;
  expect(end, end.stderr).toMatchObject({ code: 0 });
  const units = saved(end.stdout);
  return { startMs, unitMs: (performance.now() - began - startMs) / units, units };
}

it(`ends bit-identical after ${KILLS} kills at random moments`, { timeout: 900_000 }, async () => {
  const [calm, stormy] = [join(folder, 'calm'), join(folder, 'stormy')];
  const { startMs, unitMs, units } = await calmRun(calm);
  const moments = RandomKey.of(20, 'kills').stream();
  let kills = 0;
  while (stateOf(stormy) !== 'finished') {
    // A kill before the run's row exists leaves nothing to resume; then it is started anew.
    const args = stateOf(stormy) === null ? start : ['resume', 'probe', '--json'];
    const { child, speaking, said, ended } = startRzero([...args, '--data-dir', stormy]);
    if (kills < KILLS) {
      // A quarter dies while starting; the others after so many units, counted, that all kills leave some of the work
      // over on a machine of any speed. Where within the next unit is left to the clock.
      if (kills % 4 === 3) await sleep(moments.uniform() * startMs);
      else {
        await speaking;
        const enough = Math.floor((moments.uniform() * 1.3 * units) / KILLS);
        await until(() => saved(said()) >= enough || child.exitCode !== null, 120_000);
        await sleep(moments.uniform() * unitMs);
      }
      if (child.exitCode === null) {
        process.kill(-(child.pid as number), 'SIGKILL');
        kills += 1;
      }
    }
    const end = await ended;
    if (end.code !== null) expect(end, end.stderr).toMatchObject({ code: 0 });
  }
  expect(kills).toBe(KILLS);
  const [expected, found] = [await fingerprint(calm), await fingerprint(stormy)];
  expect(Object.keys(expected.rows).length).toBeGreaterThan(8);
  expect(found).toEqual(expected);
});
