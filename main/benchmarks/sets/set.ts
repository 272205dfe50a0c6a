/**
 * A public set of questions: where it lies on the hub, by which columns a file of it is known, and how question and true
 * answer are read from a row. One file per set; `sets.ts` lists them.
 */
import type { AnswerKind } from '../../../preload/contract/answers.js';
import type { BenchmarkQuestion } from '../benchmark.js';
import type { SetRow, SetTable } from './cells.js';

/** A repository of data sets on the hub that holds the set, whole or in parts. */
export interface HubSource {
  readonly id: string;
  /** The files, in the order in which their rows count; the first pattern that matches any file wins. */
  readonly files: readonly RegExp[];
  /** Where no pattern matches: the hub's own copy as Parquet, under CONFIG/SPLIT. */
  readonly config: string;
  readonly split: string;
}

export interface BenchmarkSet {
  readonly name: string;
  readonly title: string;
  readonly answers: AnswerKind;
  /** k of mean@k by which papers report it; null: greedy, or as the recipe says. */
  readonly samples: number | null;
  readonly rule?: 'bbeh';
  /** Row counts that are known of it; another is told, not refused. */
  readonly counts: readonly number[];
  readonly licence: string;
  /** The first that can be had is taken. */
  readonly sources: readonly HubSource[];
  /** How its gold is read, as a phrase: `what follows the last "####"`. */
  readonly reading: string;
  /** Whether a table has this set's schema. Narrow: an own file must not be taken for a public set. */
  knows(table: SetTable): boolean;
  /** @throws LabError('usage') naming file, row and column */
  read(row: SetRow): BenchmarkQuestion;
}
