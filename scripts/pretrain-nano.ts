/**
 * `npm run pretrain:nano`: makes resources/models/nano/model.safetensors again from nothing, bit for bit on the same
 * machine and backend, and prints its accuracy on the tuning benchmark. The other files of the folder are its design
 * and stay as they are.
 *
 *   npm run pretrain:nano -- [--seed N] [--out DIR] [--steps N] [--backend B] [--no-evaluation]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadBenchmark } from '../main/benchmarks/benchmark.js';
import { evaluate } from '../main/benchmarks/evaluate.js';
import type { BackendName } from '../main/compute/compute.js';
import { openCompute } from '../main/compute/open.js';
import { domainNamed } from '../main/coevolution/named-domain.js';
import { LocalExecutor } from '../main/engine/local-executor.js';
import { resourcesDir } from '../main/lib/paths.js';
import { RandomKey } from '../main/lib/random.js';
import { describeModelFolder, saveModelFolder } from '../main/model/folder.js';
import type { Parameters } from '../main/model/parameters.js';
import { SHIPPED_SEED, STEPS } from './nano/corpus.js';
import { pretrain, type PretrainOptions } from './nano/pretrain.js';

const SAMPLES = 8;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function trained(options: PretrainOptions): Promise<Parameters> {
  const started = performance.now();
  const run = pretrain(options);
  for (let mean = NaN; ;) {
    const next = await run.next();
    if (next.done) return next.value;
    const { step, loss, gradientNorm } = next.value;
    mean = step === 1 ? loss : 0.95 * mean + 0.05 * loss;
    if (step % 50 === 0) {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      say(`step ${step}  loss ${mean.toFixed(4)}  gradient ${gradientNorm.toFixed(2)}  ${seconds} s`);
    }
  }
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(SHIPPED_SEED) },
    out: { type: 'string', default: join(resourcesDir(), 'models', 'nano') },
    steps: { type: 'string', default: String(STEPS) },
    backend: { type: 'string', default: 'auto' },
    'no-evaluation': { type: 'boolean', default: false },
  },
});
const compute = await openCompute(values.backend as 'auto' | BackendName);
const description = await describeModelFolder(join(resourcesDir(), 'models', 'nano'));
const { config, tokenizer } = description;
const seed = Number(values.seed);
say(`${compute.description}; seed ${seed}`);
const parameters = await trained({ compute, config, tokenizer, seed, steps: Number(values.steps) });
await saveModelFolder(values.out, { ...description, parameters });
say(`${parameters.count} parameters written to ${values.out}`);
if (!values['no-evaluation']) {
  const benchmark = await loadBenchmark('chains-tune');
  const { evaluation } = await evaluate({
    policy: new LocalExecutor(compute, { ...description, parameters }).solver,
    task: domainNamed('chains'),
    benchmark,
    samples: SAMPLES,
    sampling: { temperature: 1, top_p: 1, top_k: 0, max_new_tokens: 112 },
    key: RandomKey.of(0, 'pretrain-evaluation'),
  });
  const percent = (value: number | null | undefined): string => (100 * (value ?? 0)).toFixed(1).padStart(5);
  say(
    `${benchmark.name}: greedy ${percent(evaluation.greedy.value)}, mean@${SAMPLES} ${percent(evaluation.mean?.value)}`,
  );
  for (const { difficulty, greedy, mean } of evaluation.byDifficulty) {
    say(`  ${String(difficulty).padStart(2)} terms  greedy ${percent(greedy)}  mean@${SAMPLES} ${percent(mean)}`);
  }
}
process.exit(0);
