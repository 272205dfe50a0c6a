/** Reads what answer-file.ts writes: question by question, how its answers came out. */
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { verdictSchema } from '../../preload/contract/answers.js';
import { LabError } from '../lib/errors.js';
import type { MeasuredQuestion } from '../store/queries/measured-answers.js';

const lineSchema = z.object({
  benchmark: z.string(),
  item: z.number().int().min(0),
  sample: z.number().int().min(0),
  question: z.string(),
  truth: z.string(),
  extracted: z.string().nullable(),
  verdict: verdictSchema,
});
type Line = z.infer<typeof lineSchema>;

/** Of one benchmark: its lines by item, each by sample. */
type Items = Map<number, Map<number, Line>>;

/**
 * Benchmark → its questions in their order.
 * @throws LabError('usage') naming file and line, where it is no such file, or not one whole measurement
 */
export async function readAnswerFile(path: string): Promise<Map<string, MeasuredQuestion[]>> {
  const benchmarks = new Map<string, Items>();
  let number = 0;
  for await (const text of linesOf(path)) {
    number++;
    if (text.trim() === '') continue;
    const line = lineOf(text, `${path}, line ${number}`);
    const items = of(benchmarks, line.benchmark, () => new Map<number, Map<number, Line>>());
    const samples = of(items, line.item, () => new Map<number, Line>());
    if (samples.has(line.sample)) {
      throw unusable(`${path}, line ${number}: this answer to ${line.benchmark} is there twice.`);
    }
    samples.set(line.sample, line);
  }
  if (benchmarks.size === 0) throw unusable(`${path} holds no answers.`);
  return new Map([...benchmarks].map(([name, items]) => [name, questionsOf(items, `${path}: ${name}`)]));
}

async function* linesOf(path: string): AsyncGenerator<string, void> {
  const file = await open(path).catch((cause: unknown) => {
    const code = String((cause as NodeJS.ErrnoException).code);
    const what = code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`;
    throw unusable(what, cause);
  });
  try {
    if (!(await file.stat()).isFile()) throw unusable(`${path} is no file.`);
    // At "\n" alone: other characters that end lines may stand inside an answer.
    let rest = '';
    for await (const chunk of file.createReadStream({ encoding: 'utf8', autoClose: false })) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    yield rest;
  } finally {
    await file.close();
  }
}

function lineOf(text: string, where: string): Line {
  try {
    return lineSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? wrongIn(cause) : 'not JSON';
    throw unusable(`${where}: no answer of an evaluation (${why}).`, cause);
  }
}

function wrongIn({ issues: [first] }: z.ZodError): string {
  return first && first.path.length > 0 ? `"${first.path.join('.')}": ${first.message}` : 'no object';
}

function questionsOf(items: Items, where: string): MeasuredQuestion[] {
  const sorted = [...items].sort(([a], [b]) => a - b);
  const [, first] = sorted[0] as [number, Map<number, Line>];
  const gap = sorted.findIndex(([item, samples], i) => item !== i || samples.size !== first.size || !samples.has(0));
  if (gap >= 0) throw unusable(`${where} is not whole: answers to item ${gap} are missing.`);
  return sorted.map(([, samples]) => questionOf(samples));
}

function questionOf(samples: ReadonlyMap<number, Line>): MeasuredQuestion {
  const { item, question, truth, extracted, verdict } = samples.get(0) as Line;
  const sampled = [...samples.values()].filter(({ sample }) => sample > 0);
  return {
    ...{ item, question, truth, difficulty: null, verdict, extracted },
    samples: sampled.length,
    right: sampled.filter((one) => one.verdict === 'equal').length,
    decided: sampled.filter((one) => one.verdict !== 'undecided').length,
  };
}

function of<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

const REMEDY = 'Name a file that "rzero eval MODEL --benchmark NAME --out FILE.jsonl" has written.';

const unusable = (message: string, cause?: unknown): LabError =>
  new LabError('usage', message, { remedy: REMEDY, cause });
