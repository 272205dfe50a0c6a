/**
 * The table of a study from the results of its runs. Pure: the same results always give the same table. A number is a mean
 * over the seeds that have it, with Student's t interval; a comparison is the mean of differences seed by seed, with the
 * same interval, and where single questions are known a bootstrap over seeds and questions beside it. What is missing is
 * left out of no mean silently: every figure says how many seeds it rests on, and which runs.
 */
import type { StudyCell, StudyColumn, StudyComparison, StudyRow } from '../../preload/contract/studies.js';
import { RandomKey } from '../lib/random.js';
import { crossedBootstrap, studentInterval } from '../lib/statistics.js';
import type { QuestionResult, RunResult } from '../store/study-results.js';
import type { Column } from './columns.js';
import type { RowDesign } from './study.js';

export interface ArmRun {
  readonly arm: string;
  readonly seed: number;
  readonly result: RunResult;
}

export interface FigureInput {
  readonly rows: readonly RowDesign[];
  readonly columns: readonly Column[];
  readonly runs: readonly ArmRun[];
  /** Results of single questions; what comes back counts only where both sides have the same questions. */
  readonly questions: (run: string, of: { iteration: number; benchmark: string }) => readonly QuestionResult[];
}

export interface Figures {
  readonly columns: StudyColumn[];
  readonly rows: StudyRow[];
  readonly comparisons: StudyComparison[];
}

interface Value {
  readonly seed: number;
  readonly run: string;
  readonly value: number;
}

export function figuresOf(input: FigureInput): Figures {
  const { rows, columns, runs } = input;
  const valuesOf = (row: RowDesign, column: Column): Value[] =>
    runs
      .filter((run) => run.arm === row.arm)
      .flatMap(({ seed, result }) => {
        const value = column.of(result, row.iteration);
        return value === null ? [] : [{ seed, run: result.run, value }];
      });
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return {
    columns: columns.map(({ key, title, what, unit }) => ({ key, title, what, unit })),
    rows: rows.map((row) => ({
      key: row.key,
      title: row.title,
      arm: row.arm,
      iteration: row.iteration,
      cells: columns.map((column): StudyCell => {
        const of = valuesOf(row, column);
        const { low, high, ...mean } = overSeeds(of);
        // What was spent is told, not estimated.
        const interval = column.unit === 'share' ? { low, high } : { low: null, high: null };
        return { column: column.key, ...mean, ...interval, of };
      }),
    })),
    comparisons: rows.flatMap((row) =>
      row.against.flatMap((key) => {
        const other = byKey.get(key);
        if (!other) return [];
        return columns
          .filter((column) => column.compared)
          .flatMap((column) => comparison(input, { row, other, column }, valuesOf));
      }),
    ),
  };
}

/** Mean over seeds; one seed has no interval. */
function overSeeds(of: readonly Value[]): { value: number | null; low: number | null; high: number | null; n: number } {
  const { value, low, high, n } = studentInterval(of.map((v) => v.value));
  return { value: n === 0 ? null : value, low: n < 2 ? null : low, high: n < 2 ? null : high, n };
}

interface Pairing {
  readonly row: RowDesign;
  readonly other: RowDesign;
  readonly column: Column;
}

function comparison(
  input: FigureInput,
  pairing: Pairing,
  valuesOf: (row: RowDesign, column: Column) => Value[],
): StudyComparison[] {
  const { row, other, column } = pairing;
  const against = new Map(valuesOf(other, column).map((v) => [v.seed, v]));
  const of = valuesOf(row, column).flatMap(({ seed, run, value }) => {
    const pair = against.get(seed);
    return pair ? [{ seed, run, against: pair.run, value: value - pair.value }] : [];
  });
  if (of.length === 0) return [];
  const questions = bootstrapOf(input, pairing, of);
  return [{ row: row.key, against: other.key, column: column.key, ...overSeeds(of), questions, of }];
}

/**
 * Over the questions that were decided in every run. Null where the column is none of single questions, or where the two
 * sides of a seed were asked different ones.
 */
function bootstrapOf(
  { questions }: FigureInput,
  { row, other, column }: Pairing,
  of: readonly { readonly run: string; readonly against: string }[],
): StudyComparison['questions'] {
  const { single } = column;
  if (!single) return null;
  const scores = (run: string, iteration: number): Map<number, number | null> =>
    new Map(questions(run, { iteration, benchmark: single.benchmark }).map((q) => [q.item, single.score(q)]));
  const sides = of.map(({ run, against }) => [scores(run, row.iteration), scores(against, other.iteration)] as const);
  const asked = sides.flat().map((side) => [...side.keys()].join());
  if (new Set(asked).size !== 1) return null;
  const items = [...(sides[0]?.[0].keys() ?? [])];
  const decided = items.filter((item) => sides.flat().every((side) => side.get(item) !== null));
  if (decided.length === 0) return null;
  const table = sides.map(([after, before]) =>
    decided.map((item) => (after.get(item) as number) - (before.get(item) as number)),
  );
  const key = RandomKey.of(0, 'study', row.key, other.key, column.key);
  const { low, high, n } = crossedBootstrap(table, { key });
  return { low, high, n };
}
