import { describe, expect, it } from 'vitest';
import { domainNamed } from '../../coevolution/named-domain.js';

const domain = domainNamed('math');

describe('math: completions', () => {
  it('takes the last tagged question and the boxed answer, and names what is missing', () => {
    const good = 'Let me think about <question> tags.\n<question>\nWhat is 1+1?\n</question>\n\n\\boxed{2}';
    expect(domain.parseQuestion(good, 'stop')).toEqual({ valid: true, question: 'What is 1+1?', answer: '2' });
    const reason = (text: string, finish: 'stop' | 'length' = 'stop'): string => {
      const parsed = domain.parseQuestion(text, finish);
      return parsed.valid ? 'valid' : parsed.reason;
    };
    expect(reason(good, 'length')).toBe('cut off');
    expect(reason('What is 1+1? \\boxed{2}')).toBe('no question tags');
    expect(reason('<question>What is 1+1? \\boxed{2}')).toBe('no closing tag');
    expect(reason('What is 1+1?</question> \\boxed{2}')).toBe('no opening tag');
    expect(reason('<question> </question>\\boxed{2}')).toBe('empty');
    expect(reason('<question>What is 1+1?</question>')).toBe('no boxed answer');
    expect(reason('<question>What is 1+1?</question>\\boxed{ }')).toBe('no boxed answer');
    expect(reason('<question>Is \\boxed{2} even?</question>\\boxed{yes}')).toBe('answer inside the question');
    expect(reason(`<question>${'x'.repeat(4001)}</question>\\boxed{1}`)).toBe('too long');
  });

  it('does not guess an answer from a text that was cut off', () => {
    expect(domain.extractAnswer('… \\boxed{12} and also', 'length')).toBe('12');
    expect(domain.extractAnswer('so far we have 12', 'length')).toBeNull();
    expect(domain.extractAnswer('so we have 12', 'stop')).toBe('12');
  });

  it('sees through typography when it compares questions', () => {
    expect(domain.normaliseQuestion('Find  $x$ if\n$x+1=2$.')).toBe(domain.normaliseQuestion('find x  if x+1=2'));
    expect(domain.normaliseQuestion('Find x if x+1=2')).not.toBe(domain.normaliseQuestion('Find x if x+1=3'));
    expect(domain.bleuTokens(' a  b\nc ')).toEqual(['a', 'b', 'c']);
  });

  it('asks in both roles for the format it can read', () => {
    const text = JSON.stringify([domain.challengerPrompt(), domain.solverPrompt('Why?')]);
    for (const part of ['<question>', '</question>', '\\\\boxed{', 'Why?']) expect(text).toContain(part);
    expect(domain.oracle).toBeUndefined();
    expect(domain.rewrite).toBeUndefined();
  });
});
