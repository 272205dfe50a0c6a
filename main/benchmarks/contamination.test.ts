import { describe, expect, it } from 'vitest';
import { readDomain } from '../coevolution/domain-folder.js';
import { domainOf } from '../domains/index.js';
import type { Benchmark } from './benchmark.js';
import { overlapWith } from './contamination.js';

const math = domainOf(readDomain('math').description);
const chains = domainOf(readDomain('chains').description);
const held = (...questions: string[]): Benchmark => ({
  ...{ name: 'held', answers: null, samples: null },
  questions: questions.map((question) => ({ question, answer: '1', difficulty: null })),
});

const TRAIN =
  'A train leaves the station at noon and travels at 60 miles per hour. A second train leaves two hours later in the same direction at 90 miles per hour. When does it catch up?';

describe('a generated question', () => {
  const overlap = overlapWith(math, [held(TRAIN, 'What is 6 × 7?')]);

  it('is found as it is, and with other spaces, case and end', () => {
    expect(overlap(TRAIN)).toBe('exact');
    expect(overlap('what is  6 ×  7')).toBe('exact');
  });

  // Would catch: a copy with a word changed here and there that goes on into training.
  it('is found with words changed, added, or in a longer text', () => {
    expect(overlap(TRAIN.replace('noon', 'midnight'))).toBe('near');
    expect(overlap(TRAIN.toUpperCase().replace(/[.?]/g, ' ;'))).toBe('near');
    expect(overlap(`Consider the following. ${TRAIN} Explain how you know.`)).toBe('near');
  });

  // Would catch: every question about trains left out, and a short question found in every text that has its words.
  it('is free where it only shares a phrase, or is another question in the same form', () => {
    expect(overlap('A train leaves the station at noon and travels at 60 km/h. How far is it by six?')).toBeNull();
    expect(overlap('What is 6 × 8?')).toBeNull();
    expect(overlap('If 6 boxes hold 7 pens each, what is the number of pens?')).toBeNull();
    expect(overlap('')).toBeNull();
  });

  it('is not one because benchmark questions all end alike', () => {
    const ending = 'Choose the letter of the right option and write nothing else after it.';
    const many = held(...Array.from({ length: 60 }, (_, i) => `Which of these is the ${i}th? ${ending}`));
    expect(overlapWith(math, [many])(`Which gas is the lightest of all? ${ending}`)).toBeNull();
    expect(overlapWith(math, [held(`Which is it? ${ending}`)])(`Which gas is the lightest? ${ending}`)).toBe('near');
  });

  // Would catch: chains called alike for a stretch of equal terms, which would change every run of the nano model.
  it('of the domain chains can only be the same, in any order of its terms', () => {
    const chain = '1+2+3+4+5+6+7+8+9+1';
    const find = overlapWith(chains, [held(chain)]);
    expect(find('2+1+3+4+5+6+7+8+9+1')).toBe('exact');
    expect(find('1+2+3+4+5+6+7+8+9+2')).toBeNull();
  });

  // Would catch: a comparison of each question with each other: a thousand million of them.
  it('is looked up, not compared with every benchmark question', () => {
    const word = (i: number): string => `w${(i * 7919) % 5003}`;
    const text = (seed: number): string => Array.from({ length: 60 }, (_, i) => word(seed * 61 + i * i)).join(' ');
    const find = overlapWith(math, [held(...Array.from({ length: 20_000 }, (_, i) => text(i)))]);
    const found = Array.from({ length: 4000 }, (_, i) => find(i % 2 === 0 ? `${text(i)} more` : text(i + 100_000)));
    expect(found.filter((_, i) => i % 2 === 0).every((overlap) => overlap === 'near')).toBe(true);
  });
});
