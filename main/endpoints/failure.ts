/**
 * What came back from an endpoint and is no answer, told apart: each failure has its name, what may help, and whether the
 * request may have been worked on. Pure.
 */
import { z } from 'zod';
import { cut } from '../lib/text.js';
import { retryAfterMs } from '../lib/retry-after.js';

export type FailureKind =
  | 'unreachable' // no connection
  | 'timeout'
  | 'broken-off' // half a response
  | 'rate-limit' // 429
  | 'server-error' // 5xx
  | 'html' // a page where JSON was expected
  | 'nonsense' // no JSON, or JSON that is no completion
  | 'empty' // no choice, or a choice without text
  | 'too-large'
  | 'declined' // the model refused this question
  | 'refused-request' // 400, 413, 422: this request, or this way of asking
  | 'refused' // 401, 403: the key
  | 'not-found' // 404, 405: the address or the model
  | 'redirect'
  | 'quota'; // 429 that waiting does not mend

export interface Failure {
  readonly ok: false;
  readonly kind: FailureKind;
  readonly message: string;
  /** What the endpoint asks to wait, milliseconds. */
  readonly retryAfterMs: number | null;
  /** Whether it may have been worked on, and so paid for. */
  readonly mayCost: boolean;
}

const RETRIED: readonly FailureKind[] = [
  ...(['unreachable', 'timeout', 'broken-off', 'rate-limit', 'server-error', 'html', 'nonsense', 'empty'] as const),
];
const FATAL: readonly FailureKind[] = ['refused', 'not-found', 'redirect', 'quota'];

/** Whether the same request may fare better later. */
export const isRetried = (kind: FailureKind): boolean => RETRIED.includes(kind);
/** Whether no other request will fare better. */
export const isFatal = (kind: FailureKind): boolean => FATAL.includes(kind);

export interface RawReply {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | null;
  readonly location: string | null;
  readonly body: string;
}

/** The body as JSON, or the failure that came in its place. */
export function jsonOf(raw: RawReply, now: number): { readonly ok: true; readonly value: unknown } | Failure {
  if (raw.status < 200 || raw.status > 299) return failedStatus(raw, now);
  try {
    return { ok: true, value: JSON.parse(raw.body.replace(/^\uFEFF/, '')) };
  } catch {
    return notJson(raw);
  }
}

function notJson({ contentType, body }: RawReply): Failure {
  if (/text\/html/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(body))
    return failure('html', 'the endpoint answered with a web page', { mayCost: false });
  if (/event-stream/i.test(contentType) || /^\s*data:/.test(body))
    return failure('nonsense', 'the endpoint answered with a stream of events, though none was asked for');
  return failure('nonsense', `the endpoint answered with no JSON: ${quoted(body)}`);
}

function failedStatus(raw: RawReply, now: number): Failure {
  const { status, body } = raw;
  const said = `status ${status}${detailOf(body)}`;
  const free = { mayCost: false };
  if (status >= 300 && status < 400) {
    const to = raw.location === null ? '' : ` to ${hostOf(raw.location)}`;
    return failure('redirect', `the endpoint sends elsewhere${to} (status ${status})`, free);
  }
  if (status === 401 || status === 403) return failure('refused', `the endpoint refuses the key: ${said}`, free);
  if (status === 404 || status === 405) return failure('not-found', `no such address or model: ${said}`, free);
  if (status === 402 || (status === 429 && /insufficient_quota|billing/i.test(body)))
    return failure('quota', `the endpoint's own limit is spent: ${said}`, free);
  const waiting = { ...free, retryAfterMs: retryAfterMs(raw.retryAfter, now) };
  if (status === 429) return failure('rate-limit', `too many requests: ${said}`, waiting);
  if (status >= 500 || status === 408 || status === 409 || status === 425)
    return failure('server-error', `the endpoint failed: ${said}`, waiting);
  return failure('refused-request', `the endpoint refuses the request: ${said}`, free);
}

export function failure(
  kind: FailureKind,
  message: string,
  more: { readonly retryAfterMs?: number | null; readonly mayCost?: boolean } = {},
): Failure {
  return { ok: false, kind, message, retryAfterMs: more.retryAfterMs ?? null, mayCost: more.mayCost ?? true };
}

const errorBody = z.object({
  error: z.union([z.string(), z.object({ message: z.string() })]).optional(),
  message: z.string().optional(),
  detail: z.string().optional(),
});

/** What the endpoint says about it, in one line. */
function detailOf(body: string): string {
  let said = body;
  try {
    const { error, message, detail } = errorBody.parse(JSON.parse(body));
    said = (typeof error === 'string' ? error : error?.message) ?? message ?? detail ?? body;
  } catch {
    if (/^\s*</.test(body)) return ', with a web page';
  }
  const line = oneLine(said);
  return line === '' ? '' : `, ${cut(line, 300)}`;
}

const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim();
export const quoted = (text: string): string => (oneLine(text) === '' ? 'nothing' : `"${cut(oneLine(text), 120)}"`);

function hostOf(location: string): string {
  try {
    return new URL(location).host;
  } catch {
    return 'another path';
  }
}
