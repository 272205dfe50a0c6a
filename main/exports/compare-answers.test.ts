import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../../preload/contract/answers.js';
import { mcnemarExact, pairedShares } from '../lib/paired.js';
import { AnswerFile } from './answer-file.js';
import { compareAnswerFiles } from './compare-answers.js';

let root = '';
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'rzero-answers-'))));
afterEach(() => rmSync(root, { recursive: true }));

const VERDICTS: Readonly<Record<string, Verdict>> = { r: 'equal', w: 'different', u: 'undecided' };

/** One word a question, one letter an answer, the greedy one first. */
function file(name: string, benchmarks: Readonly<Record<string, readonly string[]>>, truth = '1'): string {
  const path = join(root, name);
  const out = new AnswerFile(path);
  for (const [benchmark, questions] of Object.entries(benchmarks)) {
    const rows = questions.map((letters, index) => {
      const [greedy, ...samples] = [...letters].map((letter) => ({
        ...{ text: 't', extracted: null, verdict: VERDICTS[letter] as Verdict },
        ...{ reason: null, tokens: 1, finish: 'stop' as const },
      }));
      if (!greedy) throw new RangeError('A question needs an answer.');
      return { index, question: `q${index}\u2028`, answer: truth, greedy, samples };
    });
    out.write(benchmark, rows);
  }
  out.close();
  return path;
}

const BASE = ['wrw', 'rrr', 'rrw', 'www', 'uru', 'wuu'];
const SOLVER = ['rrr', 'wrw', 'rrr', 'www', 'rrr', 'uww'];

describe('two files of answers', () => {
  // Would catch: figures other than those of two iterations of a run with the same answers; A and B exchanged.
  it('compare question by question as two measurements of runs do', async () => {
    const [a, b] = [file('base.jsonl', { own: BASE }), file('solver.jsonl', { own: SOLVER, more: ['r'] })];
    const { benchmarks, refused, ...sides } = await compareAnswerFiles(a, b);
    expect(sides).toEqual({ a: { file: a }, b: { file: b } });
    expect(refused).toEqual([]);
    expect(benchmarks).toHaveLength(1);
    expect(benchmarks[0]).toMatchObject({ benchmark: 'own', questions: 6, k: 2, undecided: { a: 4, b: 1 } });
    expect(benchmarks[0]?.greedy).toMatchObject({
      ...{ won: 1, lost: 1, p: mcnemarExact({ won: 1, lost: 1 }) },
      difference: pairedShares({ won: 1, lost: 1 }, 4),
    });
    expect(benchmarks[0]?.mean?.difference).toMatchObject({ value: (0.5 - 0.5 + 0.5) / 5, n: 5 });
  });

  // Would catch: scores of other questions held against each other, or one file against itself, told as a finding.
  it('are refused where they are not of the same questions', async () => {
    const a = file('a.jsonl', { own: BASE });
    const other = file('other.jsonl', { own: BASE }, '2');
    await expect(compareAnswerFiles(a, other)).rejects.toThrow(/"own" does not compare: 6 of its 6/);
    await expect(compareAnswerFiles(a, file('c.jsonl', { own: ['r'] }))).rejects.toThrow(/6 questions in A, 1 in B/);
    await expect(compareAnswerFiles(a, file('d.jsonl', { else: BASE }))).rejects.toThrow(/A has own; B has else/);
    await expect(compareAnswerFiles(a, other, ['gsm8k'])).rejects.toThrow(/"gsm8k" was not measured in both/);
    await expect(compareAnswerFiles(a, a)).rejects.toThrow(/A and B are the same file/);
  });

  // Would catch: half a measurement, two joined into one, or any other file taken for a whole one.
  it('are refused where one is not a whole measurement, by file and line', async () => {
    const a = file('a.jsonl', { own: BASE });
    const text = readFileSync(a, 'utf8');
    const broken = (name: string, content: string): Promise<unknown> => {
      writeFileSync(join(root, name), content);
      return compareAnswerFiles(a, join(root, name));
    };
    await expect(broken('cut.jsonl', text.slice(0, -20))).rejects.toThrow(/cut\.jsonl, line 18: no answer .*not JSON/);
    await expect(broken('twice.jsonl', text + text)).rejects.toThrow(
      /twice\.jsonl, line 19: this answer to own is there twice/,
    );
    await expect(broken('gap.jsonl', text.split('\n').slice(3).join('\n'))).rejects.toThrow(
      /own is not whole: .*item 0/,
    );
    await expect(broken('short.jsonl', text.trimEnd().split('\n').slice(0, -1).join('\n'))).rejects.toThrow(
      /item 5 are/,
    );
    await expect(broken('set.jsonl', '{"question":"1+1","answer":"2"}\n')).rejects.toThrow(
      /line 1: no answer .*benchmark/,
    );
    await expect(broken('empty.jsonl', '\n')).rejects.toThrow(/holds no answers/);
    await expect(compareAnswerFiles(a, join(root, 'none.jsonl'))).rejects.toThrow(/There is no file .*none\.jsonl/);
    await expect(compareAnswerFiles(a, root)).rejects.toThrow(/is no file|cannot be read/);
  });
});
