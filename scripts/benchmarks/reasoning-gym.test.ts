/** The answers of what reasoning-gym made, worked out again by other means than its own. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { domainOf } from '../../main/domains/index.js';

interface Line {
  readonly question: string;
  readonly answer: string;
  readonly difficulty?: number;
  readonly subject: string;
}

function lines(name: string): Line[] {
  const file = new URL(`../../resources/benchmarks/${name}.jsonl`, import.meta.url);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** + - * / and brackets over whole numbers, by recursive descent; a division must come out even. */
function valueOf(text: string): bigint {
  const tokens = text.match(/\d+|[-+*/()]/g) ?? [];
  let at = 0;
  const factor = (): bigint => {
    const token = tokens[at++] ?? '';
    if (token === '-') return -factor();
    if (token !== '(') return BigInt(token);
    const inner = sum();
    expect(tokens[at++]).toBe(')');
    return inner;
  };
  const product = (): bigint => {
    let value = factor();
    while (tokens[at] === '*' || tokens[at] === '/') {
      const times = tokens[at++] === '*';
      const next = factor();
      if (!times) expect(value % next).toBe(0n);
      value = times ? value * next : value / next;
    }
    return value;
  };
  const sum = (): bigint => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-')
      value = tokens[at++] === '+' ? value + product() : value - product();
    return value;
  };
  const value = sum();
  expect(at).toBe(tokens.length);
  return value;
}

const numbersIn = (text: string): bigint[] => (text.match(/\d+/g) ?? []).map(BigInt);
const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

/** Legs, by zoology; arms of a starfish are counted as legs there. */
const LEGS: Readonly<Record<number, string>> = {
  0: 'flatworm jellyfish leech sea_slug snake',
  2: 'bird chicken duck human',
  4: 'cat cow deer dog elephant giraffe horse lion sheep tiger',
  5: 'starfish',
  6: 'ant bee beetle butterfly cockroach cricket firefly grasshopper insect praying_mantis wasp',
  8: 'scorpion spider',
  10: 'crab lobster shrimp',
  14: 'woodlouse',
};
const legsOf = new Map(
  Object.entries(LEGS).flatMap(([legs, names]) =>
    names.split(' ').map((name) => [name.replace('_', ' '), Number(legs)]),
  ),
);

function legs(question: string): number {
  return [...question.matchAll(/(\d+) ([a-z ]+?)(?=[,?])/g)].reduce((sum, [, count, name = '']) => {
    const each = legsOf.get(name) ?? legsOf.get(name.replace(/s$/, ''));
    expect(each, name).toBeDefined();
    return sum + Number(count) * (each ?? 0);
  }, 0);
}

/** Decimals as whole numbers of ten-thousandths. */
function decimals(text: string): number {
  const terms = text.replace(/ /g, '').match(/[+-]?\d+\.\d+/g) ?? [];
  return terms.reduce((sum, term) => sum + Math.round(Number(term) * 10_000), 0);
}

const RULES: Readonly<Record<string, (question: string) => bigint | number>> = {
  basic_arithmetic: (q) => valueOf(q.replace(/^Calculate |\.$/g, '')),
  chain_sum: (q) => valueOf(q.replace(/^.*: | =$/g, '')),
  count_bits: (q) => [...(numbersIn(q).at(-1) ?? 0n).toString(2)].filter((bit) => bit === '1').length,
  gcd: (q) => numbersIn(q).reduce(gcd),
  lcm: (q) => numbersIn(q).reduce((a, b) => (a * b) / gcd(a, b)),
  leg_counting: legs,
  products: (q) => numbersIn(q).reduce((a, b) => a * b),
};

describe('reasoning-gym-arithmetic', () => {
  const rows = lines('reasoning-gym-arithmetic');

  it('holds 25 different questions of each of eight tasks', () => {
    const counts = new Map<string, number>();
    for (const { subject } of rows) counts.set(subject, (counts.get(subject) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual(
      Object.fromEntries([...Object.keys(RULES), 'decimal_chain_sum'].map((task) => [task, 25])),
    );
    expect(new Set(rows.map(({ question }) => question)).size).toBe(200);
  });

  it.each(rows.map(({ subject, question, answer }) => [subject, question, answer] as const))(
    '%s: %s',
    (task, question, answer) => {
      const rule = RULES[task];
      if (rule) expect(rule(question).toString()).toBe(answer);
      else expect(decimals(question)).toBe(Math.round(Number(answer) * 10_000));
    },
  );
});

describe('reasoning-gym-chains', () => {
  const rows = lines('reasoning-gym-chains');
  const chains = domainOf('chains');

  it('holds ten chains of 3 to 12 terms with one digit, and ten with two, each with its value', () => {
    expect(rows).toHaveLength(200);
    for (let terms = 3; terms <= 12; terms++) {
      for (const subject of ['one digit', 'two digits']) {
        expect(rows.filter((row) => row.difficulty === terms && row.subject === subject)).toHaveLength(10);
      }
    }
    for (const { question, answer, difficulty, subject } of rows) {
      expect(chains.parseQuestion(`<question>${question}</question>`, 'stop')).toEqual({ valid: true, question });
      expect(question).toMatch(subject === 'one digit' ? /^\d([+-]\d)*$/ : /^\d\d([+-]\d\d)*$/);
      expect(question.split(/[+-]/)).toHaveLength(difficulty ?? 0);
      expect(valueOf(question).toString()).toBe(answer);
    }
  });

  // Would catch: a question counted twice, or one by which the shipped model was chosen.
  it('shares none with itself or the other benchmarks of chains, in any order of terms', () => {
    const sorted = ({ question }: Line): string => (`+${question}`.match(/[+-]\d+/g) ?? []).sort().join('');
    const others = [...lines('chains-test'), ...lines('chains-tune')].map(sorted);
    const forms = rows.map(sorted);
    expect(new Set([...forms, ...others]).size).toBe(200 + 1600);
  });
});
