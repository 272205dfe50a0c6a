/** A run keeps the domain it began with, whatever becomes of the folder. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rowsOf, skillsOf, type Worked, workOn } from '../../test/support/scripted-run.js';
import { temporaryDirectory } from '../../test/support/store-fixtures.js';
import { factExecutor } from '../../test/support/worded-executor.js';
import { copyDomain } from '../coevolution/domain-copy.js';
import { loadRecipe } from '../coevolution/recipe.js';
import type { RunRecords } from '../lab/records.js';
import { openRecords } from '../lab/store-records.js';
import { Database } from '../store/database.js';
import { checkpointList } from '../store/queries/checkpoint-list.js';
import { requestPause } from '../store/requests.js';
import { domainOfRun } from '../store/run-domains.js';
import { createRun, findRun } from '../store/runs.js';
import { domainToRead, keptDomain } from './run-domain.js';

let dir: ReturnType<typeof temporaryDirectory>;
let db: Database;
let records: RunRecords;
beforeEach(() => {
  dir = temporaryDirectory();
  db = Database.open(dir.path);
  records = openRecords(dir.path);
});
afterEach(() => {
  records.close();
  db.close();
  dir.remove();
});

const SIZES = [
  ...['iterations=1', 'challenger.steps=1', 'challenger.prompts_per_step=4', 'challenger.votes=4'],
  ...['curriculum.questions=48', 'curriculum.votes=4', 'solver.steps=1', 'solver.questions_per_step=4'],
  ...['curriculum.band={low: 0.2, high: 1}', 'checkpoint.chunk=16', 'checkpoint.every_steps=1', 'checkpoint.keep_last=100'],
];
const folder = (): string => join(dir.path, 'bees');
const change = (name: string, from: RegExp, to: string): void =>
  writeFileSync(join(folder(), name), readFileSync(join(folder(), name), 'utf8').replace(from, to));

function newRun(): string {
  const benchmark = join(dir.path, 'held-out.jsonl');
  writeFileSync(benchmark, '{"question": "What is fact 1 of degree 2 about wax?", "answer": "fact"}\n');
  const set = [...SIZES, `domain=${folder()}`, `evaluation.benchmark=${benchmark}`];
  return records.createRun(loadRecipe('short-facts', { set }), { seed: 5 }).id;
}
const work = (run: string): Promise<Worked> => workOn(dir.path, run, { executor: factExecutor() });
const warningOf = (run: string): string | null => keptDomain(db, findRun(db, run)).warning;

// Would catch: a run whose second half was asked for about other topics, or with another prompt, than its first.
it.each([
  ['other topics', () => change('topics.txt', /.*Varroa.*\n/, ''), /has changed since the run began/],
  ['another prompt', () => change('domain.yaml', /difficult/, 'easy'), /has changed since the run began/],
  ['faults', () => change('domain.yaml', /form: tags/, 'form: tag'), /cannot be read any more/],
  ['nothing left of it', () => rmSync(folder(), { recursive: true }), /cannot be read any more/],
])('goes on with its copy where the folder has %s, and says so', async (_, edit, warning) => {
  copyDomain('short-facts', folder());
  const whole = newRun();
  const run = newRun();
  const uninterrupted = await work(whole);
  requestPause(db, findRun(db, run).number, 'curriculum');
  expect((await work(run)).outcome).toBe('paused');
  expect(warningOf(run)).toBeNull();
  edit();
  expect(warningOf(run)).toMatch(warning);
  const rest = await work(run);
  expect(rest.outcome).toBe('finished');
  expect(skillsOf(rest)).toEqual(skillsOf(uninterrupted));
  expect(rowsOf(db, run)).toEqual(rowsOf(db, whole));
});

// Would catch: a comment or a line end in the folder that is told as a change of the run's domain.
it('says nothing of an edit that changes nothing', () => {
  copyDomain('short-facts', folder());
  const run = newRun();
  change('domain.yaml', /^version/m, '# mine\nversion');
  change('topics.txt', /^/, '# also mine\n');
  expect(warningOf(run)).toBeNull();
});

it('is taken along by a fork, and by a run made again from another', async () => {
  copyDomain('short-facts', folder());
  const run = newRun();
  await work(run);
  const { number } = findRun(db, run);
  rmSync(folder(), { recursive: true });
  const [checkpoint] = checkpointList(db, number).filter((c) => c.phase === 'curriculum');
  const fork = await records.fork(run, { checkpoint: checkpoint?.checkpoint as number });
  const again = records.createRun(findRun(db, run).recipe, { seed: 6, domainOf: run });
  for (const { id } of [fork, again]) expect(domainOfRun(db, findRun(db, id).number)).toEqual(domainOfRun(db, number));
  expect((await work(fork.id)).outcome).toBe('finished');
  expect(rowsOf(db, fork.id)).toEqual(rowsOf(db, run));
});

// Would catch: records of before there were copies that cannot be resumed or asked any more.
it('is the one that ships for a run of before there were copies', () => {
  const run = createRun(db, { recipe: loadRecipe('nano') });
  expect(domainOfRun(db, run.number)).toBeNull();
  expect(domainToRead(db, run).name).toBe('chains');
  expect(keptDomain(db, run)).toMatchObject({ description: { name: 'chains' }, warning: null });
  expect(domainOfRun(db, run.number)?.digest).toMatch(/^[0-9a-f]{64}$/);
});
