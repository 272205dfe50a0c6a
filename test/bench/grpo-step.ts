/**
 * One GRPO step of the nano Solver end to end, 32 questions × 8 samples: rollouts, rewards, advantages, update. Against
 * TRL's GRPOTrainer on the same checkpoint, questions and settings, interleaved round by round. Both report their own time.
 *
 *   RZERO_PYTHON=… node scripts/run-ts.mjs test/bench/grpo-step.ts [rounds] [--backend NAME] [--threads N]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { grpoSchema, optimiserSchema } from '../../preload/contract/recipe-parts.js';
import type { BackendName } from '../../main/compute/compute.js';
import { openCompute } from '../../main/compute/open.js';
import { domainNamed } from '../../main/coevolution/named-domain.js';
import { plainText } from '../../main/domains/prompts.js';
import { sampleQuestion, valueOf } from '../../main/domains/chains/question.js';
import { packageRoot } from '../../main/lib/package-root.js';
import { RandomKey } from '../../main/lib/random.js';
import { loadModelFolder } from '../../main/model/folder.js';
import { type Generated, TextGenerator } from '../../main/model/generate.js';
import { GrpoTrainer } from '../../main/training/grpo.js';
import { median, openPeer } from '../support/peer.js';
import { timedStep, type TimedStep } from './support/timed-step.js';

const FOLDER = join(packageRoot(), 'resources/models/nano');
const QUESTIONS = 32;
const SAMPLES = 8;
const MAX_NEW_TOKENS = 112;
const STOP = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'auto' },
    threads: { type: 'string', default: String(availableParallelism()) },
    'micro-batch-tokens': { type: 'string', default: '4096' },
  },
});
const rounds = Number(positionals[0] ?? 7);
const key = RandomKey.of(0, 'grpo-step');
// Lengths as the curriculum keeps them, spread over 4 to 12 terms.
const questions = Array.from({ length: 1024 }, (_, i) => sampleQuestion(key.child('question', i), 4 + (i % 9)));

const compute = await openCompute(values.backend as 'auto' | BackendName);
const { config, parameters, tokenizer } = await loadModelFolder(FOLDER);
const reference = parameters.clone();
const domain = domainNamed('chains');
const generator = new TextGenerator(compute, config);
const trainer = new GrpoTrainer({
  compute,
  config,
  parameters,
  reference,
  optimiser: optimiserSchema.parse({ learning_rate: 1e-6 }),
  grpo: grpoSchema.parse({ kl: 0.03, micro_batch_tokens: Number(values['micro-batch-tokens']) }),
  totalSteps: 1000,
});
const solverText = (question: string): string => plainText(domain.solverPrompt(question));
const sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: MAX_NEW_TOKENS, stopTokens: [STOP] };

const reward = ({ tokens, finish }: Generated, asked: string): number => {
  const text = tokenizer.decode(finish === 'stop' ? tokens.slice(0, -1) : tokens);
  return Number(domain.extractAnswer(text, finish) === String(valueOf(asked)));
};

function ours(round: number): Promise<TimedStep> {
  const asked = Array.from(
    { length: QUESTIONS },
    (_, i) => questions[(round * QUESTIONS + i) % questions.length] as string,
  );
  const requests = asked.map((question, i) => ({
    prompt: tokenizer.encode(solverText(question)),
    samples: SAMPLES,
    key: key.child('sample', round, i),
  }));
  const parts = { generator, parameters, sampling, trainer };
  return timedStep({ ...parts, reward: (made, group) => reward(made, asked[group] as string) }, requests);
}

const folder = mkdtempSync(join(tmpdir(), 'rzero-bench-'));
const file = join(folder, 'questions.jsonl');
const rows = questions.map((question) => ({ prompt: solverText(question), answer: String(valueOf(question)) }));
writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const peer = await openPeer('grpo_step.py', [FOLDER, values.threads, file]);
const theirs = async (): Promise<number | null> =>
  peer ? ((await peer.ask({})) as { seconds: number }).seconds : null;

// The first steps trace our shapes and warm the peer's allocator.
for (let round = 0; round < 3; round++) {
  await ours(round);
  await theirs();
}
const our: TimedStep[] = [];
const their: number[] = [];
for (let round = 0; round < rounds; round++) {
  our.push(await ours(100 + round));
  const seconds = await theirs();
  if (seconds !== null) their.push(seconds);
}
peer?.close();
rmSync(folder, { recursive: true });
const milliseconds = (of: (times: TimedStep) => number): number => Math.round(1000 * median(our.map(of)));
const report = {
  bench: 'grpo-step',
  backend: compute.description,
  questions: QUESTIONS,
  samples: SAMPLES,
  rounds,
  milliseconds: milliseconds((t) => t.seconds),
  rolloutMilliseconds: milliseconds((t) => t.rollouts),
  updateMilliseconds: milliseconds((t) => t.update),
  trainedSamples: median(our.map((t) => t.trained)),
  peerMilliseconds: their.length > 0 ? Math.round(1000 * median(their)) : null,
  ratio: their.length > 0 ? Number(median(our.map((t, i) => (their[i] as number) / t.seconds)).toFixed(2)) : null,
  bar: 2,
  steps: compute.statistics(),
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
