/**
 * Puts benchmarks on the shelf: public sets and other repositories of the hub, from Hugging Face's cache where they lie
 * there, and files of one's own. What cannot be read as questions and answers never gets there.
 */
import { rm } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { LabError } from '../lib/errors.js';
import { readTable } from '../tables/read-table.js';
import type { Table } from '../tables/table.js';
import { findBenchmark, shippedBenchmarks, unknownBenchmark } from './find.js';
import { fromCache, fromHub, type Fetched, type FetchHow } from './hub/fetch.js';
import { isHubId } from '../hub/repository.js';
import { readSet } from './sets/read-set.js';
import type { BenchmarkSet, HubSource } from './sets/set.js';
import { setNamed, setOfHubId } from './sets/sets.js';
import type { Manifest } from './shelf/manifest.js';
import { checkName, findShelved, joined, PARTIAL, putOnShelf, shelfFolder } from './shelf/shelf.js';

export interface GetOptions extends Omit<FetchHow, 'folder'> {
  /** What it is to be called here. */
  readonly name?: string | undefined;
  /** Ask the hub even if it is here or in the cache. */
  readonly fresh?: boolean;
  /** Told when a repository cannot be had and another with the same set is tried. */
  readonly onInstead?: (why: string) => void;
}

export interface Got {
  readonly manifest: Manifest;
  /** `here`: it was there before. */
  readonly from: 'here' | 'cache' | 'hub';
  /** What its owner will want to know of it. */
  readonly warning: string | null;
}

/** @throws LabError('usage' | 'not-found' | 'network' | 'disk') */
export async function getBenchmark(nameOrId: string, options: GetOptions): Promise<Got> {
  const { set, sources } = wantedOf(nameOrId);
  const name = nameFor(options.name ?? set?.name ?? basename(nameOrId));
  const kept = findShelved(name);
  if (kept) refuseOther(kept, sources);
  if (kept && !options.fresh) return { manifest: kept, from: 'here', warning: null };
  const how: FetchHow = { ...options, folder: join(shelfFolder(), PARTIAL) };
  const fetched = await firstOf(sources, { set, how, options });
  const tables: Table[] = [];
  for (const { place, path } of fetched.files) tables.push(await readTable(place, `${fetched.id}: ${path}`));
  const read = readSet(joined(tables), set);
  const { id, revision, commit } = fetched;
  const manifest = await putOnShelf(fetched.files, {
    ...{ name, set: read.set?.name ?? null, from: { kind: 'hub', id, revision, commit } },
    ...{ questions: read.questions.length, answers: read.answers, samples: read.samples },
  });
  if (fetched.from === 'hub') await Promise.all(fetched.files.map(({ place }) => rm(place, { force: true })));
  return { manifest, from: fetched.from, warning: countWarning(read.set, read.questions.length) };
}

/** Keeps a copy of a file, under a name by which every list and recipe knows it. */
export async function addBenchmark(reference: string, name?: string): Promise<Got> {
  const found = findBenchmark(reference);
  if (found?.kind !== 'file') {
    if (found === null) throw unknownBenchmark(reference);
    throw new LabError('usage', `${reference} is the name of a benchmark that is here already.`, {
      remedy: 'Name a file; one that is called so as well is ./' + basename(reference) + '.',
    });
  }
  const path = resolve(found.path);
  const called = nameFor(name ?? basename(path, extname(path)));
  const kept = findShelved(called);
  if (kept && (kept.from.kind !== 'file' || kept.from.path !== path)) throw taken(kept);
  const read = readSet(await readTable(path), found.set);
  const manifest = await putOnShelf([{ place: path, path: basename(path) }], {
    ...{ name: called, set: read.set?.name ?? null, from: { kind: 'file', path } },
    ...{ questions: read.questions.length, answers: read.answers, samples: read.samples },
  });
  return { manifest, from: 'here', warning: countWarning(read.set, read.questions.length) };
}

interface WantedSet {
  /** Null: a repository that is not known; its columns tell. */
  readonly set: BenchmarkSet | null;
  /** `id` alone: a repository that is not known. */
  readonly sources: readonly (HubSource | { readonly id: string })[];
}

function wantedOf(nameOrId: string): WantedSet {
  const set = setNamed(nameOrId);
  if (set) return { set, sources: set.sources };
  const known = setOfHubId(nameOrId);
  if (known) return { set: known.set, sources: [known.source] };
  if (isHubId(nameOrId)) return { set: null, sources: [{ id: nameOrId }] };
  if (shippedBenchmarks().includes(nameOrId)) {
    throw new LabError('usage', `${nameOrId} ships with this program.`, { remedy: 'It need not be fetched.' });
  }
  throw unknownBenchmark(nameOrId);
}

function nameFor(name: string): string {
  if (!shippedBenchmarks().includes(checkName(name))) return name;
  throw new LabError('usage', `A benchmark called ${name} ships with this program.`, {
    remedy: 'Give another --name.',
  });
}

function refuseOther(kept: Manifest, sources: WantedSet['sources']): void {
  const same = kept.from.kind === 'hub' && sources.some(({ id }) => kept.from.kind === 'hub' && id === kept.from.id);
  if (!same) throw taken(kept);
}

function taken({ name, from }: Manifest): LabError {
  const origin = from.kind === 'hub' ? from.id : from.path;
  return new LabError('usage', `There is a benchmark called ${name} already, from ${origin}.`, {
    remedy: `Give another --name, or take it away first: rzero benchmark remove ${name}`,
  });
}

interface Trying {
  readonly set: BenchmarkSet | null;
  readonly how: FetchHow;
  readonly options: GetOptions;
}

/** A repository that is gone is passed over; any other failure is the user's to know. */
async function firstOf(sources: WantedSet['sources'], { how, options }: Trying): Promise<Fetched> {
  if (!options.fresh) {
    for (const source of sources) {
      const cached = await fromCache(source, how);
      if (cached) return cached;
    }
  }
  for (const [i, source] of sources.entries()) {
    try {
      return await fromHub(source, how);
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'not-found' || i === sources.length - 1) throw error;
      options.onInstead?.(`${error.message} Trying ${sources[i + 1]?.id ?? ''}.`);
    }
  }
  throw new LabError('internal', 'A set without a repository cannot be fetched.');
}

function countWarning(set: BenchmarkSet | null, questions: number): string | null {
  if (set === null || set.counts.includes(questions)) return null;
  return `${set.title} is known with ${set.counts.join(' or ')} questions; this one has ${questions}.`;
}
