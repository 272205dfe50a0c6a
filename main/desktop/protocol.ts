/**
 * The page comes from app://lab, not from file://: it has an origin of its own and can reach only the files of
 * out/renderer. Every answer carries the content security policy.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { packageRoot } from '../lib/package-root.js';

const SCHEME = 'app';
export const ORIGIN = `${SCHEME}://lab`;
export const START_PAGE = `${ORIGIN}/index.html`;

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // ECharts and Vue set styles of elements; no style comes from text a model wrote.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** The file a URL of the scheme means; null where it means none of ours. */
export function pageFile(url: string, root: string): string | null {
  const { host, pathname } = new URL(url);
  if (host !== 'lab' || !/^[\w./-]+$/.test(pathname)) return null;
  const file = normalize(join(root, pathname));
  return file.startsWith(root + sep) && extname(file) in TYPES ? file : null;
}

export function serveScheme(session: Session): void {
  const root = join(packageRoot(), 'out', 'renderer');
  session.protocol.handle(SCHEME, async ({ url }) => {
    const file = pageFile(url, root);
    const body = file === null ? null : await readFile(file).catch(() => null);
    if (file === null || body === null) return new Response('Not found', { status: 404 });
    return new Response(new Uint8Array(body), {
      headers: {
        'content-type': TYPES[extname(file)] ?? '',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
      },
    });
  });
}
