/**
 * Grading on one core: pairs a second over the mix of support/answer-mix.ts, and the vote of 8,000 questions with 10 answers each.
 * The command line is timed as it is used, from its start to its last line; the vote as a run does it. Needs `npm run build`.
 *
 *   node scripts/run-ts.mjs test/bench/grading.ts [pairs]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { canonicalForm } from '../../main/grading/canonical.js';
import { finalAnswer } from '../../main/grading/final-answer.js';
import { Judge } from '../../main/judging/judge.js';
import { packageRoot } from '../../main/lib/package-root.js';
import { RandomKey } from '../../main/lib/random.js';
import { answerGroups, answerMix, type MixedPair } from './support/answer-mix.js';

const PAIRS = Number(process.argv[2] ?? 40_000);
const QUESTIONS = 8000;
const key = RandomKey.of(1, 'grading bench');
const CLI = join(packageRoot(), 'out', 'main', 'cli.js');

/** Both processes on one core, where the system can pin them. */
const pinned = process.platform === 'linux' ? ['taskset', '-c', '0'] : [];

async function grade(pairs: readonly MixedPair[]): Promise<{ seconds: number; verdicts: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'rzero-bench-'));
  const file = join(folder, 'pairs.jsonl');
  writeFileSync(file, pairs.map(({ gold, pred }) => JSON.stringify({ gold, pred })).join('\n'));
  const start = performance.now();
  const [program = process.execPath, ...args] = [...pinned, process.execPath, CLI, 'grade', file, '--json'];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(child, 'close');
  const seconds = (performance.now() - start) / 1000;
  rmSync(folder, { recursive: true });
  const lines = text.trim().split('\n');
  return { seconds, verdicts: lines.map((line) => (JSON.parse(line) as { verdict: string }).verdict) };
}

async function vote(groups: readonly (readonly (string | null)[])[]): Promise<{ seconds: number; merged: number }> {
  const judge = new Judge();
  const start = performance.now();
  const forms = groups.map((group) =>
    group.map((answer) => (answer === null ? null : canonicalForm(finalAnswer(answer)?.text ?? answer))),
  );
  const unified = await judge.unify(forms);
  const seconds = (performance.now() - start) / 1000;
  await judge.close();
  const merged = forms.flatMap((group, i) => group.filter((form, j) => form !== unified[i]?.[j])).length;
  return { seconds, merged };
}

const mix = answerMix(PAIRS, key);
const { seconds, verdicts } = await grade(mix);
const wrong = mix.filter(({ equal }, i) => verdicts[i] !== (equal ? 'equal' : 'different')).length;
const voted = await vote(answerGroups(QUESTIONS, key));
const report = {
  bench: 'grading',
  node: process.version,
  load: loadavg()[0],
  pairs: PAIRS,
  seconds: Number(seconds.toFixed(2)),
  pairsPerSecond: Math.round(PAIRS / seconds),
  notAsExpected: wrong,
  vote: { questions: QUESTIONS, answers: 10, seconds: Number(voted.seconds.toFixed(2)), merged: voted.merged },
};
process.stdout.write(`${JSON.stringify(report)}\n`);
