/**
 * The charts of a study, from its table: arms over iterations as lines with the interval over seeds as a band, arms after
 * one iteration as points with intervals. Pure.
 */
import type { StudyCell, StudyColumn, StudyRow, StudyTable } from '../../../preload/contract/studies.js';
import type { Draw } from '../../charts/figure.js';
import { lineFigure, PLAIN, type LineSeries } from '../../charts/line.js';
import { pointFigure, type PointSeries } from '../../charts/points.js';

export interface StudyChart {
  readonly key: string;
  readonly title: string;
  readonly draw: Draw;
}

/** A share is drawn within 0 and 1, wherever Student's interval ends. */
const within = (share: number | null | undefined): number | null =>
  share === null || share === undefined ? null : Math.min(1, Math.max(0, share));

const cellOf = (row: StudyRow, column: string): StudyCell | undefined => row.cells.find((c) => c.column === column);

/** Columns that are drawn: shares of which at least one row has a value. */
function drawn({ columns, rows }: StudyTable): StudyColumn[] {
  return columns.filter(({ key, unit }) => unit === 'share' && rows.some((row) => (cellOf(row, key)?.n ?? 0) > 0));
}

export function chartsOf(table: StudyTable): StudyChart[] {
  const arms = [...new Set(table.rows.map(({ arm }) => arm))];
  const columns = drawn(table);
  const overIterations = arms.some((arm) => table.rows.filter((row) => row.arm === arm).length > 1);
  if (!overIterations) return columns.map((column) => pointChart(table, column));
  // One arm: its measures lie together, by what they are shares of.
  if (arms.length === 1)
    return (['labels', 'benchmarks'] as const).flatMap((group) => {
      const own = columns.filter(({ key }) => key.startsWith('labels ') === (group === 'labels'));
      const title = group === 'labels' ? 'Labels that are right' : 'Held out';
      return own.length === 0
        ? []
        : [
            linesOf(
              title,
              group,
              own.map((column, hue) => lineOf(table, { arm: arms[0] ?? '', column, name: column.title, hue })),
            ),
          ];
    });
  return columns.map((column) =>
    linesOf(
      column.title,
      column.key,
      arms.map((arm, hue) => lineOf(table, { arm, column, name: titleOf(table, arm), hue })),
    ),
  );
}

function titleOf({ study }: StudyTable, arm: string): string {
  return study.arms.find((other) => other.arm === arm)?.title ?? arm;
}

interface Line {
  readonly arm: string;
  readonly column: StudyColumn;
  readonly name: string;
  readonly hue: number;
}

function lineOf({ rows }: StudyTable, { arm, column, name, hue }: Line): LineSeries {
  const points = rows
    .filter((row) => row.arm === arm)
    .flatMap((row) => {
      const cell = cellOf(row, column.key);
      return !cell || cell.value === null ? [] : [{ iteration: row.iteration, cell }];
    })
    .sort((a, b) => a.iteration - b.iteration);
  return {
    ...{ key: `${arm} ${column.key}`, name, hue },
    steps: points.map(({ iteration }) => iteration),
    values: points.map(({ cell }) => cell.value),
    low: points.map(({ cell }) => within(cell.low)),
    high: points.map(({ cell }) => within(cell.high)),
  };
}

function linesOf(title: string, key: string, lines: readonly LineSeries[]): StudyChart {
  const draw: Draw = (view) => lineFigure([...lines], PLAIN, { view, words: { unit: 'share', stepName: 'iteration' } });
  return { key, title, draw };
}

function pointChart({ rows }: StudyTable, column: StudyColumn): StudyChart {
  const cells = rows.map((row) => cellOf(row, column.key));
  const series: PointSeries = {
    ...{ key: column.key, name: column.title, hue: 0 },
    values: cells.map((cell) => cell?.value ?? null),
    low: cells.map((cell) => within(cell?.low)),
    high: cells.map((cell) => within(cell?.high)),
  };
  const labels = rows.map(({ title }) => title);
  const draw: Draw = (view) => pointFigure(labels, [series], { view, words: { xName: 'arm', unit: 'share' } });
  return { key: column.key, title: column.title, draw };
}
