/**
 * One GRPO step of SmolLM2-135M end to end, 8 word problems × 8 samples of up to 128 tokens: rollouts, rewards, reference
 * log-probabilities, update. Against TRL's GRPOTrainer on the same folder and prompts, in turn, round by round: once with the
 * options that make it fastest and once with those that make it smallest. Ours is one process in one configuration. Time is a
 * step's; memory is the most that the whole process ever had.
 *
 * Ours is what the lab chooses where memory is short, micro-batches of 1024 tokens whose blocks are computed again for their
 * gradients; `--size 2048,products` is what it chooses where there is enough, `--size auto` what it chooses here.
 *
 * The reward is a number drawn from the text, so that every group has variance and both sides learn from every sample.
 *
 *   npm run bench -- smollm2-grpo-step [rounds] [--size=TOKENS,KEPT] [--fast=OPTIONS] [--small=OPTIONS] [--without=ours,fast,small]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';
import { grpoSchema, optimiserSchema } from '../../preload/contract/recipe-parts.js';
import type { BackendName } from '../../main/compute/compute.js';
import { openCompute } from '../../main/compute/open.js';
import { RandomKey } from '../../main/lib/random.js';
import { loadModelFolder } from '../../main/model/folder.js';
import { type Generated, TextGenerator } from '../../main/model/generate.js';
import { GrpoTrainer } from '../../main/training/grpo.js';
import type { WorkSize } from '../../main/sizes/work-size.js';
import { median, openPeer, type Peer } from '../support/peer.js';
import { peakMemory, smollm2Folder, wordPrompts } from './support/smollm2.js';
import { spread, type Spread } from './support/spread.js';
import { timedStep, type TimedStep } from './support/timed-step.js';

const GROUPS = 8;
const SAMPLES = 8;
const MAX_NEW_TOKENS = 128;

interface Step {
  readonly seconds: number;
  /** Bytes, of the process until now. */
  readonly peak: number;
}

type OurStep = Step & TimedStep;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'auto' },
    threads: { type: 'string', default: String(availableParallelism()) },
    fast: { type: 'string', default: '--per-device 16' },
    small: { type: 'string', default: '--per-device 1 --checkpointing' },
    without: { type: 'string', default: '' },
    size: { type: 'string', default: '1024,inputs' },
  },
});
const rounds = Number(positionals[0] ?? 5);
const without = values.without.split(',');
const folder = smollm2Folder();
const compute = await openCompute(values.backend as 'auto' | BackendName);
const { config, parameters, tokenizer, chatTemplate, generation } = await loadModelFolder(folder);
const texts = wordPrompts({ chatTemplate, tokenizer }, GROUPS);
const prompts = texts.map((text) => tokenizer.encode(text));
const generator = new TextGenerator(compute, config);
const sampling = {
  ...{ temperature: 1, topK: 0, topP: 1 },
  maxNewTokens: MAX_NEW_TOKENS,
  stopTokens: generation.eosTokenIds,
};
const size = sizeOf(values.size);

function sizeOf(text: string): WorkSize | null {
  if (text === 'auto') return null;
  const [tokens, kept] = text.split(',');
  if (!(Number(tokens) > 0) || (kept !== 'inputs' && kept !== 'products')) {
    throw new Error(`--size is auto, or TOKENS,inputs or TOKENS,products: not ${text}.`);
  }
  return { tokens: Number(tokens), kept };
}

function newTrainer(): GrpoTrainer {
  return new GrpoTrainer({
    compute,
    config,
    parameters,
    reference: parameters.clone(),
    optimiser: optimiserSchema.parse({ learning_rate: 1e-6 }),
    grpo: grpoSchema.parse({ kl: 0.03 }),
    ...(size && { size }),
    totalSteps: 1000,
  });
}

async function ours(trainer: GrpoTrainer, round: number): Promise<OurStep> {
  const requests = prompts.map((prompt, i) => ({ prompt, samples: SAMPLES, key: RandomKey.of(round, 'bench', i) }));
  const reward = ({ tokens }: Generated): number => crc32(tokenizer.decode(tokens)) / 0xffffffff;
  const step = await timedStep({ generator, parameters, sampling, trainer, reward }, requests);
  return { ...step, peak: peakMemory() };
}

const scratch = mkdtempSync(join(tmpdir(), 'rzero-bench-'));
const file = join(scratch, 'prompts.jsonl');
writeFileSync(file, texts.map((prompt) => `${JSON.stringify({ prompt, answer: '' })}\n`).join(''));
const sizes = ['--groups', GROUPS, '--samples', SAMPLES, '--max-new-tokens', MAX_NEW_TOKENS, '--reward', 'varied'];
const open = (name: 'fast' | 'small'): Promise<Peer | null> | null =>
  without.includes(name)
    ? null
    : openPeer('grpo_step.py', [folder, values.threads, file, ...sizes.map(String), ...values[name].split(' ')]);
const peers = { fast: await open('fast'), small: await open('small') };

const trainer = without.includes('ours') ? null : newTrainer();
const our: OurStep[] = [];
const their: Record<'fast' | 'small', Step[]> = { fast: [], small: [] };
// Round 0 traces our shapes and warms the peers' allocators.
for (let round = 0; round <= rounds; round++) {
  if (trainer) {
    const step = await ours(trainer, round);
    process.stderr.write(`ours ${JSON.stringify(step)}\n`);
    if (round > 0) our.push(step);
  }
  for (const name of ['fast', 'small'] as const) {
    const step = (await peers[name]?.ask({})) as Step | undefined;
    if (step) process.stderr.write(`${name} ${JSON.stringify(step)}\n`);
    if (step && round > 0) their[name].push(step);
  }
}
for (const peer of Object.values(peers)) peer?.close();
rmSync(scratch, { recursive: true });

const GIB = 2 ** 30;
const mine = (of: (step: OurStep) => number): number | null =>
  our.length > 0 ? Number(median(our.map(of)).toFixed(2)) : null;
const of = (name: 'fast' | 'small'): object => {
  const steps = their[name];
  const ratios = (value: (step: Step, mine: OurStep) => number): Spread | null =>
    spread(steps.flatMap((step, i) => (our[i] ? [value(step, our[i])] : [])));
  return {
    options: values[name],
    seconds: spread(steps.map((step) => step.seconds)),
    peakGib: spread(steps.map((step) => step.peak / GIB))?.high ?? null,
    timesFaster: ratios((step, own) => step.seconds / own.seconds),
    memoryRatio: ratios((step, own) => own.peak / step.peak)?.high ?? null,
  };
};
const report = {
  bench: 'smollm2-grpo-step',
  backend: compute.description,
  groups: GROUPS,
  samples: SAMPLES,
  maxNewTokens: MAX_NEW_TOKENS,
  size: values.size,
  rounds,
  seconds: spread(our.map((step) => step.seconds)),
  rolloutSeconds: mine((step) => step.rollouts),
  updateSeconds: mine((step) => step.update),
  trainedSamples: mine((step) => step.trained),
  completionTokens: mine((step) => step.tokens),
  peakGib: our.length > 0 ? Number((Math.max(...our.map((step) => step.peak)) / GIB).toFixed(2)) : null,
  trlFastest: of('fast'),
  trlSmallest: of('small'),
  bars: { timesFaster: 1.5, memoryRatio: 1 },
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
