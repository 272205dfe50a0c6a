/**
 * A study with the built program and the real engine: interrupted and gone on with, and never a run twice. Would catch: an
 * interrupted study that begins an arm anew, arms of two studies that are run in each, a run by hand that is not taken, and
 * a table whose figures are not those of its runs.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunInfo } from '../../preload/contract/runs.js';
import type { StudyInfo, StudyTable } from '../../preload/contract/studies.js';
import { type Ended, rzero, startRzero } from '../support/run-program.js';
import { SMALL_RUN } from '../support/small-runs.js';
import { until } from '../support/until.js';

const SMALL = [
  ...SMALL_RUN,
  'iterations=1',
  'curriculum.questions=64',
  'solver.steps=2',
  'challenger.steps=1',
  'checkpoint.every_steps=1',
].flatMap((set) => ['--set', set]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rzero-study-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (...args: string[]): string[] => [...args, '--data-dir', folder];
async function done(...args: string[]): Promise<Ended> {
  const ended = await rzero(...at(...args));
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended;
}
const runs = async (): Promise<RunInfo[]> => JSON.parse((await done('runs', '--json')).stdout) as RunInfo[];
const table = async (...args: string[]): Promise<StudyTable> =>
  JSON.parse((await done('study', ...args, '--json')).stdout) as StudyTable;

it('is interrupted, goes on, and shares its runs', { timeout: 600_000 }, async () => {
  // A run that a person made is the arm of seed 1.
  await done('run', 'nano', ...SMALL, '--seed', '1', '--name', 'by-hand');
  const study = ['main-table', ...SMALL, '--seed-list', '0,1'];
  const plan = JSON.parse((await done('study', ...study, '--dry-run', '--json')).stdout) as StudyInfo;
  expect(plan.arms.map((a) => `${a.arm} ${a.seed} ${a.state}`)).toEqual([
    ...['full 0 missing', 'base-challenger 0 missing', 'full 1 finished', 'base-challenger 1 missing'],
  ]);

  // Killed without a word, and then asked to pause: either way the next command goes on.
  const killed = startRzero(at('study', ...study));
  await until(() => /solver 1\/2/.test(killed.said()), 120_000);
  process.kill(-(killed.child.pid as number), 'SIGKILL');
  await killed.ended;
  const interrupted = startRzero(at('study', ...study));
  await until(() => /Base Challenger, seed 0: running[\s\S]*curriculum/.test(interrupted.said()), 120_000);
  process.kill(interrupted.child.pid as number, 'SIGINT');
  const paused = await interrupted.ended;
  expect(paused.code, paused.stderr).toBe(0);
  expect(paused.stdout).toMatch(/Paused\. 2 of 4 arms are finished/);
  expect((await runs()).map((r) => r.state)).toContain('paused');

  const out = join(folder, 'table.md');
  const ended = await done('study', ...study, '--out', out);
  expect(ended.stdout).toMatch(/Base Challenger, seed 1: finished/);
  const made = await runs();
  expect(made.map((r) => `${r.seed} ${r.state}`).sort()).toEqual([
    '0 finished',
    '0 finished',
    '1 finished',
    '1 finished',
  ]);

  const whole = await table(...study, '--status');
  const full = made.filter((r) => whole.study.arms.some((a) => a.arm === 'full' && a.run === r.id));
  const last = whole.rows.find((r) => r.key === 'iteration-1')?.cells[0];
  const greedy = full.map((r) => r.summaries.at(-1)?.evaluation?.greedy.value ?? NaN);
  expect(last?.value).toBeCloseTo(((greedy[0] ?? NaN) + (greedy[1] ?? NaN)) / 2, 12);
  expect(last?.of.map((o) => o.run).sort()).toEqual(full.map((r) => r.id).sort());
  expect(full.map((r) => r.name)).toContain('by-hand');
  const markdown = readFileSync(out, 'utf8');
  expect(markdown).toContain(`| R-Zero, iteration 1 | ${(100 * (last?.value ?? NaN)).toFixed(1)} [`);

  // Two of the ablation's four arms are there already; label-decay has nothing left to do.
  const ablation = await table('ablation', ...SMALL, '--seeds', '1', '--dry-run').then(
    (info) => info as unknown as StudyInfo,
  );
  expect(ablation.arms.map((a) => a.state)).toEqual(['finished', 'finished', 'missing', 'missing']);
  const decay = await table('label-decay', ...SMALL, '--seed-list', '0,1');
  expect(decay.rows[0]?.cells.find((c) => c.column === 'labels all')?.n).toBe(2);
  expect(await runs()).toHaveLength(4);
});

it('refuses what it does not know, and says what there is', async () => {
  const refused = async (args: string[], message: RegExp): Promise<void> => {
    const { code, stderr } = await rzero(...at('study', ...args));
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  };
  await refused(['main-tabel'], /no study "main-tabel"\. Did you mean "main-table"\?/);
  await refused(['ablation', '--seeds', '0'], /whole number from 1/);
  await refused(['ablation', '--seed-list', '1,x'], /whole number/);
  await refused(['ablation', '--seed-list', '1,1'], /seed stands twice/);
  await refused(['ablation', '--seeds', '2', '--seed-list', '1'], /exclude each other/);
  await refused(['ablation', '--out', 'table.pdf'], /\.md, \.csv or \.json/);
  await refused(['ablation', '--set', 'solver.stepz=1', '--dry-run'], /solver\.stepz/);
  await refused(['ablation', '--data', 'chains-sft', '--dry-run'], /--data is for the study amplifier/);
  await refused(['amplifier', '--data', 'chains-sfd', '--dry-run'], /Did you mean chains-sft/);
  await refused(['amplifier', '--recipe', 'r-zero-paper', '--dry-run'], /needs data to fine-tune on/);
  await refused(['ablation', '--recipe', 'nanu'], /Did you mean "nano"/);
  expect((await done('study')).stdout).toMatch(/label-decay {2,}How true/);
});
