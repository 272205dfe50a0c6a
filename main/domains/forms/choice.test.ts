import { describe, expect, it } from 'vitest';
import { domainNamed } from '../../coevolution/named-domain.js';
import { RandomKey } from '../../lib/random.js';
import { readOptions, shuffleOptions } from './options.js';

const domain = domainNamed('multiple-choice');
const asked = (question: string, box = '\\boxed{C}'): string =>
  `Let me think.\n<question>\n${question}\n</question>\n\n${box}`;
const GAS = 'Which gas do plants bind?\n\nA) Oxygen\nB) Nitrogen\nC) Carbon dioxide\nD) Argon';

describe('a multiple-choice question', () => {
  // Would catch: options lost from the text that the Solver is asked, or one question kept in two spellings of its letters.
  it.each([
    ['A) … in lines', GAS],
    ['A. …', GAS.replace(/^([A-D])\)/gm, '$1.')],
    ['(A) …, indented', GAS.replace(/^([A-D])\)/gm, '  ($1)')],
    ['an option over two lines', GAS.replace('Carbon dioxide', 'Carbon\ndioxide')],
    ['without an empty line', GAS.replace('\n\n', '\n')],
  ])('is the question and its options, however they are lettered: %s', (_, text) => {
    expect(domain.parseQuestion(asked(text), 'stop')).toEqual({ valid: true, question: GAS, answer: 'C' });
  });

  // Would catch: a malformed question that is put to votes, where any letter can win.
  it.each([
    ['no lettered options', 'Which gas do plants bind?'],
    ['no lettered options', GAS.replace('B)', 'D)')],
    ['too few options', GAS.replace('\nD) Argon', '')],
    ['too many options', `${GAS}\nE) Helium`],
    ['equal options', GAS.replace('Argon', 'the oxygen.')],
    ['nothing asked', GAS.replace('Which gas do plants bind?', '')],
  ])('is refused for one reason: %s', (reason, text) => {
    expect(domain.parseQuestion(asked(text), 'stop')).toEqual({ valid: false, reason });
  });

  it.each([
    ['answer is no option', '\\boxed{E}'],
    ['answer is no option', '\\boxed{Carbon dioxide}'],
    ['no boxed answer', 'The answer is C.'],
  ])('needs the letter of one of its options: %s, %s', (reason, box) => {
    expect(domain.parseQuestion(asked(GAS, box), 'stop')).toEqual({ valid: false, reason });
  });

  it('is told from other text that a person types', () => {
    expect([GAS, 'Which gas?', ''].map((text) => domain.isQuestion(text))).toEqual([true, false, false]);
  });

  it('is read as a letter in whatever words the Solver gives it', () => {
    const read = (text: string): string => domain.canonicalAnswer(domain.extractAnswer(text, 'stop') ?? '');
    expect(['\\boxed{C}', '\\boxed{(C)}', 'The answer is C.', '\\boxed{C) Carbon dioxide}'].map(read)).toEqual(Array(4).fill('C')); // prettier-ignore
  });
});

describe('options in another order', () => {
  // Would catch: a letter that is counted for another option than the one that stood beside it.
  it('keep each letter with its text', () => {
    const before = readOptions(GAS)?.options ?? [];
    const orders = new Set<string>();
    for (let i = 0; i < 60; i++) {
      const { question, restore } = shuffleOptions(GAS, RandomKey.of(3, i));
      const after = readOptions(question);
      expect(after?.stem).toBe('Which gas do plants bind?');
      after?.options.forEach((text, shown) => {
        expect(before['ABCD'.indexOf(restore('ABCD'.charAt(shown)))]).toBe(text);
      });
      orders.add(question);
      expect(shuffleOptions(GAS, RandomKey.of(3, i)).question).toBe(question);
    }
    // All 24 orders are likely to be seen, and a drawing that sticks to few is not.
    expect(orders.size).toBeGreaterThan(15);
  });

  it('leave alone what is no letter of the question, and a text without options', () => {
    const { restore } = shuffleOptions(GAS, RandomKey.of(1));
    expect(['E', 'J', 'carbon', ''].map(restore)).toEqual(['E', 'J', 'carbon', '']);
    expect(shuffleOptions('1+1?', RandomKey.of(1)).question).toBe('1+1?');
  });

  // Would catch: a benchmark's question that enters training with its options moved about.
  it('are the same question to the filter of benchmarks, and to nothing else', () => {
    const other = shuffleOptions(GAS, RandomKey.of(3, 1)).question;
    expect(other).not.toBe(GAS);
    expect(domain.rewriteClass?.(other)).toBe(domain.rewriteClass?.(GAS));
    expect(domain.rewriteClass?.(GAS.replace('Argon', 'Neon'))).not.toBe(domain.rewriteClass?.(GAS));
    expect(domain.normaliseQuestion(other)).not.toBe(domain.normaliseQuestion(GAS));
  });
});
