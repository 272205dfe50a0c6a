import { describe, expect, it } from 'vitest';
import { RandomKey } from '../../lib/random.js';
import { domainNamed } from '../../coevolution/named-domain.js';
import {
  formatSolution,
  isChain,
  orderFreeForm,
  rewriteQuestion,
  sampleQuestion,
  termsOf,
  valueOf,
} from './question.js';

const domain = domainNamed('chains');
const key = RandomKey.of(7, 'chains');

/** The grammar read character by character: an independent statement of what the regular expression accepts. */
function acceptedByHand(text: string): boolean {
  const parts = text.split(/[+-]/);
  return (
    parts.length >= 2 &&
    parts.every(
      (p) =>
        p.length >= 1 &&
        p.length <= 2 &&
        [...p].every((c) => c >= '0' && c <= '9') &&
        !(p.length === 2 && p[0] === '0'),
    )
  );
}

describe('chains: questions', () => {
  it('accepts exactly the grammar of numbers 0 to 99 without leading zeros (a lenient pattern would let 05 or 3+-4 through)', () => {
    const random = key.child('grammar').stream();
    const symbols = '0123456789+-+-+-*()=#';
    let accepted = 0;
    for (let i = 0; i < 20000; i++) {
      const length = 1 + random.int(9);
      const text = Array.from({ length }, () => symbols[random.int(i % 2 === 0 ? 16 : symbols.length)] as string).join(
        '',
      );
      expect(isChain(text), text).toBe(acceptedByHand(text));
      if (isChain(text)) accepted++;
    }
    expect(accepted).toBeGreaterThan(500);
    // Decided by the reference expression ^(?:0|[1-9]\d?)(?:[+-](?:0|[1-9]\d?))+$ in Python.
    for (const good of ['3+8-5', '0-0', '10+99', '9-0+10']) expect(isChain(good)).toBe(true);
    for (const bad of ['', '3', '-3+4', '03+4', '100+1', '3++4', '3+', '3*4', '3+4=7', '3+4\n', ' 3+4'])
      expect(isChain(bad)).toBe(false);
  });

  it('samples the asked number of terms, from the key alone, with all digits and both signs', () => {
    const seen = new Set<string>();
    for (let terms = 2; terms <= 12; terms++) {
      for (let i = 0; i < 40; i++) {
        const question = sampleQuestion(key.child(terms, i), terms);
        expect(question).toBe(sampleQuestion(key.child(terms, i), terms));
        expect(isChain(question)).toBe(true);
        expect(domain.difficulty(question)).toBe(terms);
        for (const c of question) seen.add(c);
      }
    }
    expect([...seen].sort().join('')).toBe('+-0123456789');
  });

  it.each([
    ['3+8', 'sums'],
    ['9-8-1', 'differences'],
    ['3+8-5', 'mixed signs'],
    ['12+8', 'sums, two digits'],
    ['3-10', 'differences, two digits'],
  ])('is about what its signs and numbers say: %s', (question, topic) => {
    expect(domain.topic(question)).toBe(topic);
  });

  it('traces running values that end in the true value (an off-by-one trace would teach wrong sums)', () => {
    expect(formatSolution('3+8-5')).toBe('3+8=11-5=6#6');
    expect(formatSolution('1-9+2')).toBe('1-9=-8+2=-6#-6');
    for (let i = 0; i < 300; i++) {
      const question = sampleQuestion(key.child('trace', i), 2 + (i % 11));
      // Evaluate by scanning characters, not by the code under test.
      let value = 0;
      for (const match of question.matchAll(/([+-]?)([0-9]+)/g))
        value += (match[1] === '-' ? -1 : 1) * Number(match[2]);
      expect(valueOf(question)).toBe(value);
      const trace = formatSolution(question);
      expect(domain.extractAnswer(trace, 'stop')).toBe(String(value));
      expect(trace.replace(/=-?[0-9]+/g, '').split('#')[0]).toBe(question);
    }
  });

  it('rewrites to another order of the same terms with the same value', () => {
    let moved = 0;
    for (let i = 0; i < 500; i++) {
      const question = sampleQuestion(key.child('rewrite', i), 2 + (i % 11));
      const rewritten = rewriteQuestion(question, key.child('shuffle', i));
      expect(isChain(rewritten)).toBe(true);
      expect(termsOf(rewritten).sort()).toEqual(termsOf(question).sort());
      expect(valueOf(rewritten)).toBe(valueOf(question));
      expect(orderFreeForm(rewritten)).toBe(orderFreeForm(question));
      if (rewritten !== question) moved++;
    }
    expect(moved).toBeGreaterThan(400);
    expect(rewriteQuestion('3+8', key)).toBe('8+3');
    for (const fixed of ['4-3', '2+2', '7-1-1']) expect(rewriteQuestion(fixed, key)).toBe(fixed);
    expect(orderFreeForm('3-5+8')).toBe(orderFreeForm('8+3-5'));
    expect(orderFreeForm('3-5+8')).not.toBe(orderFreeForm('3+5-8'));
  });
});

describe('chains: completions', () => {
  it('parses a well-formed completion and names what is wrong with the others', () => {
    expect(domain.parseQuestion('<question>3+8-5</question>', 'stop')).toEqual({ valid: true, question: '3+8-5' });
    const reason = (text: string, finish: 'stop' | 'length' = 'stop'): string => {
      const parsed = domain.parseQuestion(text, finish);
      return parsed.valid ? 'valid' : parsed.reason;
    };
    expect(reason('<question>3+8</question>', 'length')).toBe('cut off');
    expect(reason('3+8</question>')).toBe('no opening tag');
    expect(reason('<question>3+8')).toBe('no closing tag');
    expect(reason('<question>3+8</question>1')).toBe('text after the question');
    expect(reason('<question>3+8</question></question>')).toBe('text after the question');
    expect(reason('<question></question>')).toBe('empty');
    expect(reason('<question>3<gen>+8</question>')).toBe('special token inside');
    expect(reason('<question><question>3+8</question>')).toBe('special token inside');
    expect(reason('<question>3*8</question>')).toBe('not a chain of + and -');
    expect(reason(`<question>${'1+'.repeat(21)}11</question>`)).toBe('valid'); // 44 characters
    expect(reason(`<question>${'1+'.repeat(22)}1</question>`)).toBe('too long'); // 45
  });

  it('takes the integer after the last # and nothing else', () => {
    expect(domain.extractAnswer('3+8=11#11', 'stop')).toBe('11');
    expect(domain.extractAnswer('#1#-2', 'stop')).toBe('-2');
    for (const text of ['3+8=11', '3+8=11#', '#1+1', '#--1', '#1<pad>', '# 1'])
      expect(domain.extractAnswer(text, 'stop')).toBeNull();
    expect(domain.extractAnswer('3+8=11#1', 'length')).toBeNull();
    expect(domain.canonicalAnswer('-0')).toBe('0');
    expect(domain.canonicalAnswer('007')).toBe('7');
    expect(domain.canonicalAnswer('-12')).toBe('-12');
  });

  it('prompts as the nano tokenizer expects', () => {
    expect(domain.challengerPrompt()).toEqual({ kind: 'text', text: '<bos><gen>' });
    expect(domain.solverPrompt('3+8')).toEqual({ kind: 'text', text: '<bos><question>3+8</question>' });
    expect(domain.oracle?.('3+8-20')).toBe('-9');
  });
});
