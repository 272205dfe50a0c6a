/** The columns that a list of questions can have, what their cells say, and which of them the reader has chosen. */
import type { ShallowRef } from 'vue';
import type { QuestionRow } from '../../../preload/contract/questions.js';
import { numberText } from '../../charts/numbers.js';
import type { Column } from '../../table/columns.js';
import { VERDICT_NAMES } from '../review/verdicts.js';
import { kept } from '../kept.js';
import { oneLine } from './one-line.js';

/** A row with what its cells say made once, when its page comes: scrolling only draws. */
export interface ListedQuestion extends QuestionRow {
  readonly line: string;
  readonly labelLine: string;
}

export function listed(row: QuestionRow): ListedQuestion {
  return { ...row, line: oneLine(row.text), labelLine: row.label === null ? '–' : oneLine(row.label, 60) };
}

export function placeText({ iteration, phase, step, item }: QuestionRow): string {
  return phase === 'curriculum' ? `${iteration} · curriculum · ${item}` : `${iteration} · step ${step + 1} · ${item}`;
}

export function fateText({ valid, kept, reason, phase, votes }: QuestionRow): string {
  if (!valid) return `invalid: ${oneLine(reason ?? 'no reason given', 80)}`;
  if (kept === true) return 'kept';
  if (kept === false) return `dropped: ${oneLine(reason ?? 'no reason given', 80)}`;
  if (phase === 'challenger') return votes === null ? 'rewarded, not voted on' : 'rewarded';
  return 'not decided';
}

/** "cluster 4 (3 questions)": its number is a name, and no place in a row. */
export function clusterText({ cluster, clusterSize }: Pick<QuestionRow, 'cluster' | 'clusterSize'>): string | null {
  if (cluster === null) return null;
  if (clusterSize === null) return `cluster ${cluster}`;
  return `cluster ${cluster} (${clusterSize === 1 ? 'alone in it' : `${clusterSize} questions`})`;
}

export function oracleText({ labelCorrect }: QuestionRow): string {
  return labelCorrect === null ? '–' : labelCorrect ? 'right' : 'wrong';
}

type Listed = Column<ListedQuestion>;
const figure = (key: keyof QuestionRow, title: string, unit: 'number' | 'share' | 'count'): Listed => ({
  key,
  title,
  width: `${Math.max(5, title.length * 0.62 + 2)}rem`,
  align: 'right',
  sortable: true,
  text: (row) => numberText(row[key] as number | null, unit),
});

export const COLUMNS: readonly Listed[] = [
  { key: 'position', title: 'Place', width: '11.5rem', sortable: true, text: placeText },
  { key: 'text', title: 'Question', width: 'minmax(16rem, 1fr)', mono: true, text: ({ line }) => line },
  { key: 'label', title: 'Label', width: 'minmax(5rem, 9rem)', mono: true, text: ({ labelLine }) => labelLine },
  figure('pHat', 'p̂', 'number'),
  { key: 'oracle', title: 'Oracle', width: '5rem', text: oracleText },
  { key: 'fate', title: 'Fate', width: '13rem', text: fateText },
  { ...figure('uses', 'Uses', 'count'), sortable: false, width: '4.5rem' },
  {
    key: 'verdict',
    title: 'Review',
    width: '7.5rem',
    text: ({ verdict }) => (verdict === null ? '–' : VERDICT_NAMES[verdict]),
  },
  figure('labelShare', 'Label share', 'share'),
  { ...figure('votes', 'Votes', 'count'), sortable: false },
  figure('difficulty', 'Difficulty', 'number'),
  { key: 'topic', title: 'Topic', width: '12rem', text: ({ topic }) => (topic === null ? '–' : oneLine(topic, 60)) },
  figure('reward', 'Reward', 'number'),
  figure('uncertainty', 'Uncertainty', 'number'),
  figure('repetition', 'Repetition', 'number'),
  { ...figure('cluster', 'Cluster', 'count'), sortable: false },
  figure('clusterSize', 'Cluster size', 'count'),
  figure('tokens', 'Tokens', 'count'),
  { key: 'key', title: 'Key', width: '10rem', align: 'right', text: ({ key }) => String(key) },
];

const SHOWN_FIRST = ['position', 'text', 'label', 'pHat', 'oracle', 'fate', 'uses', 'verdict'];
const KEPT_AS = 'rzero.questionColumns';

/** The keys of the columns chosen, in the order of the list; the question itself is always there. */
export function keptColumns(): ShallowRef<readonly string[]> {
  return kept(KEPT_AS, SHOWN_FIRST, inOrder);
}

export function inOrder(chosen: unknown): readonly string[] | null {
  if (!Array.isArray(chosen)) return null;
  return COLUMNS.map(({ key }) => key).filter((key) => key === 'text' || chosen.includes(key));
}
