import { describe, expect, it } from 'vitest';
import { finalAnswer } from './final-answer.js';
import { gradePair } from './grade.js';
import { pairOf } from './pair-line.js';

describe('finding the final answer', () => {
  it.each([
    ['\\boxed{\\frac{1}{2}}', '\\frac{1}{2}', 'box'],
    ['first \\boxed{1}, no: \\boxed{2}. The answer is 3.', '2', 'box'],
    ['<think>7</think><answer> 8 </answer>', '8', 'tags'],
    ['so\n#### 1,234', '1,234', 'phrase'],
    ['I think the answer is 42. Or so.', '42', 'phrase'],
    ['x = 3 or x = 4', 'x = 3 or x = 4', 'alone'],
    ['\\sin \\theta + \\cos \\theta', '\\sin \\theta + \\cos \\theta', 'alone'],
    ['She has three apples and gets four of them so she has 7 in all', '7', 'number'],
    ['First 3.\nThen 4.', '4', 'number'],
  ])('in %s', (text, answer, by) => {
    expect(finalAnswer(text)).toEqual({ text: answer, by });
  });

  it('would catch an answer made up where there is none', () => {
    for (const text of ['', '  \n ', 'I really do not know what one should say to that\nSorry.'])
      expect(finalAnswer(text)).toBeNull();
  });
});

describe('verdicts', () => {
  it.each([
    ['1/2', 'so it is \\boxed{0.5}', 'equal'],
    ['so it is \\boxed{0.5}', '1/2', 'equal'],
    ['1,000', '1000', 'equal'],
    ['C', 'The answer is (C).', 'equal'],
    ['\\{1,2\\}', '\\{2,1\\}', 'equal'],
    ['2\\sqrt{2}', '\\sqrt{8}', 'equal'],
    ['\\frac{1}{\\sqrt{2}}', '\\frac{\\sqrt2}{2}', 'equal'],
    ['3\\pi/4', '\\frac{3\\pi}{4}', 'equal'],
    ['2\\sqrt{2}', '3\\sqrt{2}', 'different'],
    ['\\sqrt{2}+\\sqrt{3}', '\\sqrt{5}', 'different'],
    ['\\pi', '3.14159265', 'equal'],
    ['\\pi', '3.1416', 'different'],
    ['1+\\sqrt{3}, 1-\\sqrt{3}', '1-\\sqrt{3}, 1+\\sqrt{3}', 'equal'],
    ['5!', '120', 'equal'],
    ['5!', '5', 'different'],
    // What is left out of a number may still make it another one.
    ['5 cm', '5', 'equal'],
    ['5 cm', '5 kg', 'undecided'],
    ['12\\text{ cm}^2', '12\\text{ cm}^3', 'undecided'],
    ['12 cm^2', '12\\text{ cm}^{2}', 'equal'],
    ['$20', '20 dollars', 'equal'],
    ['$20', '€20', 'undecided'],
    ['7 hours', '7 hour', 'equal'],
    ['50\\%', '50 percent', 'equal'],
    ['x = 3', '3', 'equal'],
    ['x = 3', 'y = 3', 'undecided'],
    ['x=2, y=5', 'x=5, y=2', 'undecided'],
    ['\\frac{1}{3}', '0.33333333', 'equal'],
    ['\\frac{1}{3}', '0.333', 'different'],
    ['\\sqrt{2}', '1.41421356', 'equal'],
    ['2000000', '2000001', 'different'],
    ['2000000.5', '2000000', 'equal'],
    ['50\\%', '0.5', 'equal'],
    ['\\frac{3}{4}', '75\\%', 'equal'],
    ['1\\%', '100\\%', 'different'],
    ['75', '0.75', 'different'],
    ['\\{5\\}', '5', 'undecided'],
    ['(2,5)', 'x=2, y=5', 'undecided'],
    ['(1,2)', '[1,2]', 'different'],
    ['e', '2.718281828', 'undecided'],
    ['G', 'The correct option is (G).', 'equal'],
    ['New York', 'new york', 'equal'],
    ['New York', 'Boston', 'different'],
    // Not a subtraction.
    ['2013', '2021-05-03', 'undecided'],
    ['1/2', '0.51', 'different'],
    ['(1,2)', '(2,1)', 'different'],
    ['Monday', 'Tuesday', 'different'],
    ['C', 'D', 'different'],
    ['3', 'I really do not know what one should say to that\nSorry.', 'different'],
    // Neither right nor wrong before somebody has done the algebra.
    ['x^2-1', '(x-1)(x+1)', 'undecided'],
    ['2^{99999999}', '2^{99999998}', 'undecided'],
    ['9'.repeat(1_000_000), '8'.repeat(1_000_000), 'undecided'],
    ['', '3', 'undecided'],
  ])('would catch a wrong one: %.30s and %.60s', (gold, pred, verdict) => {
    const graded = gradePair(gold, pred);
    expect(graded).toMatchObject({ verdict });
    expect(graded.reason).not.toBe('');
  });
});

describe('a line to be graded', () => {
  it('takes text and numbers, and says what is wrong with anything else', () => {
    expect(pairOf('{"gold": 42, "pred": "42.0", "id": 7}')).toEqual({ gold: '42', pred: '42.0' });
    expect(pairOf('{"gold": 42')).toEqual({ fault: 'not a line of JSON' });
    expect(pairOf('[1, 2]')).toEqual({ fault: 'not an object with "gold" and "pred"' });
    expect(pairOf('{"gold": 42, "pred": null}')).toEqual({ fault: '"pred" is missing, or neither text nor a number' });
    expect(pairOf('{"pred": 1}')).toEqual({ fault: '"gold" is missing, or neither text nor a number' });
  });
});
