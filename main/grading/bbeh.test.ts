import { describe, expect, it } from 'vitest';
import { bbehAnswer, bbehRight } from './bbeh.js';

/** What the authors' program says of these, found by running it once: sample, reference, verdict. */
const OFFICIAL: readonly (readonly [string, string, boolean])[] = [
  ['Ok The final answer is: \\boxed{4}.', '4', true],
  ['Alright! The final answer is: 2, 3, 4', '2,3,4', true],
  ['blah The final answer is: 2, 3, 4', '2,3,5', false],
  ['Ok The answer is: (A)', 'a', true],
  ['The answer is: a', '(A)', true],
  ['Ok The answer is: (A)', 'b', false],
  ["Ok The answer is: **25**\nHere's why.", '25.0', true],
  ['The answer is: 1_000', '1000', true],
  ['The answer is: 4,04', '404', false],
  ["The answer is: 'Yes'", 'yes', true],
  ['The answer is: [emma, lily]', 'emma, lily', true],
  ['The answer is: emma, lily', '[emma, lily]', true],
  ["The answer is: ['emma']", 'emma', false],
  ['The answer is: unknown?', 'unknown', true],
  ['The answer is: unknown', 'unknown?', false],
  ['The answer is: $\\text{disproved}$', 'disproved', true],
  ['The answer is: nan', 'nan', true],
  ['The answer is: (ab)', 'ab', false],
  ['The answer is: els llaços', 'ELS LLAÇOS', true],
  ['I think The answer is 3. No: The final answer is 7', '7', true],
  ['unknown', 'unknown', true],
  ['The answer is: 0.50', '.5', true],
  ['The answer is:', '0', false],
];

describe('the rule of BBEH', () => {
  it.each(OFFICIAL)('judges %j against %j as its authors’ program does: %s', (sample, reference, right) => {
    const answer = bbehAnswer(sample, 'stop');
    expect(answer !== null && bbehRight(answer, reference)).toBe(right);
  });

  it('takes a box wherever it stands, and no unmarked words of a text that was cut off', () => {
    expect(bbehAnswer('It is $\\boxed{(B)}$, for the others fail.', 'stop')).toBe('(B)');
    expect(bbehAnswer('so we still have to look at', 'length')).toBeNull();
    expect(bbehAnswer('The answer is: B\nbecause', 'length')).toBe('B');
    expect(bbehAnswer(' \n', 'stop')).toBeNull();
    expect(bbehRight('\\text{Yes}', 'yes')).toBe(true);
  });
});
