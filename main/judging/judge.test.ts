/** The process that does algebra, built and started as it is in the product; and ones that misbehave. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { childScript, type ChildScript } from '../../test/support/child-script.js';
import type { Graded } from '../grading/grade.js';
import { Judge, type JudgeOptions } from './judge.js';

let script: ChildScript;
let folder: string;
const judges: Judge[] = [];

beforeAll(async () => {
  script = await childScript(join(import.meta.dirname, 'entry.ts'));
  folder = mkdtempSync(join(tmpdir(), 'rzero-judge-'));
});
afterEach(async () => {
  await Promise.all(judges.splice(0).map((judge) => judge.close()));
});
afterAll(() => {
  script.remove();
  rmSync(folder, { recursive: true });
});

/** Minutes, so that no machine is too slow for what does answer. */
const PATIENT = 300_000;

function judgeOf(options: JudgeOptions = {}): Judge {
  const judge = new Judge({ file: script.path, deadlineMs: PATIENT, ...options });
  judges.push(judge);
  return judge;
}

/** A process that answers "equal" to everything, after a line of its own about each question. */
function misbehaving(name: string, onQuestion: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `process.on('disconnect', () => process.exit(0));
     process.on('message', (question) => {
       ${onQuestion}
       process.send({ kind: 'answer', id: question.id, verdict: 'equal', reason: 'said so' });
     });
     process.send({ kind: 'ready' });`,
  );
  return path;
}
const QUESTIONS = ['x+1', 'BAD', 'x+2', 'x+3'];
const ask = (judge: Judge): Promise<Graded[]> =>
  Promise.all(QUESTIONS.map((pred) => Promise.resolve(judge.grade('x', pred))));

describe('algebra in a process of its own', () => {
  it('decides what a glance leaves open, in the order of the questions', async () => {
    const judge = judgeOf();
    const pairs = [
      { gold: 'x^2-1', pred: '(x-1)(x+1)' },
      { gold: '7', pred: '7' },
      { gold: '\\sin 30^\\circ', pred: '0.5' },
      { gold: 'x^2-1', pred: '(x-1)^2' },
      { gold: 'x^2-1', pred: '9^{9^{9^9}}' },
      { gold: '7', pred: '8' },
    ];
    const verdicts = ['equal', 'equal', 'equal', 'different', 'undecided', 'different'];
    expect((await judge.compare(pairs)).map(({ verdict }) => verdict)).toEqual(verdicts);
    const graded = await Promise.all(
      pairs.map(({ gold, pred }) => Promise.resolve(judge.grade(gold, `so \\boxed{${pred}}`))),
    );
    expect(graded.map(({ verdict }) => verdict)).toEqual(verdicts);
  });

  // Would catch: a hang that stops the rest, loses it, changes its order, or is counted as wrong or right.
  it('is killed at the deadline of one pair, which is undecided, and answers the rest', async () => {
    const hang = misbehaving('hang', `if (question.pred === 'BAD') for (;;);`);
    const graded = await ask(judgeOf({ file: hang, deadlineMs: 2000 }));
    expect(graded.map(({ verdict }) => verdict)).toEqual(['equal', 'undecided', 'equal', 'equal']);
    expect(graded[1]?.reason).toBe('took longer than the deadline of 2000 ms');
  });

  it('is killed where it takes more memory than it may', async () => {
    const eat = misbehaving(
      'eat',
      `if (question.pred === 'BAD') for (const kept = []; ; ) kept.push(Buffer.alloc(8 * 2 ** 20, 1));`,
    );
    const graded = await ask(judgeOf({ file: eat, memoryBytes: 400 * 2 ** 20 }));
    expect(graded.map(({ verdict }) => verdict)).toEqual(['equal', 'undecided', 'equal', 'equal']);
    expect(graded[1]?.reason).toMatch(/400 MiB|ended the process/);
  });

  it('is replaced where it ends by itself', async () => {
    const die = misbehaving('die', `if (question.pred === 'BAD') process.exit(3);`);
    const graded = await ask(judgeOf({ file: die }));
    expect(graded.map(({ verdict }) => verdict)).toEqual(['equal', 'undecided', 'equal', 'equal']);
    expect(graded[1]?.reason).toContain('exit code 3');
  });

  // Would catch: a missing or broken program that is taken for an undecided pair, or asked for ever.
  it('says clearly that it cannot be used', async () => {
    const missing = judgeOf({ file: join(folder, 'missing.mjs') });
    await expect(missing.compare([{ gold: 'x', pred: 'y+1' }])).rejects.toMatchObject({ code: 'engine' });
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, 'process.exit(9);');
    await expect(judgeOf({ file: broken }).compare([{ gold: 'x', pred: 'y+1' }])).rejects.toThrow('exit code 9');
  });

  it('is not started for what a glance decides', async () => {
    const judge = judgeOf({ file: join(folder, 'missing.mjs') });
    expect(await judge.compare([{ gold: '1/2', pred: '0.5' }])).toMatchObject([{ verdict: 'equal' }]);
    expect(await judge.unify([['1', '2', null, '1/2']])).toEqual([['1', '2', null, '1/2']]);
  });
});

describe('groups of answers', () => {
  it('are brought to the first of each value, and only within the group', async () => {
    const groups = [
      ['(x-1)*(x+1)', null, '3', 'x^2-1', '\\log_{2} 8', 'x^2-2', '-1+x^2'],
      ['x^2-1', '(x-1)*(x+1)'],
    ];
    expect(await judgeOf().unify(groups)).toEqual([
      ['(x-1)*(x+1)', null, '3', '(x-1)*(x+1)', '3', 'x^2-2', '(x-1)*(x+1)'],
      ['x^2-1', 'x^2-1'],
    ]);
  });

  // Would catch: a ≈ b ≈ c that makes one answer of a and c, which are too far apart.
  it('are compared with first ones only, so that a tolerance does not chain', async () => {
    const [a, b, c] = ['1.0000000x', '1.0000008x', '1.0000016x'] as const;
    expect(await judgeOf().unify([[a, b, c]])).toEqual([[a, a, c]]);
    expect(await judgeOf().unify([[b, a, c]])).toEqual([[b, b, b]]);
  });
});
