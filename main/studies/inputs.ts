/** The contents that a recipe only names, as digests: the files of its model and domain, the questions of its benchmarks. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recipe } from '../../preload/contract/recipe.js';
import { readDomain } from '../coevolution/domain-folder.js';
import { loadBenchmark } from '../benchmarks/benchmark.js';
import { modelFolder } from '../lib/model-place.js';
import type { Database } from '../store/database.js';
import { fileDigest } from '../store/file-digests.js';

/** What a model is made of; cards, licences and images are not. */
const OF_A_MODEL = /\.(safetensors|json|jinja|txt|model)$/;

export interface Inputs {
  readonly model: string;
  readonly domain: string;
  /** By role: benchmark, guard_benchmark; others in their order, with the k of their mean@k. */
  readonly benchmarks: {
    readonly benchmark: string;
    readonly guard_benchmark?: string;
    readonly others?: readonly { readonly benchmark: string; readonly samples: number | null }[];
  };
}

/** Looks up digests; each benchmark is read once, however many recipes name it. */
export class InputReader {
  private readonly benchmarks = new Map<string, Promise<string>>();

  constructor(private readonly db: Database) {}

  async of({ model, domain, evaluation }: Recipe): Promise<Inputs> {
    const { benchmark, guard_benchmark: guard, others } = evaluation;
    return {
      model: await this.model(model),
      domain: readDomain(domain).digest,
      benchmarks: {
        benchmark: await this.benchmark(benchmark),
        ...(guard !== null && { guard_benchmark: await this.benchmark(guard) }),
        ...(others.length > 0 && {
          others: await Promise.all(
            others.map(async (other) => ({ ...other, benchmark: await this.benchmark(other.benchmark) })),
          ),
        }),
      },
    };
  }

  private async model(reference: string): Promise<string> {
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
  return createHash('sha256').update(JSON.stringify(benchmark)).digest('hex');
}
