/**
 * Held-out questions with known answers, by reference: the name of a benchmark that ships, the name or hub id of one that
 * was fetched, a public set that lies in Hugging Face's cache, the path of a file, or SET=FILE. What a reference means is
 * in find.ts; how questions are read from the columns of a file in sets/.
 */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { AnswerKind } from '../../preload/contract/answers.js';
import { readJsonLines } from '../tables/json.js';
import { readTable } from '../tables/read-table.js';
import type { Table } from '../tables/table.js';
import { findBenchmark, shippedFile, unknownBenchmark } from './find.js';
import { type ReadSet, readSet } from './sets/read-set.js';
import { joined, shelvedTable } from './shelf/shelf.js';

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

/** One that ships, by its name. */
export function loadShipped(name: string): Benchmark {
  const file = shippedFile(name);
  return named(name, readSet(readJsonLines(readFileSync(file, 'utf8'), file)));
}

/** @throws LabError('not-found') with what was probably meant; LabError('usage') naming file, row and column */
export async function loadBenchmark(reference: string): Promise<Benchmark> {
  const { name, read } = await readBenchmark(reference);
  return named(name, read);
}

/** As `loadBenchmark`, with the set it is and how its answers were read. */
export async function readBenchmark(reference: string): Promise<{ name: string; read: ReadSet }> {
  const found = findBenchmark(reference);
  if (found === null) throw unknownBenchmark(reference);
  switch (found.kind) {
    case 'shipped':
      return { name: found.name, read: readSet(await readTable(shippedFile(found.name))) };
    case 'shelf': {
      const { manifest } = found;
      return { name: manifest.name, read: readSet(await shelvedTable(manifest), found.set) };
    }
    case 'cache': {
      const tables: Table[] = [];
      for (const { place, path } of found.files) tables.push(await readTable(place, path));
      return { name: found.set.name, read: readSet(joined(tables), found.set) };
    }
    case 'file': {
      const { path, set } = found;
      return { name: basename(path, extname(path)), read: readSet(await readTable(path), set) };
    }
  }
}

function named(name: string, { answers, samples, rule, questions }: ReadSet): Benchmark {
  return { name, answers, samples, ...(rule && { rule }), questions };
}
