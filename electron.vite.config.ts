/**
 * The build: Node programs (Electron's main process, the CLI, the engine, the reading thread, the grader's algebra) and a CommonJS preload, which a
 * sandboxed window needs, and the renderer. Packages stay external: they load native bindings from node_modules.
 */
import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const at = (...parts: string[]): string => resolve(import.meta.dirname, ...parts);
/** Set-up builds beside the folder in use and swaps it in whole. */
const out = (name: string): string => at(process.env['RZERO_OUT_DIR'] ?? 'out', name);

export default defineConfig({
  main: {
    build: {
      outDir: out('main'),
      sourcemap: true,
      rollupOptions: {
        input: {
          index: at('main/index.ts'),
          cli: at('main/cli/cli.ts'),
          engine: at('main/engine/entry.ts'),
          reader: at('main/lab/reader/thread.ts'),
          probe: at('main/compute/probe.ts'),
          algebra: at('main/judging/entry.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: out('preload'),
      rollupOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [vue()],
    build: {
      outDir: out('renderer'),
      // Not electron-vite's default, which is for programs: a page is read over a tunnel and parsed before it is seen.
      minify: true,
      // Small fonts stay files: the page's content security policy takes no font from a data: address.
      assetsInlineLimit: 0,
      rollupOptions: { input: { index: at('renderer/index.html'), connect: at('renderer/connect.html') } },
    },
  },
});
