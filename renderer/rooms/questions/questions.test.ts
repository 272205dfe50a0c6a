import { describe, expect, it } from 'vitest';
import { questionFilterSchema, type QuestionFilter, type QuestionRow } from '../../../preload/contract/questions.js';
import { clusterText, inOrder, listed } from './columns.js';
import { chipsOf, filterOf, filterText, withPart } from './filters.js';
import { oneLine } from './one-line.js';
import { gatherRows, rowsText } from './save-rows.js';

const everything: Required<QuestionFilter> = {
  iteration: 2,
  phase: 'curriculum',
  step: 0,
  valid: true,
  labelled: true,
  kept: false,
  reason: 'too easy',
  pHat: { min: 0.3, max: 0.7 },
  difficulty: { min: 3 },
  topic: 'sums',
  clusterSize: { max: 4 },
  label: 'wrong',
  review: 'wrong-label',
  judged: { by: 3, as: 'not-correct' },
  heldOut: 'near',
  used: false,
  usedIn: { iteration: 2, step: 7 },
  cluster: { iteration: 1, step: 2, cluster: 3 },
  search: 'a "b"',
};

// Would catch: "cluster 4 of 1", the number of a cluster with its size behind it.
it('names a cluster and how many are in it', () => {
  const words = [1, 3, null].map((clusterSize) => clusterText({ cluster: 4, clusterSize }));
  expect(words).toEqual(['cluster 4 (alone in it)', 'cluster 4 (3 questions)', 'cluster 4']);
  expect(clusterText({ cluster: null, clusterSize: null })).toBeNull();
});

describe('filters', () => {
  it('would catch a part of a filter without a chip, or one that cannot be taken away', () => {
    const chips = chipsOf(everything);
    expect(chips.map(({ key }) => key).sort()).toEqual(Object.keys(questionFilterSchema.shape).sort());
    expect(new Set(chips.map(({ words }) => words)).size).toBe(chips.length);
    const none = chips.reduce((filter: QuestionFilter, { key }) => withPart(filter, key, undefined), everything);
    expect([none, chipsOf(none), filterText(none)]).toEqual([{}, [], undefined]);
    expect(chipsOf({ kept: false, used: false, step: 0 }).map(({ words }) => words)).toEqual([
      ...['step 1', 'not kept', 'not used'],
    ]);
  });

  it('would catch ranges that read otherwise than they filter', () => {
    const words = (pHat: QuestionFilter['pHat']): string => chipsOf({ pHat })[0]?.words ?? '';
    expect(words({ min: 0.1 + 0.2, max: 0.3 })).toBe('p̂ = 0.3');
    expect([words({ min: 0.5 }), words({ max: 0.5 }), words({})]).toEqual(['p̂ ≥ 0.5', 'p̂ ≤ 0.5', 'p̂ known']);
  });

  it('would catch an address that comes back changed, or a hostile one that is followed', () => {
    expect(filterOf(filterText(everything))).toEqual({ filter: everything, wrong: null });
    expect(filterOf(undefined)).toEqual({ filter: {}, wrong: null });
    for (const bad of ['{', '[]', '{"pHat":{"min":2,"max":1}}', '{"constructor":1}', '{"iteration":"1"}'])
      expect(filterOf(bad), bad).toMatchObject({ filter: {}, wrong: expect.any(String) as string });
  });
});

it('would catch a line of a list that is more than a line, or that hides, reorders or halves characters', () => {
  expect(oneLine('a\r\nb\tc\u202Ed\u0007')).toBe('a ⏎ b c⟨U+202E⟩d⟨U+0007⟩');
  expect(oneLine('😀😀😀', 2)).toBe('😀😀 …');
  expect(oneLine('😀😀', 2)).toBe('😀😀');
});

describe('columns', () => {
  it('would catch a choice that loses the question, keeps what is gone, or changes the order', () => {
    expect(inOrder(['verdict', 'gone', 'position'])).toEqual(['position', 'text', 'verdict']);
    expect(inOrder('position')).toBeNull();
  });
});

const row: QuestionRow = {
  ...{ key: 7, iteration: 1, phase: 'curriculum', step: 0, item: 7, text: 'a, "b"\r\n=1+1', cut: false, tokens: 3 },
  ...{
    valid: true,
    reason: null,
    sameAs: null,
    difficulty: 0.5,
    topic: null,
    votes: 4,
    pHat: 0.75,
    label: '-11',
    labelShare: 0.75,
  },
  ...{ labelCorrect: false, cluster: null, clusterSize: null, uncertainty: null, repetition: null, reward: null },
  ...{ kept: true, uses: 0, verdict: null },
};

describe('files', () => {
  it('would catch fields that a reader of CSV splits, and numbers or labels that change on the way', () => {
    const [line] = rowsText([row], 'csv').split('\r\n,');
    expect(line).toContain('"a, ""b""\r\n=1+1"');
    expect(rowsText([row], 'csv')).toContain(',-11,');
    expect(JSON.parse(rowsText([row], 'jsonl'))).toEqual(row);
    expect(listed(row)).toMatchObject({ line: 'a, "b" ⏎ =1+1', labelLine: '-11' });
  });

  it('would catch a page left out, read twice, or read after Stop', async () => {
    const stop = new AbortController();
    const seen: (number | null)[] = [];
    const read = async (after: { question: number } | null) => {
      seen.push(after?.question ?? null);
      const next = seen.length < 3 ? { value: null, question: seen.length } : null;
      return { rows: [{ ...row, key: seen.length }], next };
    };
    const options = { format: 'jsonl', signal: stop.signal, progress: () => undefined } as const;
    const text = await (await gatherRows(read, options)).text();
    expect(seen).toEqual([null, 1, 2]);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as QuestionRow).key),
    ).toEqual([1, 2, 3]);
    stop.abort();
    await expect(gatherRows(read, options)).rejects.toThrow();
    expect(seen).toHaveLength(3);
  });
});
