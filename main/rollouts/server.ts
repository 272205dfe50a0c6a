/**
 * One OpenAI-compatible server: requests with retries and back-off, what it serves, and failures in words that say what to
 * do. Left out: streaming, chat (prompts go as token ids, so that tokenisation is ours).
 */
import { z } from 'zod';
import { backOffMs } from '../endpoints/back-off.js';
import { endpointOf, type Endpoint } from '../endpoints/endpoint.js';
import { failure, isRetried, jsonOf, type Failure, type FailureKind } from '../endpoints/failure.js';
import { SYSTEM_CLOCK, type Clock } from '../endpoints/pace.js';
import { send, type Message } from '../endpoints/send.js';
import { LabError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { RolloutsUnavailable } from './unavailable.js';

/** Completions with log-probabilities are long. */
const LARGEST = 256 << 20;

export interface ServerOptions {
  readonly address: string;
  readonly key: Secret | null;
  readonly allowHttp: boolean;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly clock?: Clock;
}

export interface Asked<T> {
  readonly message: Message;
  /** What the answer means; a failure is one like any other, and may be asked again. */
  readonly read: (value: unknown) => T | Failure;
  readonly signal: AbortSignal;
  /** Left out: as the server was made with. */
  readonly attempts?: number;
}

export interface ServedModel {
  readonly id: string;
  /** Tokens of prompt and completion together; null: it does not tell. */
  readonly maxLength: number | null;
}

const models = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.number().int().positive().nullish().catch(null) })),
});

export class RolloutServer {
  readonly endpoint: Endpoint;

  /** @throws LabError('usage') for an address that cannot be used, or not with this key */
  constructor(private readonly options: ServerOptions) {
    this.endpoint = endpointOf(options.address);
    const { host, encrypted, loopback } = this.endpoint;
    const { key, allowHttp } = options;
    if (key && !encrypted && !loopback && !allowHttp)
      throw new LabError('usage', `The key of rollouts would be sent unencrypted to ${host}.`, {
        remedy: 'Use https, a tunnel to this machine, or rollouts.allow_http.',
      });
  }

  get host(): string {
    return this.endpoint.host;
  }

  completions(body: object): Message {
    return { method: 'POST', url: `${this.endpoint.base}/completions`, body: JSON.stringify(body) };
  }

  /** A path beside `/v1`, where vLLM's own calls are. */
  beside(path: string, body: object | null = {}): Message {
    const url = `${this.endpoint.base.replace(/\/v1$/, '')}${path}`;
    return body === null ? { method: 'GET', url } : { method: 'POST', url, body: JSON.stringify(body) };
  }

  /** @throws RolloutsUnavailable, or the signal's reason */
  async models(signal: AbortSignal, attempts?: number): Promise<ServedModel[]> {
    return this.ask({
      message: { method: 'GET', url: `${this.endpoint.base}/models` },
      read: (value) => {
        const parsed = models.safeParse(value);
        if (!parsed.success) return failure('nonsense', 'its list of models cannot be read');
        return parsed.data.data.map(({ id, max_model_len }) => ({ id, maxLength: max_model_len ?? null }));
      },
      signal,
      ...(attempts !== undefined && { attempts }),
    });
  }

  /** Once, without a retry; a failure is told. @throws the signal's reason */
  async try<T>({ message, read, signal }: Omit<Asked<T>, 'attempts'>): Promise<T | Failure> {
    const { key, timeoutMs } = this.options;
    const raw = await send({ endpoint: this.endpoint, key, timeoutMs, largest: LARGEST }, message, signal);
    if ('ok' in raw) return raw;
    // Some of vLLM's calls answer with nothing but their status.
    if (raw.body === '' && raw.status >= 200 && raw.status < 300) return read(null);
    const json = jsonOf(raw, Date.now());
    return json.ok ? read(json.value) : json;
  }

  /** Until there is an answer, or asking again helps no more. @throws RolloutsUnavailable, or the signal's reason */
  async ask<T>(asked: Asked<T>): Promise<T> {
    const { attempts = this.options.attempts, signal } = asked;
    const clock = this.options.clock ?? SYSTEM_CLOCK;
    for (let requests = 1; ; requests += 1) {
      const reply = await this.try(asked);
      if (!isFailed(reply)) return reply;
      if (!isRetried(reply.kind) || requests >= attempts) throw this.unavailable(reply, requests);
      await clock.wait(backOffMs(reply, requests), signal);
    }
  }

  unavailable({ kind, message }: Failure, requests: number): RolloutsUnavailable {
    const { key } = this.options;
    const said = key ? key.scrub(message) : message;
    const times = requests > 1 ? `, ${requests} times` : '';
    return new RolloutsUnavailable(
      `The rollout server ${this.host} failed${times}: ${said}.`,
      REMEDIES[kind] ?? 'Look at the server and its log; then go on with rzero resume.',
    );
  }
}

export const isFailed = (reply: unknown): reply is Failure =>
  typeof reply === 'object' && reply !== null && (reply as { ok?: unknown }).ok === false;

const REMEDIES: Readonly<Partial<Record<FailureKind, string>>> = {
  unreachable: 'Start it, or look at rollouts.servers; then go on with rzero resume.',
  timeout: 'Raise rollouts.timeout_seconds or lower rollouts.concurrency; then go on with rzero resume.',
  refused: 'Set the key: rzero key set NAME with rollouts.key, or RZERO_ROLLOUTS_KEY; then go on with rzero resume.',
  'not-found': 'Look at rollouts.servers (with their path, as in http://host:8000/v1) and rollouts.model.',
  redirect: 'Name the address it sends to, if you trust it: no redirect is followed.',
  quota: 'Raise the limit at the provider, then go on with rzero resume.',
  'refused-request': 'Look at what it says: a longer --max-model-len, or a server that takes prompts as token ids.',
};
