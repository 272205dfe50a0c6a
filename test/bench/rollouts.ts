/**
 * Rollouts of the nano model: 32 questions × 8 samples, tokens a second against transformers' `generate` on the same
 * folder, interleaved round by round on this machine. `RZERO_PYTHON` names a Python with torch and transformers; without
 * it only our own figures are taken.
 *
 *   node scripts/run-ts.mjs test/bench/rollouts.ts [rounds] [--backend NAME] [--questions N] [--samples N]
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { openCompute } from '../../main/compute/open.js';
import type { BackendName } from '../../main/compute/compute.js';
import { packageRoot } from '../../main/lib/package-root.js';
import { RandomKey } from '../../main/lib/random.js';
import { loadModelFolder } from '../../main/model/folder.js';
import { TextGenerator } from '../../main/model/generate.js';
import { median, openPeer } from '../support/peer.js';

const FOLDER = join(packageRoot(), 'resources/models/nano');
const MAX_NEW_TOKENS = 112;
const STOP = 2;

interface Round {
  readonly seconds: number;
  readonly tokens: number;
}

function promptsOf(encode: (text: string) => number[], count: number): number[][] {
  const lines = readFileSync(join(packageRoot(), 'resources/benchmarks/chains-tune.jsonl'), 'utf8').trim().split('\n');
  const every = Math.max(1, Math.floor(lines.length / count));
  return Array.from({ length: count }, (_, i) => {
    const { question } = JSON.parse(lines[(i * every) % lines.length] as string) as { question: string };
    return encode(`<bos><question>${question}</question>`);
  });
}

const rate = ({ tokens, seconds }: Round): number => tokens / seconds;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'auto' },
    questions: { type: 'string', default: '32' },
    samples: { type: 'string', default: '8' },
    threads: { type: 'string', default: String(availableParallelism()) },
    'max-batch': { type: 'string' },
  },
});
const rounds = Number(positionals[0] ?? 5);
const samples = Number(values.samples);
const compute = await openCompute(values.backend as 'auto' | BackendName);
const model = await loadModelFolder(FOLDER);
const prompts = promptsOf((text) => model.tokenizer.encode(text), Number(values.questions));
const generator = new TextGenerator(compute, model.config);
const sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: MAX_NEW_TOKENS, stopTokens: [STOP] };

async function ours(seed: number): Promise<Round> {
  const requests = prompts.map((prompt, i) => ({ prompt, samples, key: RandomKey.of(seed, 'bench', i) }));
  const start = performance.now();
  const maxBatch = values['max-batch'] === undefined ? undefined : Number(values['max-batch']);
  const made = await generator.generate(model.parameters, requests, sampling, { maxBatch });
  const tokens = made.flat().reduce((sum, sample) => sum + sample.tokens.length, 0);
  return { seconds: (performance.now() - start) / 1000, tokens };
}

const peer = await openPeer('rollouts.py', [FOLDER, values.threads]);
const theirs = async (seed: number): Promise<Round | null> =>
  peer === null
    ? null
    : ((await peer.ask({ seed, prompts, samples, maxNewTokens: MAX_NEW_TOKENS, stop: STOP })) as Round);

// The first calls trace our shapes and warm the peer's allocator.
const cold = performance.now();
for (const seed of [1, 2, 3]) await ours(seed);
const warmUpSeconds = (performance.now() - cold) / 1000;
await theirs(1);
const our: number[] = [];
const their: number[] = [];
for (let round = 0; round < rounds; round++) {
  our.push(rate(await ours(100 + round)));
  const other = await theirs(100 + round);
  if (other) their.push(rate(other));
}
peer?.close();
const result = {
  bench: 'rollouts',
  backend: compute.description,
  questions: prompts.length,
  samples,
  rounds,
  tokensPerSecond: Math.round(median(our)),
  peerTokensPerSecond: their.length > 0 ? Math.round(median(their)) : null,
  ratio: their.length > 0 ? Number(median(our.map((x, i) => x / (their[i] as number))).toFixed(2)) : null,
  bar: 3,
  warmUpSeconds: Number(warmUpSeconds.toFixed(1)),
  steps: compute.statistics(),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
