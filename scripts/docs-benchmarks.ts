/** `npm run docs:benchmarks`: writes docs/benchmarks.md from docs/benchmarks/. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../main/lib/package-root.js';
import { benchmarksPage, type Recorded } from './docs/benchmarks-page.js';

const folder = join(packageRoot(), 'docs', 'benchmarks');
mkdirSync(folder, { recursive: true });
const recorded = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded);
const notes = join(folder, 'notes.md');
const text = await benchmarksPage(recorded, existsSync(notes) ? readFileSync(notes, 'utf8') : '');
writeFileSync(join(packageRoot(), 'docs', 'benchmarks.md'), text);
