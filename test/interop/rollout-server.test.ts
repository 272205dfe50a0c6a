/**
 * Rollouts at a real vLLM server on the processor: it loads what we export, gives the log-probabilities of the weights here,
 * takes new ones, is found out when it has not, and one iteration with votes and evaluation there is what it is here within
 * its noise. Runs where RZERO_VLLM_PYTHON names an interpreter with vLLM.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { rolloutsSchema } from '../../preload/contract/recipe-rollouts.js';
import { grpoSchema, optimiserSchema } from '../../preload/contract/recipe-parts.js';
import type { LookedAt } from '../../preload/contract/tasks.js';
import type { SampleOptions } from '../../main/coevolution/executor.js';
import { openCompute } from '../../main/compute/open.js';
import { LocalExecutor } from '../../main/engine/local-executor.js';
import { ServedExecutor } from '../../main/engine/served-executor.js';
import { packageRoot } from '../../main/lib/package-root.js';
import { RandomKey } from '../../main/lib/random.js';
import { loadModelFolder, saveModelFolder } from '../../main/model/folder.js';
import { smollm2Folder } from '../bench/support/smollm2.js';

const VLLM = process.env.RZERO_VLLM_PYTHON;
const PYTHON = process.env.RZERO_PYTHON;
const NANO = join(packageRoot(), 'resources/models/nano');
const root = mkdtempSync(join(tmpdir(), 'rzero-vllm-'));
const ENV = {
  ...process.env,
  ...{ HF_HUB_OFFLINE: '1', VLLM_NO_USAGE_STATS: '1', VLLM_CPU_KVCACHE_SPACE: '1', VLLM_SERVER_DEV_MODE: '1' },
  // vLLM starts programs that lie beside its interpreter.
  PATH: `${dirname(VLLM ?? '')}:${process.env['PATH'] ?? ''}`,
};
let server: ChildProcess | null = null;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Serves a folder as `m`; settles when it answers. */
async function serve(folder: string, ...more: readonly string[]): Promise<string> {
  const port = await freePort();
  const args = ['-m', 'vllm.entrypoints.openai.api_server', '--model', folder, '--served-model-name', 'm'];
  const how = ['--dtype', 'float32', '--enforce-eager', '--host', '127.0.0.1', '--port', String(port), ...more];
  // A process group of its own: its engine is a child that must go with it.
  const child = spawn(VLLM as string, [...args, ...how], {
    env: ENV,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  server = child;
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-4000)));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended:\n${said}`);
    const up = await fetch(`http://127.0.0.1:${port}/v1/models`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return `http://127.0.0.1:${port}/v1`;
    await sleep(500);
  }
}

async function stopServer(): Promise<void> {
  const child = server;
  server = null;
  if (!child?.pid || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function rzero(...args: readonly string[]): Promise<Ended> {
  const words = [join(packageRoot(), 'out/main/cli.js'), ...args, '--data-dir', join(root, 'data')];
  return new Promise((resolve) => {
    execFile(process.execPath, words, { maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
  });
}

async function look(url: string, model: string): Promise<{ code: number; found: LookedAt }> {
  const { code, stdout, stderr } = await rzero('rollouts', 'check', '--server', url, '--model', model, '--json');
  if (stdout === '') throw new Error(stderr);
  return { code, found: (JSON.parse(stdout) as { servers: [LookedAt] }).servers[0] };
}

interface Share {
  readonly value: number;
  readonly n: number;
}

interface Summary {
  readonly evaluation: { readonly greedy: Share; readonly mean: Share };
  readonly funnel: { readonly labelAccuracy?: Share | null } | null;
}

/** What a tiny run comes to; `more` are lines of its recipe. */
async function tinyRun(name: string, more: string): Promise<{ summaries: readonly Summary[]; reason: string }> {
  const recipe = join(root, `${name}.yaml`);
  writeFileSync(
    recipe,
    `
name: ${name}
model: builtin:nano
domain: chains
iterations: 1
challenger:
  { steps: 2, rollouts_per_prompt: 16, sampling: { max_new_tokens: 48 }, vote_sampling: { max_new_tokens: 112 }, optimiser: { learning_rate: 3.0e-4 } }
curriculum:
  { questions: 96, sampling: { max_new_tokens: 48 }, vote_sampling: { max_new_tokens: 112 }, band: { low: 0.3, high: 0.9 } }
solver:
  { steps: 2, questions_per_step: 8, rollouts_per_question: 8, sampling: { max_new_tokens: 112 }, optimiser: { learning_rate: 3.0e-4 } }
evaluation: { benchmark: chains-test, samples: 1, sampling: { max_new_tokens: 112 } }
guards: { min_entropy: 0.005 }
${more}
`,
  );
  const { code, stdout, stderr } = await rzero('run', recipe, '--name', name, '--json');
  expect([code, stderr]).toEqual([0, '']);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; reason?: string; summaries?: Summary[] });
  const last = events.findLast(({ type }) => type === 'run.finished' || type === 'run.paused');
  return { summaries: last?.summaries ?? [], reason: last?.reason ?? '' };
}

/** Whether two shares may be of one coin: four deviations of their difference. */
function expectNear(a: Share | null | undefined, b: Share | null | undefined): void {
  if (!a || !b) throw new Error('A share is missing.');
  const pooled = (a.value * a.n + b.value * b.n) / (a.n + b.n);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n));
  expect(Math.abs(a.value - b.value)).toBeLessThanOrEqual(4 * deviation);
}

describe.skipIf(!VLLM)('a vLLM server (skipped where RZERO_VLLM_PYTHON is not set)', () => {
  afterEach(stopServer);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  // Would catch: weights that a server takes for the new ones and are not, a check that a step's difference slips through.
  it('takes the weights of each step, and is found out where it has not', async () => {
    const url = await serve(NANO);
    const local = new LocalExecutor(await openCompute('auto'), await loadModelFolder(NANO));
    const served = (weights: object): ServedExecutor =>
      new ServedExecutor(local, {
        recipe: rolloutsSchema.parse({ servers: [url], model: 'm', attempts: 1, work: { solver: true }, weights }),
        ...{ dataDir: root, runId: 'steps', key: null, emit: () => undefined },
      });
    const how: SampleOptions = { work: 'solver', sampling: { temperature: 1, top_p: 1, top_k: 0, max_new_tokens: 60 } };
    const texts = ['3+8-5', '12-4+9-1', '7+2'].map((question) => `<bos><question>${question}</question>`);
    const requests = texts.map((text, i) => ({
      prompt: { kind: 'text', text } as const,
      samples: 8,
      key: RandomKey.of(1, i),
    }));
    try {
      const first = await served({}).solver.sample(requests, how);
      const { solver } = local;
      const optimiser = optimiserSchema.parse({ learning_rate: 1e-5 });
      await solver.beginPhase({ optimiser, grpo: grpoSchema.parse({}), newTokens: 64, steps: 1, done: 0 });
      const batch = first.flatMap((group, i) =>
        group.map((completion, j) => ({
          prompt: (requests[i] as (typeof requests)[0]).prompt,
          completion,
          advantage: j % 2 ? 1 : -1,
        })),
      );
      const { clippedFraction } = await solver.update(batch);
      // The server's log-probabilities are those of the weights here: the ratio leaves 1 by its rounding alone.
      expect(clippedFraction).toBe(0);
      solver.endPhase();
      const waits = served({ reload: 'none', timeout_seconds: 2 });
      await expect(waits.solver.sample(requests, how)).rejects.toThrow(
        /still serves the weights solver-0, not solver-1/,
      );
      const second = await served({}).solver.sample(requests, how);
      expect(second.flat()).toHaveLength(24);
    } finally {
      local.dispose();
    }
  });

  // Would catch: another distribution than here (temperature, special tokens, cut-off), labels counted otherwise.
  it('gives a run what it would have sampled here, within noise', async () => {
    const url = await serve(NANO);
    const served = `rollouts: { servers: ["${url}"], model: m, attempts: 2 }`;
    const [there, here] = [await tinyRun('there', served), await tinyRun('here', '')];
    for (const i of [0, 1]) {
      expectNear(there.summaries[i]?.evaluation.greedy, here.summaries[i]?.evaluation.greedy);
      expectNear(there.summaries[i]?.evaluation.mean, here.summaries[i]?.evaluation.mean);
    }
    expectNear(there.summaries[1]?.funnel?.labelAccuracy, here.summaries[1]?.funnel?.labelAccuracy);
    // It still serves the last weights of that run, and not those it began with.
    expect((await look(url, 'there')).found.fingerprint).toMatchObject({ same: true });
    const began = await look(url, 'builtin:nano');
    expect([began.code, began.found.fingerprint?.same]).toEqual([1, false]);
  });

  // Would catch: a folder of ours that transformers 4 refuses, and a model of another size than the shipped one.
  it.skipIf(!PYTHON)('loads an exported SmolLM2 and agrees on its log-probabilities', async () => {
    await openCompute('auto');
    const model = await loadModelFolder(smollm2Folder());
    const folder = join(root, 'exported');
    try {
      await saveModelFolder(folder, model);
    } finally {
      model.parameters.dispose();
    }
    const url = await serve(folder, '--max-model-len', '512');
    const { code, found } = await look(url, folder);
    expect([code, found.problem]).toEqual([0, null]);
    expect(found).toMatchObject({
      byTokens: true,
      logprobs: true,
      models: [{ id: 'm', maxLength: 512 }],
      reload: ['vllm'],
    });
    expect(found.fingerprint?.largest).toBeLessThan(1e-3);
    process.stdout.write(`SmolLM2 at vLLM: ${found.tokensPerSecond?.toFixed(0)} tokens/s, 8 × 4 completions\n`);
  });
});
