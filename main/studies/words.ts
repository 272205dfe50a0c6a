/** The figures of a study as people read them: shares in percent, differences in points, gaps as a dash. Pure. */
import type { StudyColumn, StudyComparison, StudyTable } from '../../preload/contract/studies.js';

export const GAP = '–';

interface Figure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

/** "61.2 [58.9, 63.4]" in percent; with `seeds` how many of them there are, where some are missing. */
export function figureText({ value, low, high, n }: Figure, unit: StudyColumn['unit'], seeds: number): string {
  if (value === null) return GAP;
  const text = (x: number): string => numberText(x, unit);
  const range = low === null || high === null ? '' : ` [${text(low)}, ${text(high)}]`;
  return `${text(value)}${range}${n < seeds ? ` (${n} of ${seeds})` : ''}`;
}

export function numberText(value: number, unit: StudyColumn['unit']): string {
  switch (unit) {
    case 'share':
      return (100 * value).toFixed(1);
    case 'seconds':
      return durationText(value);
    case 'count':
      return Math.round(value)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, ' ');
  }
}

function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${String(whole % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`;
}

/** "+2.3 [0.4, 4.2] [0.9, 3.6]" in points: over seeds, then over seeds and questions. */
export function differenceText({ value, low, high, questions }: StudyComparison): string {
  if (value === null) return GAP;
  const points = (x: number): string => (100 * x).toFixed(1);
  const range = (low: number, high: number): string => ` [${points(low)}, ${points(high)}]`;
  const sign = value > 0 ? '+' : '';
  const seeds = low === null || high === null ? '' : range(low, high);
  return `${sign}${points(value)}${seeds}${questions ? range(questions.low, questions.high) : ''}`;
}

export function columnTitle({ title, unit }: Pick<StudyColumn, 'title' | 'unit'>): string {
  return unit === 'share' ? `${title}, %` : title;
}

/** Head and rows of the main table. */
export function mainRows({ study, columns, rows }: StudyTable): { head: string[]; rows: string[][] } {
  return {
    head: ['', ...columns.map(columnTitle)],
    rows: rows.map((row) => [
      row.title,
      ...row.cells.map((cell, i) => figureText(cell, columns[i]?.unit ?? 'count', study.seeds.length)),
    ]),
  };
}

/** Head and rows of what is compared; no rows where nothing is yet. */
export function comparisonRows({ columns, rows, comparisons }: StudyTable): { head: string[]; rows: string[][] } {
  const titleOf = (key: string): string => rows.find((row) => row.key === key)?.title ?? key;
  const compared = columns.filter(({ key }) => comparisons.some(({ column }) => column === key));
  const pairs = [...new Set(comparisons.map(({ row, against }) => JSON.stringify([row, against])))];
  return {
    head: ['difference, points', ...compared.map(({ title }) => title), 'seeds'],
    rows: pairs.map((pair) => {
      const [row, against] = JSON.parse(pair) as [string, string];
      const of = comparisons.filter((c) => c.row === row && c.against === against);
      return [
        `${titleOf(row)} − ${titleOf(against)}`,
        ...compared.map(({ key }) => {
          const found = of.find(({ column }) => column === key);
          return found ? differenceText(found) : GAP;
        }),
        String(Math.max(...of.map(({ n }) => n))),
      ];
    }),
  };
}
