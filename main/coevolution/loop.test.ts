import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../preload/contract/events.js';
import { loadShipped } from '../benchmarks/benchmark.js';
import { ScriptedExecutor } from '../../test/support/scripted-executor.js';
import type { LoopContext } from './context.js';
import { coevolve } from './loop.js';
import { contextOf } from './make-context.js';
import { parseRecipe, loadRecipe } from './recipe.js';
import { initialState, type LoopState } from './state.js';
import type { Unit } from './unit.js';

const recipe = loadRecipe('nano', {
  set: [
    'iterations=2',
    'challenger.steps=3',
    'challenger.rollouts_per_prompt=24',
    'challenger.votes=6',
    'curriculum.questions=150',
    'curriculum.votes=6',
    'solver.steps=4',
    'solver.questions_per_step=8',
    'solver.rollouts_per_question=4',
    'evaluation.samples=2',
    'checkpoint.chunk=64',
  ],
});

async function contextFor(
  executor: ScriptedExecutor,
  changes: Partial<LoopContext> = {},
  events: EventBody[] = [],
): Promise<LoopContext> {
  const full = await contextOf(changes.recipe ?? recipe, executor, {
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    iterationSeconds: () => 0,
  });
  const few = { ...full.benchmark, questions: full.benchmark.questions.filter((_, i) => i % 20 === 0) };
  return { ...full, benchmark: few, guardBenchmark: null, others: [], ...changes };
}

async function drive(
  context: LoopContext,
  from: LoopState = initialState(context.recipe),
  limit = Infinity,
): Promise<Unit[]> {
  const units: Unit[] = [];
  for await (const unit of coevolve(context, from)) {
    units.push(unit);
    if (units.length >= limit) break;
  }
  return units;
}

const skills = ({ challenger, solver }: ScriptedExecutor): number[] => [challenger.skill, solver.skill];
/** Everything of a unit but what an oracle measured. */
const unmeasured = (units: readonly Unit[]): unknown =>
  units.map(({ phase, step, rows, state }) => ({
    phase,
    step,
    curriculum: state.curriculum,
    uses: rows.uses,
    metrics: rows.metrics,
    questions: rows.questions?.map((q) => ({ ...q, oracle: null, labelCorrect: null })),
  }));

describe('coevolve', () => {
  it('goes through the phases of the paper in order, in every iteration', async () => {
    const units = await drive(await contextFor(new ScriptedExecutor()));
    const phases = units.map((u) => `${u.iteration} ${u.phase}`).filter((p, i, all) => p !== all[i - 1]);
    expect(phases).toEqual([
      '0 baseline',
      ...[1, 2].flatMap((t) => ['challenger', 'curriculum', 'solver', 'evaluation'].map((p) => `${t} ${p}`)),
    ]);
    expect(units.at(-1)?.state.summaries.map((s) => s.iteration)).toEqual([0, 1, 2]);
  });

  // Would catch: an oracle's verdict leaking into a reward, a filter, an order or a label.
  it('makes the same run when no oracle is there to measure', async () => {
    const measured = new ScriptedExecutor();
    const blind = new ScriptedExecutor();
    const withOracle = await drive(await contextFor(measured));
    const without = await drive(await contextFor(blind, { oracle: null }));
    expect(skills(measured)).toEqual(skills(blind));
    expect(unmeasured(withOracle)).toEqual(unmeasured(without));
    expect(withOracle.at(-1)?.state.summaries[1]?.funnel?.labelAccuracy).not.toBeNull();
    expect(without.at(-1)?.state.summaries[1]?.funnel?.labelAccuracy).toBeNull();
  });

  // Would catch: randomness that depends on history, or a phase that starts over after a pause.
  it('continues from any unit exactly as if it had never stopped', async () => {
    const whole = new ScriptedExecutor();
    const all = await drive(await contextFor(whole));
    for (let stop = 1; stop < all.length; stop++) {
      const executor = new ScriptedExecutor();
      const first = await drive(await contextFor(executor), undefined, stop);
      const saved = JSON.parse(JSON.stringify(first.at(-1)?.state)) as LoopState;
      const resumed = new ScriptedExecutor();
      [resumed.challenger.skill, resumed.solver.skill] = skills(executor) as [number, number];
      const rest = await drive(await contextFor(resumed), saved);
      expect(skills(resumed)).toEqual(skills(whole));
      expect(JSON.stringify([...first, ...rest])).toBe(JSON.stringify(all));
    }
  });

  it('gives every generated question exactly one fate', async () => {
    const units = await drive(await contextFor(new ScriptedExecutor()));
    for (const iteration of [1, 2]) {
      const rows = units
        .filter((u) => u.iteration === iteration && u.phase === 'curriculum')
        .flatMap((u) => u.rows.questions ?? []);
      expect(new Set(rows.map((r) => r.item)).size).toBe(150);
      expect(rows).toHaveLength(150);
      for (const row of rows) {
        expect([row.invalidReason !== null, row.dropReason !== null, row.kept === true].filter(Boolean)).toHaveLength(
          1,
        );
      }
      const funnel = units.at(-1)?.state.summaries[iteration]?.funnel;
      expect(funnel?.generated).toBe(150);
      expect(rows.filter((r) => r.kept)).toHaveLength(funnel?.kept ?? -1);
      expect(Object.values(funnel?.dropped ?? {}).reduce((a, b) => a + b, 0)).toBe(150 - (funnel?.kept ?? 0));
    }
  });

  it('keeps only questions within the band, and labels them by majority', async () => {
    const units = await drive(await contextFor(new ScriptedExecutor()));
    const kept = units.flatMap((u) => (u.phase === 'curriculum' ? (u.rows.questions ?? []) : [])).filter((q) => q.kept);
    expect(kept.length).toBeGreaterThan(10);
    for (const q of kept) {
      expect(q.pHat).toBeGreaterThanOrEqual(0.5 - 1e-6);
      expect(q.pHat).toBeLessThanOrEqual(0.9 + 1e-6);
      const votes = q.answers.filter((a) => a.canonical === q.label).length;
      expect(votes / q.answers.length).toBeCloseTo(q.pHat as number);
    }
  });

  // Would catch: a question that repeats another and seems to have been asked no votes.
  it('records the votes on a repeated question with the question, its answers once', async () => {
    const many = { ...recipe, challenger: { ...recipe.challenger, rollouts_per_prompt: 300 } };
    const units = await drive(await contextFor(new ScriptedExecutor(), { recipe: many }), undefined, 4);
    const asked = units.flatMap((u) => (u.phase === 'challenger' ? (u.rows.questions ?? []) : []));
    const repeats = asked.filter((q) => q.sameAs !== null);
    expect(repeats.length).toBeGreaterThan(0);
    for (const q of asked) expect(q.votes).toBe(q.question === null ? null : 6);
    for (const q of repeats) expect(q.answers).toEqual([]);
  });

  // Would catch: benchmark questions, or reorderings of them, in anything a model is trained on.
  it('never trains on a held-out question', async () => {
    const executor = new ScriptedExecutor();
    const context = await contextFor(executor, { overlapOf: (q) => (q.startsWith('1') ? 'exact' : null) });
    const units = await drive(context);
    const trained = [...executor.challenger.batches, ...executor.solver.batches].flat();
    const texts = trained.map((s) => (s.prompt.kind === 'text' ? s.prompt.text : '') + s.completion.text);
    expect(trained.length).toBeGreaterThan(100);
    expect(texts.filter((t) => t.includes('<question>1'))).toEqual([]);
    const reasons = units.flatMap((u) => u.rows.questions ?? []).flatMap((q) => q.invalidReason ?? q.dropReason ?? []);
    expect(reasons).toContain('held-out');
  });

  // Would catch: near duplicates under the name of exact ones, and a recipe that only counts them losing questions.
  it('tells near from exact, and only counts both where the recipe says so', async () => {
    const overlapOf: LoopContext['overlapOf'] = (q) =>
      q.startsWith('1') ? 'exact' : q.startsWith('2') ? 'near' : null;
    const found = async (changes: Partial<LoopContext>) => {
      const units = await drive(await contextFor(new ScriptedExecutor(), { overlapOf, ...changes }));
      return units.flatMap((u) => u.rows.questions ?? []);
    };
    const left = (await found({})).filter((q) => (q.invalidReason ?? q.dropReason)?.startsWith('held-out'));
    expect(new Set(left.map((q) => q.invalidReason ?? q.dropReason))).toEqual(new Set(['held-out', 'held-out, near']));
    for (const q of left) expect(q.overlap).toBe((q.invalidReason ?? q.dropReason) === 'held-out' ? 'exact' : 'near');
    const counting = { ...recipe, evaluation: { ...recipe.evaluation, contamination: 'count' as const } };
    const counted = await found({ recipe: counting });
    expect(counted.some((q) => (q.invalidReason ?? q.dropReason)?.startsWith('held-out'))).toBe(false);
    expect(counted.some((q) => q.overlap === 'near' && q.kept)).toBe(true);
  });

  it('leaves the Challenger alone where the recipe is the Base Challenger baseline', async () => {
    const base = loadRecipe('nano', {
      set: ['challenger.train=false', 'iterations=1', 'curriculum.questions=64', 'solver.steps=1'],
    });
    const executor = new ScriptedExecutor();
    const units = await drive(await contextFor(executor, { recipe: base }));
    expect(executor.challenger.updates).toBe(0);
    expect(executor.solver.updates).toBe(1);
    expect(units.some((u) => u.phase === 'challenger')).toBe(false);
  });

  it('skips the Solver and raises an alarm when no question lies in the band', async () => {
    const executor = new ScriptedExecutor();
    const empty = { ...recipe, iterations: 1, curriculum: { ...recipe.curriculum, band: { low: 0.01, high: 0.02 } } };
    const units = await drive(await contextFor(executor, { recipe: empty }));
    expect(executor.solver.updates).toBe(0);
    expect(units.flatMap((u) => u.events).some((e) => e.type === 'alarm' && e.kind === 'empty-curriculum')).toBe(true);
    expect(units.at(-1)?.phase).toBe('evaluation');
  });

  it('uses every kept question once before it uses one twice', async () => {
    const units = await drive(await contextFor(new ScriptedExecutor()));
    const solver = units.filter((u) => u.iteration === 1 && u.phase === 'solver');
    const size = solver[0]?.state.curriculum.length ?? 0;
    const used = solver.flatMap((u) => u.rows.uses ?? []).map((u) => u.item);
    expect(new Set(used.slice(0, Math.min(size, used.length))).size).toBe(Math.min(size, used.length));
  });
});

describe('further benchmarks', () => {
  const second = { name: 'second', answers: null, samples: null, questions: loadShipped('chains-oneway').questions };
  const others = [{ benchmark: { ...second, questions: second.questions.slice(0, 70) }, samples: 3 }];

  // Would catch: a benchmark left out of an iteration, with another's k, or one that a choice depends on.
  it('are measured as often as the run’s own, with their own k, and change nothing else', async () => {
    const [plain, more] = [new ScriptedExecutor(), new ScriptedExecutor()];
    const without = await drive(await contextFor(plain));
    const withOthers = await drive(await contextFor(more, { others }));
    const measured = withOthers.flatMap((u) => u.rows.evaluations ?? []).filter((e) => e.benchmark === 'second');
    expect(measured.map((e) => [e.k, e.greedy.n, e.mean?.n])).toEqual([0, 1, 2].map(() => [3, 70, 70]));
    expect(withOthers.at(-1)?.state.summaries.map((s) => s.others)).toEqual(measured.map((e) => [e]));
    const training = (units: readonly Unit[]) =>
      units.filter((u) => u.phase !== 'baseline' && u.phase !== 'evaluation');
    expect(unmeasured(training(withOthers))).toEqual(unmeasured(training(without)));
    expect(skills(more)).toEqual(skills(plain));
    const main = (units: readonly Unit[]) => units.at(-1)?.state.summaries.map(({ evaluation }) => evaluation);
    expect(main(withOthers)).toEqual(main(without));
  });

  // Would catch: tallies of one benchmark counted for another after a pause between the two.
  it('give the same when the run stopped between any two units of a measurement', async () => {
    const whole = await drive(await contextFor(new ScriptedExecutor(), { others }), undefined, 3);
    expect(whole.map((u) => u.phase)).toEqual(['baseline', 'baseline', 'baseline']);
    for (let stop = 1; stop < 3; stop++) {
      const from = structuredClone(whole[stop - 1]?.state as LoopState);
      const rest = await drive(await contextFor(new ScriptedExecutor(), { others }), from, 3 - stop);
      expect(rest).toEqual(whole.slice(stop));
    }
  });
});

describe('a pooled recipe', () => {
  it('labels by votes on both forms, keeps the band on the first, and the loop is none the wiser', async () => {
    const pooled = loadRecipe('nano-rewrite', {
      set: ['iterations=1', 'curriculum.questions=150', 'curriculum.votes=6', 'challenger.steps=1', 'solver.steps=1'],
    });
    const units = await drive(await contextFor(new ScriptedExecutor(), { recipe: pooled }));
    const kept = units.flatMap((u) => (u.phase === 'curriculum' ? (u.rows.questions ?? []) : [])).filter((q) => q.kept);
    expect(kept.length).toBeGreaterThan(5);
    for (const q of kept) {
      expect(q.answers.filter((a) => a.source === 'vote')).toHaveLength(6);
      expect(q.answers.filter((a) => a.source === 'rewrite')).toHaveLength(6);
      expect(q.labelShare).toBeCloseTo(q.answers.filter((a) => a.canonical === q.label).length / 12);
      // The first votes stand for themselves: p-hat is the share of their own majority.
      const own = q.answers.filter((a) => a.source === 'vote');
      expect(q.votes).toBe(6);
      expect(own.filter((a) => a.canonical === q.majority).length / 6).toBeCloseTo(q.pHat as number);
      expect([...(q.rewrite ?? '')].sort().join('').replace(/[+]/g, '')).toBe(
        [...(q.question ?? '')].sort().join('').replace(/[+]/g, ''),
      );
    }
  });
});

describe('recipes', () => {
  it('refuses an unknown key with its nearest match', () => {
    expect(() => loadRecipe('nano', { set: ['solver.stepz=3'] })).toThrow(
      /unknown key "solver.stepz".*Did you mean "solver.steps"/,
    );
  });

  it('names a value out of range and its limit', () => {
    expect(() => loadRecipe('nano', { set: ['solver.sampling.top_p=1.5'] })).toThrow(
      /solver\.sampling\.top_p is 1\.5: must be at most 1/,
    );
    expect(() => loadRecipe('nano', { set: ['curriculum.band={low: 0.9, high: 0.2}'] })).toThrow(
      /low must not exceed high/,
    );
  });

  it('refuses what is not a mapping, and names a recipe that does not exist', () => {
    expect(() => parseRecipe([1], { source: 'x.yaml' })).toThrow(/x\.yaml is not a recipe/);
    expect(() => loadRecipe('nan')).toThrow(/There is no recipe "nan"/);
  });

  it('ships the values of the paper', () => {
    const paper = loadRecipe('r-zero-paper');
    expect(paper.challenger).toMatchObject({ steps: 5, rollouts_per_prompt: 4, prompts_per_step: 128 });
    expect(paper.solver).toMatchObject({ steps: 15, questions_per_step: 128, rollouts_per_question: 5 });
    expect(paper.curriculum).toMatchObject({ questions: 8000, votes: 10, band: { low: 0.25, high: 0.75 } });
    expect(paper.solver.optimiser).toMatchObject({ learning_rate: 1e-6, weight_decay: 1e-2, clip_norm: 1 });
  });
});
