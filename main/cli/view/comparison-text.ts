/** A comparison of two measurements as text, no wider than 60 columns. Pure. */
import type { ComparedBenchmark, ComparedSide, Comparison } from '../../../preload/contract/evaluations.js';
import type { FileComparison } from '../../exports/compare-answers.js';
import { iterationPlace, NOT_ZERO_DATA, shareOf } from '../../../preload/contract/run-state.js';
import { grouped, NONE, percent, points, printable, pValue } from './format.js';
import { clip, table, type Column } from './text.js';

const WIDTH = 60;

export function comparisonText(comparison: Comparison): string[] {
  return [...sideText('A', comparison.a), ...sideText('B', comparison.b), ...comparedText(comparison)];
}

export function fileComparisonText(comparison: FileComparison): string[] {
  return [`A  ${printable(comparison.a.file)}`, `B  ${printable(comparison.b.file)}`, ...comparedText(comparison)];
}

function comparedText({ benchmarks, refused }: Pick<Comparison, 'benchmarks' | 'refused'>): string[] {
  return [
    ...benchmarks.flatMap((one) => ['', ...benchmarkText(one)]),
    ...refused.flatMap(({ benchmark, reason }) => [
      '',
      `${printable(benchmark)} does not compare: ${printable(reason)}`,
    ]),
  ];
}

function sideText(letter: string, { name, run, iteration, zeroData }: ComparedSide): string[] {
  const place = iterationPlace(iteration);
  const mark = zeroData ? '' : `, ${NOT_ZERO_DATA}`;
  return [
    `${letter}  ${clip(printable(name), WIDTH - 16 - place.length)}, ${place}${mark}`,
    ...(name === run ? [] : [`   ${run}`]),
  ];
}

function benchmarkText({ benchmark, questions, k, undecided, greedy, mean }: ComparedBenchmark): string[] {
  const asked = k === 0 ? '' : `, ${k === 1 ? '1 sample' : `${k} samples`} each`;
  const columns: Column[] = [
    { title: '', align: 'left' },
    ...['A', 'B', 'B − A, points [95 %]'].map((title): Column => ({ title, align: 'right' })),
  ];
  const row = (title: string, of: NonNullable<ComparedBenchmark['mean']>): string[] => [
    ...[title, percent(shareOf(of.a)), percent(shareOf(of.b)), of.difference.n === 0 ? NONE : points(of.difference)],
  ];
  const open = undecided.a + undecided.b;
  return [
    `${clip(printable(benchmark), 28)}, ${grouped(questions)} questions${asked}`,
    ...table(columns, [row('greedy', greedy), ...(mean ? [row(`mean@${k}`, mean)] : [])]),
    `greedy: won ${grouped(greedy.won)}, lost ${grouped(greedy.lost)}; McNemar's exact ${pValue(greedy.p)}`,
    ...(open > 0 ? [`undecided answers, left out: ${grouped(undecided.a)} in A, ${grouped(undecided.b)} in B`] : []),
  ];
}
