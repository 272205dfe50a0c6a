/** What the record's fault tests do in a process of their own. First argument: what to do; second: the data directory. */
import { describeError, LabError } from '../../main/lib/errors.js';
import { Database } from '../../main/store/database.js';
import { RunRecorder } from '../../main/store/record.js';
import { findRun } from '../../main/store/runs.js';
import { cursorAt, fakeFile, writeUnit } from './store-fixtures.js';

const [task, dataDir = '', runId = '', count = '0', weightBytes = '50000'] = process.argv.slice(2);

const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** Holds what it is given: a connection that nobody holds may be collected, and its locks with it. */
const wait = (held: unknown): Promise<never> => new Promise(() => setInterval(() => held, 1000));

/** Resumes the run and works until unit `last`, a checkpoint at every second one; says each unit once committed. */
async function work(last: number): Promise<void> {
  const db = Database.open(dataDir);
  const recorder = RunRecorder.open(db, findRun(db, runId));
  const from = await recorder.resume();
  say(`resumed ${from?.seq ?? 0} ${Math.max(recorder.seq, 0)}`);
  for (let seq = recorder.seq + 1; seq <= last; seq++) {
    const files = {
      challenger: fakeFile(`challenger-${Math.floor(seq / 8)}`, 20_000),
      solver: fakeFile(`solver-${seq}`, Number(weightBytes)),
    };
    const request = { seq, cursor: cursorAt(seq), state: { seq }, files, endsIteration: seq % 10 === 0 };
    if (seq % 2 === 0) await recorder.save(request, writeUnit);
    else recorder.commit(seq, cursorAt(seq), writeUnit);
    say(`committed ${seq}`);
  }
  recorder.close('finished');
  db.close();
}

async function main(): Promise<void> {
  if (task === 'work') return work(Number(count));
  const db = Database.open(dataDir, { busyTimeoutMs: 300 });
  if (task === 'hold') {
    const recorder = RunRecorder.open(db, findRun(db, runId));
    say('held');
    return wait(recorder);
  }
  if (task === 'open') {
    RunRecorder.open(db, findRun(db, runId)).close('paused');
    return say('opened');
  }
  if (task === 'lock-database') {
    db.exec('BEGIN IMMEDIATE');
    say('locked');
    return wait(db);
  }
  if (task === 'count') {
    // Reads while another process writes: whole units only, and never fewer than before.
    for (let i = 0, before = 0; i < Number(count); i++) {
      const { units, answers, seq } = db.get<{ units: number; answers: number; seq: number }>(
        `SELECT (SELECT count(*) FROM questions) AS units, (SELECT count(*) FROM answers) AS answers,
                (SELECT seq FROM runs) AS seq`,
      ) ?? { units: -1, answers: -1, seq: -1 };
      if (units !== seq * 6 || answers !== units * 4 || seq < before)
        throw new Error(`torn read: ${units} ${answers} ${seq}`);
      before = seq;
    }
    return say('counted');
  }
  throw new Error(`unknown task ${task}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof LabError ? error.code : 'error'}: ${describeError(error)}\n`);
  process.exitCode = 1;
});
