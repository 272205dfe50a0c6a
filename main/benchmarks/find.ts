/**
 * What a reference to a benchmark means on this machine, without reading a question: names before files, so that a folder of
 * the same name changes nothing. Used to check a recipe before a run is made, and by everything that lists benchmarks.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { LabError } from '../lib/errors.js';
import { resourcesDir } from '../lib/paths.js';
import { nearest } from '../lib/text.js';
import { cachedRepository, type CachedFile } from '../hub/cache.js';
import { allShards, filesOf } from './hub/choose.js';
import { hubSettings } from '../hub/settings.js';
import type { BenchmarkSet, HubSource } from './sets/set.js';
import { BENCHMARK_SETS, setNamed, setOfHubId } from './sets/sets.js';
import type { Manifest } from './shelf/manifest.js';
import { findShelved, shelved } from './shelf/shelf.js';

export type FoundBenchmark =
  | { readonly kind: 'shipped'; readonly name: string }
  | { readonly kind: 'shelf'; readonly manifest: Manifest; readonly set: BenchmarkSet | null }
  /** `set`: the one it was said to be; null: by its columns. */
  | { readonly kind: 'file'; readonly path: string; readonly set: BenchmarkSet | null }
  | { readonly kind: 'cache'; readonly set: BenchmarkSet; readonly files: readonly CachedFile[] };

const EXTENSION = '.jsonl';

/** The file of a benchmark that ships. */
export function shippedFile(name: string): string {
  return join(resourcesDir(), 'benchmarks', name + EXTENSION);
}

/** Names of the benchmarks that ship, in alphabetical order. */
export function shippedBenchmarks(): string[] {
  return readdirSync(join(resourcesDir(), 'benchmarks'))
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => basename(file, EXTENSION))
    .sort();
}

/** Null: there is nothing of that name, or it is a public set that was not fetched. */
export function findBenchmark(reference: string): FoundBenchmark | null {
  if (shippedBenchmarks().includes(reference)) return { kind: 'shipped', name: reference };
  const set = setNamed(reference);
  const manifest = findShelved(set?.name ?? reference) ?? findShelved(reference);
  if (manifest) return { kind: 'shelf', manifest, set: manifest.set === null ? null : setNamed(manifest.set) };
  const said = saidToBe(reference);
  if (said) return existsSync(said.path) ? { kind: 'file', ...said } : null;
  if (existsSync(reference)) return { kind: 'file', path: reference, set: null };
  const known = set ? { set, sources: set.sources } : ofHub(reference);
  return known && cachedSet(known.set, known.sources);
}

/** The reference as a run keeps it: paths from the root on, so that it means the same in every folder. */
export function absoluteReference(reference: string): string {
  const found = findBenchmark(reference);
  if (found?.kind !== 'file') return reference;
  const path = resolve(found.path);
  return found.set === null ? path : `${found.set.name}=${path}`;
}

/** All that can be named here and now: those that ship, those fetched or added, sets in Hugging Face's cache. */
export function benchmarksHere(): string[] {
  const kept = shelved().map(({ name }) => name);
  const cached = BENCHMARK_SETS.filter((set) => !kept.includes(set.name) && cachedSet(set, set.sources) !== null);
  return [...shippedBenchmarks(), ...kept, ...cached.map(({ name }) => name)];
}

/** `SET=FILE`: a file that is said to be of a public set. */
function saidToBe(reference: string): { path: string; set: BenchmarkSet } | null {
  const at = reference.indexOf('=');
  const set = at > 0 ? setNamed(reference.slice(0, at)) : null;
  return set && { set, path: reference.slice(at + 1) };
}

function ofHub(id: string): { set: BenchmarkSet; sources: readonly HubSource[] } | null {
  const known = setOfHubId(id);
  return known && { set: known.set, sources: [known.source] };
}

/** A set whose files are all in Hugging Face's cache, at its newest commit there. */
export function cachedSet(
  set: BenchmarkSet,
  sources: readonly HubSource[],
): Extract<FoundBenchmark, { kind: 'cache' }> | null {
  for (const source of sources) {
    const repository = cachedRepository(hubSettings(), { kind: 'dataset', id: source.id, revision: 'main' });
    const files = repository ? filesOf(source, repository.files) : [];
    if (files.length > 0 && allShards(files)) return { kind: 'cache', set, files };
  }
  return null;
}

/** Says what to do about a reference that names nothing here. */
export function unknownBenchmark(reference: string): LabError {
  const set = setNamed(reference) ?? setOfHubId(reference)?.set;
  if (set) {
    return new LabError('not-found', `${set.title} is not on this machine.`, {
      remedy: `Fetch it: rzero benchmark get ${reference}`,
    });
  }
  const said = saidToBe(reference);
  if (said) {
    return new LabError('not-found', `There is no file ${said.path} to be read as ${said.set.title}.`, {
      remedy: 'Name a file: SET=FILE.',
    });
  }
  const at = reference.indexOf('=');
  if (at > 0 && existsSync(reference.slice(at + 1))) {
    const names = BENCHMARK_SETS.map(({ name }) => name);
    const meant = nearest(reference.slice(0, at), names);
    return new LabError('not-found', `There is no public set "${reference.slice(0, at)}".`, {
      remedy: `${meant ? `Did you mean ${meant}? ` : ''}Before the = stands one of ${names.join(', ')}; a file of your own is named without it.`,
    });
  }
  const here = benchmarksHere();
  const guess = nearest(reference, [...here, ...BENCHMARK_SETS.map(({ name }) => name)]);
  const hub = /^[\w-][\w.-]*\/[\w.-]+$/.test(reference)
    ? ` One of the hub is fetched by: rzero benchmark get ${reference}`
    : '';
  return new LabError('not-found', `There is no benchmark or file called "${reference}".`, {
    remedy: `${guess ? `Did you mean ${guess}? ` : ''}Name one of ${here.join(', ')}, or a file with "question" and "answer".${hub}`,
  });
}
