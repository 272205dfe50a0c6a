/**
 * A word problem from a plan: it begins with a number of things, or with equal groups of them; things come and go; at the
 * end they may be shared out. The plan gives the answer, so that the sentences need not be read for it.
 */
import type { RandomKey, RandomStream } from '../../main/lib/random.js';
import type { Vocabulary } from './vocabulary.js';

export interface WordProblem {
  readonly question: string;
  readonly answer: string;
  /** Each operation as an equation, a line each, and the answer in a box. */
  readonly solution: string;
}

interface Story {
  readonly sentences: string[];
  readonly equations: string[];
  value: number;
}

/** A problem of `steps` operations on whole numbers; none is negative and every share comes out even. */
export function wordProblem(key: RandomKey, words: Vocabulary, steps: number): WordProblem {
  for (let attempt = 0; ; attempt++) {
    const story = told(key.child(attempt).stream(), words, steps);
    if (story === null) continue;
    const { sentences, equations, value } = story;
    return {
      question: sentences.join(' '),
      answer: String(value),
      solution: `${equations.join('\n')}\n\\boxed{${value}}`,
    };
  }
}

/** Null where the numbers drawn do not come out. */
function told(random: RandomStream, words: Vocabulary, steps: number): Story | null {
  const [a = '', b = ''] = random.shuffled(words.names);
  const cast = { a, b, t: pick(random, words.things), p: words.places.length > 0 ? pick(random, words.places) : '' };
  const story: Story = { sentences: [], equations: [], value: 0 };
  const say = (template: string, numbers: Readonly<Record<string, number>> = {}): void => {
    story.sentences.push(filled(template, { ...cast, ...numbers }));
  };
  const become = (sign: string, operand: number, value: number): void => {
    story.equations.push(`${story.value} ${sign} ${operand} = ${value}`);
    story.value = value;
  };
  const groups = random.int(3) === 0;
  const share = steps > (groups ? 1 : 0) && random.int(3) === 0;
  if (groups) {
    const k = 2 + random.int(8);
    story.value = 2 + random.int(11);
    say(pick(random, words.groups), { k, n: story.value });
    become('×', k, k * story.value);
  } else {
    story.value = 5 + random.int(56);
    say(pick(random, words.starts), { n: story.value });
  }
  for (let left = steps - (groups ? 1 : 0) - (share ? 1 : 0); left > 0; left--) {
    const more = random.int(2) === 0;
    if (!more && story.value < 4) return null;
    const n = 2 + random.int(more ? 39 : story.value - 2);
    say(pick(random, more ? words.gains : words.losses), { n });
    if (more) become('+', n, story.value + n);
    else become('-', n, story.value - n);
  }
  if (!share) {
    say(pick(random, words.questions));
    return story;
  }
  const parts = [2, 3, 4, 5, 6, 7, 8, 9].filter((k) => story.value % k === 0 && story.value / k > 1);
  if (parts.length === 0) return null;
  const k = pick(random, parts);
  const [split, question] = pick(random, words.shares);
  say(split, { k });
  say(question);
  become('÷', k, story.value / k);
  return story;
}

const pick = <T>(random: RandomStream, list: readonly T[]): T => list[random.int(list.length)] as T;

const filled = (template: string, values: Readonly<Record<string, string | number>>): string =>
  template.replace(/\{(\w)\}/g, (_, name: string) => String(values[name]));
