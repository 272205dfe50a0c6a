/** The whole loop in domains of words: their own prompts, topics, questions and answers, and nothing of mathematics. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ScriptedExecutor } from '../../test/support/scripted-executor.js';
import { choiceExecutor, factExecutor } from '../../test/support/worded-executor.js';
import { plainText } from '../domains/prompts.js';
import type { LoopContext } from './context.js';
import { readDomain } from './domain-folder.js';
import { coevolve } from './loop.js';
import { contextOf } from './make-context.js';
import { loadRecipe } from './recipe.js';
import { initialState, type LoopState } from './state.js';
import type { QuestionRecord, Unit } from './unit.js';

const root = mkdtempSync(join(tmpdir(), 'rzero-domains-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SIZES = [
  ...['iterations=2', 'challenger.steps=2', 'challenger.prompts_per_step=6', 'challenger.rollouts_per_prompt=4'],
  ...['challenger.votes=6', 'curriculum.questions=120', 'curriculum.votes=6', 'curriculum.band={low: 0.3, high: 0.9}'],
  ...['solver.steps=2', 'solver.questions_per_step=6', 'solver.rollouts_per_question=4', 'checkpoint.chunk=40'],
];
const GASES = 'Which gas of degree 3 is number 7?\n\nA) neon\nB) argon\nC) xenon\nD) oxygen';

function contextFor(
  name: string,
  executor: ScriptedExecutor,
  question: { question: string; answer: string },
): Promise<LoopContext> {
  const benchmark = join(root, `${name}.jsonl`);
  writeFileSync(benchmark, `${JSON.stringify(question)}\n`);
  const recipe = loadRecipe(name, { set: [...SIZES, `evaluation.benchmark=${benchmark}`] });
  const hooks = { emit: () => undefined, signal: new AbortController().signal, iterationSeconds: () => 0 };
  return contextOf(recipe, executor, hooks);
}
const facts = (executor: ScriptedExecutor): Promise<LoopContext> =>
  contextFor('short-facts', executor, { question: 'What is fact 1 of degree 2 about wax?', answer: 'fact' });
const choice = (executor: ScriptedExecutor): Promise<LoopContext> =>
  contextFor('multiple-choice', executor, { question: GASES, answer: 'B' });

async function drive(made: Promise<LoopContext>, from: LoopState = initialState(), limit = Infinity): Promise<Unit[]> {
  const units: Unit[] = [];
  const context = await made;
  for await (const unit of coevolve(context, from)) {
    units.push(unit);
    if (units.length >= limit) break;
  }
  return units;
}
const questionsOf = (units: readonly Unit[], phase: string): QuestionRecord[] =>
  units.flatMap((u) => (u.phase === phase ? (u.rows.questions ?? []) : []));

describe.each([
  ['short-facts', facts, factExecutor],
  ['multiple-choice', choice, choiceExecutor],
] as const)('the loop on %s', (_, contextOn, newExecutor) => {
  it('labels by votes, keeps what lies in the band, trains both roles and measures', async () => {
    const executor = newExecutor();
    const units = await drive(contextOn(executor));
    expect([executor.challenger.updates, executor.solver.updates]).toEqual([4, 4]);
    const rows = questionsOf(units, 'curriculum');
    expect(rows).toHaveLength(240);
    expect(rows.filter((q) => q.kept).length).toBeGreaterThan(20);
    expect(rows.filter((q) => q.invalidReason !== null).length).toBeGreaterThan(5);
    for (const q of rows.filter((row) => row.kept)) {
      expect(q.answers.filter((a) => a.canonical === q.label).length / q.answers.length).toBeCloseTo(q.pHat as number);
    }
    expect(units.at(-1)?.state.summaries).toHaveLength(3);
  });

  // Would catch: a topic, or an order of options, that is drawn from what came before instead of from its place.
  it('goes on from any unit exactly as if it had never stopped', async () => {
    const whole = newExecutor();
    const all = await drive(contextOn(whole));
    for (const stop of all.keys()) {
      if (stop === 0) continue;
      const executor = newExecutor();
      const first = await drive(contextOn(executor), initialState(), stop);
      const saved = JSON.parse(JSON.stringify(first.at(-1)?.state)) as LoopState;
      const resumed = newExecutor();
      [resumed.challenger.skill, resumed.solver.skill] = [executor.challenger.skill, executor.solver.skill];
      const rest = await drive(contextOn(resumed), saved);
      expect(JSON.stringify([...first, ...rest])).toBe(JSON.stringify(all));
    }
  });
});

describe('topics', () => {
  // Would catch: a question recorded under another topic than the one it was asked for about.
  it('stand in the prompt and in the record of every question, well formed or not', async () => {
    const units = await drive(contextFor('short-facts', factExecutor(), { question: 'Why?', answer: 'so' }));
    const all = readDomain('short-facts').description.topics as readonly string[];
    for (const phase of ['challenger', 'curriculum']) {
      const rows = questionsOf(units, phase);
      expect(rows.filter((q) => q.question === null).length).toBeGreaterThan(0);
      for (const q of rows) expect(q.raw).toContain(`about ${q.topic ?? '–'}?`);
      expect(new Set(rows.map((q) => q.topic)).size).toBeGreaterThan(Math.min(all.length, rows.length / 4) / 2);
      expect(all).toEqual(expect.arrayContaining([...new Set(rows.map((q) => q.topic))]));
    }
  });

  // Would catch: rollouts that are compared with each other though they were asked different things, or trained on another prompt.
  it('are one for all rollouts of a group, and the prompt that is trained on is the one that was asked', async () => {
    const executor = factExecutor();
    const units = await drive(facts(executor), initialState(), 4);
    const rows = questionsOf(units, 'challenger').filter((q) => q.step === 0);
    const groups = Array.from({ length: 6 }, (_, g) => new Set(rows.slice(g * 4, g * 4 + 4).map((q) => q.topic)));
    expect(groups.map((group) => group.size)).toEqual([1, 1, 1, 1, 1, 1]);
    const trained = executor.challenger.batches[0] ?? [];
    expect(trained).toHaveLength(24);
    for (const { prompt, completion } of trained) {
      const topic = /about this topic: (.+)/.exec(plainText(prompt))?.[1] ?? '–';
      expect(completion.text).toContain(`about ${topic}?`);
    }
  });

  it('are left alone by a domain that draws none', async () => {
    const units = await drive(choice(choiceExecutor()), initialState(), 6);
    expect(questionsOf(units, 'challenger').every((q) => q.topic === null)).toBe(true);
    expect(units.some((u) => u.state.draft?.candidates.some((c) => 'topic' in c))).toBe(false);
  });
});

describe('votes on multiple choice', () => {
  // Would catch: votes counted by the letter that was shown, where a Solver that always says A would agree with itself.
  it('are counted by option, so that a liking for a letter wins none', async () => {
    const units = await drive(choice(choiceExecutor()));
    const voted = questionsOf(units, 'curriculum').filter((q) => q.question !== null && q.answers.length > 0);
    const alwaysA = voted.flatMap((q) => q.answers).filter((a) => a.text.includes('{A}'));
    expect(new Set(alwaysA.map((a) => a.canonical))).toEqual(new Set(['A', 'B', 'C', 'D']));
    const right = voted.filter((q) => {
      const options = [...(q.question ?? '').matchAll(/^([A-D])\) (.+)$/gm)].map(([, l = '', w = '']) => ({ l, w }));
      return options.toSorted((a, b) => (a.w < b.w ? -1 : 1))[0]?.l === q.label;
    });
    // A Solver that is right half the time and says A otherwise would be outvoted by A where letters were counted as shown.
    expect(right.length / voted.length).toBeGreaterThan(0.6);
    for (const { answer, canonical } of voted.flatMap((q) => q.answers)) expect(answer).toBe(canonical);
  });

  it('keep a question of the benchmark out, whatever the order of its options', async () => {
    const context = await choice(choiceExecutor());
    expect(context.isHeldOut(GASES)).toBe(true);
    expect(context.isHeldOut(GASES.replace('A) neon\nB) argon', 'A) argon\nB) neon'))).toBe(true);
    expect(context.isHeldOut(GASES.replace('neon', 'helium'))).toBe(false);
  });
});
