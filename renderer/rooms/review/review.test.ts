import { describe, expect, it } from 'vitest';
import { ref, shallowRef } from 'vue';
import type {
  AuditStatistics,
  JournalEntry,
  QueueItem,
  ReviewProgress,
  ReviewState,
} from '../../../preload/contract/reviews.js';
import { actionsOf, discardOf, draftOf, EMPTY, isEmpty } from './drafts.js';
import { Outbox, type Task } from './outbox.js';
import { firstOf, type Place } from './queue-pages.js';
import { takeBack } from './take-back.js';
import { placeOf } from './use-address.js';
import { placeWords } from './use-queue.js';
import { accuracyWords, agreementWords, kappaWords } from './words.js';

describe('a queue of many pages', () => {
  const all = Array.from({ length: 1200 }, (_, question): QueueItem => ({
    ...{ question, position: question, score: null, reasons: [], state: null, draft: null },
  }));
  const progress = { total: 1200, reviewed: 0, discarded: 0, drafts: 0, verdicts: {} } as unknown as ReviewProgress;
  const lab = (items: readonly QueueItem[]) => {
    const asked: [number, number | null][] = [];
    const ask = (limit: number, after: Place | null) => {
      asked.push([limit, after?.question ?? null]);
      const from = after === null ? 0 : after.question + 1;
      return Promise.resolve({ items: items.slice(from, from + limit), progress });
    };
    return { asked, ask };
  };

  it('would catch what stands behind the first page and is never read, or read twice', async () => {
    const many = lab(all);
    const found = await firstOf(many.ask, 1100);
    expect([found.items, found.all, found.progress]).toEqual([all.slice(0, 1100), false, progress]);
    expect(many.asked).toEqual([
      ...[
        [500, null],
        [500, 499],
        [100, 999],
      ],
    ]);
    const few = lab(all.slice(0, 700));
    expect(await firstOf(few.ask, 2000)).toMatchObject({ items: { length: 700 }, all: true });
    expect(few.asked).toHaveLength(2);
    const none = lab([]);
    expect(await firstOf(none.ask, 60)).toMatchObject({ items: [], all: true });
    expect(none.asked).toEqual([[60, null]]);
  });
});

// Would catch: a screen reader that hears of as many questions as have come so far.
it('says of how many a question is, all that there are', () => {
  const progress = { total: 500 } as unknown as ReviewProgress;
  const queue = (at: number, here: number, known: ReviewProgress | null) =>
    placeWords({ at: ref(at), items: shallowRef(Array<QueueItem>(here)), progress: shallowRef(known) });
  expect(queue(7, 60, progress)).toBe('Question 8 of 500');
  expect(queue(7, 60, null)).toBe('Question 8 of 60');
  expect(queue(8, 8, { ...progress, total: 8 })).toBe('Question 9 of 9');
});

describe('the outbox', () => {
  const task = (name: string, done: string[], fails = false): Task & { name: string } => ({
    name,
    send: async () => {
      await Promise.resolve();
      if (fails) throw new Error(`${name} failed`);
      done.push(name);
    },
  });

  it('would catch one action that overtakes another, and what waits behind a failure being sent or lost', async () => {
    const done: string[] = [];
    const returned: string[] = [];
    const left: number[] = [];
    const idle = async (): Promise<void> => {
      while (left.at(-1) !== 0) await Promise.resolve();
    };
    const outbox = new Outbox<ReturnType<typeof task>>({
      changed: (n) => left.push(n),
      returned: ({ error, tasks }) => returned.push((error as Error).message, ...tasks.map(({ name }) => name)),
    });
    for (const name of ['a', 'b']) outbox.add(task(name, done));
    outbox.add(task('c', done, true));
    outbox.add(task('d', done));
    await idle();
    expect([done, returned]).toEqual([
      ['a', 'b'],
      ['c failed', 'c', 'd'],
    ]);
    outbox.add(task('e', done));
    await idle();
    expect(done).toEqual(['a', 'b', 'e']);
  });
});

const state: ReviewState = {
  ...{ question: 1, pass: 'first', status: 'reviewed', verdict: 'correct', label: '7', note: 'n' },
  ...{ reviewer: 'ada', time: 1 },
};

describe('drafts', () => {
  it('would catch words recorded again though nothing was changed, a note that cannot be taken away, a blank label', () => {
    const draft = draftOf({ draft: null, state });
    expect(actionsOf(draft, state)).toEqual([{ kind: 'verdict', verdict: 'correct' }]);
    expect(actionsOf({ ...draft, note: ' ', label: ' ' }, state)).toContainEqual({ kind: 'note', note: '' });
    expect(actionsOf({ ...EMPTY, label: '  ' }, null)).toEqual([]);
    expect(discardOf({ ...EMPTY, verdict: 'correct', note: 'why' }, null)).toEqual([
      { kind: 'note', note: 'why' },
      { kind: 'discard' },
    ]);
    expect([isEmpty(EMPTY), isEmpty({ ...EMPTY, note: 'x' })]).toEqual([true, false]);
  });
});

/** A record that takes back its newest action, as the lab does. */
function recordOf(
  entries: readonly (readonly [question: number, kind: JournalEntry['kind'], value: string, time: number])[],
) {
  const journal = entries.map(([question, kind, value, time], id): JournalEntry => ({
    ...{ id, question, text: '', judgedLabel: null, pass: 'first', reviewer: 'ada', kind, value, undoes: null },
    ...{ undone: false, audit: null, time, applies: true },
  }));
  return {
    standing: () => journal.filter(({ undone }) => !undone).map(({ value }) => value),
    undo: async () => {
      const at = journal.findLastIndex(({ undone }) => !undone);
      const last = journal[at];
      if (!last) return { undone: null, state: null };
      journal[at] = { ...last, undone: true };
      return { undone: journal[at], state: null };
    },
    journal: async ({ question }: { question?: number | null }) =>
      journal.filter((entry) => entry.question === question),
  };
}

describe('undo', () => {
  const who = { run: 'r', pass: 'first', reviewer: 'ada' } as const;
  const made = () =>
    recordOf([
      [1, 'verdict', 'correct', 10],
      [2, 'note', 'earlier', 20],
      [2, 'verdict', 'wrong-label', 30],
      [2, 'label', '7', 30],
      [3, 'verdict', 'ambiguous', 30],
    ]);

  it('would catch a verdict taken back without its label, another question of the same moment, or an earlier note', async () => {
    const record = made();
    const one = await takeBack(record, who, 1);
    expect(one).toEqual([{ question: 3, input: { verdict: 'ambiguous', label: '', note: '' } }]);
    const two = await takeBack(record, who, 1);
    expect(two).toEqual([{ question: 2, input: { verdict: 'wrong-label', label: '7', note: '' } }]);
    expect(record.standing()).toEqual(['correct', 'earlier']);
  });

  it('would catch a bulk step taken back in part, and an undo that goes on for ever', async () => {
    const record = made();
    expect((await takeBack(record, who, 2)).map(({ question }) => question)).toEqual([3, 2]);
    expect((await takeBack(record, who, 9)).map(({ question }) => question)).toEqual([2, 1]);
    expect(await takeBack(record, who, 1)).toEqual([]);
  });
});

describe('the address', () => {
  it('would catch a question under review that its own address does not name, and one that breaks the room', () => {
    expect(placeOf({ order: 'chosen', q: '17' })).toMatchObject({ order: 'chosen', question: 17, questions: [17] });
    expect(placeOf({ order: 'chosen', q: '17', questions: '5,17,x' })).toMatchObject({ questions: [5, 17] });
    expect(placeOf({ order: 'nonsense', audit: '-1', pass: '3', view: '', q: '1e9' })).toEqual({
      ...{ order: 'audit', audit: null, iteration: null, pass: 'first', view: 'focus', question: null, questions: [] },
    });
  });
});

describe('words', () => {
  const audit = { id: 1, iteration: 2, seed: 7, frameSize: 2000, drawn: 100, reviewer: 'ada', time: 0 };
  const counts = { correct: 17, 'wrong-label': 2, ambiguous: 1, unsolvable: 0, duplicate: 2 };
  const statistics: AuditStatistics = {
    ...{ audit, reached: 25, counts, skipped: 1, lost: 2 },
    ...{ accuracy: { value: 0.85, low: 0.64, high: 0.948, n: 20 }, toHalve: 70 },
  };

  it('would catch an estimate that does not say of what, from how many, and what was left out', () => {
    expect(accuracyWords(statistics)).toEqual({
      figure: '85.0 %',
      interval: '64.0 % to 94.8 %',
      about: 'Pseudo-label accuracy of the kept questions of iteration 2',
      from: '17 correct and 3 not, among the first 25 of 100 drawn at random (seed 7) from 2,000.',
      notes: [
        '2 duplicates say nothing of the label and are not counted.',
        '1 was passed over without a verdict; if those are the harder ones, the figure is too high.',
        '2 are no longer in the run with the label that was drawn.',
      ],
      more: 'About 70 more verdicts would halve the interval.',
    });
    expect(accuracyWords({ ...statistics, toHalve: 90 }).more).toContain('this audit has 75 left');
    expect(accuracyWords({ ...statistics, toHalve: 0 }).more).toContain('has been looked at');
    expect(accuracyWords({ ...statistics, accuracy: null, toHalve: null })).toMatchObject({ figure: null, more: null });
  });

  it('would catch an agreement stated where there is none, and a band that begins too early', () => {
    const table = [
      [2, 0],
      [0, 0],
    ];
    const categories = ['correct', 'wrong-label'] as const;
    const agreement = { categories: [...categories], table, observed: 1, expected: 1, kappa: null };
    expect(agreementWords(agreement)).toContain('κ is not defined');
    expect(agreementWords({ ...agreement, table: [[0]], observed: null })).toContain('No question');
    expect([-0.1, 0.2, 0.41, 0.8, 0.81].map(kappaWords)).toEqual([
      ...['poor', 'slight', 'moderate', 'substantial', 'almost perfect'],
    ]);
  });
});
