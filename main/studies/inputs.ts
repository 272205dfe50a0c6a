/** The contents that a recipe only names, as digests: the files of its model, the questions of its benchmarks. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recipe } from '../../preload/contract/recipe.js';
import { loadBenchmark } from '../benchmarks/benchmark.js';
import { modelFolder } from '../lib/model-place.js';
import type { Database } from '../store/database.js';
import { fileDigest } from '../store/file-digests.js';
import { findOrigin, type RunOrigin } from '../store/run-origin.js';
import { dataFile } from '../tables/shipped.js';

/** What a model is made of; cards, licences and images are not. */
const OF_A_MODEL = /\.(safetensors|json|jinja|txt|model)$/;

export interface Inputs {
  readonly model: string;
  /** By role: benchmark, guard_benchmark. */
  readonly benchmarks: Readonly<Record<string, string>>;
  /** What it is fine-tuned on, where it is. */
  readonly data?: string;
}

/** Looks up digests; each benchmark is read once, however many recipes name it. */
export class InputReader {
  private readonly benchmarks = new Map<string, Promise<string>>();

  constructor(private readonly db: Database) {}

  /** @param origin the weights that a run took from another when it was made; left out, those that one made now would take */
  async of({ model, evaluation, sft }: Recipe, origin: RunOrigin | null = null): Promise<Inputs> {
    const { benchmark, guard_benchmark: guard } = evaluation;
    return {
      model: await this.model(model, origin),
      benchmarks: {
        benchmark: await this.benchmark(benchmark),
        ...(guard !== null && { guard_benchmark: await this.benchmark(guard) }),
      },
      ...(sft && { data: await fileDigest(this.db, dataFile(sft.data)) }),
    };
  }

  private async model(reference: string, taken: RunOrigin | null = null): Promise<string> {
    // What a run became: its weights, on the model it began with.
    const origin = taken ?? findOrigin(this.db, reference)?.origin;
    if (origin) return `${origin.sha256} ${await this.model(origin.base)}`;
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
