/** Questions from tables: by a set that is named, else by the one whose columns they have, else as a file of one's own. */
import { fault, type Table } from '../../tables/table.js';
import type { Benchmark } from '../benchmark.js';
import { setTable, type SetTable } from './cells.js';
import { readOwn } from './own.js';
import type { BenchmarkSet } from './set.js';
import { BENCHMARK_SETS } from './sets.js';

export interface ReadSet extends Omit<Benchmark, 'name'> {
  /** Null: a file of one's own. */
  readonly set: BenchmarkSet | null;
  /** How the true answers were read, as a phrase. */
  readonly reading: string;
}

/** @param named the set it is said to be; it is then read as that whatever its columns */
export function readSet(given: Table, named: BenchmarkSet | null = null): ReadSet {
  const table = setTable(given);
  const set = named ?? recognised(table);
  if (set === null) return { set, samples: null, ...readOwn(table) };
  const { answers, samples, rule, reading } = set;
  const questions = table.rows.map((row) => set.read(row));
  return { set, answers, samples, ...(rule && { rule }), reading, questions };
}

function recognised(table: SetTable): BenchmarkSet | null {
  const known = BENCHMARK_SETS.filter((set) => set.knows(table));
  if (known.length <= 1) return known[0] ?? null;
  const names = known.map(({ name }) => name);
  throw fault(
    `${table.file} could be ${names.join(' or ')}, by its columns.`,
    `Say which: ${names.map((name) => `${name}=${table.file}`).join(' or ')}.`,
  );
}
