/**
 * One request to the hub: redirects are followed here, because the token must not go along to another host, and every way to
 * fail becomes a `Passing` failure or an error with a remedy. Messages never hold a query: that of a CDN is a signature.
 */
import { LabError } from '../lib/errors.js';
import { Passing } from './retry.js';
import type { HubSettings } from './settings.js';
import { retryAfterMs } from '../lib/retry-after.js';

const MOST_REDIRECTS = 5;
/** Answers that asking again may better. */
const BUSY = [408, 425, 429, 500, 502, 503, 504];

export interface Ask {
  /** Path and query below the endpoint, or a whole address on it. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is asked for, for messages: `openai/gsm8k`. */
  readonly what: string;
  /** Path of the repository's page, where its terms are accepted. */
  readonly page: string;
  readonly silenceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Whoever takes the body says when it is done with; silence within it ends the request too. */
export interface Answer {
  readonly response: Response;
  /** Called for each piece that comes; the answer is given up when it is not called for long. */
  readonly alive: () => void;
  readonly done: () => void;
}

export async function request(settings: HubSettings, ask: Ask): Promise<Answer> {
  if (settings.offline) {
    throw new LabError('network', `${ask.what} is not on this machine, and HF_HUB_OFFLINE forbids to fetch it.`, {
      remedy: 'Unset HF_HUB_OFFLINE, or fetch it elsewhere and name the file.',
    });
  }
  const silence = watchSilence(ask);
  try {
    const response = await followed(settings, ask, silence.signal);
    if (response.ok || response.status === 416) return { response, alive: silence.alive, done: silence.done };
    const failure = failureOf(settings, ask, response);
    await response.body?.cancel().catch(() => undefined);
    throw failure;
  } catch (error) {
    silence.done();
    ask.signal?.throwIfAborted();
    if (error instanceof LabError || error instanceof Passing) throw error;
    throw new Passing(`${hostOf(settings.endpoint)} ${reasonOf(error)}`);
  }
}

async function followed(settings: HubSettings, { path, headers }: Ask, signal: AbortSignal): Promise<Response> {
  const home = new URL(settings.endpoint);
  let url = new URL(path.startsWith('http') ? path : settings.endpoint + path);
  for (let redirects = 0; ; redirects++) {
    const token = url.origin === home.origin && settings.token !== null ? settings.token : null;
    const response = await fetch(url, {
      redirect: 'manual',
      signal,
      // Without it a text comes packed, and its length and ranges are those of the packed one.
      headers: {
        'accept-encoding': 'identity',
        ...headers,
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
    });
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null) return response;
    await response.body?.cancel().catch(() => undefined);
    const next = new URL(location, url);
    const downgrade = url.protocol === 'https:' && next.protocol !== 'https:';
    if (redirects === MOST_REDIRECTS || !/^https?:$/.test(next.protocol) || downgrade) {
      throw new LabError(
        'network',
        `${hostOf(url.href)} sends on to ${next.protocol}//${next.host}, which is not followed.`,
        {
          remedy: 'Check HF_ENDPOINT and the network: something in between may answer in the place of the hub.',
        },
      );
    }
    url = next;
  }
}

function failureOf({ endpoint, token }: HubSettings, { what, path, page }: Ask, response: Response): Error {
  const { status, headers } = response;
  const code = headers.get('x-error-code') ?? '';
  if (BUSY.includes(status))
    return new Passing(`${hostOf(endpoint)} answers ${status} for ${what}`, retryAfterMs(headers.get('retry-after')));
  if (code === 'GatedRepo' || status === 403) {
    const said = (headers.get('x-error-message') ?? '')
      .replace(/[^\x20-\x7e]/g, ' ')
      .slice(0, 300)
      .trim();
    return new LabError(
      'network',
      `${what} is given only to those who accepted its terms (${status}).${said && ` The hub says: ${said}`}`,
      {
        remedy:
          token === null
            ? `Accept them at ${endpoint}${page} and set HF_TOKEN.`
            : `Accept them at ${endpoint}${page} with the account of the token that is set here.`,
      },
    );
  }
  if (status === 401 || code === 'RepoNotFound') {
    return new LabError('not-found', `There is no ${what} at ${hostOf(endpoint)}, or it is private (${status}).`, {
      remedy: token === null ? 'Check the name; where it is private, set HF_TOKEN.' : 'Check the name and HF_TOKEN.',
    });
  }
  if (status === 404) {
    const missing = code === 'RevisionNotFound' ? 'such revision: ' : '';
    return new LabError('not-found', `There is no ${missing}${what} at ${hostOf(endpoint)} (404).`, {
      remedy: 'Check name and revision.',
    });
  }
  const where = path.split('?', 1)[0] ?? '';
  return new LabError('network', `${hostOf(endpoint)} answers ${status} for ${where}.`, {
    remedy: 'Check HF_ENDPOINT, or try again later.',
  });
}

class Silence extends Error {}

/** Ends a request to which nothing more comes. */
function watchSilence({ silenceMs, signal }: Ask): { signal: AbortSignal; alive: () => void; done: () => void } {
  const own = new AbortController();
  const end = (): void => own.abort(new Silence());
  let timer = setTimeout(end, silenceMs);
  return {
    signal: signal ? AbortSignal.any([own.signal, signal]) : own.signal,
    alive: () => {
      clearTimeout(timer);
      timer = setTimeout(end, silenceMs);
    },
    done: () => clearTimeout(timer),
  };
}

export function hostOf(address: string): string {
  return new URL(address).host;
}

/** Why a connection failed, in words; the innermost cause says most. */
export function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause !== undefined) inner = inner.cause;
  if (inner instanceof Silence) return 'says nothing any more';
  const code = (inner as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'is not known here (no network?)';
  if (code === 'ECONNREFUSED') return 'refuses the connection';
  return `broke off the connection${code ? ` (${code})` : ''}`;
}
