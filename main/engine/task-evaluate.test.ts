import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskInput } from '../../preload/contract/tasks.js';
import { modelFolder } from './model-source.js';
import { evaluateTask } from './task-evaluate.js';

let root = '';
let benchmark = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'answers-'));
  benchmark = join(root, 'two.jsonl');
  writeFileSync(benchmark, '{"question":"3+4-2","answer":"5"}\n{"question":"9-4","answer":"6"}\n');
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (name: string): string => join(root, name);
async function measured(change: Partial<TaskInput<'evaluate'>>, signal = new AbortController().signal) {
  const input: TaskInput<'evaluate'> = {
    ...{ model: 'builtin:nano', backend: 'auto', dataDir: root, checkpoint: 'last', role: 'solver' },
    ...{ benchmarks: [benchmark], out: null, recipe: null, maxNewTokens: null, samples: 1, seed: 0 },
    ...change,
  };
  return evaluateTask(input, {
    signal,
    onProgress: () => undefined,
    onPartial: () => undefined,
    onWord: () => undefined,
  });
}

describe('how the model was asked', () => {
  // Would catch: a folder of the shipped model asked with prompts and limits of another, silently, so that it scores nothing.
  it('fits what the model is, wherever it lies, and is said', async () => {
    cpSync(modelFolder('builtin:nano'), at('mine'), { recursive: true });
    const own = await measured({ model: at('mine'), samples: 0 });
    const shipped = await measured({ samples: 0 });
    expect(own.asked).toEqual({
      ...{ recipe: 'nano', chosen: 'model', domain: 'chains', maxNewTokens: 112, temperature: 1 },
      positions: expect.any(Number) as number,
    });
    expect(own.evaluations).toEqual(shipped.evaluations);
    expect(own.evaluation).toMatchObject({
      ...{ prompt: '<bos><question>3+4-2</question>', warnings: [] },
      answers: { greedy: { asked: 2, none: 0, cutOff: 0 }, sampled: { asked: 0, none: 0, cutOff: 0 } },
    });
  });

  // Would catch: a score of nothing but a wrong prompt or too low a limit that is told as if the model were weak.
  it('is warned of where most answers are none, with what to change', async () => {
    const { asked, evaluation } = await measured({ recipe: 'nano', maxNewTokens: 3, samples: 1 });
    expect(asked).toMatchObject({ chosen: 'named', maxNewTokens: 3 });
    expect(evaluation.answers).toEqual({
      greedy: { asked: 2, none: 2, cutOff: 2 },
      sampled: { asked: 2, none: 2, cutOff: 2 },
    });
    expect(evaluation.warnings).toEqual([
      {
        message: expect.stringMatching(
          /two 100\.0 % hold none .* 100\.0 % were cut off: .*recipe nano, at most 3 /,
        ) as string,
        remedy: expect.stringMatching(/--recipe .*--max-new-tokens/) as string,
      },
    ]);
  });
});

describe('questions that the model cannot read', () => {
  // Would catch: a model without letters measured on word problems, its 0 % told as if it had read them.
  it('are counted and named, and so is a prompt in letters it lacks', async () => {
    writeFileSync(at('words.jsonl'), '{"question":"3+4","answer":"7"}\n{"question":"Who has 2?","answer":"2"}\n');
    const { evaluation } = await measured({ benchmarks: [at('words.jsonl')], samples: 0 });
    expect(evaluation.unreadable).toMatchObject({ questions: 1, of: 2, around: [] });
    expect(evaluation.unreadable.characters).toEqual(['W', 'h', 'o', ' ', 'a', 's', '?']);
    expect(evaluation.warnings[0]?.message).toMatch(/^1 of 2 questions of words hold .*does not know \(such as 'W', /);
    const paper = await measured({ recipe: 'r-zero-paper', maxNewTokens: 4, samples: 0 });
    expect(paper.evaluation.unreadable).toMatchObject({
      questions: 0,
      around: expect.arrayContaining(['R']) as string[],
    });
    expect(paper.evaluation.warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('The prompt around the questions of two holds'),
      expect.stringContaining('hold none that can be read'),
    ]);
  });
});

describe('every answer in a file', () => {
  // Would catch: answers that are missing, in another order or without their verdict; a file that differs from what was scored.
  it('has a line for each answer, the greedy one first', async () => {
    const { evaluation } = await measured({ out: at('a.jsonl') });
    const lines = readFileSync(at('a.jsonl'), 'utf8').trimEnd().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ benchmark, item, sample, truth }) => [benchmark, item, sample, truth])).toEqual([
      ['two', 0, 0, '5'],
      ['two', 0, 1, '5'],
      ['two', 1, 0, '6'],
      ['two', 1, 1, '6'],
    ]);
    for (const row of rows) {
      expect(Object.keys(row).sort()).toEqual([
        ...['benchmark', 'extracted', 'finish', 'item', 'question', 'reason', 'sample'],
        ...['text', 'tokens', 'truth', 'verdict'],
      ]);
    }
    const right = rows.filter(({ sample, verdict }) => sample === 0 && verdict === 'equal').length;
    expect(evaluation.greedy).toMatchObject({ value: right / 2, n: 2 });
  });

  // Would catch: a measurement of yesterday written over, a wrong place found out after hours, half a file that looks whole.
  it('is a new one, and is gone where the measurement did not come to its end', async () => {
    writeFileSync(at('old.jsonl'), 'kept');
    await expect(measured({ out: at('old.jsonl') })).rejects.toThrow('is there already');
    expect(readFileSync(at('old.jsonl'), 'utf8')).toBe('kept');
    await expect(measured({ out: at('no/a.jsonl') })).rejects.toThrow(`The folder ${at('no')} does not exist.`);
    await expect(measured({ out: at('b.jsonl'), model: at('no-model') })).rejects.toThrow();
    await expect(measured({ out: at('c.jsonl') }, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect([existsSync(at('b.jsonl')), existsSync(at('c.jsonl'))]).toEqual([false, false]);
  });
});
