import { describe, expect, it } from 'vitest';
import type { SftRecipe } from '../../../preload/contract/recipe-sft.js';
import { tableOf } from '../../tables/table.js';
import { domainNamed } from '../named-domain.js';
import { examplesOf, type Example } from './examples.js';

type Wish = Pick<SftRecipe, 'format' | 'prompt_column' | 'completion_column'>;
const AUTO: Wish = { format: 'auto', prompt_column: null, completion_column: null };

function read(rows: readonly Record<string, unknown>[], wish: Partial<Wish> = {}): Example[] {
  const table = tableOf(
    'data.jsonl',
    rows.map((values, i) => ({ where: `data.jsonl, line ${i + 1}`, cells: values })),
  );
  return examplesOf(table, { ...AUTO, ...wish }, domainNamed('chains'));
}
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

describe('examples', () => {
  // Catches a question that is learnt behind another prompt than the Solver is asked with.
  it('put a question into the prompt of the Solver', () => {
    const [first] = read([
      { question: ' 3+8 ', answer: '3+8=11#11' },
      { question: '1+1', answer: 2 },
    ]);
    expect(first).toMatchObject({
      prompt: { kind: 'text', text: '<bos><question>3+8</question>' },
      questions: ['3+8'],
    });
  });

  it('take text as it is, under any names, and numbers as they are written', () => {
    const rows = [
      { q: 'Two and two: ', a: 4 },
      { q: 'Three: ', a: ' 3' },
    ];
    const examples = read(rows, { prompt_column: 'q', completion_column: 'a' });
    expect(examples.map(({ prompt, completion }) => [prompt, completion])).toEqual([
      [{ kind: 'text', text: 'Two and two: ' }, '4'],
      [{ kind: 'text', text: 'Three: ' }, ' 3'],
    ]);
  });

  // Catches a chat of which one turn only is learnt, or whose turns may be parted into learnt and held out.
  it('learn every turn of the assistant, behind all that came before it', () => {
    const chat = [
      { role: 'system', content: 'Be brief.' },
      user('3+8?'),
      assistant('11'),
      user('And 1?'),
      assistant('12'),
    ];
    const [first, second, third] = read([{ messages: chat }, { messages: [user('Hi'), assistant('Hello')] }]);
    expect(first).toMatchObject({ prompt: { kind: 'chat', messages: chat.slice(0, 2) }, completion: '11' });
    expect(second).toMatchObject({
      prompt: { messages: chat.slice(0, 4) },
      completion: '12',
      questions: ['3+8?', 'And 1?'],
    });
    expect(second?.group).toBe(first?.group);
    expect(third?.group).not.toBe(first?.group);
    const pair = read([
      { prompt: [user('3+8?')], completion: [assistant('11')] },
      { prompt: [user('1+1?')], completion: [assistant('2')] },
    ]);
    expect(pair[0]).toMatchObject({ prompt: { kind: 'chat', messages: [user('3+8?')] }, completion: '11' });
  });

  // Catches data that is half used, or an error after which one still does not know where to look.
  it.each([
    [[{ text: 'a' }], {}, /data.jsonl has the columns "text": no prompt with a completion/],
    [
      [{ prompt: 'a', answer: 'b' }],
      { format: 'prompt' as const },
      /no column "completion"; it has "prompt", "answer"/,
    ],
    [
      [
        { prompt: 'a', completion: 'b' },
        { prompt: 'c', completion: '  ' },
      ],
      {},
      /line 2: "completion" is empty/,
    ],
    [
      [
        { prompt: 'a', completion: 'b' },
        { prompt: null, completion: 'b' },
      ],
      {},
      /line 2: "prompt" is missing/,
    ],
    [[{ prompt: 'a', completion: { text: 'b' } }], {}, /line 1: "completion" is an object, not text/],
    [[{ question: true, answer: 'b' }], {}, /line 1: "question" is a boolean, not text/],
    [[{ messages: 'hello' }], {}, /line 1: "messages" is a string, not a list of turns/],
    [[{ messages: [user('hello')] }], {}, /line 1: "messages" has no turn of the assistant/],
    [[{ messages: [{ role: 'robot', content: 'x' }] }], {}, /turn 1 one of the role "robot"/],
    [[{ messages: [user('hello'), { role: 'assistant' }] }], {}, /turn 2 without text/],
    [
      [
        { prompt: 'a', completion: 'b' },
        { prompt: 'a', completion: 'b' },
      ],
      {},
      /all 2 rows are the same/,
    ],
    [[{ prompt: 'a', completion: 'b' }], {}, /one row only/],
  ] as const)('are refused, by row and column: %j', (rows, wish, message) => {
    expect(() => read(rows, wish)).toThrow(message);
  });
});
