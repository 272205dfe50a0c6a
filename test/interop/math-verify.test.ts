/**
 * The grader beside PyPI's math-verify on the pairs of test/grading: how often both say the same, and that docs/grading.md lists and
 * explains every pair of which they do not. `RZERO_WRITE_DOCS=1` writes the list anew.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../main/lib/package-root.js';
import { type ExpectedPair, expectedPairs } from '../grading/pairs.js';
import { wholeVerdict } from '../grading/whole-verdict.js';
import { CLASSES } from './math-verify-classes.js';

const PYTHON = process.env.RZERO_PYTHON;
const DOCS = join(packageRoot(), 'docs', 'grading.md');
const [BEGIN, END] = ['<!-- math-verify: begin -->', '<!-- math-verify: end -->'];

const pairs = expectedPairs();
let ours: string[];
let theirs: (boolean | null)[];
let apart: number[];

beforeAll(() => {
  if (!PYTHON) return;
  ours = pairs.map(({ gold, pred }) => wholeVerdict(gold, pred));
  const input = pairs.map(({ gold, pred }) => JSON.stringify({ gold, pred })).join('\n');
  const { stdout, stderr, status } = spawnSync(PYTHON, [join(import.meta.dirname, 'math_verify_pairs.py')], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  if (status !== 0) throw new Error(stderr);
  theirs = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as boolean | null);
  apart = [...pairs.keys()].filter((i) => (ours[i] === 'equal') !== (theirs[i] === true));
  if (process.env.RZERO_WRITE_DOCS === '1') writeDocs();
});

const code = (text: string): string => {
  const line = text.replaceAll('\n', ' ');
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
};
const row = ({ gold, pred, verdict }: ExpectedPair): string => `- ${code(gold)} and ${code(pred)}: ${verdict}`;

function agreement(): string {
  const kinds = [...new Set(pairs.map(({ kind }) => kind))];
  const lines = kinds.map((kind) => {
    const of = [...pairs.keys()].filter((i) => pairs[i]?.kind === kind);
    const right = (says: (i: number) => boolean): number =>
      of.filter((i) => says(i) === (pairs[i]?.verdict === 'equal')).length;
    const both = of.filter((i) => !apart.includes(i)).length;
    const decided = of.filter((i) => ours[i] === pairs[i]?.verdict).length;
    return `| ${kind} | ${of.length} | ${decided} | ${right((i) => theirs[i] === true)} | ${both} |`;
  });
  return [
    '| kind | pairs | as expected here | as expected there | both the same |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function writeDocs(): void {
  const sections = CLASSES.flatMap(({ name, why }, c) => {
    const of = apart.filter((i) => CLASSES.findIndex((k) => k.matches(pairs[i] as ExpectedPair)) === c);
    return of.length === 0
      ? []
      : [`### ${name}\n\n${why}\n\n${of.map((i) => row(pairs[i] as ExpectedPair)).join('\n')}`];
  });
  const text = readFileSync(DOCS, 'utf8');
  const [before = '', after = ''] = [text.split(BEGIN)[0], text.split(END)[1]];
  writeFileSync(DOCS, `${before}${BEGIN}\n\n${agreement()}\n\n${sections.join('\n\n')}\n\n${END}${after}`);
}

describe.skipIf(!PYTHON)('math-verify', () => {
  it('has an opinion on all pairs, and mostly the same', () => {
    expect(theirs).toHaveLength(pairs.length);
    process.stdout.write(`${agreement()}\n`);
    expect(1 - apart.length / pairs.length).toBeGreaterThan(0.8);
  });

  // Would catch: a change of either grader that nobody has looked at.
  it('differs only where docs/grading.md says that it does, and why', () => {
    const unexplained = apart.filter((i) => !CLASSES.some((k) => k.matches(pairs[i] as ExpectedPair)));
    expect(unexplained.map((i) => row(pairs[i] as ExpectedPair))).toEqual([]);
    const listed = readFileSync(DOCS, 'utf8');
    const missing = apart.map((i) => row(pairs[i] as ExpectedPair)).filter((line) => !listed.includes(line));
    expect(missing).toEqual([]);
  });
});
