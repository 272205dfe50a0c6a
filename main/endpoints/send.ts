/**
 * One request to an endpoint, without any retry: sent, read within its deadline and size. Never throws but for a stop that
 * was asked for. No redirect is followed, for it would carry the key to another host.
 */
import type { Secret } from '../lib/secret.js';
import type { Endpoint } from './endpoint.js';
import { failure, type Failure, type RawReply } from './failure.js';

const LARGEST = 8 << 20;

export interface Asking {
  readonly endpoint: Endpoint;
  readonly key: Secret | null;
  readonly timeoutMs: number;
  /** Bytes of the largest answer that is read; left out, 8 MB. */
  readonly largest?: number;
}

export interface Message {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** JSON; left out, there is none. */
  readonly body?: string;
}

/** @throws the signal's reason when it is aborted */
export async function send(
  { endpoint, key, timeoutMs, largest = LARGEST }: Asking,
  { method, url, body }: Message,
  signal: AbortSignal,
): Promise<RawReply | Failure> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let headers = false;
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key && { authorization: `Bearer ${key.reveal()}` }),
      },
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, deadline]),
    });
    headers = true;
    const raw = await bodyOf(response, largest);
    if (raw === null) return failure('too-large', `the endpoint's answer is larger than ${largest >> 20} MB`);
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      retryAfter: response.headers.get('retry-after'),
      location: response.headers.get('location'),
      // Before anything is cut out of it: half a key would not be known for one.
      body: key?.isLong ? key.scrub(raw) : raw,
    };
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
async function bodyOf(response: Response, largest: number): Promise<string | null> {
  if (!response.body) return '';
  const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString('utf8');
    size += value.byteLength;
    if (size > largest) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
}

/** The code alone: messages of others may hold anything. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = (cause as { readonly code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return cause instanceof Error ? cause.name : 'unknown';
}
