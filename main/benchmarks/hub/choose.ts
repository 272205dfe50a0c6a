/**
 * Which files of a repository are the questions: those a known set names, else those of one configuration and split, by
 * their paths, Parquet before other formats. Where more than one set of files fits, nobody guesses. Pure.
 */
import { LabError } from '../../lib/errors.js';
import type { HubSource } from '../sets/set.js';

export interface Wanted {
  readonly config?: string | undefined;
  readonly split?: string | undefined;
}

interface Named {
  readonly path: string;
}

/** The files of a known set by its patterns; the first that fits any. Empty: none does. */
export function filesOf<T extends Named>(source: HubSource, files: readonly T[]): T[] {
  for (const pattern of source.files) {
    const found = files.filter(({ path }) => pattern.test(path));
    if (found.length > 0) return sorted(found);
  }
  return [];
}

/** The files of the hub's copy as Parquet: `main/test/0000.parquet`. */
export function convertedFiles<T extends Named>({ config, split }: Required<Wanted>, files: readonly T[]): T[] {
  return sorted(files.filter(({ path }) => path.startsWith(`${config}/${split}/`) && path.endsWith('.parquet')));
}

/** Whether every part is there that the names of the others tell of (`test-00000-of-00003`). */
export function allShards(files: readonly Named[]): boolean {
  return files.every(({ path }) => {
    const shard = /^(.*)-\d{5}-of-(\d{5})/.exec(path);
    return shard === null || files.filter((f) => f.path.startsWith(`${shard[1] ?? ''}-`)).length >= Number(shard[2]);
  });
}

const ENDINGS = ['parquet', 'jsonl', 'ndjson', 'json', 'csv', 'tsv'] as const;
/** In a repository that is not known, questions to be measured with are most likely in these, in this order. */
const SPLITS = ['test', 'validation', 'train'];
/** Files that describe a repository. */
const ABOUT = /(?:^|\/)(?:dataset_infos?|dataset_dict|state|package|config)\.json$/;

/** @throws LabError('usage') that lists what there is, where more than one set of files fits or none */
export function chooseFiles<T extends Named>(files: readonly T[], wanted: Wanted, what: string): T[] {
  const groups = grouped(files.filter(({ path }) => endingOf(path) !== null && !ABOUT.test(path)));
  if (groups.size === 0) {
    throw new LabError('usage', `${what} holds no file of a known kind (${ENDINGS.join(', ')}).`, {
      remedy: 'Take another repository, or fetch the file yourself and name it.',
    });
  }
  const fitting = [...groups].filter(([name]) => fits(name, wanted));
  const format = ENDINGS.find((ending) => fitting.some(([name]) => name.endsWith(`.${ending}`)));
  const best = fitting.filter(([name]) => name.endsWith(`.${format ?? ''}`));
  const [only] = best.length === 1 ? best : wanted.split === undefined ? usual(best) : [];
  if (only) return sorted(only[1]);
  const names = (best.length > 0 ? best.map(([name]) => name) : [...groups.keys()]).sort();
  const shown = names.slice(0, 20).join(', ') + (names.length > 20 ? ', …' : '');
  throw new LabError(
    'usage',
    `${what}: ${best.length === 0 ? 'no file fits' : 'more than one set of files fits'}: ${shown}.`,
    {
      remedy: 'Say which with --config and --split.',
    },
  );
}

/** Of groups that differ in their split alone, the most likely. */
function usual<T>(groups: readonly [string, T[]][]): [string, T[]][] {
  for (const split of SPLITS) {
    const of = groups.filter(([name]) => says(name, split));
    if (of.length > 0) return of.length === 1 ? of : [];
  }
  return [];
}

/** Shards of one table are one group: `data/test-00000-of-00003-8a….parquet` belongs to `data/test.parquet`. */
function grouped<T extends Named>(files: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const file of files) {
    const name = file.path
      .replace(/-\d{5}-of-\d{5}(?:-[0-9a-f]{16})?(?=\.\w+$)/, '')
      .replace(/\/\d{4}(?=\.parquet$)/, '');
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return groups;
}

function fits(name: string, { config, split }: Wanted): boolean {
  if (split !== undefined && !says(name, split)) return false;
  return config === undefined || config === 'default' || says(name, config);
}

/** As a word of its own in the path. */
function says(name: string, word: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:^|[/_.-])${escaped}(?:[/_.-])`, 'i').test(name);
}

function endingOf(path: string): string | null {
  return ENDINGS.find((ending) => path.toLowerCase().endsWith(`.${ending}`)) ?? null;
}

function sorted<T extends Named>(files: readonly T[]): T[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}
