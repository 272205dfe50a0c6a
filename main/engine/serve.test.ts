import { describe, expect, it } from 'vitest';
import type { EngineMessage } from '../../preload/contract/engine.js';
import type { RunEvent } from '../../preload/contract/events.js';
import { LabError } from '../lib/errors.js';
import { reportable, serveEngine, type Abilities, type ExecuteRun, type TaskHandlers } from './serve.js';

const RUN = { type: 'run', runId: 'r', dataDir: '/data', backend: 'auto' };

/** An owner that the test plays. */
function owner(): {
  said: EngineMessage[];
  tell: (message: unknown) => void;
  leave: () => void;
  port: Parameters<typeof serveEngine>[0];
} {
  const said: EngineMessage[] = [];
  const control: { tell: (message: unknown) => void; leave: () => void } = {
    tell: () => undefined,
    leave: () => undefined,
  };
  return {
    said,
    tell: (message) => control.tell(message),
    leave: () => control.leave(),
    port: {
      post: (message) => void said.push(message),
      onMessage: (listener) => (control.tell = listener),
      onDisconnect: (listener) => (control.leave = listener),
    },
  };
}

const untilPause: ExecuteRun = ({ pause }) =>
  new Promise((resolve) => pause.addEventListener('abort', () => resolve('paused')));
const TASKS: TaskHandlers = {
  generate: () => Promise.reject(new LabError('memory', 'It does not fit.', { remedy: 'Use less.' })),
  logits: ({ tokens }) =>
    Promise.resolve({ logits: tokens.map((id) => Float32Array.of(id, Number.NEGATIVE_INFINITY)) }),
  evaluate: () => Promise.reject(new Error('not here')),
  rollouts: () => Promise.reject(new Error('not here')),
  backend: () => Promise.reject(new Error('not here')),
  chat: () => Promise.reject(new Error('not here')),
  describe: () => Promise.reject(new Error('not here')),
  save: () => Promise.reject(new Error('not here')),
  check: () => Promise.reject(new Error('not here')),
  doctor: () => Promise.reject(new Error('not here')),
  foretell: () => Promise.reject(new Error('not here')),
};
const able = (execute: ExecuteRun): Abilities => ({ execute, tasks: () => Promise.resolve(TASKS) });
const noSignals = (): void => undefined;

describe('serveEngine', () => {
  it('says ready, runs, reports the end and gives the exit code', async () => {
    const { said, tell, port } = owner();
    const code = serveEngine(
      port,
      able(() => Promise.resolve('finished')),
      noSignals,
    );
    tell(RUN);
    expect(await code).toBe(0);
    expect(said.map((m) => m.type)).toEqual(['ready', 'ended']);
    expect(said[1]).toMatchObject({ outcome: 'finished', runId: 'r' });
  });

  it('pauses on command, on a signal, and when the owner is gone', async () => {
    for (const cause of ['command', 'signal', 'disconnect']) {
      const { tell, leave, port } = owner();
      let signal = (): void => undefined;
      const code = serveEngine(port, able(untilPause), (pause) => (signal = pause));
      tell(RUN);
      if (cause === 'command') tell({ type: 'pause' });
      else if (cause === 'signal') signal();
      else leave();
      expect(await code, cause).toBe(0);
    }
  });

  it('ends at once when the owner goes before it has given a run', async () => {
    const { leave, port } = owner();
    const code = serveEngine(port, able(untilPause), noSignals);
    leave();
    expect(await code).toBe(0);
  });

  it('refuses a command it does not know instead of guessing', async () => {
    const { said, tell, port } = owner();
    const code = serveEngine(port, able(untilPause), noSignals);
    tell({ type: 'run', runId: 7 });
    expect(await code).toBe(1);
    expect(said.at(-1)).toMatchObject({ outcome: 'failed', error: { code: 'engine' } });
  });

  it('hands over code and remedy of an error', async () => {
    const { said, tell, port } = owner();
    const code = serveEngine(
      port,
      able(() => Promise.reject(new LabError('memory', 'It does not fit.', { remedy: 'Use less.' }))),
      noSignals,
    );
    tell(RUN);
    expect(await code).toBe(1);
    expect(said.at(-1)).toMatchObject({ error: { code: 'memory', message: 'It does not fit.', remedy: 'Use less.' } });
  });

  it('answers a task, and names what is wrong with its input', async () => {
    const which = { model: 'builtin:nano', checkpoint: 'last', role: 'solver', dataDir: '/data', backend: 'auto' };
    const good = owner();
    const code = serveEngine(good.port, able(untilPause), noSignals);
    good.tell({ type: 'task', name: 'logits', input: { ...which, tokens: [7] } });
    expect(await code).toBe(0);
    expect(good.said.at(-1)).toEqual({
      type: 'task.finished',
      output: { logits: [Float32Array.of(7, Number.NEGATIVE_INFINITY)] },
    });
    const bad = owner();
    const failed = serveEngine(bad.port, able(untilPause), noSignals);
    bad.tell({ type: 'task', name: 'logits', input: { ...which, tokens: [-1] } });
    expect(await failed).toBe(1);
    expect(bad.said.at(-1)).toMatchObject({ type: 'task.failed', error: { code: 'usage' } });
  });

  it('replaces an event with a number that is none by a log that names it', () => {
    const event: RunEvent = {
      run: 'r',
      sequence: 4,
      time: 1,
      type: 'step.finished',
      iteration: 1,
      phase: 'solver',
      step: 0,
      metrics: { reward: Number.NaN },
    };
    const told = reportable(event);
    expect(told).toMatchObject({ type: 'log', level: 'error', sequence: 4 });
    expect(told.type === 'log' && told.message).toMatch(/step\.finished.*metrics\.reward/);
  });
});
