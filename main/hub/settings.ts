/**
 * How the hub is reached, from the environment variables that Hugging Face's own programs know: HF_ENDPOINT, HF_TOKEN (or
 * the file of `hf auth login`), HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE. The token goes to the endpoint alone, and into no message.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { LabError } from '../lib/errors.js';

const ENDPOINT = 'https://huggingface.co';

export interface HubSettings {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly token: string | null;
  /** Where Hugging Face's programs keep what they fetched. */
  readonly cache: string;
  /** HF_HUB_OFFLINE: nothing may be asked over the network. */
  readonly offline: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function hubSettings(env: Environment = process.env, home: string = homedir()): HubSettings {
  const base = env['HF_HOME'] || join(cacheHome(env, home), 'huggingface');
  return {
    endpoint: endpointOf(env['HF_ENDPOINT'] || ENDPOINT),
    token: tokenOf(env, base),
    cache: env['HF_HUB_CACHE'] || env['HUGGINGFACE_HUB_CACHE'] || join(base, 'hub'),
    offline: [env['HF_HUB_OFFLINE'], env['TRANSFORMERS_OFFLINE']].some((value) =>
      /^(?:1|on|yes|true)$/i.test(value ?? ''),
    ),
  };
}

function cacheHome(env: Environment, home: string): string {
  const xdg = env['XDG_CACHE_HOME'];
  return xdg && isAbsolute(xdg) ? xdg : join(home, '.cache');
}

function endpointOf(text: string): string {
  let url: URL | null = null;
  try {
    url = new URL(text);
  } catch {
    // Told below.
  }
  if (url && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, '');
  throw new LabError('usage', `HF_ENDPOINT is "${text}", which is no web address.`, {
    remedy: `Set it to an address like ${ENDPOINT}, or leave it out.`,
  });
}

function tokenOf(env: Environment, base: string): string | null {
  const given = env['HF_TOKEN'] ?? env['HUGGING_FACE_HUB_TOKEN'];
  if (given !== undefined) return given.trim() || null;
  try {
    return readFileSync(env['HF_TOKEN_PATH'] || join(base, 'token'), 'utf8').trim() || null;
  } catch {
    return null;
  }
}
