/** A table as it stands in a file: rows of named cells, and where each stands, in words for people. */
import { LabError } from '../lib/errors.js';

export interface Row {
  /** For messages: `set.jsonl, line 3` or `set.parquet, row 3`; both count from 1. */
  readonly where: string;
  /** Absent, null and, in CSV, an empty field are all "no value". Whole numbers beyond 2^53 are bigint. */
  readonly cells: Readonly<Record<string, unknown>>;
}

export interface Table {
  /** What messages call it. */
  readonly file: string;
  /** In the order in which they first occur. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export function tableOf(file: string, rows: readonly Row[]): Table {
  return { file, columns: [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))], rows };
}

/** A file that cannot be used as it is: what is wrong with it, and where. */
export function fault(message: string, remedy: string, cause?: unknown): LabError {
  return new LabError('usage', message, { remedy, cause });
}
