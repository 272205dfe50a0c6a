import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventSchema, type EventBody, type RunEvent } from '../../preload/contract/events.js';
import { ScriptedExecutor } from '../../test/support/scripted-executor.js';
import { workOn } from '../../test/support/scripted-run.js';
import { temporaryDirectory } from '../../test/support/store-fixtures.js';
import { domainNamed } from './named-domain.js';
import { Database } from '../store/database.js';
import { readEvents } from '../store/events.js';
import { createRun, findRun } from '../store/runs.js';
import type { SampleOptions } from './executor.js';
import { loadRecipe } from './recipe.js';
import { questionAnswered, questionWritten, rolloutEvent, seldom } from './rollouts.js';

const chains = domainNamed('chains');
const position = { iteration: 1, phase: 'solver', total: 3 } as const;

describe('what people are shown of the sampling', () => {
  // Would catch: an event for every block of tokens, or texts that are decoded for nobody.
  it('is made at most twice a second, and not at all in between', () => {
    const events: EventBody[] = [];
    let now = 0;
    let made = 0;
    const show = seldom(
      (event) => events.push(event),
      () => now,
    );
    for (; now < 3000; now += 10) show(() => (made++, { type: 'log', level: 'info', message: String(now) }));
    expect([events.length, made]).toEqual([6, 6]);
    // Nothing to show is no reason to wait.
    now += 500;
    show(() => null);
    show(() => ({ type: 'log', level: 'info', message: 'at once' }));
    expect(events.at(-1)).toMatchObject({ message: 'at once' });
  });

  // Would catch: a megabyte of text in one event, or one cut within a character, which the contract then refuses.
  it('is cut, and fits the contract', () => {
    const text = `${'a'.repeat(1999)}😀${'b'.repeat(1_000_000)}`;
    const event = rolloutEvent(
      position,
      2,
      { request: 0, text, tokens: 9, finish: null },
      {
        role: 'solver',
        question: text,
        answer: null,
        reward: null,
      },
    );
    expect(event).toMatchObject({ completion: `${'a'.repeat(1999)}…`, question: `${'a'.repeat(1999)}…`, step: 2 });
    expect(eventSchema.safeParse({ run: 'r', sequence: 0, time: 0, ...event }).success).toBe(true);
  });

  it('says what is known: a question once it is whole, an answer and its reward once it is given', () => {
    const whole = { request: 1, tokens: 5, finish: 'stop' as const };
    const partial = { ...whole, finish: null };
    const text = '<question>1+2</question>';
    expect(questionWritten(chains)({ ...whole, text }).question).toBe('1+2');
    expect(questionWritten(chains)({ ...partial, text }).question).toBeNull();
    const answered = questionAnswered(chains, ['4+4', '1+2'], (answer) => Number(answer === '3'));
    expect(answered({ ...whole, text: '3#3' })).toEqual({ role: 'solver', question: '1+2', answer: '3', reward: 1 });
    expect(answered({ ...partial, text: '3#3' })).toMatchObject({ answer: null, reward: null });
  });
});

describe('a run', () => {
  let dir: ReturnType<typeof temporaryDirectory>;
  beforeEach(() => (dir = temporaryDirectory()));
  afterEach(() => dir.remove());

  /** Tells of what it writes, as a model does. */
  class Telling extends ScriptedExecutor {
    constructor() {
      super();
      for (const policy of [this.challenger, this.solver]) {
        const sample = policy.sample.bind(policy);
        policy.sample = async (requests, options?: SampleOptions) => {
          const made = await sample(requests);
          const [first] = made[0] ?? [];
          const latest = () => first && { request: 0, text: first.text, tokens: 1, finish: first.finish };
          options?.onProgress?.({ finished: 1, total: made.length, tokens: 1, latest: () => latest() ?? null });
          return made;
        };
      }
    }
  }

  // Would catch: live rollouts in the record, where a run of a large model would bury it, or numbers used twice.
  it('tells of them and does not record them', async () => {
    const db = Database.open(dir.path);
    const set = ['iterations=1', 'curriculum.questions=60', 'challenger.steps=2', 'solver.steps=2'];
    const run = createRun(db, { recipe: loadRecipe('nano', { set }) }).id;
    const { events } = await workOn(dir.path, run, { executor: new Telling() });
    const shown = events.filter((e): e is RunEvent & { type: 'rollout.sampled' } => e.type === 'rollout.sampled');
    expect(shown.length).toBeGreaterThan(0);
    expect(shown[0]).toMatchObject({ iteration: 0, phase: 'baseline', role: 'solver' });
    expect(events.map((e) => e.sequence)).toEqual(events.map((_, i) => i));
    const recorded = readEvents(db, findRun(db, run).number);
    expect(recorded.map((e) => e.type)).toEqual(
      events.map((e) => e.type).filter((type) => type !== 'rollout.sampled' && type !== 'phase.progress'),
    );
    db.close();
  });
});
