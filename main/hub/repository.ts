/** A repository of the hub, of data sets or of a model: which commit a revision is, and which files lie there, with sizes and hashes. */
import { z } from 'zod';
import { LabError } from '../lib/errors.js';
import { hostOf, reasonOf, request, type Ask } from './request.js';
import { Passing, retrying, type Retrying } from './retry.js';
import type { HubSettings } from './settings.js';

/** Where a repository is, and which state of it. */
export interface HubPlace {
  readonly kind: 'dataset' | 'model';
  /** OWNER/NAME */
  readonly id: string;
  /** What was asked for: a branch (`main`), a tag or a commit. */
  readonly revision: string;
}

/** The path of its page, under which its files lie too. */
export const pagePath = ({ kind, id }: Pick<HubPlace, 'kind' | 'id'>): string =>
  kind === 'dataset' ? `/datasets/${id}` : `/${id}`;

export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of a large file, git's SHA-1 of a small one, as the hub names its contents (the ETag). */
  readonly hash: string;
}

export interface Repository extends HubPlace {
  readonly commit: string;
  readonly files: readonly HubFile[];
}

const ID = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;
/** The branch on which the hub keeps every public set as Parquet. */
export const CONVERTED = 'refs/convert/parquet';
const MOST_PAGES = 100;

const commitSchema = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });
const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string().min(1),
    size: z.number().int().min(0).default(0),
    oid: z.string(),
    lfs: z.object({ oid: z.string(), size: z.number().int().min(0) }).nullish(),
  }),
);

export function isHubId(text: string): boolean {
  return ID.test(text) && !text.includes('..');
}

/** @throws LabError('not-found' | 'network') */
export async function openRepository(
  settings: HubSettings,
  { kind, id, revision }: HubPlace,
  how: Retrying,
): Promise<Repository> {
  const what = revision === 'main' ? id : `${id}@${revision}`;
  const page = pagePath({ kind, id });
  const api = `/api/${kind}s/${id}`;
  const at = encodeURIComponent(revision);
  const { body } = await json(settings, { path: `${api}/revision/${at}`, what, page, schema: commitSchema }, how);
  const files: HubFile[] = [];
  let path: string | null = `${api}/tree/${body.sha}?recursive=true`;
  for (let pages = 0; path !== null && pages < MOST_PAGES; pages++) {
    const listing: { body: z.output<typeof treeSchema>; next: string | null } = await json(
      settings,
      { path, what, page, schema: treeSchema },
      how,
    );
    for (const entry of listing.body) {
      if (entry.type !== 'file') continue;
      files.push({
        path: safe(entry.path, what),
        bytes: entry.lfs?.size ?? entry.size,
        hash: entry.lfs?.oid ?? entry.oid,
      });
    }
    path = listing.next;
  }
  return { kind, id, revision, commit: body.sha, files };
}

/** A path that stays in the folder it is put into. */
function safe(path: string, what: string): string {
  const parts = path.split('/');
  if (!parts.some((part) => part === '' || part === '.' || part === '..' || /[\\:\0]/.test(part))) return path;
  throw new LabError(
    'network',
    `${what} names a file ${JSON.stringify(path)}, which would lie outside of its folder.`,
    {
      remedy: 'Do not use this repository.',
    },
  );
}

interface JsonAsk<T extends z.ZodType> extends Pick<Ask, 'path' | 'what' | 'page'> {
  readonly schema: T;
}

function json<T extends z.ZodType>(
  settings: HubSettings,
  { path, what, page, schema }: JsonAsk<T>,
  how: Retrying,
): Promise<{ body: z.output<T>; next: string | null }> {
  return retrying(async () => {
    const { silenceMs } = how.patience;
    const { response, done } = await request(settings, { path, what, page, silenceMs, signal: how.signal });
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw new Passing(`${hostOf(settings.endpoint)} ${reasonOf(error)}`);
    } finally {
      done();
    }
    return {
      body: parsed(text, schema, { what, host: hostOf(settings.endpoint) }),
      next: nextPage(settings, response),
    };
  }, how);
}

function parsed<T extends z.ZodType>(
  text: string,
  schema: T,
  { what, host }: { readonly what: string; readonly host: string },
): z.output<T> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new LabError('network', `${host} answers about ${what} with something that is no answer of the hub.`, {
      cause,
      remedy: 'Check HF_ENDPOINT and the network: a sign-in page may answer in the place of the hub.',
    });
  }
}

/** `Link: <…>; rel="next"`; only where it leads to the same host. */
function nextPage({ endpoint }: HubSettings, { headers }: Response): string | null {
  const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers.get('link') ?? '')?.[1];
  if (link === undefined) return null;
  const url = new URL(link, endpoint);
  return url.origin === new URL(endpoint).origin ? url.href : null;
}
