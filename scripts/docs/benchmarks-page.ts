/**
 * docs/benchmarks.md from what benchmarks printed (docs/benchmarks/NAME.json, kept by `npm run bench -- NAME --record`) and from
 * what people say of it (docs/benchmarks/notes.md): a section for each, with date, machine, versions, command and its figures as
 * they are. Nothing is chosen or rounded here.
 */
import { format, resolveConfig } from 'prettier';

export interface Recorded {
  readonly bench: string;
  readonly date: string;
  readonly command: string;
  readonly commit: string | null;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGib: number;
    readonly system: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly Readonly<Record<string, unknown>>[];
}

const HEAD = `# Benchmarks

Ours beside its peers: same machine, same checkpoint, same work, in turn, several rounds. Ratios are medians over rounds, with the lowest and the highest.
This page is made by \`npm run docs:benchmarks\` from \`docs/benchmarks/\`; \`npm run bench -- NAME --record\` measures again.
`;

/** @param notes Markdown that stands behind the figures: where time goes, what helped and what did not; may be empty */
export async function benchmarksPage(recorded: readonly Recorded[], notes: string): Promise<string> {
  const sections = [...recorded].sort((a, b) => a.bench.localeCompare(b.bench)).map(section);
  const text = [HEAD, ...sections, notes].join('\n');
  return format(text, { ...(await resolveConfig('docs/benchmarks.md')), parser: 'markdown' });
}

function section({ bench, date, command, commit, machine, versions, results }: Recorded): string {
  const { processor, cores, memoryGib, system } = machine;
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${bench}\n`,
    `\`${command}\`, ${date}${commit === null ? '' : `, commit ${commit}`}. ${processor}, ${cores} cores, ${memoryGib} GiB, ${system}. ${used.join(', ')}.\n`,
    ...results.map(figures),
  ].join('\n');
}

function figures(result: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(result).filter(([key]) => key !== 'bench');
  const lists = entries.filter((entry): entry is [string, Row[]] => isTable(entry[1]));
  const rest = entries.filter(([, value]) => !isTable(value)).flatMap(([key, value]) => flat(key, value));
  return [
    table(['figure', 'value'], rest),
    ...lists.map(([key, rows]) => {
      const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      return `\n**${key}**\n\n${table(keys, rows.map((row) => keys.map((name) => shown(row[name]))))}`; // prettier-ignore
    }),
    '',
  ].join('\n');
}

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTable = (value: unknown): value is Row[] => Array.isArray(value) && value.length > 0 && value.every(isRow);

/** Groups of figures as one line each: `vllm.ratio`. A median with its extremes is one figure. */
function flat(path: string, value: unknown): string[][] {
  if (!isRow(value) || isSpread(value)) return [[path, shown(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flat(`${path}.${key}`, inner));
}

const isSpread = (value: Row): boolean => ['median', 'low', 'high'].every((key) => typeof value[key] === 'number');

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (isRow(value) && isSpread(value))
    return `${String(value['median'])} (${String(value['low'])} to ${String(value['high'])})`;
  if (isTable(value)) return value.map((row) => Object.values(row).map(shown).join(': ')).join(', ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : JSON.stringify(value);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
