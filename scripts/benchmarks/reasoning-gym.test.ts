/** The answers of what reasoning-gym made, worked out again by other means than its own. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { domainNamed } from '../../main/coevolution/named-domain.js';
import { corpusOf, SHIPPED_SEED, STEPS } from '../nano/corpus.js';

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
  const chains = domainNamed('chains');

  it('holds 13 chains of 5 to 12 terms with one digit, and 12 with two, each with its value', () => {
    expect(rows).toHaveLength(200);
    for (let terms = 5; terms <= 12; terms++) {
      const of = (subject: string): Line[] => rows.filter((row) => row.difficulty === terms && row.subject === subject);
      expect([of('one digit').length, of('two digits').length]).toEqual([13, 12]);
    }
    for (const { question, answer, difficulty, subject } of rows) {
      expect(chains.parseQuestion(`<question>${question}</question>`, 'stop')).toEqual({ valid: true, question });
      expect(question).toMatch(subject === 'one digit' ? /^\d([+-]\d)*$/ : /^\d\d([+-]\d\d)*$/);
      expect(question.split(/[+-]/)).toHaveLength(difficulty ?? 0);
      expect(valueOf(question).toString()).toBe(answer);
    }
  });

  // Would catch: a question counted twice, one by which the shipped model was chosen, or one it was taught with.
  it('shares none with itself, other benchmarks or what the shipped model was taught with, in any order of terms', () => {
    const sorted = ({ question }: Pick<Line, 'question'>): string =>
      (`+${question}`.match(/[+-]\d+/g) ?? []).sort().join('');
    const others = ['chains-test', 'chains-tune', 'chains-oneway'].flatMap(lines).map(sorted);
    const forms = rows.map(sorted);
    expect(new Set([...forms, ...others]).size).toBe(200 + 1810);
    const textsOf = corpusOf(SHIPPED_SEED);
    const taught = new Set<string>();
    for (let step = 1; step <= STEPS; step++) for (const text of textsOf(step)) taught.add(sorted(text));
    expect(forms.filter((form) => taught.has(form))).toEqual([]);
  });
});
