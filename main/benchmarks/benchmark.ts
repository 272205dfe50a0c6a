/**
 * Held-out questions with known answers: JSON Lines with `question`, `answer` and, where there is one, a numeric
 * `difficulty`; other keys are ignored. Named benchmarks ship in resources/benchmarks, any other is a path to a file.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { AnswerKind } from '../../preload/contract/answers.js';
import { LabError } from '../lib/errors.js';
import { resourcesDir } from '../lib/paths.js';
import { nearest } from '../lib/text.js';

export interface BenchmarkQuestion {
  readonly question: string;
  readonly answer: string;
  readonly difficulty: number | null;
  /** What it is about, in the words of its set: `physics`, `Algebra`, `word_sorting`. */
  readonly subject?: string;
}

export interface Benchmark {
  readonly name: string;
  /** How its answers are read and compared; null: as the run's domain does. */
  readonly answers: AnswerKind | null;
  /** The k of mean@k by which it is reported (32 for AMC and AIME); null: as the recipe says. */
  readonly samples: number | null;
  /** Rules of its authors for right and wrong that no answer kind has; see main/grading/bbeh.ts. */
  readonly rule?: 'bbeh';
  readonly questions: readonly BenchmarkQuestion[];
}

const EXTENSION = '.jsonl';

const lineSchema = z.object({
  question: z.string().trim().min(1),
  answer: z.union([z.string().trim().min(1), z.number().transform(String)]),
  difficulty: z.number().nullish(),
});

function shippedFolder(): string {
  return join(resourcesDir(), 'benchmarks');
}

/** Names of the benchmarks that ship, in alphabetical order. */
export function shippedBenchmarks(): string[] {
  return readdirSync(shippedFolder())
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => basename(file, EXTENSION))
    .sort();
}

/** One that ships, by its name. */
export function loadShipped(name: string): Benchmark {
  return readBenchmark(join(shippedFolder(), name + EXTENSION));
}

/** A benchmark by name, or by the path of a JSONL file. */
export async function loadBenchmark(nameOrFile: string): Promise<Benchmark> {
  const shipped = shippedBenchmarks();
  if (shipped.includes(nameOrFile)) return loadShipped(nameOrFile);
  if (existsSync(nameOrFile)) return readBenchmark(nameOrFile);
  const guess = nearest(nameOrFile, shipped);
  throw new LabError('not-found', `There is no benchmark or file called "${nameOrFile}".`, {
    remedy: `${guess ? `Did you mean ${guess}? ` : ''}Name one of ${shipped.join(', ')}, or a JSONL file with "question" and "answer".`,
  });
}

function readBenchmark(file: string): Benchmark {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LabError('usage', `The benchmark ${file} cannot be read.`, {
      cause,
      remedy: 'Name a JSONL file you may read.',
    });
  }
  const questions = parseBenchmark(text, file);
  return { name: basename(file, EXTENSION), answers: null, samples: null, questions };
}

/** Questions from JSON Lines; `file` is what errors call the text. Blank lines are skipped. */
export function parseBenchmark(text: string, file: string): BenchmarkQuestion[] {
  const questions = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [parseLine(line, `${file}, line ${i + 1}`)]));
  if (questions.length === 0) {
    throw new LabError('usage', `The benchmark ${file} has no questions.`, {
      remedy: 'Each line is {"question": …, "answer": …}.',
    });
  }
  return questions;
}

function parseLine(line: string, where: string): BenchmarkQuestion {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new LabError('usage', `${where}: not a line of JSON.`, {
      cause,
      remedy: 'Each line is {"question": …, "answer": …}.',
    });
  }
  const parsed = lineSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = issue?.path.join('.') ?? '';
    throw new LabError('usage', `${where}: ${key ? `"${key}" is missing or not valid` : 'not an object'}.`, {
      remedy: '"question" is text, "answer" is text or a number, "difficulty" a number or left out.',
    });
  }
  const { question, answer, difficulty } = parsed.data;
  return { question, answer, difficulty: difficulty ?? null };
}
