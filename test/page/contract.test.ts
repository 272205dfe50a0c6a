/** Both ends of the contract over a real message channel: what a page sends is not trusted, nor is what the lab answers. */
import { afterEach, describe, expect, it } from 'vitest';
import { calls, streams, type ApiReply, type StreamItem } from '../../preload/contract/api.js';
import type { RunInfo } from '../../preload/contract/runs.js';
import { serveApi, type ApiHandlers } from '../../main/lab/api-server.js';
import { LabError } from '../../main/lib/errors.js';
import { clientPort, LabClient, LabFailure } from '../../renderer/lab-client.js';

const RUN: RunInfo = {
  id: 'a-1',
  name: 'a',
  recipe: 'nano',
  seed: 1,
  state: 'paused',
  backend: null,
  cursor: { iteration: 1, phase: 'solver', step: 2 },
  iterations: 3,
  createdAt: 1,
  updatedAt: 2,
  activeSeconds: 3,
  directory: '/data/a-1',
  error: null,
  summaries: [],
};
type Item = StreamItem<'runs.events'>;
const log = (sequence: number): Item => ({ run: 'a-1', sequence, time: 0, type: 'log', level: 'info', message: 'm' });

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

interface Served {
  readonly client: LabClient;
  readonly page: MessagePort;
  readonly emit: { current: (item: Item) => void };
  readonly ended: { count: number };
}

function serve(change: Partial<ApiHandlers['calls']> = {}): Served {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const emit: Served['emit'] = { current: () => undefined };
  const ended = { count: 0 };
  const handlers: ApiHandlers = {
    calls: {
      'runs.list': () => [RUN],
      'runs.get': ({ run }) => {
        throw new LabError('not-found', `There is no run "${run}".`, { remedy: 'Look at the list.' });
      },
      'runs.create': () => RUN,
      'runs.resume': () => RUN,
      'runs.pause': () => ({}),
      ...change,
    },
    streams: {
      'runs.events': ({ after }, send) => {
        emit.current = send;
        send(log(after + 1));
        return () => void ended.count++;
      },
    },
  };
  serveApi(
    {
      post: (reply: ApiReply) => port1.postMessage(reply),
      onMessage: (listener) => {
        port1.onmessage = ({ data }) => listener(data);
      },
      onClose: (listener) => port1.addEventListener('close', listener),
    },
    handlers,
  );
  return { client: new LabClient(clientPort(port2)), page: port2, emit, ended };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

describe('the contract over a port', () => {
  it('carries calls, and errors with code and remedy', async () => {
    const { client } = serve();
    expect(await client.call('runs.list', {})).toEqual([RUN]);
    const error: unknown = await client.call('runs.get', { run: 'x' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LabFailure);
    expect(error).toMatchObject({ code: 'not-found', message: 'There is no run "x".', remedy: 'Look at the list.' });
  });

  it('refuses input of the wrong type, and oversized input, before any handler sees it', async () => {
    let reached = 0;
    const { client } = serve({ 'runs.pause': () => (reached++, {}) });
    for (const run of [7, '', null, 'x'.repeat(1000), { toString: 'a' }]) {
      await expect(client.call('runs.pause', { run } as { run: string })).rejects.toMatchObject({ code: 'usage' });
    }
    expect(reached).toBe(0);
  });

  it('refuses every call and stream of the contract with an input that is no object', async () => {
    const { client } = serve();
    const wrong = 'wrong' as never;
    for (const name of Object.keys(calls) as (keyof typeof calls)[]) {
      await expect(client.call(name, wrong), name).rejects.toMatchObject({ code: 'usage' });
    }
    for (const name of Object.keys(streams) as (keyof typeof streams)[]) {
      const error = await new Promise((resolve) =>
        client.stream(name, wrong, { item: () => undefined, error: resolve }),
      );
      expect(error, name).toMatchObject({ code: 'usage' });
    }
  });

  it('answers nonsense with an error and stays alive', async () => {
    const { client, page } = serve();
    for (const nonsense of [
      null,
      5,
      'x',
      {},
      { kind: 'call', id: 1001, name: 'constructor', input: {} },
      { kind: 'eval', id: 1002 },
    ]) {
      page.postMessage(nonsense);
    }
    expect(await client.call('runs.list', {})).toHaveLength(1);
  });

  it('does not trust what the lab answers', async () => {
    const { client } = serve({ 'runs.list': () => [{ ...RUN, state: 'dreaming' } as unknown as RunInfo] });
    await expect(client.call('runs.list', {})).rejects.toMatchObject({ code: 'internal' });
  });

  it('streams from where it is asked to, until it is closed', async () => {
    const { client, emit, ended } = serve();
    const seen: number[] = [];
    const close = client.stream(
      'runs.events',
      { run: 'a', after: 6 },
      { item: (e) => seen.push(e.sequence), error: () => undefined },
    );
    await soon();
    emit.current(log(8));
    await soon();
    expect(seen).toEqual([7, 8]);
    close();
    await soon();
    expect(ended.count).toBe(1);
    emit.current(log(9));
    await soon();
    expect(seen).toEqual([7, 8]);
  });

  it('ends streams with the port, so that a reloaded page leaves nothing behind', async () => {
    const { client, page, ended } = serve();
    client.stream('runs.events', { run: 'a' }, { item: () => undefined, error: () => undefined });
    await soon();
    page.close();
    await soon();
    expect(ended.count).toBe(1);
  });
});
