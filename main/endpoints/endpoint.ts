/**
 * The address of an OpenAI-compatible endpoint, whichever part of it somebody gave. An address is
 * stored and shown, so nothing secret may stand in it; a key goes unencrypted to this machine alone unless somebody insists.
 */
import { LabError } from '../lib/errors.js';

const CHAT = '/chat/completions';

export interface Endpoint {
  /** Where chats are completed. */
  readonly url: string;
  /** What paths such as `/completions` stand behind: ends in `/v1`, as a rule. */
  readonly base: string;
  /** With its port where that is not the usual one. */
  readonly host: string;
  readonly encrypted: boolean;
  readonly loopback: boolean;
}

/** @throws LabError('usage') */
export function endpointOf(given: string): Endpoint {
  const text = given.trim();
  const url = parsed(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${isLocal(text) ? 'http' : 'https'}://${text}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrong('it is neither http nor https');
  if (url.username !== '' || url.password !== '') throw wrong('it holds a user or a password');
  if (url.search !== '' || url.hash !== '') throw wrong('it has a part after ? or #');
  const plain = url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  const path = plain.replace(/\/(?:chat|chat\/completions|completions|models)$/, '');
  const base = `${url.origin}${path === '' ? '/v1' : path}`;
  return {
    url: `${base}${CHAT}`,
    base,
    host: url.host,
    encrypted: url.protocol === 'https:',
    loopback: isLoopback(url.hostname),
  };
}

function parsed(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw wrong('it is no address');
  }
}

/** The address is not repeated: it may hold a key. */
function wrong(why: string): LabError {
  return new LabError('usage', `The endpoint cannot be used: ${why}.`, {
    remedy: 'Give an address like https://host/v1 or http://127.0.0.1:8000/v1; a key is named by --key-env or --key.',
  });
}

const isLocal = (text: string): boolean => isLoopback(/^(?:\[[^\]]*\]|[^:/]*)/.exec(text)?.[0].toLowerCase() ?? '');

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** @throws LabError('usage') where a key would travel unencrypted to another machine */
export function requireSafe(endpoint: Endpoint, { hasKey, allowHttp }: { hasKey: boolean; allowHttp: boolean }): void {
  if (!hasKey || allowHttp || endpoint.encrypted || endpoint.loopback) return;
  throw new LabError('usage', `A key would be sent unencrypted to ${endpoint.host}.`, {
    remedy: 'Use https, or a tunnel to this machine; --allow-http sends it all the same.',
  });
}
