/**
 * A server that behaves as the hub does, for data sets and models, for tests without a network: commits, a listing in pages, files behind a
 * redirect to another host that must not see the token, ranges, and failures as they happen. Everything asked is noted.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly host: 'hub' | 'cdn';
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
}

/** Answers a request in its own way and says so, or lets it through. */
export type Trouble = (asked: Asked, response: ServerResponse) => boolean;

export interface FakeRepository {
  readonly kind?: 'dataset' | 'model';
  readonly id: string;
  readonly commit: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Of another revision than main. */
  readonly revision?: string;
  /** Only with this token. */
  readonly token?: string;
  /** Files kept as large ones: by SHA-256, on the other host. */
  readonly large?: boolean;
}

const PAGE = 2;

export class FakeHub {
  readonly asked: Asked[] = [];
  private readonly troubles: Trouble[] = [];
  private readonly hub: Server;
  private readonly cdn: Server;

  constructor(private readonly repositories: readonly FakeRepository[]) {
    this.hub = createServer((request, response) => this.serve('hub', request, response));
    this.cdn = createServer((request, response) => this.serve('cdn', request, response));
  }

  async start(): Promise<string> {
    for (const server of [this.hub, this.cdn]) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return this.address(this.hub);
  }

  async stop(): Promise<void> {
    for (const server of [this.hub, this.cdn]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  /** The next requests that this takes up are its own; it is gone after `times` of them. */
  trouble(times: number, trouble: Trouble): void {
    let left = times;
    this.troubles.push((asked, response) => {
      if (left <= 0 || !trouble(asked, response)) return false;
      left--;
      return true;
    });
  }

  private address(server: Server): string {
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  private serve(host: 'hub' | 'cdn', request: IncomingMessage, response: ServerResponse): void {
    const asked: Asked = {
      host,
      method: request.method ?? '',
      path: request.url ?? '',
      range: request.headers.range ?? null,
      authorization: request.headers.authorization ?? null,
    };
    this.asked.push(asked);
    if (this.troubles.some((trouble) => trouble(asked, response))) return;
    if (host === 'cdn') this.content(asked, response);
    else this.answer(asked, response);
  }

  private answer(asked: Asked, response: ServerResponse): void {
    const url = new URL(asked.path, 'http://hub');
    const [, kind, id = '', what = '', revision = ''] =
      /^\/(?:api\/)?(?:(datasets|models)\/)?([^/]+\/[^/]+)\/(revision|tree|resolve)\/([^/]+)/.exec(url.pathname) ?? [];
    const wanted = decodeURIComponent(revision);
    const wantedKind = kind === 'datasets' ? 'dataset' : 'model';
    const of = this.repositories.filter((one) => one.id === id && (one.kind ?? 'dataset') === wantedKind);
    const repository = of.find((one) => wanted === one.commit || wanted === (one.revision ?? 'main'));
    if (of.length === 0) return fail(response, 404, 'RepoNotFound');
    if (!repository) return fail(response, 404, 'RevisionNotFound');
    if (repository.token && asked.authorization === null) return fail(response, 401, 'GatedRepo');
    if (repository.token && asked.authorization !== `Bearer ${repository.token}`)
      return fail(response, 403, 'GatedRepo');
    if (what === 'revision') return send(response, { sha: repository.commit, siblings: [] });
    if (what === 'tree') return this.tree(repository, url, response);
    const path = decodeURIComponent(url.pathname.split(`/resolve/${revision}/`)[1] ?? '');
    const bytes = repository.files[path];
    if (!bytes) return fail(response, 404, 'EntryNotFound');
    response.setHeader('x-repo-commit', repository.commit);
    if (!repository.large) return this.bytes(bytes, asked, response);
    response.setHeader('x-linked-etag', `"${hashOf(bytes, true)}"`);
    const signed = `${this.address(this.cdn)}/${repository.id}/${encodeURIComponent(path)}?Signature=secret&commit=${repository.commit}`;
    response.writeHead(302, { location: signed }).end();
  }

  private tree(
    { kind = 'dataset', id, commit, files, large = false }: FakeRepository,
    url: URL,
    response: ServerResponse,
  ): void {
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const folders = [...new Set(Object.keys(files).flatMap((path) => path.split('/').slice(0, -1)))];
    const entries = [
      ...folders.map((path) => ({ type: 'directory', oid: 'f'.repeat(40), size: 0, path })),
      ...Object.entries(files).map(([path, bytes]) => ({
        ...{ type: 'file', path, size: bytes.length, oid: hashOf(bytes, false) },
        ...(large && { lfs: { oid: hashOf(bytes, true), size: bytes.length, pointerSize: 130 } }),
      })),
    ];
    if (from + PAGE < entries.length) {
      const next = `${this.address(this.hub)}/api/${kind}s/${id}/tree/${commit}?recursive=true&cursor=${from + PAGE}`;
      response.setHeader('link', `<${next}>; rel="next"`);
    }
    send(response, entries.slice(from, from + PAGE));
  }

  /** On the other host: by the path of the signed address. */
  private content(asked: Asked, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(asked.path, 'http://cdn');
    const [, owner = '', name = '', path = ''] = pathname.split('/');
    const of = this.repositories.find(
      (one) => one.id === `${owner}/${name}` && one.commit === searchParams.get('commit'),
    );
    const bytes = of?.files[decodeURIComponent(path)];
    if (!bytes || asked.authorization !== null) return fail(response, 403, 'SignatureDoesNotMatch');
    this.bytes(bytes, asked, response);
  }

  private bytes(bytes: Uint8Array, { range }: Asked, response: ServerResponse): void {
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (from >= bytes.length && from > 0) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    const part = bytes.subarray(from);
    response.setHeader('content-length', part.length);
    if (range !== null) response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    response.writeHead(range === null ? 200 : 206).end(part);
  }
}

/** As the hub names contents: large files by SHA-256, small ones as git does. */
export function hashOf(bytes: Uint8Array, large: boolean): string {
  if (large) return createHash('sha256').update(bytes).digest('hex');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, code: string): void {
  const said = code === 'GatedRepo' ? { 'x-error-message': 'Access to this repository is restricted.' } : {};
  response.writeHead(status, { 'x-error-code': code, ...said }).end(JSON.stringify({ error: code }));
}
