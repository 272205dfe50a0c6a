/** The built command line as a process: wrong use of every kind, and what it prints where. The engine computes nothing here. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { eventSchema } from '../../preload/contract/events.js';
import { childScript, type ChildScript } from '../support/child-script.js';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'out/main/cli.js');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let engine: ChildScript;
let dataDir: string;

/** Starts `rzero`; `onOutput` may send signals. */
function rzero(
  args: readonly string[],
  {
    env = {},
    onOutput,
  }: { env?: Record<string, string>; onOutput?: (text: string, kill: (s: NodeJS.Signals) => void) => void } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, RZERO_ENGINE: engine.path, RZERO_DATA_DIR: dataDir, NO_COLOR: '1', ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    onOutput?.(stdout, (signal) => child.kill(signal));
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

beforeAll(async () => {
  expect(existsSync(CLI), 'npm run build comes first').toBe(true);
  engine = await childScript(join(ROOT, 'test/support/fake-engine.ts'));
});
afterAll(() => engine.remove());
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'rzero-cli-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Wrong use: code 2, nothing on stdout, one line on stderr that fits `message`, no stack. */
async function refused(args: readonly string[], message: RegExp, code = 2): Promise<void> {
  const ended = await rzero(args);
  expect({ args, ...ended, stderr: '' }).toEqual({ args, code, stdout: '', stderr: '' });
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
}

describe('the queue', () => {
  // Would catch: a queue on the command line that loses what waits between two commands, or promises a lab that is not open.
  it('keeps what is added between commands, and says that no lab works on it', async () => {
    const first = await rzero(['run', 'nano', '--name', 'mine', '--json']);
    expect(first.code).toBe(0);
    const added = await rzero(['queue', 'add', 'mine']);
    expect(added.stdout).toMatch(/1 +\S+ +mine +nano +0 +created\nNo lab is open that works on it\. .*rzero serve/);
    const { stdout } = await rzero(['queue', 'hold', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ going: false, working: null, waiting: [{ backend: 'auto' }] });
    expect((await rzero(['queue'])).stdout).toMatch(/holds: It was told to hold\. Go on with: rzero queue go-on/);
    expect(JSON.parse((await rzero(['queue', 'go-on', '--json'])).stdout)).toMatchObject({ going: true });
    expect((await rzero(['queue', 'remove', 'mine'])).stdout).toBe('Nothing waits.\n');
    await refused(['queue', 'remove', 'mine'], /does not wait in the queue/);
  });
});

describe('a run that cannot begin', () => {
  // Would catch: failed runs of a model that is not there, each of them `last`, and no way to be rid of a run.
  it('is not made where its model is not there, and one that was made can be deleted', async () => {
    await refused(['run', 'nano', '--set', 'model=/nope'], /no model folder \/nope\. .*builtin:nano/, 1);
    expect(JSON.parse((await rzero(['runs', '--json'])).stdout)).toEqual([]);
    for (const name of ['one', 'two']) expect((await rzero(['run', 'nano', '--name', name, '--json'])).code).toBe(0);
    await refused(['delete', 'one'], /cannot be taken back, and nobody is here to be asked\. Add --yes/);
    await refused(['delete', 'one', 'three', '--yes'], /no run "three"/);
    expect((await rzero(['delete', 'last', 'one', 'two', '--yes'])).stdout.trim().split('\n')).toHaveLength(2);
    expect(JSON.parse((await rzero(['runs', '--json'])).stdout)).toEqual([]);
  });
});

describe('grading', () => {
  // Would catch: lines out of order or left out, one bad line that ends the rest, words of the summary between the objects.
  it('says of every line what it is, in order, and goes on past what is no pair', async () => {
    const file = join(dataDir, 'pairs.jsonl');
    const lines = ['{"gold": "1/2", "pred": "so \\\\boxed{0.5}"}', '', '{"gold": 3}', '{"gold": "C", "pred": "D"}'];
    writeFileSync(file, `\uFEFF${lines.join('\r\n')}\n`);
    const { code, stdout, stderr } = await rzero(['grade', file, '--json']);
    const graded = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; verdict: string });
    expect([code, ...graded.map(({ line, verdict }) => `${line} ${verdict}`)]).toEqual([
      0,
      '1 equal',
      '3 undecided',
      '4 different',
    ]);
    expect(stderr).toMatch(/^3 pairs: 1 equal, 1 different, 1 undecided; of those decided 50\.0 %/);
    const { stdout: text } = await rzero(['grade', file]);
    expect(text).toContain('"pred" is missing');
    await refused(['grade', join(dataDir, 'none.jsonl')], /none\.jsonl cannot be read\. Name a file of JSON Lines/);
    writeFileSync(file, '\n');
    await refused(['grade', file], /holds no pairs/);
    await refused(['grade', file, '--extract', 'boxed'], /"boxed" is no mark of an answer\. There are box/);
  });
});

describe('wrong use', () => {
  it('of commands and options is told with what was meant', async () => {
    await refused(['rnu'], /unknown command 'rnu'\n\(Did you mean run\?\)/);
    await refused(['run'], /missing required argument 'recipe'/);
    await refused(['run', 'nano', '--sede', '1'], /unknown option '--sede'\n\(Did you mean --seed\?\)/);
    await refused(['run', 'nano', '--seed', '-1'], /whole number/);
    await refused(['run', 'nano', '--seed', '1.5'], /whole number/);
    for (const port of ['-1', '65536', '7e3'])
      await refused(['serve', '--port', port], /A port is a whole number from 0 to 65535/);
    await refused(['run', 'nano', '--backend', 'cuda'], /Allowed choices are auto, tensorflow, webgpu, wasm/);
    await refused(['run', 'nano', '--set', 'solver.steps'], /key=value/);
    await refused(['eval', 'builtin:nano'], /required option '--benchmark <name>'/);
    await refused(['logits', 'builtin:nano', '--tokens', '1,two'], /Token ids parted by commas/);
    await refused(['export', 'x', '--what', 'secrets', '--out', '/tmp/x'], /Allowed choices are questions, dataset/);
    await refused([], /Usage: rzero/);
  });

  it('of a recipe names key, limit and remedy, and leaves no run behind', async () => {
    await refused(['run', 'nanoo'], /no recipe "nanoo"\. Did you mean "nano"\? Shipped: .*nano-rewrite/);
    await refused(
      ['run', 'nano', '--set', 'solver.step=3'],
      /unknown key "solver\.step"\. Did you mean "solver\.steps"\? Allowed here: /,
    );
    await refused(['run', 'nano', '--set', 'solver.steps=0'], /solver\.steps/);
    await refused(['run', 'nano', '--set', 'solver.steps=many'], /solver\.steps/);
    const file = join(dataDir, 'broken.yaml');
    writeFileSync(file, 'name: [');
    await refused(['run', file], /not valid YAML/);
    writeFileSync(file, 'just a word');
    await refused(['run', file], /is not a recipe/);
    expect(JSON.parse((await rzero(['runs', '--json'])).stdout)).toEqual([]);
  });

  it('of runs that are not there is told', async () => {
    await refused(['show', 'x'], /There are no runs in .*rzero run nano/);
    expect((await rzero(['run', 'nano'])).code).toBe(0);
    for (const command of ['show', 'pause', 'resume']) await refused([command, 'x'], /no run "x".*rzero runs/);
    await refused(['fork', 'x', '--from', 'best'], /no run "x"/);
    await refused(['fork', 'last', '--from', 'best'], /no best checkpoint.*rzero show/);
    await refused(['fork', 'last', '--from', 'here'], /number, 'latest' or 'best'/);
    await refused(['pause', 'last', '--at', 'noon'], /Allowed choices are now, curriculum, iteration/);
    await refused(['pause', 'last', '--cancel'], /is not running/);
    await refused(['prune', 'x'], /no run/);
    await refused(['run', 'nano', '--name', 'last'], /newest run/);
  });

  it('of a data folder that cannot be used is told', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    await refused(['runs', '--data-dir', file], /file/);
    await refused(['runs', '--data-dir', ''], /folder is needed/);
    for (const command of [['runs'], ['show', 'last'], ['pause', 'last'], ['resume', 'last']]) {
      await refused([...command, '--data-dir', join(dataDir, 'mistyped')], /no runs in .*mistyped/);
    }
    expect(existsSync(join(dataDir, 'mistyped'))).toBe(false);
    writeFileSync(
      join(dataDir, 'rzero.sqlite'),
      'this is no database, and long enough to be looked at as one'.repeat(100),
    );
    await refused(['runs'], /rzero\.sqlite/, 1);
  });

  it('shows where an error came from only with RZERO_DEBUG=1', async () => {
    expect((await rzero(['show', 'x'], { env: { RZERO_DEBUG: '1' } })).stderr).toMatch(/\n\s+at /);
  });
});

describe('help', () => {
  it('is fast and has examples for every command', async () => {
    const whole = await rzero(['--help']);
    expect(whole.code).toBe(0);
    const commands = [...whole.stdout.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1] as string);
    for (const command of [
      'run',
      'pause',
      'resume',
      'fork',
      'runs',
      'show',
      'eval',
      'export',
      'generate',
      'logits',
      'doctor',
      'serve',
      'prune',
    ]) {
      expect(commands).toContain(command);
      const help = await rzero([command, '--help']);
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout, command).toMatch(/Examples?:\n {2}\$ rzero /);
    }
    expect((await rzero(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a run', () => {
  it('prints with --json exactly its events, one object a line, and nothing else on stdout', async () => {
    const { code, stdout } = await rzero(['run', 'nano', '--json'], { env: { RZERO_FAKE: 'finish' } });
    expect(code).toBe(0);
    expect(stdout.endsWith('\n')).toBe(true);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => eventSchema.parse(JSON.parse(line)));
    expect(events.map((e) => e.type)).toEqual(['run.started', 'phase.started', 'step.finished', 'run.finished']);
  });

  it('prints plain lines into a pipe, and the table at its end', async () => {
    const { code, stdout } = await rzero(['run', 'nano', '--name', 'mine'], { env: { RZERO_FAKE: 'finish' } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/challenger 1\/2 {2}reward 0\.500/);
    expect(stdout).not.toContain('\u001b');
    expect((await rzero(['runs'])).stdout).toMatch(/mine +nano/);
    expect(JSON.parse((await rzero(['show', 'mine', '--json'])).stdout)).toMatchObject({
      name: 'mine',
      recipe: 'nano',
    });
  });

  it('pauses at the first Ctrl-C with code 0', async () => {
    let sent = false;
    const { code, stdout, stderr } = await rzero(['run', 'nano', '--json'], {
      env: { RZERO_FAKE: 'wait' },
      onOutput: (text, kill) => {
        if (!sent && text.includes('step.finished')) kill('SIGINT');
        sent ||= text.includes('step.finished');
      },
    });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toContain('"run.paused"');
    expect(stderr).toMatch(/next safe point.*\n.*rzero resume/s);
  });

  it('stops at once at the second Ctrl-C, and the run stays resumable', async () => {
    let last = 0;
    const { code } = await rzero(['run', 'nano', '--name', 'stubborn'], {
      env: { RZERO_FAKE: 'ignore' },
      onOutput: (text, kill) => {
        const stage = text.includes('Pausing') ? 2 : text.includes('challenger 1/2') ? 1 : 0;
        if (stage > last) kill('SIGINT');
        last = Math.max(last, stage);
      },
    });
    expect(code).toBe(1);
    expect(JSON.parse((await rzero(['show', 'stubborn', '--json'])).stdout)).toMatchObject({ state: 'paused' });
    const resumed = await rzero(['resume', 'stubborn', '--json'], {
      env: { RZERO_FAKE: 'finish', RZERO_FAKE_FROM: '50' },
    });
    expect(resumed.code).toBe(0);
    // Only what is new: the history was printed by the process that made it.
    expect(resumed.stdout).toMatch(/^\{"run":"[^"]+","sequence":50,/);
  });

  it('fails with code 1 and one line when the engine dies or reports an error', async () => {
    const died = await rzero(['run', 'nano', '--json'], { env: { RZERO_FAKE: 'crash' } });
    expect(died.code).toBe(1);
    expect(died.stderr).toMatch(/^rzero: The engine process ended unexpectedly \(signal SIGKILL\).*rzero resume/m);
    expect(died.stdout.trimEnd().split('\n').at(-1)).toMatch(/"run\.failed".*"engine"/);
    const full = await rzero(['run', 'nano'], { env: { RZERO_FAKE: 'fail' } });
    expect(full.code).toBe(1);
    expect(full.stderr).toBe('rzero: The disk is full. Make room.\n');
  });

  it('ends quietly when its reader goes away', async () => {
    const child = spawn('/bin/sh', ['-c', '"$0" "$1" --help | head -1', process.execPath, CLI]);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toBe('');
  });
});
