/**
 * Runs TypeScript of this repository in a process of its own, for tests that kill, lock out or limit one. The script
 * is bundled once per test file; packages stay outside, so native bindings load from node_modules.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { build } from 'vite';

const CACHE = join(import.meta.dirname, '../../node_modules/.rzero/test');

export interface ChildScript {
  readonly path: string;
  start(args: readonly string[], options?: { readonly shell?: string }): ChildProcess;
  /** Runs to the end; `shell` is put before it, for example `ulimit -f 100;`. */
  finish(args: readonly string[], options?: { readonly shell?: string }): Promise<ChildResult>;
  remove(): void;
}

export interface ChildResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function childScript(entry: string): Promise<ChildScript> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'child-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'child.mjs' } },
    },
  });
  const path = join(folder, 'child.mjs');
  const start = (args: readonly string[], { shell }: { shell?: string } = {}): ChildProcess =>
    shell === undefined
      ? spawn(process.execPath, [path, ...args])
      : spawn('/bin/sh', ['-c', `${shell} exec "$0" "$@"`, process.execPath, path, ...args]);
  return {
    path,
    start,
    finish: async (args, options) => {
      const child = start(args, options);
      const out = { stdout: '', stderr: '' };
      child.stdout?.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
      const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
      return { code, signal, ...out };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The next line a child prints. */
export async function nextLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout?.setEncoding('utf8').iterator({ destroyOnReturn: false }) ?? []) {
    text += chunk as string;
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error(`The child ended after "${text}".`);
}
