/** Takes a benchmark off the shelf, and says why another cannot be. */
import { LabError } from '../lib/errors.js';
import { findBenchmark, unknownBenchmark } from './find.js';
import { setNamed } from './sets/sets.js';
import type { Manifest } from './shelf/manifest.js';
import { findShelved, takeOffShelf } from './shelf/shelf.js';

export async function removeBenchmark(name: string): Promise<Manifest> {
  const kept = findShelved(setNamed(name)?.name ?? name) ?? findShelved(name);
  if (kept) {
    await takeOffShelf(kept.name);
    return kept;
  }
  const found = findBenchmark(name);
  switch (found?.kind) {
    case 'shipped':
      throw new LabError('usage', `${name} ships with this program and cannot be taken away.`);
    case 'file':
      throw new LabError('usage', `${name} is a file that was not added.`, {
        remedy: 'It is yours: delete it yourself.',
      });
    case 'cache':
      throw new LabError('usage', `${name} lies in the cache of Hugging Face's programs.`, {
        remedy: 'Take it away with their command: hf cache.',
      });
    default:
      throw unknownBenchmark(name);
  }
}
