/** A study's table as a document: Markdown to paste into a page, CSV with one figure a line. JSON is the table itself. Pure. */
import type { StudyTable } from '../../preload/contract/studies.js';
import { csvLine } from '../lib/csv.js';
import { comparisonRows, mainRows } from './words.js';

export function markdownOf(table: StudyTable): string {
  const { study, equal, intervals, notes } = table;
  const main = mainRows(table);
  const differences = comparisonRows(table);
  const sections = [
    `## ${study.title}`,
    study.asks,
    `Recipe \`${study.recipe}\`, model \`${study.model}\`, seeds ${study.seeds.join(', ')}. ${equal}`,
    markdownTable(main.head, main.rows),
    ...(differences.rows.length > 0 ? [markdownTable(differences.head, differences.rows)] : []),
    intervals,
    ...notes.map((note) => `- ${note}`),
    markdownTable(
      ['arm', 'difference from the recipe', 'seed', 'state', 'run', 'identity'],
      study.arms.map((a) => [a.title, setText(a.set), String(a.seed), a.state, a.run ?? '–', a.identity.slice(0, 12)]),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

function setText(set: readonly string[]): string {
  return set.length === 0 ? 'none' : set.map((assignment) => `\`${assignment}\``).join(', ');
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = `| ${head.map((_, i) => (i === 0 ? '---' : '---:')).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

const HEAD = [
  ...['study', 'kind', 'row', 'arm', 'iteration', 'against', 'column', 'seeds', 'value'],
  ...['t_low', 't_high', 'bootstrap_low', 'bootstrap_high', 'questions', 'runs'],
];

/** Figures, then comparisons; shares as numbers from 0 to 1. `runs` names each run with its seed and value. */
export function csvOf({ study, rows, comparisons }: StudyTable): string {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const figures = rows.flatMap((row) =>
    row.cells.map((c) => [
      ...[study.id, 'figure', row.key, row.arm, row.iteration, null, c.column, c.n, c.value],
      ...[c.low, c.high, null, null, null],
      c.of.map(({ run, seed, value }) => `${run} (seed ${seed}): ${value}`).join('; '),
    ]),
  );
  const differences = comparisons.map((c) => {
    const row = byKey.get(c.row);
    return [
      ...[study.id, 'difference', c.row, row?.arm ?? null, row?.iteration ?? null, c.against, c.column, c.n, c.value],
      ...[c.low, c.high, c.questions?.low ?? null, c.questions?.high ?? null, c.questions?.n ?? null],
      c.of.map(({ run, against, seed, value }) => `${run} - ${against} (seed ${seed}): ${value}`).join('; '),
    ];
  });
  return [HEAD, ...figures, ...differences].map(csvLine).join('');
}
