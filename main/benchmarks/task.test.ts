import { describe, expect, it } from 'vitest';
import { readDomain } from '../coevolution/domain-folder.js';
import { domainNamed } from '../coevolution/named-domain.js';
import { domainOf } from '../domains/index.js';
import { taskOf } from './task.js';

const math = domainNamed('math');
const chains = domainNamed('chains');
const question = 'Which gas is lightest?\nA. helium\nB. argon';

describe('the task of a benchmark', () => {
  // Would catch: a run's own benchmark asked otherwise than it was before.
  it('is the domain itself where the kind is its own or left open', () => {
    expect(taskOf({ answers: null }, math)).toBe(math);
    expect(taskOf({ answers: 'math' }, math)).toBe(math);
    expect(taskOf({ answers: null }, chains)).toBe(chains);
  });

  // Would catch: a base model given chat messages, or a letter asked for as if it were a formula.
  it('asks for another kind of answer in the form of the domain’s own prompts', () => {
    const chat = taskOf({ answers: 'choice' }, math).solverPrompt(question);
    expect(chat).toMatchObject({ kind: 'chat', messages: [{ role: 'system' }, { role: 'user', content: question }] });
    expect(JSON.stringify(chat)).toContain('letter of the right option');
    const { description } = readDomain('math');
    const solver = { ...description.prompts.solver, system: null };
    const bare = domainOf({ ...description, prompts: { ...description.prompts, solver } });
    const user = taskOf({ answers: 'choice' }, bare).solverPrompt(question);
    expect(user.kind === 'chat' && user.messages).toHaveLength(1);
    expect(JSON.stringify(user)).toContain('letter of the right option');
    const text = taskOf({ answers: 'math' }, chains).solverPrompt('2+2');
    expect(text.kind === 'text' && text.text).toMatch(/\\boxed\{\}.*Question: 2\+2\n\nAnswer:$/s);
  });

  it('reads and compares answers of that kind', () => {
    const task = taskOf({ answers: 'choice' }, math);
    expect(task.canonicalAnswer('(b) argon')).not.toBe(task.canonicalAnswer('A'));
    expect(task.extractAnswer('So the answer is (B).', 'stop')).toBe('B');
    expect(taskOf({ answers: 'math' }, chains).extractAnswer('\\boxed{4}', 'stop')).toBe('4');
  });

  it('leaves BBEH its own rule in every domain', () => {
    for (const domain of [math, chains]) {
      const task = taskOf({ answers: 'text', rule: 'bbeh' }, domain);
      expect(task.extractAnswer('The answer is: no, yes, no', 'stop')).toBe('no, yes, no');
      expect(task.isRight?.('no, yes, no', 'no,yes,no')).toBe(true);
      expect(task.isRight?.('no, yes', 'no,yes,no')).toBe(false);
    }
  });
});
