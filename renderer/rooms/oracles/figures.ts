/** What oracles say, as a chart and as words. Pure. */
import type { OracleAccuracy, OracleOverview, OraclePair } from '../../../preload/contract/oracles.js';
import type { QuestionFilter } from '../../../preload/contract/questions.js';
import type { Draw, Mark } from '../../charts/figure.js';
import { lineFigure, PLAIN, type LineSeries } from '../../charts/line.js';
import type { Hue } from '../../charts/palette.js';
import { interval, percent } from '../../format.js';

const DASHES = ['solid', 'dashed', 'dotted'] as const;

/** Names people can tell apart: two judges of one model have their numbers. */
export function oracleNames({ oracles }: OracleOverview): (key: string) => string {
  const twice = (name: string): boolean => oracles.filter((other) => other.name === name).length > 1;
  return (key) => {
    const oracle = oracles.find((one) => one.key === key);
    if (!oracle) return key;
    return twice(oracle.name) ? `${oracle.name} (${key})` : oracle.name;
  };
}

export interface AccuracyChart {
  readonly draw: Draw;
  readonly empty: boolean;
  /** The questions that no oracle called right are the interesting ones. */
  filter(mark: Mark): QuestionFilter | null;
}

export function accuracyChart(overview: OracleOverview): AccuracyChart {
  const name = oracleNames(overview);
  const known = overview.accuracy.filter((of) => of.estimate !== null);
  const judges = overview.oracles.filter(({ kind }) => kind === 'judge').map(({ key }) => key);
  const series = overview.oracles.flatMap(({ key, kind }): LineSeries[] => {
    const own = known.filter(({ oracle }) => oracle === key);
    if (own.length === 0) return [];
    const at = judges.indexOf(key);
    const hue: Hue = kind === 'exact' ? 'label' : kind === 'human' ? 'held' : at;
    return [lineOf(own, { key, name: name(key), hue, dash: DASHES[(at + 1) % DASHES.length] ?? 'solid' })];
  });
  const iterations = [...new Set(known.map(({ iteration }) => iteration))].sort((a, b) => a - b);
  return {
    empty: series.length === 0,
    draw: (view) => lineFigure(series, PLAIN, { view, words: { stepName: 'iteration', unit: 'share', range: [0, 1] } }),
    filter: ({ index }) => {
      const iteration = iterations[index];
      return iteration === undefined ? null : { iteration, phase: 'curriculum', kept: true };
    },
  };
}

function lineOf(own: readonly OracleAccuracy[], look: Omit<LineSeries, 'steps' | 'values'>): LineSeries {
  return {
    ...look,
    steps: own.map(({ iteration }) => iteration),
    values: own.map(({ estimate }) => estimate?.value ?? null),
    low: own.map(({ estimate }) => estimate?.low ?? null),
    high: own.map(({ estimate }) => estimate?.high ?? null),
  };
}

const NOTES: Readonly<Record<NonNullable<OraclePair['note']>, string>> = {
  vote: 'The vote calls every label right, so κ says nothing: read the agreement.',
  constant: 'One of them says the same of everything: κ is 0 by its definition.',
  'one-category': 'Both say the same of everything: κ is not defined.',
  'all-agree': 'No disagreement: the interval of κ has no width, read that of the agreement.',
  few: 'Few questions: the interval is rough.',
};

export interface PairWords {
  readonly names: string;
  readonly agree: string;
  readonly kappa: string;
  readonly notes: readonly string[];
}

const two = (value: number): string => value.toFixed(2).replace('-0.00', '0.00').replace('-', '−');

export function pairWords(pair: OraclePair, name: (key: string) => string): PairWords {
  const { kappa, observed, note, chosen } = pair;
  const said = kappa !== null && note !== 'vote';
  const width = said && note !== 'constant' ? ` [${two(kappa.low)}, ${two(kappa.high)}]` : '';
  return {
    names: `${name(pair.a)} and ${name(pair.b)}`,
    agree: observed === null ? '–' : `${percent(observed.value)} (${interval(observed)})`,
    kappa: said ? `${two(kappa.value)}${width}` : '–',
    notes: [
      ...(note === null ? [] : [NOTES[note]]),
      ...(chosen > 0 ? [`${chosen} were chosen for review, not drawn at random.`] : []),
    ],
  };
}

/** How many of a pair's questions only one of the two calls right. */
export const onlyOne = ({ table }: OraclePair): { a: number; b: number } => ({
  a: table[0]?.[1] ?? 0,
  b: table[1]?.[0] ?? 0,
});
