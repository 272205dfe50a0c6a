/** The views of the terminal, from a recorded run: what they say, not how every character lies. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventSchema, type IterationSummary } from '../../../preload/contract/events.js';
import { emptyRun, reduceRun, type RunView } from '../../../preload/contract/run-state.js';
import { wantsColour } from './colours.js';
import { finalTable } from './final-table.js';
import { evaluationText } from './evaluation-text.js';
import { bytes, duration, grouped, percent, printable } from './format.js';
import { frame } from './frame.js';
import { heartbeat, lineOf } from './lines.js';
import { Painter } from './painter.js';
import { bar, resample, sparkline } from './plots.js';
import { clip, table, widthOf } from './text.js';

const recorded = readFileSync(join(import.meta.dirname, '../../../test/fixtures/nano-events.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => eventSchema.parse(JSON.parse(line)));
const at = (count: number): RunView => recorded.slice(0, count).reduce(reduceRun, emptyRun('nano-sample'));
const working = at(recorded.findLastIndex((e) => e.type === 'phase.progress' && e.phase === 'solver') + 1);
const draw = (view: RunView, columns: number, colour = false, pausing = false): string[] =>
  frame(view, { columns, colour, now: view.updatedAt, pausing });

describe('frame', () => {
  it('says which run, recipe, seed and backend, which phase, how far, how fast', () => {
    const text = draw(working, 120).join('\n');
    expect(text).toMatch(/sample .*recipe nano, seed 0/);
    expect(text).toMatch(/TensorFlow/);
    expect(text).toMatch(/iteration 3\/3 .*✓ Challenger.*✓ Curriculum.*▶ Solver.*· Evaluation/);
    expect(text, 'phases that are over, or that this run does not have').not.toMatch(/Fine-tuning|Base model/);
    expect(text).toMatch(/\d+\/12 .*left.*tokens\/s/);
    expect(text).toMatch(/reward 0\.\d{3} .*valid \d+ % .*kept 23 % \(91\) .*labels right 80\.2 %/);
    for (const plot of ['Challenger reward', 'Solver reward', 'Held-out accuracy', 'Label accuracy']) {
      expect(text).toMatch(new RegExp(`${plot} +[▁▂▃▄▅▆▇█ ]+ .* → `));
    }
  });

  it('never writes a row wider than the terminal, at any moment of the run, coloured or not', () => {
    for (const columns of [20, 40, 60, 80, 200]) {
      for (let count = 0; count <= recorded.length; count += 20) {
        for (const row of draw(at(count), columns, count % 40 === 0)) expect(widthOf(row)).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('writes no escape codes without colour, and closes them with', () => {
    expect(draw(working, 100).join('')).not.toContain('\u001b');
    for (const row of draw(working, 30, true)) {
      if (row.includes('\u001b[')) expect(row).toMatch(/\u001b\[(0|22|39)m[^\u001b]*$/);
    }
  });

  it('shows alarms, the failure, and that a pause is on its way', () => {
    const alarm = { kind: 'kl', message: 'KL is 2.\u001b[2J', value: 2, limit: 1, action: 'warn' } as const;
    const place = { iteration: 3, phase: 'solver', step: 1 } as const;
    const stamp = { run: 'r', sequence: working.sequence + 1, time: working.updatedAt };
    const alarmed = reduceRun(working, { ...stamp, type: 'alarm', ...place, ...alarm });
    const text = draw(alarmed, 100, false, true).join('\n');
    expect(text).toMatch(/! 3\/solver\/1 {2}KL is 2\./);
    // A model's or an error's text must not be able to clear the screen.
    expect(text).not.toContain('\u001b');
    expect(text).toMatch(/Pausing at the next safe point/);
    const failed = reduceRun(working, { ...stamp, type: 'run.failed', code: 'engine', message: 'gone', remedy: null });
    expect(draw(failed, 100).join('\n')).toMatch(/Failed: gone/);
  });

  // Would catch: "recipe , seed 0" before a run has said what it is, and one figure drawn as a change of itself.
  it('says nothing it does not know yet', () => {
    expect(draw(emptyRun('one'), 100)[0]).toBe('R-Zero Lab  one  starting');
    const first = recorded.findIndex((e) => e.type === 'iteration.finished');
    const measured = draw(at(first + 1), 100).find((row) => row.startsWith('Held-out'));
    expect(measured).toMatch(/%$/);
    expect(measured).not.toContain('→');
  });
});

describe('a run that people have taught', () => {
  // Would catch: results that are shown as the model's own where they are not.
  it('is marked in the header, the lines, the table and what is shown of it', () => {
    const taught = { ...working, zeroData: false };
    expect(draw(taught, 120)[0]).toMatch(/not zero-data$/);
    expect(draw(working, 120).join()).not.toMatch(/zero-data/);
    const end = recorded.find((e) => e.type === 'run.finished');
    if (end?.type !== 'run.finished') throw new Error('the recording has no end');
    expect(lineOf({ ...end, zeroData: false }, taught)).toMatch(/, not zero-data$/);
    expect(lineOf(end, working)).not.toMatch(/zero-data/);
    expect(finalTable(end.summaries, { zeroData: taught.zeroData })).toMatch(
      /\nnot zero-data: reviews by people or data/,
    );
    expect(finalTable(end.summaries, { zeroData: working.zeroData })).not.toMatch(/zero-data/);
    const stamp = { run: 'r', sequence: 1, time: 0 };
    const applied = { type: 'reviews.applied', iteration: 2, removed: 3, relabelled: 1, left: 80 } as const;
    expect(lineOf({ ...stamp, ...applied }, working)).toBe('[2/3] reviews: 3 questions removed, 1 relabelled, 80 left');
  });
});

describe('lineOf', () => {
  it('is not chatty: one line a step, none for ticks', () => {
    let view = emptyRun('nano-sample');
    const lines = recorded.flatMap((event) => {
      view = reduceRun(view, event);
      return lineOf(event, view) ?? [];
    });
    const steps = recorded.filter((e) => e.type === 'step.finished').length;
    expect(lines.filter((line) => /(challenger|solver) \d+\/\d+ {2}reward/.test(line))).toHaveLength(steps);
    expect(lines.length).toBeLessThan(steps + 60);
    expect(lines[0]).toMatch(/^sample started: recipe nano, seed 0, 3 iterations, TensorFlow/);
    expect(lines.at(-1)).toMatch(/^finished in /);
    expect(lines.some((line) => /curriculum: 400 generated, .* kept, labels right 95\.5 %/.test(line))).toBe(true);
  });

  it('has a heartbeat for long phases', () => {
    expect(heartbeat(working)).toMatch(/^\[3\/3\] solver \d+\/12, [\d ]+ tokens\/s$/);
    expect(heartbeat(at(recorded.length))).toBeNull();
  });
});

const estimate = (value: number): { value: number; low: number; high: number; n: number } => ({
  value,
  low: value - 0.02,
  high: value + 0.02,
  n: 800,
});
const summary = (iteration: number, greedy: number, mean: number): IterationSummary => ({
  iteration,
  evaluation: { benchmark: 'held', greedy: estimate(greedy), mean: estimate(mean), k: 8, byDifficulty: [] },
  guard: null,
  funnel:
    iteration === 0
      ? null
      : {
          generated: 200,
          valid: 190,
          distinct: 150,
          labelled: 150,
          kept: 50,
          dropped: {},
          meanDifficulty: 4.25,
          meanUncertainty: 0.4,
          labelAccuracy: estimate(0.8),
        },
  seconds: 75,
});

describe('finalTable', () => {
  it('has a row per iteration with accuracies, intervals, labels, kept share, difficulty and time', () => {
    const lines = finalTable([summary(1, 0.6, 0.5), summary(0, 0.5, 0.4)]).split('\n');
    expect(lines[0]).toMatch(/held, 800 questions, 95 % intervals/);
    expect(lines[1]).toMatch(/iteration +greedy +mean@8$/);
    expect(lines[3]).toMatch(/^ +base +50\.0 % \[48\.0, 52\.0\] +40\.0 % \[38\.0, 42\.0\]$/);
    expect(lines[4]).toMatch(/^ +1 +60\.0 % \[58\.0, 62\.0\] +50\.0 % \[48\.0, 52\.0\]$/);
    expect(lines[6]).toMatch(/after +labels right +kept +difficulty +time/);
    expect(lines[8]).toMatch(/^ *base +– +– +– +1m 15s$/);
    expect(lines[9]).toMatch(/^ +1 +80\.0 % \[78\.0, 82\.0\] +25\.0 % +4\.25 +1m 15s$/);
    expect(lines.slice(11)).toEqual([
      'Iteration 1 against the base model, in points',
      'held  mean@8    40.0 →  50.0  +10.0',
      '      greedy    50.0 →  60.0  +10.0',
    ]);
  });

  it('tells a loss as a loss', () => {
    expect(finalTable([summary(0, 0.5, 0.4), summary(1, 0.45, 0.39)])).toMatch(/ −1\.0\n.* −5\.0$/);
  });

  // Would catch: another benchmark's gain in the place of this one's, and rows that a narrow terminal breaks.
  it('shows what carries over, with intervals, what was not decided, and fits 60 columns', () => {
    const far = (greedy: number, mean: number) => ({
      ...(summary(0, greedy, mean).evaluation as NonNullable<IterationSummary['evaluation']>),
      benchmark: 'a-benchmark-with-a-long-name',
      undecided: { greedy: 12, sampled: 3456 },
    });
    const rows = [
      { ...summary(0, 1, 0.4), others: [far(0.3, 0.2)] },
      { ...summary(12, 1, 1), others: [far(0.25, 0.31)], seconds: 86_000 },
    ];
    const difference = { value: 0.11, low: -0.01, high: 0.2, n: 800 };
    const greedy = { a: difference, b: difference, difference, won: 3, lost: 2, p: 1 };
    const text = finalTable(rows, {
      zeroData: false,
      gains: [
        {
          ...{ benchmark: 'a-benchmark-with-a-long-name', questions: 800, k: 8, undecided: { a: 0, b: 0 } },
          ...{ greedy, mean: { a: difference, b: difference, difference } },
        },
      ],
    });
    expect(text).toContain('a-benchmark-wi…  mean@8    20.0 →  31.0  +11.0 [−1.0, +20.0]');
    expect(text).toContain('held             mean@8    40.0 → 100.0  +60.0\n');
    expect(text).toContain('undecided, 12: a-benchmark-wi…, 12 greedy, 3 456 sampled');
    for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(60);
  });

  it('leaves out mean@k where nothing was sampled', () => {
    const greedyOnly = summary(0, 0.5, 0.4);
    const evaluation = { ...greedyOnly.evaluation, mean: null, k: 0 } as IterationSummary['evaluation'];
    const lines = finalTable([{ ...greedyOnly, evaluation }]).split('\n');
    expect(lines[1]).toMatch(/iteration +greedy$/);
    expect(lines[3]).toMatch(/50\.0 % \[48\.0, 52\.0\]$/);
  });

  it('stands with nothing measured', () => {
    expect(finalTable([])).toMatch(/No iteration/);
    const bare = { iteration: 0, evaluation: null, guard: null, funnel: null, seconds: 1 };
    expect(finalTable([bare])).toMatch(/base +– +– +– +1s/);
  });
});

describe('plots', () => {
  it('draws the lowest value lowest and the highest highest', () => {
    expect(sparkline([0, 1, 0.5], 10)).toBe('▁█▅');
    expect(sparkline([3, 3], 10)).toBe('▅▅');
    expect(sparkline([Number.NaN, 1, 2], 10)).toBe(' ▁█');
    expect(sparkline([], 10)).toBe('');
  });

  it('averages what does not fit, losing no value', () => {
    expect(resample([1, 3, 5, 7], 2)).toEqual([2, 6]);
    expect(
      resample(
        Array.from({ length: 1000 }, (_, i) => i),
        60,
      ),
    ).toHaveLength(60);
  });

  it('fills a bar by its share', () => {
    expect(bar(0.5, 4)).toBe('██░░');
    expect(bar(2, 3)).toBe('███');
    expect(bar(Number.NaN, 3)).toBe('░░░');
  });
});

describe('text', () => {
  it('clips by visible width and keeps colours closed', () => {
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('\u001b[31mabcdef\u001b[39m', 4)).toBe('\u001b[31mabc\u001b[39m…\u001b[0m');
  });

  it('aligns a table by what is seen', () => {
    const columns = [
      { title: 'a', align: 'left' as const },
      { title: 'bb', align: 'right' as const },
    ];
    expect(table(columns, [['\u001b[1mxyz\u001b[22m', '1']])[2]).toBe('\u001b[1mxyz\u001b[22m   1');
  });

  it('says numbers as people do', () => {
    expect([duration(59.4), duration(61), duration(3 * 3600), duration(50 * 3600), duration(null)]).toEqual([
      '59s',
      '1m 01s',
      '3h 00m',
      '2d 02h',
      '–',
    ]);
    expect([grouped(1234567), percent(0.1234), bytes(1536)]).toEqual(['1 234 567', '12.3 %', '1.5 KiB']);
    expect(printable('a\u001b[31m\u202eb')).toBe('a\uFFFD[31m\uFFFDb');
  });

  it('obeys NO_COLOR before everything else', () => {
    const terminal = { isTTY: true };
    expect(wantsColour(terminal, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false);
    expect(wantsColour(terminal, {})).toBe(true);
    expect(wantsColour({}, {})).toBe(false);
    expect(wantsColour({}, { FORCE_COLOR: '1' })).toBe(true);
  });
});

describe('Painter', () => {
  it('repaints over its last frame, fits the screen, follows a resize and gives the cursor back', () => {
    const written: string[] = [];
    const listeners: (() => void)[] = [];
    const screen = {
      columns: 30,
      rows: 4,
      write: (text: string) => written.push(text),
      on: (_event: 'resize', listener: () => void) => listeners.push(listener),
      off: (_event: 'resize', listener: () => void) => listeners.splice(listeners.indexOf(listener), 1),
    };
    const painter = new Painter(screen, (columns) => ['one', `width ${columns}`, 'three', 'four', 'five']);
    screen.columns = 20;
    listeners[0]?.();
    expect(written.at(-1)).toContain('width 20');
    // Four rows of screen: three of the frame, and the row the cursor stands on.
    expect(written.at(-1)).not.toContain('four');
    painter.close();
    expect(written.at(-2)).toMatch(/^\u001b\[3A/);
    expect(written.at(-1)).toBe('\u001b[?25h');
    expect(listeners).toHaveLength(0);
  });
});

describe('an evaluation', () => {
  const share = { value: 0.5, low: 0.1, high: 0.9, n: 2 };
  const none = { asked: 0, none: 0, cutOff: 0 };
  const measured = {
    ...{ benchmark: 'x', greedy: share, mean: null, k: 0, prompt: null, warnings: [] },
    unreadable: { questions: 0, of: 2, characters: [], around: [] },
    answers: { greedy: { asked: 2, none: 1, cutOff: 1 }, sampled: none },
    byDifficulty: [{ difficulty: 3, greedy: 0.5, mean: null, n: 2 }],
  };
  const asked = {
    ...{ recipe: 'mine', chosen: 'usual' as const, domain: 'math', maxNewTokens: 64, temperature: 1, positions: 256 },
  };
  const textOf = (change: Partial<Parameters<typeof evaluationText>[0]['evaluations'][number]>): string =>
    evaluationText({ evaluations: [{ ...measured, ...change }], asked, model: 'm', seconds: 1, backend: 'b' }).join(
      '\n',
    );

  // Would catch: an evaluation none of whose answers could be decided shown as one that has all wrong.
  it('says of nothing decided that there is no share', () => {
    const greedy = { value: 0, low: 0, high: 1, n: 0 };
    const text = textOf({
      greedy,
      undecided: { greedy: 1, sampled: 0 },
      answers: { greedy: none, sampled: none },
      byDifficulty: [],
    });
    expect(text).toContain('greedy  –');
    expect(text).not.toContain('0.0 %');
  });

  // Would catch: a column of dashes for samples that were not asked for.
  it('has no mean@0', () => {
    expect(textOf({})).toMatch(/difficulty +n +greedy$/m);
    expect(textOf({})).not.toContain('mean@');
    expect(textOf({ k: 4, mean: share })).toMatch(/difficulty +n +greedy +mean@4$/m);
  });

  // Would catch: a score without the way it was asked; a warning that is left out or moves the terminal's cursor.
  it('says how the model was asked, how answers came out, and what to doubt', () => {
    const text = textOf({
      prompt: 'Q:\n1+1\u001b[2J',
      warnings: [{ message: 'Most are none.', remedy: 'Ask otherwise.' }],
    });
    expect(text).toContain(
      'recipe mine (the usual one, as none is known for this model), domain math, at most 64 tokens',
    );
    expect(text).toContain('greedy answers: no answer in 50.0 %, cut off 50.0 %');
    expect(text).toContain('first prompt  Q:⏎1+1\uFFFD[2J');
    expect(text).toContain('warning: Most are none. Ask otherwise.');
  });
});
