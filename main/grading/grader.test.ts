import { describe, expect, it } from 'vitest';
import { graderOf } from './grader.js';

describe('choices', () => {
  const { extract, canonical } = graderOf('choice');

  // Would catch: an article read as choice A, or the first letter of a text that discusses several.
  it.each([
    ['B is tempting, but the answer is (C).', 'C'],
    ['So the correct option is D', 'D'],
    ['\\boxed{\\text{(E)}}', 'E'],
    ['<answer>b</answer>', 'B'],
    ['Let me think.\nF', 'F'],
    ['So the answer is (c).', 'C'],
    ['the correct option is d)', 'D'],
    ['The answer is A, no: the answer is (b)', 'B'],
    ['Let me think.\n(e)', 'E'],
    ['\\boxed{(c)}', 'C'],
    ['Let me think.\na', null],
    ['The answer is a (rather large) number', null],
    ['The answer is a prime number', null],
    ['A prime number is one that', null],
  ])('finds the letter in %j', (completion, letter) => {
    const found = extract(completion, 'stop');
    expect(found === null ? null : canonical(found)).toBe(letter);
  });

  it('reads a letter before the text of its option, and leaves text that is no letter as it is', () => {
    expect(canonical('(B) 12 metres')).toBe('B');
    expect(canonical('J. none of these')).toBe('J');
    expect(['(c) twelve', 'c) twelve', '(c)', 'c)'].map(canonical)).toEqual(['C', 'C', 'C', 'C']);
    expect(canonical('f(x) = c')).not.toBe('C');
    expect(canonical('a) b)')).toBe('A');
    expect(canonical('12 metres')).not.toBe('B');
    expect(canonical('K')).not.toBe(canonical('A'));
  });

  // Would catch: a guess from a text that had not come to its answer.
  it('guesses nothing from a completion that was cut off', () => {
    expect(extract('the answer is (C), or rather', 'length')).toBeNull();
    expect(extract('\\boxed{C} and furth', 'length')).toBe('C');
  });
});

describe('short texts', () => {
  const { canonical, extract } = graderOf('text');

  it.each([
    ['The Danube.', 'danube'],
    ['"Marie  Curie"', 'Marie Curie'],
    ['\\text{an oxbow lake}', 'Oxbow lake'],
    ['1,969', '1969'],
  ])('holds %j and %j for the same', (a, b) => expect(canonical(a)).toBe(canonical(b)));

  it.each([
    ['Danube', 'Rhine'],
    ['north', 'northern'],
    ["Halley's comet", 'Halleys'],
    ['1969', '1968'],
  ])('holds %j and %j for different', (a, b) => expect(canonical(a)).not.toBe(canonical(b)));

  it('finds the answer in a box, in tags, or after the phrase', () => {
    expect(extract('I think it is \\boxed{the Nile}.', 'stop')).toBe('the Nile');
    expect(extract('<answer>Lake Baikal</answer>', 'length')).toBe('Lake Baikal');
    expect(extract('So the answer is Lake Baikal. It is deep.', 'stop')).toBe('Lake Baikal');
  });
});

it.each(['math', 'choice', 'text'] as const)('canonical forms of %s are their own', (kind) => {
  const { canonical } = graderOf(kind);
  for (const text of ['(C)', 'The Danube.', '1/2', '"the the cat"', '50%', 'x = 3', '(B) 12', 'a', 'the a b', '*', ''])
    expect(canonical(canonical(text))).toBe(canonical(text));
});
