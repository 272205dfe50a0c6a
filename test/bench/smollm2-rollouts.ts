/**
 * Rollouts of SmolLM2-135M: 32 word problems × 8 samples of up to 128 tokens, lengths as they fall. Tokens a second, ours
 * against transformers' `generate` and vLLM on the CPU with the same folder, prompts and stop token, in turn, round by round.
 * Each peer works with the settings that were its best; others are tried with the options below.
 *
 *   npm run bench -- smollm2-rollouts [rounds] [--transformers=OPTIONS] [--vllm=OPTIONS] [--without ours,transformers,vllm]
 */
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { BackendName } from '../../main/compute/compute.js';
import { openCompute } from '../../main/compute/open.js';
import { RandomKey } from '../../main/lib/random.js';
import { loadModelFolder } from '../../main/model/folder.js';
import { TextGenerator } from '../../main/model/generate.js';
import { median, openPeer } from '../support/peer.js';
import { spread } from './support/spread.js';
import { smollm2Folder, wordPrompts } from './support/smollm2.js';

interface Round {
  readonly seconds: number;
  readonly tokens: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'auto' },
    questions: { type: 'string', default: '32' },
    samples: { type: 'string', default: '8' },
    'max-new-tokens': { type: 'string', default: '128' },
    threads: { type: 'string', default: String(availableParallelism()) },
    transformers: { type: 'string', default: '--batch 64' },
    vllm: { type: 'string', default: '--max-num-seqs 256 --block-size 128' },
    without: { type: 'string', default: '' },
  },
});
const rounds = Number(positionals[0] ?? 5);
const without = values.without.split(',');
const samples = Number(values.samples);
const maxNewTokens = Number(values['max-new-tokens']);
const folder = smollm2Folder();
const compute = await openCompute(values.backend as 'auto' | BackendName);
const model = await loadModelFolder(folder);
const prompts = wordPrompts(model, Number(values.questions)).map((text) => model.tokenizer.encode(text));
const [stop] = model.generation.eosTokenIds as readonly [number];
const generator = new TextGenerator(compute, model.config);

async function ours(seed: number): Promise<Round> {
  const requests = prompts.map((prompt, i) => ({ prompt, samples, key: RandomKey.of(seed, 'bench', i) }));
  const sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens, stopTokens: [stop] };
  const start = performance.now();
  const made = await generator.generate(model.parameters, requests, sampling);
  const tokens = made.flat().reduce((sum, sample) => sum + sample.tokens.length, 0);
  return { seconds: (performance.now() - start) / 1000, tokens };
}

const wanted = (name: string): boolean => !without.includes(name);
const options = (text: string): string[] => [folder, values.threads, ...text.split(' ').filter(Boolean)];
const peers = {
  transformers: wanted('transformers') ? await openPeer('rollouts.py', options(values.transformers)) : null,
  vllm: wanted('vllm') ? await openPeer('vllm_rollouts.py', options(values.vllm), 'RZERO_VLLM_PYTHON') : null,
};
const players = Object.entries({
  ours: wanted('ours') ? ours : null,
  ...Object.fromEntries(
    Object.entries(peers).map(([name, peer]) => [
      name,
      peer && (async (seed: number) => (await peer.ask({ seed, prompts, samples, maxNewTokens, stop })) as Round),
    ]),
  ),
}).filter((entry): entry is [string, (seed: number) => Promise<Round>] => entry[1] !== null);

const rates = new Map(players.map(([name]) => [name, [] as number[]]));
const tokens: number[] = [];
// Round 0 traces our shapes and warms the peers' allocators.
for (let round = 0; round <= rounds; round++) {
  for (const [name, play] of players) {
    const made = await play(100 + round);
    process.stderr.write(`${name} ${(made.tokens / made.seconds).toFixed(1)} tokens/s, ${made.tokens} tokens\n`);
    if (round === 0) continue;
    rates.get(name)?.push(made.tokens / made.seconds);
    if (name === 'ours') tokens.push(made.tokens);
  }
}
for (const peer of Object.values(peers)) peer?.close();

const rate = (name: string): number | null => {
  const measured = rates.get(name) ?? [];
  return measured.length > 0 ? Number(median(measured).toFixed(1)) : null;
};
const ratio = (name: string): ReturnType<typeof spread> => {
  const mine = rates.get('ours') ?? [];
  return spread((rates.get(name) ?? []).flatMap((theirs, i) => (mine[i] === undefined ? [] : [mine[i] / theirs])));
};
const report = {
  bench: 'smollm2-rollouts',
  backend: compute.description,
  questions: prompts.length,
  samples,
  maxNewTokens,
  rounds,
  tokensPerRound: tokens.length > 0 ? median(tokens) : null,
  tokensPerSecond: rate('ours'),
  transformers: {
    options: values.transformers,
    tokensPerSecond: rate('transformers'),
    ratio: ratio('transformers'),
    bar: 2,
  },
  vllm: { options: values.vllm, tokensPerSecond: rate('vllm'), ratio: ratio('vllm'), bar: 1 },
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
