/**
 * One request to an endpoint, without any retry: sent, read within its deadline and size, told apart. Never throws but for
 * a stop that was asked for. No redirect is followed, for it would carry the key to another host.
 */
import type { Secret } from '../lib/secret.js';
import type { Endpoint } from './endpoint.js';
import { failure, readReply, type ChatAnswer, type ChatFailure } from './reply.js';

const LARGEST = 8 << 20;

export interface Asking {
  readonly endpoint: Endpoint;
  readonly key: Secret | null;
  readonly timeoutMs: number;
}

/** @throws the signal's reason when it is aborted */
export async function askOnce(
  { endpoint, key, timeoutMs }: Asking,
  body: string,
  signal: AbortSignal,
): Promise<ChatAnswer | ChatFailure> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let headers = false;
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key.reveal()}` }) },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, deadline]),
    });
    headers = true;
    const raw = await bodyOf(response);
    if (raw === null) return failure('too-large', `the endpoint's answer is larger than ${LARGEST >> 20} MB`);
    const reply = readReply(
      {
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        retryAfter: response.headers.get('retry-after'),
        location: response.headers.get('location'),
        // Before anything is cut out of it: half a key would not be known for one.
        body: key?.isLong ? key.scrub(raw) : raw,
      },
      Date.now(),
    );
    return key ? scrubbed(reply, key) : reply;
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) return failure('timeout', `no answer within ${timeoutMs / 1000} s`);
    const why = causeOf(error);
    if (headers) return failure('broken-off', `the answer broke off (${why})`);
    // A connection that ended before any answer may have been worked on; one that never was has not.
    return failure('unreachable', `${endpoint.host} cannot be reached (${why})`, {
      mayCost: !/REFUSED|ENOTFOUND/.test(why),
    });
  }
}

/** Null where it is too large. */
async function bodyOf(response: Response): Promise<string | null> {
  if (!response.body) return '';
  const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString('utf8');
    size += value.byteLength;
    if (size > LARGEST) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
}

/** An endpoint may repeat a key, in an error or in an answer: it goes no further. */
function scrubbed(reply: ChatAnswer | ChatFailure, key: Secret): ChatAnswer | ChatFailure {
  if (!reply.ok) return { ...reply, message: key.scrub(reply.message) };
  return {
    ...reply,
    text: key.scrub(reply.text),
    thoughts: reply.thoughts === null ? null : key.scrub(reply.thoughts),
    finish: reply.finish === null ? null : key.scrub(reply.finish),
  };
}

/** The code alone: messages of others may hold anything. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = (cause as { readonly code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return cause instanceof Error ? cause.name : 'unknown';
}
