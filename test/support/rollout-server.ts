/**
 * A completion server for tests of rollouts: answers by token ids as vLLM does, with "weights" that are one number, which a
 * reload takes from the name of the folder (`solver-3` → 3). It misbehaves as it is told and remembers what was asked.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { sendJson } from './judge-endpoint.js';

export interface HeardRequest {
  readonly path: string;
  readonly authorization: string | null;
  readonly body: Record<string, unknown>;
}

export interface RolloutStandIn {
  readonly url: string;
  readonly heard: HeardRequest[];
  /** What it serves. */
  weights: number;
  models: { id: string; max_model_len?: number }[];
  /** Answers in place of the ordinary ones, first come, first served; each for a path that begins so. */
  faults: { readonly path: string; readonly answer: (response: ServerResponse) => void }[];
  /** Changes what it would have answered. */
  spoil: ((choices: Record<string, unknown>[]) => Record<string, unknown>[]) | null;
  reloads: boolean;
  /** Answers what the log-probabilities of a text are, in place of the number's. */
  score: ((response: ServerResponse, tokens: number[]) => Promise<void>) | null;
  close(): Promise<void>;
}

/** What the stand-in says of each token but the first, with these weights. */
export function standInScores(tokens: readonly number[], weights: number): number[] {
  return tokens
    .slice(1)
    .map((token, i) => -1 - ((token * 31 + (tokens[i] ?? 0) * 17) % 10) / 10 - weights * 0.002 * (1 + (i % 3)));
}

const STOP = 2;

function choicesOf({ prompt, n, max_tokens: most, seed }: Record<string, unknown>): Record<string, unknown>[] {
  return Array.from({ length: Number(n) }, (_, index) => {
    const length = Math.min(Number(most), 3 + (index % 4));
    const stops = length < Number(most);
    const body = Array.from({ length: stops ? length - 1 : length }, (_, t) => 5 + ((Number(seed) + index + t) % 10));
    const token_ids = stops ? [...body, STOP] : body;
    const token_logprobs = token_ids.map((id) => -id / 10);
    const tokens = token_ids.map((id) => `token_id:${id}`);
    const logprobs = { tokens, token_logprobs };
    return {
      index,
      text: `${(prompt as number[]).length}:${body.join(' ')}`,
      finish_reason: stops ? 'stop' : 'length',
      token_ids,
      logprobs,
    };
  });
}

export async function rolloutServer(): Promise<RolloutStandIn> {
  const server = createServer((request, response) => void take(request, response));
  const stand: RolloutStandIn = {
    ...{
      url: '',
      heard: [],
      weights: 0,
      models: [{ id: 'm', max_model_len: 64 }],
      faults: [],
      spoil: null,
      reloads: true,
      score: null,
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const path = request.url ?? '';
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    stand.heard.push({ path, authorization: request.headers.authorization ?? null, body });
    const fault = stand.faults.findIndex((one) => path.startsWith(one.path));
    if (fault >= 0) return stand.faults.splice(fault, 1)[0]?.answer(response);
    answer(stand, path, body, response);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(stand, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` });
}

function answer(stand: RolloutStandIn, path: string, body: Record<string, unknown>, response: ServerResponse): void {
  if (path === '/v1/models') return sendJson(response, JSON.stringify({ data: stand.models }));
  if (path === '/v1/completions') {
    if (body['echo'] && stand.score) return void stand.score(response, body['prompt'] as number[]);
    const spoil = stand.spoil ?? ((choices) => choices);
    const choices = body['echo'] ? [echoOf(body, stand.weights)] : spoil(choicesOf(body));
    return sendJson(response, JSON.stringify({ choices }));
  }
  if (stand.reloads && path === '/collective_rpc') {
    const { weights_path: folder } = (body['kwargs'] ?? {}) as { weights_path?: string };
    stand.weights = Number(/(\d+)$/.exec(basename(folder ?? ''))?.[1] ?? stand.weights);
    return sendJson(response, '{"results":[null]}');
  }
  if (stand.reloads && path === '/reset_prefix_cache') return void response.writeHead(200).end();
  sendJson(response, '{"detail":"Not Found"}', 404);
}

function echoOf({ prompt }: Record<string, unknown>, weights: number): Record<string, unknown> {
  const tokens = prompt as number[];
  const logprobs = {
    tokens: tokens.map((id) => `token_id:${id}`),
    token_logprobs: [null, ...standInScores(tokens, weights)],
  };
  return { index: 0, text: '', finish_reason: 'length', logprobs };
}

/** Ways to answer badly, once each. */
export const BADLY: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'too many requests': (response) => sendJson(response, '{"error":"slow down"}', 429, { 'retry-after': '7' }),
  'no room': (response) => sendJson(response, 'overloaded', 503),
  'a cut connection': (response) => void response.destroy(),
  'half an answer': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"choices": [', () => response.destroy());
  },
  'no JSON': (response) => sendJson(response, '{"choices": [nonsense'),
  'a web page': (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  'fewer choices': (response) =>
    sendJson(response, JSON.stringify({ choices: choicesOf({ prompt: [1], n: 1, max_tokens: 9, seed: 0 }) })),
  'empty completions': (response) =>
    sendJson(
      response,
      JSON.stringify({ choices: [0, 1].map((index) => ({ index, text: '', finish_reason: 'stop', token_ids: [] })) }),
    ),
};
