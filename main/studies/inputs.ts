/** The contents that a recipe only names, as digests: the files of its model, what its domain says, the questions of its benchmarks. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import { loadBenchmark } from '../benchmarks/benchmark.js';
import { readDomain } from '../coevolution/domain-folder.js';
import { modelFolder } from '../hub/model-place.js';
import type { Database } from '../store/database.js';
import { fileDigest } from '../store/file-digests.js';
import { findOrigin, type RunOrigin } from '../store/run-origin.js';
import { dataFile } from '../tables/shipped.js';
import { sha256 } from '../lib/sha256.js';

/** What a model is made of; cards, licences and images are not. */
export const OF_A_MODEL = /\.(safetensors|json|jinja|txt|model)$/;

export interface Inputs {
  readonly model: string;
  readonly domain: string;
  /** By role: benchmark, guard_benchmark; others in their order, with the k of their mean@k. */
  readonly benchmarks: {
    readonly benchmark: string;
    readonly guard_benchmark?: string;
    readonly others?: readonly { readonly benchmark: string; readonly samples: number | null }[];
  };
  /** What it is fine-tuned on, where it is. */
  readonly data?: string;
}

/** Of a run: its domain as it was then, and the weights it took from another run. */
interface Kept {
  readonly domain?: DomainDescription;
  readonly origin?: RunOrigin | null;
}

/** A model with other weights than its own, those of a run, as one digest. */
export const weightsOn = (model: string, weights: string): string => `${weights} ${model}`;

/** What a domain says, not how it is written: a comment makes no other run. */
export const domainDigest = (description: DomainDescription): string => sha256(JSON.stringify(description));

/** Looks up digests; each benchmark is read once, however many recipes name it. */
export class InputReader {
  private readonly benchmarks = new Map<string, Promise<string>>();

  constructor(private readonly db: Database) {}

  /** @param kept what a run took for its own when it was made; left out, what one made now would take */
  async of({ model, domain, evaluation, sft }: Recipe, kept: Kept = {}): Promise<Inputs> {
    const { benchmark, guard_benchmark: guard, others } = evaluation;
    return {
      model: await this.model(model, kept.origin),
      domain: domainDigest(kept.domain ?? readDomain(domain).description),
      benchmarks: {
        benchmark: await this.benchmark(benchmark),
        ...(guard !== null && { guard_benchmark: await this.benchmark(guard) }),
        ...(others.length > 0 && {
          others: await Promise.all(
            others.map(async (other) => ({ ...other, benchmark: await this.benchmark(other.benchmark) })),
          ),
        }),
      },
      ...(sft && { data: await fileDigest(this.db, dataFile(sft.data)) }),
    };
  }

  private async model(reference: string, taken: RunOrigin | null = null): Promise<string> {
    // What a run became: its weights, on the model it began with.
    const origin = taken ?? findOrigin(this.db, reference)?.origin;
    if (origin) return weightsOn(await this.model(origin.base), origin.sha256);
    const folder = modelFolder(reference);
    const names = (await readdir(folder)).filter((name) => OF_A_MODEL.test(name)).sort();
    const hash = createHash('sha256');
    for (const name of names) hash.update(`${name} ${await fileDigest(this.db, join(folder, name))}\n`);
    return hash.digest('hex');
  }

  private benchmark(reference: string): Promise<string> {
    let found = this.benchmarks.get(reference);
    if (!found) this.benchmarks.set(reference, (found = digestOf(reference)));
    return found;
  }
}

/** Its name counts too: what is drawn for its answers depends on it. */
async function digestOf(reference: string): Promise<string> {
  const benchmark = await loadBenchmark(reference);
  return sha256(JSON.stringify(benchmark));
}
