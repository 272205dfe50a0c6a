/** One chat completion from an endpoint, without any retry. Never throws but for a stop that was asked for. */
import type { Secret } from '../lib/secret.js';
import type { Failure } from '../endpoints/failure.js';
import { send, type Asking } from '../endpoints/send.js';
import { readReply, type ChatAnswer } from './reply.js';

/** @throws the signal's reason when it is aborted */
export async function askOnce(asking: Asking, body: string, signal: AbortSignal): Promise<ChatAnswer | Failure> {
  const raw = await send(asking, { method: 'POST', url: asking.endpoint.url, body }, signal);
  const reply = 'ok' in raw ? raw : readReply(raw, Date.now());
  return asking.key ? scrubbed(reply, asking.key) : reply;
}

/** An endpoint may repeat a key, in an error or in an answer: it goes no further. */
function scrubbed(reply: ChatAnswer | Failure, key: Secret): ChatAnswer | Failure {
  if (!reply.ok) return { ...reply, message: key.scrub(reply.message) };
  return {
    ...reply,
    text: key.scrub(reply.text),
    thoughts: reply.thoughts === null ? null : key.scrub(reply.thoughts),
    finish: reply.finish === null ? null : key.scrub(reply.finish),
  };
}
