import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RandomKey } from '../../main/lib/random.js';
import { corpusOf, createCorpus, SHIPPED_SEED, STEPS } from './corpus.js';

const text = createCorpus();
const key = RandomKey.of(0, 'nano', 'text-test');
const COUNT = 20_000;
const texts = Array.from({ length: COUNT }, (_, i) => text(key.child(i)));

/** The signed terms in alphabetical order, by other means than the code under test. */
const sortedTerms = (question: string): string =>
  `+${question}`
    .replace(/([+-])/g, ' $1')
    .trim()
    .split(' ')
    .sort()
    .join(' ');

describe('the pre-training corpus', () => {
  // Catches a benchmark question, or a reordering of one, that the model has seen with its answer.
  it('holds no question of any benchmark, in any order of its terms', () => {
    const held = new Set<string>();
    for (const name of ['chains-tune', 'chains-test']) {
      const file = new URL(`../../resources/benchmarks/${name}.jsonl`, import.meta.url);
      for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
        held.add(sortedTerms((JSON.parse(line) as { question: string }).question));
      }
    }
    expect(held.size).toBeGreaterThan(1500);
    const leaked = texts.filter(({ question }) => held.has(sortedTerms(question)));
    expect(leaked).toEqual([]);
  });

  // Would catch: a benchmark made later whose questions the shipped model has seen with their answers.
  it('shares no question with a benchmark made later, in the text the shipped model was trained on', () => {
    const file = new URL('../../resources/benchmarks/chains-oneway.jsonl', import.meta.url);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const later = new Set(lines.map((line) => sortedTerms((JSON.parse(line) as { question: string }).question)));
    const textsOf = corpusOf(SHIPPED_SEED);
    let seen = 0;
    for (let step = 1; step <= STEPS; step++)
      seen += textsOf(step).filter(({ question }) => later.has(sortedTerms(question))).length;
    // The keys are those of pre-training; others would give another text, and weights that cannot be made again.
    const first = createCorpus()(RandomKey.of(SHIPPED_SEED, 'nano').child('text', 1, 0));
    expect(textsOf(1)[0]).toEqual(first);
    expect(later.size).toBe(210);
    expect(seen).toBe(0);
  });

  it('has one part in five of question writing, and lengths that fall by 0.55 a term', () => {
    const writing = texts.filter(({ prompt }) => prompt === '<bos><gen>');
    expect(writing.length / COUNT).toBeCloseTo(0.2, 1);
    expect(writing.every(({ question, completion }) => completion === `<question>${question}</question>`)).toBe(true);
    const ofLength = (terms: number): number =>
      texts.filter(({ question }) => question.length === 2 * terms - 1).length;
    expect(ofLength(2) + ofLength(3)).toBeGreaterThan(0.6 * COUNT);
    // Three-term questions are the most held out, so the ratio is looked at further up; a few per cent are chance.
    for (const terms of [4, 5, 6]) {
      const ratio = ofLength(terms + 1) / ofLength(terms);
      expect(ratio).toBeGreaterThan(0.48);
      expect(ratio).toBeLessThan(0.62);
    }
    expect(ofLength(12)).toBeGreaterThan(0);
    expect(ofLength(13)).toBe(0);
  });

  it('gives the true value as the answer and depends on the key alone', () => {
    const solved = texts.filter(({ prompt }) => prompt !== '<bos><gen>').slice(0, 500);
    for (const { question, prompt, completion } of solved) {
      expect(prompt).toBe(`<bos><question>${question}</question>`);
      const value = sortedTerms(question)
        .split(' ')
        .reduce((sum, term) => sum + Number(term), 0);
      expect(completion.endsWith(`=${value}#${value}`)).toBe(true);
    }
    expect(createCorpus()(key.child(17))).toEqual(texts[17]);
  });
});
