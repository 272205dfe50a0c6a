/**
 * How fast and how large the record is, at the size of a nano run: 6,000 questions, 150,000 answers with texts of a
 * Solver's length, three iterations of evaluation; then its exports. Prints one JSON object.
 */
import { performance } from 'node:perf_hooks';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { exportRun } from '../../main/exports/export-run.js';
import { RandomKey } from '../../main/lib/random.js';
import { insertAnswers, type Answer } from '../../main/store/answers.js';
import { Database } from '../../main/store/database.js';
import { digestRun } from '../../main/store/digest.js';
import { insertEvaluationAnswers } from '../../main/store/evaluations.js';
import { questionKey } from '../../main/store/keys.js';
import { insertQuestions } from '../../main/store/questions.js';
import { RunRecorder } from '../../main/store/record.js';
import { createRun } from '../../main/store/runs.js';
import { cursorAt, fakeFile, temporaryDirectory, testRecipe } from '../support/store-fixtures.js';

const QUESTIONS = 6000;
const ANSWERS_EACH = 25;
const PER_UNIT = 100;

const dir = temporaryDirectory();
const db = Database.open(dir.path);
const recorder = RunRecorder.open(db, createRun(db, { recipe: testRecipe() }));
const random = RandomKey.of(5).stream();
const chain = (terms: number): string =>
  Array.from({ length: terms }, () => `${random.int(10)}+${random.int(10)}=${random.int(60)}`).join('-');

const seconds: Record<string, number> = {};
/** Of this process; on a busy machine it says more than the clock. */
const cpuSeconds: Record<string, number> = {};
const timed = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const result = await work();
  const used = process.cpuUsage(cpu);
  cpuSeconds[name] = (cpuSeconds[name] ?? 0) + (used.user + used.system) / 1e6;
  seconds[name] = (seconds[name] ?? 0) + (performance.now() - start) / 1000;
  return result;
};

for (let seq = 1; seq <= QUESTIONS / PER_UNIT; seq++) {
  const places = Array.from(
    { length: PER_UNIT },
    (_, item) => ({ iteration: 1, phase: 'curriculum', step: seq, item }) as const,
  );
  const rows = places.map((place) => {
    const text = chain(4);
    const generated = {
      ...place,
      raw: `<question>${text}</question>`,
      tokens: 20,
      finish: 'stop' as const,
      valid: true,
      text,
    };
    return {
      generated: { ...generated, normalForm: text, difficulty: 6 },
      votes: { votes: 10, pHat: random.uniform(), majority: '12' },
      label: { label: '12', labelShare: random.uniform(), labelMethod: 'majority', labelCorrect: true },
      decision: { cluster: random.int(90), clusterSize: 2, kept: random.uniform() < 0.3, dropReason: 'too easy' },
    };
  });
  const answers = places.flatMap((place) =>
    Array.from({ length: ANSWERS_EACH }, (_, sample): Answer => ({
      ...{ key: questionKey(place), source: 'vote', iteration: 1, step: 0, sample, text: `${chain(8)}#${sample}` },
      ...{
        extracted: `${sample}`,
        canonical: `${sample}`,
        tokens: 70,
        finish: 'stop',
        reward: 1,
        advantage: random.normal(),
      },
    })),
  );
  await timed('insert', () =>
    recorder.commit(seq, cursorAt(seq), (target) => {
      insertQuestions(target.db, target.run, target.seq, rows);
      insertAnswers(target.db, target.run, target.seq, answers);
    }),
  );
}
let seq = recorder.seq;
for (let iteration = 0; iteration < 4; iteration++) {
  seq += 1;
  const answers = Array.from({ length: 7200 }, (_, i) => ({
    ...{
      item: Math.floor(i / 9),
      sample: i % 9,
      text: chain(8),
      extracted: '7',
      verdict: i % 3 === 0 ? ('equal' as const) : ('different' as const),
      reason: null,
      tokens: 70,
      finish: 'stop' as const,
    },
  }));
  await timed('evaluation', () =>
    recorder.commit(seq, cursorAt(seq), (target) =>
      insertEvaluationAnswers(target.db, target.run, target.seq, { iteration, benchmark: 'chains-test', answers }),
    ),
  );
}
const checkpoints = 40;
for (let i = 0; i < checkpoints; i++) {
  seq += 1;
  const files = {
    challenger: fakeFile('frozen', 1_200_000),
    solver: fakeFile(`${seq}`, 1_200_000),
    optimiser: fakeFile(`${seq}`, 3_600_000),
  };
  await timed('checkpoints', () => recorder.save({ seq, cursor: cursorAt(seq), state: {}, files }, () => undefined));
}
db.all('PRAGMA wal_checkpoint(TRUNCATE)');
const bytes = statSync(db.path).size;
for (const format of ['jsonl', 'csv', 'parquet'])
  await timed(`export ${format}`, () =>
    exportRun({ db, runId: recorder.run.id, what: 'answers', format, out: join(dir.path, `a.${format}`) }),
  );
await timed('digest', () => digestRun(db, recorder.run.number));
await timed('rollback', () => recorder.rollbackTo(QUESTIONS / PER_UNIT - 1, cursorAt(1)));
const rows = QUESTIONS * (1 + ANSWERS_EACH);
process.stdout.write(
  `${JSON.stringify({
    rows,
    rowsPerSecond: Math.round(rows / (seconds['insert'] ?? NaN)),
    megabytes: bytes / 1e6,
    secondsPerCheckpoint: (seconds['checkpoints'] ?? NaN) / checkpoints,
    seconds,
    cpuSeconds,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
);
db.close();
dir.remove();
