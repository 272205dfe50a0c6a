import { describe, expect, it } from 'vitest';
import { readVerdict } from './verdict.js';

const verdictOf = (text: string): string => readVerdict(text, 'labels').verdict;

describe('reading a verdict', () => {
  // Would catch: a model's own way of writing the line (Markdown, JSON, a box, another word) taken for no verdict.
  it.each([
    ['so it is 4\nANSWER: 4\nVERDICT: CORRECT', 'correct'],
    ['**Verdict:** Wrong.', 'wrong'],
    ['**VERDICT: INCORRECT**', 'wrong'],
    ['Final verdict: ambiguous', 'ambiguous'],
    ['VERDICT: \\boxed{UNSOLVABLE}', 'unsolvable'],
    ['{"answer": "4",\n "verdict": "CORRECT"}', 'correct'],
    ['- verdict = right', 'correct'],
    ['The verdict is WRONG', 'wrong'],
    ['VERDICT: CORRECT\nno, wait\nVERDICT: WRONG', 'wrong'],
    ['VERDICT: CORRECT CORRECT', 'correct'],
    ['Verdict: The key is wrong.', 'wrong'],
    ["VERDICT: 'UNSOLVABLE'", 'unsolvable'],
    ['VERDICT：WRONG', 'wrong'],
    ['<think>VERDICT: WRONG</think>\nVERDICT: CORRECT', 'correct'],
  ])('%j is %s', (text, verdict) => {
    expect(verdictOf(text)).toBe(verdict);
  });

  // Would catch: a guess where nothing was decided: the list of the prompt repeated, a negation, a thought that never ended.
  it.each([
    ['', 'no line with a verdict'],
    ['It is correct.', 'no line with a verdict'],
    ['VERDICT: CORRECT or WRONG', 'more than one verdict'],
    ['VERDICT: not correct', 'no verdict in'],
    ['VERDICT: maybe', 'no verdict in'],
    ['VERDICT:', 'no verdict in'],
    ['VERDICT: isn’t correct', 'no verdict in'],
    ['VERDICT: in-correct', 'no verdict in'],
    ['VERDICT: partially correct', 'no verdict in'],
    ['VERDICT: CORRECT?', 'no verdict in'],
    ['VERDICT: CORRECT, though I doubt it', 'no verdict in'],
    ['<think>VERDICT: CORRECT', 'still thinking'],
  ])('%j is undecided: %s', (text, reason) => {
    const read = readVerdict(text, 'labels');
    expect(read.verdict).toBe('undecided');
    expect(read.reason).toContain(reason);
  });

  // Would catch: a verdict that was about to be taken back when the tokens ran out, counted.
  it('of an answer that was cut off is believed in its last line only', () => {
    const cut = (text: string): string => readVerdict(text, 'labels', { cut: true }).verdict;
    expect(cut('VERDICT: CORRECT\nBut wait, let me check whether')).toBe('undecided');
    expect(cut('so it is 4\nVERDICT: WRONG\n\n')).toBe('wrong');
  });

  // Would catch: an answer's verdict that no answer can have, counted.
  it('knows right and wrong alone for answers', () => {
    expect(readVerdict('VERDICT: CORRECT', 'answers').verdict).toBe('correct');
    expect(readVerdict('VERDICT: AMBIGUOUS', 'answers').verdict).toBe('undecided');
  });

  // Would catch: the judge's own answer lost, or "none" taken for one.
  it('keeps the own answer of the judge', () => {
    expect(readVerdict('ANSWER: **12**\nVERDICT: WRONG', 'labels').answer).toBe('12');
    expect(readVerdict('ANSWER: none\nVERDICT: UNSOLVABLE', 'labels').answer).toBeNull();
  });

  // Would catch: a pattern that takes quadratic time on what a broken model writes; it takes milliseconds.
  it('reads a megabyte of marks and spaces', () => {
    expect(verdictOf(`${'*'.repeat(500_000)}\n${' '.repeat(500_000)}verdict`)).toBe('undecided');
  });
});
