/**
 * `rzero judge` against somebody else's server: `transformers serve` with SmolLM2-135M, an OpenAI-compatible endpoint. What
 * so small a model says is worth little; that it is asked, counted and recorded as the protocol says is what is held here.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../main/lib/package-root.js';
import { Database } from '../../main/store/database.js';
import { smollm2Folder } from '../bench/support/smollm2.js';
import { makeReviewedRun } from '../support/reviewed-run.js';

const PYTHON = process.env.RZERO_PYTHON;
const ENV = { ...process.env, HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '2', RZERO_JUDGE_KEY: 'sk-of-nobody-0123456789' };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function rzero(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(packageRoot(), 'out/main/cli.js'), ...args],
      { env: ENV },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
  });
}

describe.skipIf(!PYTHON)('transformers serve (skipped where RZERO_PYTHON is not set)', () => {
  const root = mkdtempSync(join(tmpdir(), 'rzero-judge-'));
  let model: string;
  let server: ChildProcess;
  let endpoint: string;
  let said = '';

  beforeAll(async () => {
    model = smollm2Folder();
    const db = Database.open(root);
    makeReviewedRun(db, 3);
    db.close();
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    const args = ['-m', 'transformers.cli.transformers', 'serve', model, '--device', 'cpu', '--port', String(port)];
    server = spawn(PYTHON as string, [...args, '--host', '127.0.0.1'], { env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [server.stdout, server.stderr])
      stream?.on('data', (data: Buffer) => (said += data.toString()));
    for (;;) {
      if (server.exitCode !== null) throw new Error(`The server ended:\n${said.slice(-2000)}`);
      const up = await fetch(`${endpoint}/health`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (up) return;
      await sleep(500);
    }
  });
  afterAll(() => {
    server?.kill();
    rmSync(root, { recursive: true, force: true });
  });

  const judge = (...more: readonly string[]): Promise<Ended> =>
    rzero(
      ...['judge', 'last', '--data-dir', root, '--endpoint', endpoint, '--json'],
      ...['--sample', '2', '--concurrency', '1', '--max-tokens', '16', '--timeout', '280', ...more],
    );

  // Would catch: a body or an answer that a real server and this client understand differently, and usage that is not read.
  it('answers, and its usage is counted and its words recorded', async () => {
    const { code, stdout, stderr } = await judge('--model', model);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const done = JSON.parse(stdout) as Record<string, number> & { verdicts: Record<string, number> };
    expect(done).toMatchObject({
      state: 'done',
      total: 2,
      decided: 2,
      left: 0,
      requests: 2,
      retries: 0,
      trouble: null,
    });
    expect(done.inputTokens).toBeGreaterThan(2 * 100);
    expect(done.outputTokens).toBeGreaterThan(0);
    expect(done.outputTokens).toBeLessThanOrEqual(2 * 16);
    expect(Object.values(done.verdicts).reduce((sum, n) => sum + n, 0)).toBe(2);
    const db = Database.open(root, { mode: 'read' });
    const rows = db.all('SELECT answered, reasoning, input_tokens, output_tokens FROM judge_verdicts');
    db.close();
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row.answered).toBe(1);
      expect(String(row.reasoning).trim()).not.toBe('');
      expect(Number(row.input_tokens) + Number(row.output_tokens)).toBeGreaterThan(100);
    }
  });

  // Would catch: a second call that asks again.
  it('is not asked twice', async () => {
    const { code, stdout } = await judge('--model', model);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ requests: 0, decided: 2 });
  });

  // Would catch: a wrong model recorded as undecided, question by question, and a key in what is said of it.
  it('refuses a model that it does not have, and the call says so at once', async () => {
    const { code, stdout, stderr } = await judge('--model', 'nobody/has-this-model');
    expect(code).toBe(1);
    expect(stderr).toContain('The judge stopped');
    expect(`${stdout}${stderr}`).not.toContain('sk-of-nobody');
    expect(JSON.parse(stdout)).toMatchObject({ state: 'failed', decided: 0 });
  });
});
