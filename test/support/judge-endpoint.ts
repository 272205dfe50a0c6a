/** An endpoint for tests of judges: an HTTP server that answers as it is told, well or badly, and remembers what was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly path: string;
  readonly authorization: string | null;
  readonly body: { readonly model: string; readonly messages: readonly { readonly content: string }[] };
}

/** Answers one request; `nth` counts from 0. */
export type Answering = (response: ServerResponse, asked: { readonly heard: Heard; readonly nth: number }) => void;

export interface JudgeEndpoint {
  readonly url: string;
  readonly heard: Heard[];
  answer: Answering;
  close(): Promise<void>;
}

export function completion(text: string, usage: object | null = { prompt_tokens: 30, completion_tokens: 7 }): string {
  return JSON.stringify({
    id: 'x',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    ...(usage && { usage }),
  });
}

export function sendJson(response: ServerResponse, body: string, status = 200, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

/** Says the same of everything. */
export const always =
  (verdict: string): Answering =>
  (response) =>
    sendJson(response, completion(`I looked.\nANSWER: 1\nVERDICT: ${verdict}`));

export async function judgeEndpoint(answer: Answering = always('CORRECT')): Promise<JudgeEndpoint> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => void take(request, response));
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked: Heard = {
      path: request.url ?? '',
      authorization: request.headers.authorization ?? null,
      body: JSON.parse(Buffer.concat(chunks).toString()) as Heard['body'],
    };
    heard.push(asked);
    endpoint.answer(response, { heard: asked, nth: heard.length - 1 });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint: JudgeEndpoint = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    heard,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return endpoint;
}
